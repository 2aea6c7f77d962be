"""Odnoklassniki that is not there: one group, and an application that was approved."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from viche_sdk.connectors.testing import FakePlatform, Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    PolicyRejected,
    RateLimited,
    Transient,
    Unsupported,
)

GROUP = "70000007112205"
KEY = "CBAOIFDMEBABABABA"
TEXT_MOST = 5_000
COMMON = frozenset({"application_key", "format", "method", "sig", "access_token"})
ALL = (Operation.PROBE, Operation.PUBLISH, Operation.METRICS)
POSTING = (Operation.PUBLISH,)


def said(code: int, name: str, words: str = "") -> Reply:
    """A refusal, with status 200."""
    return reply({"error_code": code, "error_msg": f"{name} : {words}".rstrip(" :"), "error_data": None})


FAULTS = (
    Fault("session expired", said(102, "PARAM_SESSION_EXPIRED", "Session expired"), AuthExpired, ALL),
    Fault("wrong session", said(103, "PARAM_SESSION_KEY"), AuthExpired, ALL),
    Fault("wrong secret", said(104, "PARAM_SIGNATURE"), AuthExpired, ALL),
    Fault("wrong key", said(101, "PARAM_API_KEY", "Application not exist"), AuthExpired, ALL),
    Fault("no session", said(453, "SESSION_REQUIRED"), AuthExpired, ALL),
    Fault("no right", said(10, "PERMISSION_DENIED"), PermissionDenied, ALL, fields={"permission": "GROUP_CONTENT"}),
    Fault("not asked for", said(200, "PARAM_PERMISSION"), PermissionDenied, POSTING),
    Fault("no administrator", said(50, "NOT_ADMIN"), PermissionDenied, POSTING),
    Fault("group does not allow it", said(456, "GROUP_RESTRICTION"), PermissionDenied, POSTING),
    Fault("not approved", reply("0"), PermissionDenied, POSTING, fields={"permission": "GROUP_CONTENT"}),
    Fault("blocked for a time", said(7, "ACTION_BLOCKED"), PolicyRejected, POSTING),
    Fault("censor", said(454, "CENSOR_MATCH"), PolicyRejected, POSTING),
    Fault("spam", said(511, "IDS_BLOCKED"), PolicyRejected, POSTING),
    Fault("limit of calls", said(11, "LIMIT_REACHED"), RateLimited, ALL, fields={"retry_after_s": 3_600.0}),
    Fault("text too long", said(601, "MEDIA_TOPIC_TEXT_LIMIT"), InvalidContent, fields={"field": "text"}),
    Fault("too many parts", said(600, "MEDIA_TOPIC_BLOCK_LIMIT"), InvalidContent, fields={"field": "media"}),
    Fault("bad link", said(607, "MEDIA_TOPIC_LINK_BAD_FORMAT"), InvalidContent, fields={"field": "link"}),
    Fault("bad parameter", said(100, "PARAM"), InvalidContent),
    Fault("wrong group", said(160, "PARAM_GROUP_ID"), NotFound, ALL),
    Fault("nobody there", reply([]), NotFound, (Operation.PROBE,)),
    Fault("no such method", said(3, "METHOD"), Unsupported, POSTING),
    Fault("body too slow", said(31, "NETWORK_TIMEOUT"), Transient, POSTING),
    Fault("fault inside", said(9999, "SYSTEM"), OutcomeUnknown, POSTING),
    Fault("out of order", said(2, "SERVICE"), Transient, (Operation.PROBE, Operation.METRICS)),
    Fault("page of a proxy", Reply(403, b"<html>Forbidden</html>", "text/html"), Transient, (Operation.PROBE,)),
)


class OdnoklassnikiFake(FakePlatform):
    """Strict about signatures, and about parameters that methods do not have."""

    values: ClassVar = {"group": GROUP, "application_key": KEY}
    faults: ClassVar[Sequence[Fault]] = FAULTS
    # it names no time
    retry_after_s: ClassVar = 3_600.0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.topics: dict[int, Shown] = {}
        self.members: int | None = 1_234

    def shown(self) -> list[Shown]:
        """The group's topics."""
        return list(self.topics.values())

    def rate_limit(self) -> Reply:
        """A code alone."""
        return said(8, "FLOOD_BLOCKED")

    def end_consent(self) -> None:
        """The administrator has changed the password, or taken the application out."""
        self.fail_with(self.faults[0])

    def is_write(self, request: Request) -> bool:
        """All come by POST."""
        return request.form.get("method") == "mediatopic.post"

    def handle(self, request: Request) -> Reply:
        """Looks at key, session and signature, then at the method."""
        given = request.form
        if request.path != "/fb.do" or given.get("application_key") != KEY:
            return said(101, "PARAM_API_KEY")
        if given.get("access_token") != self.secrets["access_token"]:
            return said(103, "PARAM_SESSION_KEY")
        if given.get("sig") != self._signature(given):
            return said(104, "PARAM_SIGNATURE")
        name = given["method"]
        if name not in METHODS:
            return said(3, "METHOD")
        known, method = METHODS[name]
        if odd := given.keys() - known - COMMON:
            return said(100, "PARAM", f"unknown {sorted(odd)}")
        return method(self, given)

    def _signature(self, given: Mapping[str, str]) -> str:
        """Written out by the documentation, apart from the connector's."""
        pairs = [f"{name}={value}" for name, value in given.items() if name not in ("sig", "access_token")]
        secret = hashlib.md5(
            (given["access_token"] + self.secrets["application_secret"]).encode(), usedforsecurity=False
        )
        whole = "".join(sorted(pairs)) + secret.hexdigest()
        return hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest()

    def get_info(self, given: Mapping[str, str]) -> Reply:
        """The group, of its fields those that are asked for."""
        if given["uids"] != GROUP:
            return said(160, "PARAM_GROUP_ID")
        whole = {"uid": GROUP, "name": "Місто", "shortname": "examplecity", "members_count": self.members}
        asked = given["fields"].split(",")
        return reply([{name: value for name, value in whole.items() if name in asked and value is not None}])

    def post(self, given: Mapping[str, str]) -> Reply:
        """A topic of texts and links."""
        if given["gid"] != GROUP or given["type"] != "GROUP_THEME":
            return said(160, "PARAM_GROUP_ID")
        media = json.loads(given["attachment"])["media"]
        texts = [part["text"] for part in media if part["type"] == "text"]
        links = [part["url"] for part in media if part["type"] == "link"]
        if not media or len(media) != len(texts) + len(links):
            return said(100, "PARAM", "attachment")
        if len("".join(texts)) > TEXT_MOST:
            return said(601, "MEDIA_TOPIC_TEXT_LIMIT")
        id_ = 67_601_133_491_473 + len(self.topics)
        self.topics[id_] = Shown(str(id_), "\n".join(texts), link=" ".join(links))
        return reply(str(id_))


METHODS: dict[str, tuple[frozenset[str], Callable[[OdnoklassnikiFake, Mapping[str, str]], Reply]]] = {
    "group.getInfo": (frozenset({"uids", "fields", "move_to_top"}), OdnoklassnikiFake.get_info),
    "mediatopic.post": (
        frozenset({"uid", "type", "gid", "attachment", "set_status", "devices", "text_link_preview", "hidden_post"}),
        OdnoklassnikiFake.post,
    ),
}

FAKES = {"odnoklassniki": OdnoklassnikiFake}
