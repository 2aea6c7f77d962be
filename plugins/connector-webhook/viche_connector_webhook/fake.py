"""A receiver that is not there: it takes posts whose signature is right, each once."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from viche_sdk.connectors.testing import RETRY_AFTER_S, Failure, FakePlatform, Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    Transient,
)

ADDRESS = "https://city.example/hooks/viche?inbox=7"
TOLERANCE_S = 300
TEXT_MOST, BYTES_MOST, FILES_MOST, VIDEOS_MOST = 8_000, 16_000, 10, 1
ALL = (Operation.PROBE, Operation.PUBLISH, Operation.EDIT, Operation.DELETE)


@dataclass
class Refused(Exception):
    """An answer that ends the handling of a request."""

    status: int
    error: str
    field: str = ""

    @property
    def reply(self) -> Reply:
        """With the part that is to blame, if there is one."""
        return reply({"error": self.error, "field": self.field} if self.field else {"error": self.error}, self.status)


FAULTS = (
    Fault("wrong signature", reply({"error": "no matching signature"}, 401), AuthExpired, ALL),
    Fault("no longer interested", Reply(410), AuthExpired, ALL),
    Fault("forbidden", Reply(403, b"Forbidden", "text/plain"), PermissionDenied, ALL),
    Fault("nobody there", Reply(404, b"Not Found", "text/plain"), NotFound, ALL),
    Fault("moved", Reply(308, headers={"Location": "https://city.example/new"}), NotFound, ALL),
    Fault("wrong method", Reply(405), PermissionDenied, ALL),
    Fault("not taken", reply({"error": "too long"}, 422), InvalidContent, fields={"field": "text"}),
    Fault("picture not taken", reply({"field": "media"}, 400), InvalidContent, fields={"field": "media"}),
    Fault("an odd part", reply({"field": "dreams"}, 400), InvalidContent, fields={"field": "text"}),
    Fault("too large", Reply(413), InvalidContent),
    Fault("too slow", Reply(408), OutcomeUnknown),
    Fault("busy", Reply(502, b"<html>Bad Gateway</html>", "text/html"), OutcomeUnknown, ALL),
    Fault("maintenance", Reply(503, headers={"Retry-After": "60"}), Transient, ALL, fields={"retry_after_s": 60.0}),
)


class WebhookFake(FakePlatform):
    """A receiver as Standard Webhooks describes it: its status is all that it must say."""

    values: ClassVar = {"address": ADDRESS}
    faults: ClassVar[Sequence[Fault]] = FAULTS
    failures: ClassVar = frozenset(Failure) - {Failure.EMPTY, Failure.ODD, Failure.BROKEN}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.posts: dict[str, dict[str, Any]] = {}
        self.seen: set[str] = set()

    def make_secrets(self) -> dict[str, str]:
        """They have a form of their own."""
        return {
            name: "whsec_" + base64.b64encode(f"{name}-canary-of-the-kit".ljust(32, "!").encode()).decode()
            for name in ("secret", "previous_secret")
        }

    def shown(self) -> list[Shown]:
        """What the receiver shows."""
        return [
            Shown(
                each["id"],
                each["text"],
                tuple(file["alt"] for file in each["media"]),
                link=each["link"],
                title=each["title"],
            )
            for each in self.posts.values()
        ]

    def rate_limit(self) -> Reply:
        """By the header alone."""
        return Reply(429, headers={"Retry-After": str(int(RETRY_AFTER_S))})

    def is_write(self, request: Request) -> bool:
        """All come by POST; one kind changes nothing."""
        return (request.json or {}).get("type") != "account.probed"

    def handle(self, request: Request) -> Reply:
        """Believes no one whose signature is wrong or old, and takes each event once."""
        try:
            self._verify(request)
            if request.headers["webhook-id"] not in self.seen:
                self._take(request.json["type"], request.json["data"])
                self.seen.add(request.headers["webhook-id"])
        except Refused as refused:
            return refused.reply
        return Reply(204)

    def _verify(self, request: Request) -> None:
        if f"https://{request.host}{request.target}" != ADDRESS or request.method != "POST":
            raise Refused(404, "not here")
        if request.type != "application/json":
            raise Refused(415, "JSON is wanted")
        id_, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        if abs(self.clock.now().timestamp() - int(at)) > TOLERANCE_S:
            raise Refused(401, "too old")
        given = request.headers["webhook-signature"].split(" ")
        if not all(self._signed(secret, id_, at, request.body) in given for secret in self.secrets.values()):
            raise Refused(401, "no matching signature")

    def _signed(self, secret: str, id_: str, at: str, body: bytes) -> str:
        """Written out, so that a fault of the library is seen."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        made = hmac.digest(key, f"{id_}.{at}.".encode() + body, "sha256")
        return "v1," + base64.b64encode(made).decode()

    def _take(self, event: str, data: dict[str, Any]) -> None:
        match event:
            case "post.published" | "post.changed":
                self._check(data)
                self.posts[data["id"]] = data
            case "post.withdrawn":
                self.posts.pop(data["id"], None)
            case "account.probed":
                return
            case _:
                raise Refused(422, f"unknown event {event}")

    def _check(self, data: dict[str, Any]) -> None:
        if len(data["text"]) > TEXT_MOST or len(data["text"].encode()) > BYTES_MOST:
            raise Refused(422, "the text is too long", "text")
        videos = [file for file in data["media"] if file["type"].startswith("video/")]
        if len(data["media"]) > FILES_MOST or len(videos) > VIDEOS_MOST:
            raise Refused(422, "too many files", "media")


FAKES = {"webhook": WebhookFake}
