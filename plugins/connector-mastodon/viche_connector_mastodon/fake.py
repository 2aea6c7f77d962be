"""A Mastodon server that is not there, held against the OpenAPI document of version 4.7."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from viche_connector_mastodon.fake_entities import account_of, instance, notification_of, status_of
from viche_connector_mastodon.fake_faults import FAULTS
from viche_connector_mastodon.fake_schema import mend
from viche_connector_mastodon.fake_text import content_of, length_of
from viche_sdk.connectors.kit.schemas import OpenApiSchema
from viche_sdk.connectors.testing import RETRY_AFTER_S, FakePlatform, Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind, graphemes

SERVER = "https://mastodon.example"
OWN = "1001"
KEYS_LAST = timedelta(hours=1)
MOST, OPTION_MOST, ALT_MOST, FILES_MOST, OPTIONS_MOST = 500, 50, 1_500, 4, 4
POLL_S = range(300, 2_629_746 + 1)


@dataclass
class File:
    """An uploaded file; a video is worked on until it has been asked for twice."""

    id: str
    type: str
    alt: str
    asked: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether it may be attached."""
        return not self.type.startswith("video/") or self.asked > 1


@dataclass
class Status:
    """A post of anybody."""

    id: str
    author: str
    text: str
    at: datetime
    language: str = "uk"
    visibility: str = "public"
    on: str = ""
    files: list[File] = field(default_factory=list[File])
    options: list[str] = field(default_factory=list[str])
    votes: list[int] = field(default_factory=list[int])
    multiple: bool = False
    ends_at: datetime | None = None


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.reply = reply({"error": error}, status)


class MastodonFake(FakePlatform):
    """One server with one account of ours and some neighbours."""

    values: ClassVar = {"server": SERVER}
    faults: ClassVar[Sequence[Fault]] = FAULTS

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.statuses: dict[str, Status] = {}
        self.notifications: list[tuple[str, str]] = []
        self.files: dict[str, File] = {}
        self.keys: dict[str, tuple[str, datetime]] = {}
        self.last = 5000
        self.schema = OpenApiSchema.of(self.schemas / "openapi.json", SERVER, mend) if self.schemas else None

    # what people do

    def shown(self) -> list[Shown]:
        """Posts and answers of the account."""
        return [
            Shown(
                each.id,
                each.text,
                tuple(file.alt for file in each.files),
                tuple(each.options),
                on=each.on,
            )
            for each in self.statuses.values()
            if each.author == OWN
        ]

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """A neighbour mentions the account, in answer to a post or alone."""
        status = Status(self._new_id(), "2002", f"@viche {text}", self.clock.now())
        if kind is InboxKind.MESSAGE:
            status.visibility = "direct"
        if kind is InboxKind.COMMENT and on:
            status.on = on.id
        self.statuses[status.id] = status
        self.notifications.append((self._new_id(), status.id))

    def vote(self, post: Shown, option: int) -> None:
        """Somebody votes."""
        self.statuses[post.id].votes[option] += 1

    def rate_limit(self) -> Reply:
        """The reset is an instant."""
        reset_at = (self.clock.now() + timedelta(seconds=RETRY_AFTER_S)).isoformat().replace("+00:00", "Z")
        return reply({"error": "Too many requests"}, 429, X_RateLimit_Reset=reset_at, X_RateLimit_Remaining="0")

    def end_consent(self) -> None:
        """The person has revoked the application."""
        self.secrets = {**self.secrets}
        self.fail_with(self.faults[0])

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """Against the OpenAPI document."""
        return self.schema.faults(request, said) if self.schema else ()

    # what the server does

    def handle(self, request: Request) -> Reply:
        """Finds the route."""
        try:
            if request.path != "/api/v2/instance" and request.token != self.secrets["access_token"]:
                raise Refused(401, "The access token is invalid")
            for method, pattern, answer in ROUTES:
                if request.method == method and (found := pattern.fullmatch(request.path)):
                    return answer(self, request, *found.groups())
            raise Refused(404, "Record not found")
        except Refused as refused:
            return refused.reply

    def get_instance(self, request: Request) -> Reply:
        """Limits."""
        return reply(instance(MOST, FILES_MOST, OPTIONS_MOST, OPTION_MOST, ALT_MOST, POLL_S))

    def get_account(self, request: Request) -> Reply:
        """The account of the token."""
        return reply(account_of(OWN, is_own=True, posts=len(self.shown())))

    def get_statuses(self, request: Request, account: str) -> Reply:
        """Newest posts of an account, without answers."""
        own = [each for each in self.statuses.values() if each.author == account and not each.on]
        return reply([self._entity(each) for each in reversed(own)][: int(request.query.get("limit", 20))])

    def post_media(self, request: Request) -> Reply:
        """Takes a file."""
        _, content, type_ = request.files["file"]
        if not content or type_.partition("/")[0] not in ("image", "video"):
            raise Refused(422, "Validation failed: File content type is invalid")
        alt = request.form.get("description", "")
        if len(alt) > ALT_MOST:
            raise Refused(422, "Validation failed: Description is too long")
        file = File(self._new_id(), type_, alt)
        self.files[file.id] = file
        return reply(_media(file), 200 if file.is_ready else 202)

    def get_media(self, request: Request, id_: str) -> Reply:
        """How far the server is with a file."""
        file = self.files[id_]
        file.asked += 1
        return reply(_media(file)) if file.is_ready else Reply(206, b"{}")

    def post_status(self, request: Request) -> Reply:
        """Makes a post, once for each key."""
        key = request.headers.get("idempotency-key", "")
        if key in self.keys and self.clock.now() - self.keys[key][1] < KEYS_LAST:
            return reply(self._entity(self.statuses[self.keys[key][0]]))
        sent = request.json
        status = Status(self._new_id(), OWN, sent.get("status", ""), self.clock.now(), sent.get("language") or "uk")
        status.visibility = sent.get("visibility", "public")
        status.on = sent.get("in_reply_to_id", "")
        if status.on and status.on not in self.statuses:
            raise Refused(404, "Record not found")
        self._fill(status, sent)
        self.statuses[status.id] = status
        if key:
            self.keys[key] = (status.id, self.clock.now())
        return reply(self._entity(status))

    def get_status(self, request: Request, id_: str) -> Reply:
        """One post."""
        return reply(self._entity(self._status(id_)))

    def put_status(self, request: Request, id_: str) -> Reply:
        """Another text; files that are not named again are dropped."""
        status = self._status(id_)
        status.text = request.json.get("status", "")
        status.files = []
        self._fill(status, request.json)
        return reply(self._entity(status))

    def delete_status(self, request: Request, id_: str) -> Reply:
        """Takes a post away."""
        status = self._status(id_)
        del self.statuses[id_]
        return reply({**self._entity(status), "text": status.text})

    def get_notifications(self, request: Request) -> Reply:
        """Newest first; with `min_id` those right after it."""
        least, most = int(request.query.get("min_id", -1)), int(request.query.get("limit", 40))
        found = [(id_, on) for id_, on in self.notifications if int(id_) > least and on in self.statuses]
        found = found[:most] if least >= 0 else found[-most:]
        return reply([notification_of(id_, self._entity(self.statuses[on])) for id_, on in reversed(found)])

    def _fill(self, status: Status, sent: dict[str, Any]) -> None:
        files, poll = sent.get("media_ids", []), sent.get("poll")
        if not status.text.strip() and not files:
            raise Refused(422, "Validation failed: Text can't be blank")
        if length_of(status.text) > MOST:
            raise Refused(422, f"Validation failed: Text character limit of {MOST} exceeded")
        if len(files) > FILES_MOST or (files and poll):
            raise Refused(422, "Cannot attach more than 4 files")
        status.files = [self.files[id_] for id_ in files]
        if len([file for file in status.files if file.type.startswith("video/")]) and len(files) > 1:
            raise Refused(422, "Cannot attach a video to a post that already contains images")
        if not all(file.is_ready for file in status.files):
            raise Refused(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        if poll:
            self._poll(status, poll)

    def _poll(self, status: Status, poll: dict[str, Any]) -> None:
        if not 2 <= len(poll["options"]) <= OPTIONS_MOST:
            raise Refused(422, "Validation failed: Poll options can't contain more than 4 items")
        if any(len(graphemes(option)) > OPTION_MOST for option in poll["options"]):
            raise Refused(422, "Validation failed: Poll options can't be longer than 50 characters each")
        if poll["expires_in"] not in POLL_S:
            raise Refused(422, "Validation failed: Expires at is too far into the future")
        status.options, status.votes = poll["options"], [0] * len(poll["options"])
        status.multiple = poll.get("multiple", False)
        status.ends_at = self.clock.now() + timedelta(seconds=poll["expires_in"])

    def _status(self, id_: str) -> Status:
        if id_ not in self.statuses:
            raise Refused(404, "Record not found")
        return self.statuses[id_]

    def _entity(self, status: Status) -> dict[str, Any]:
        answered = self.statuses.get(status.on)
        entity = status_of(
            status.id, account_of(status.author), content_of(status.text), status.at, status.visibility, status.language
        )
        entity["media_attachments"] = [_media(file) for file in status.files]
        entity["in_reply_to_id"] = status.on or None
        entity["in_reply_to_account_id"] = answered.author if answered else None
        if "@viche" in status.text:
            entity["mentions"] = [{"id": OWN, "username": "viche", "acct": "viche", "url": f"{SERVER}/@viche"}]
        if status.options:
            entity["poll"] = {
                "id": f"{status.id}0",
                "expires_at": status.ends_at.isoformat() if status.ends_at else None,
                "expired": bool(status.ends_at and status.ends_at < self.clock.now()),
                "multiple": status.multiple,
                "votes_count": sum(status.votes),
                "voters_count": sum(status.votes),
                "options": [
                    {"title": option, "votes_count": votes}
                    for option, votes in zip(status.options, status.votes, strict=True)
                ],
                "emojis": [],
            }
        return entity

    def _new_id(self) -> str:
        self.last += 1
        return str(self.last)


def _media(file: File) -> dict[str, Any]:
    address = f"{SERVER}/media/{file.id}" if file.is_ready else None
    return {
        "id": file.id,
        "type": file.type.partition("/")[0],
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "meta": None,
        "description": file.alt,
        "blurhash": None,
    }


ROUTES = (
    ("GET", re.compile(r"/api/v2/instance"), MastodonFake.get_instance),
    ("GET", re.compile(r"/api/v1/accounts/verify_credentials"), MastodonFake.get_account),
    ("GET", re.compile(r"/api/v1/accounts/(\d+)/statuses"), MastodonFake.get_statuses),
    ("POST", re.compile(r"/api/v2/media"), MastodonFake.post_media),
    ("GET", re.compile(r"/api/v1/media/(\d+)"), MastodonFake.get_media),
    ("POST", re.compile(r"/api/v1/statuses"), MastodonFake.post_status),
    ("GET", re.compile(r"/api/v1/statuses/(\d+)"), MastodonFake.get_status),
    ("PUT", re.compile(r"/api/v1/statuses/(\d+)"), MastodonFake.put_status),
    ("DELETE", re.compile(r"/api/v1/statuses/(\d+)"), MastodonFake.delete_status),
    ("GET", re.compile(r"/api/v1/notifications"), MastodonFake.get_notifications),
)

FAKES = {"mastodon": MastodonFake}
