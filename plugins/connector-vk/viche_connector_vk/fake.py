"""VK that is not there: one community, whose own key does what such keys may."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from viche_connector_vk.fake_schema import VkSchema
from viche_sdk.connectors.testing import FakePlatform, Fault, Hook, Reply, Request, Shown, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InboxKind,
    InvalidContent,
    NotFound,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    PolicyRejected,
    QuotaOrBudget,
    RateLimited,
    Transient,
    Unsupported,
)

COMMUNITY, NEIGHBOUR = 212979992, 555
LINE = "1a2b3c4d"
MESSAGE_MOST = 9_000
TEXT_MOST = 15_000
GUIDS_LAST = timedelta(hours=1)
ALL = (Operation.PROBE, Operation.PUBLISH, Operation.METRICS, Operation.FETCH_INBOX, Operation.REPLY)
ANSWERING = (Operation.REPLY,)
POSTING = (Operation.PUBLISH,)


def said(code: int, message: str) -> Reply:
    """A refusal, with status 200."""
    return reply({"error": {"error_code": code, "error_msg": message, "request_params": []}})


FAULTS = (
    Fault("key revoked", said(5, "User authorization failed: access_token was given to another ip"), AuthExpired, ALL),
    Fault("application gone", said(28, "Application authorization failed"), AuthExpired, ALL),
    Fault("not with a community's key", said(27, "Group authorization failed"), PermissionDenied, POSTING),
    Fault("not with VK ID's", said(1051, "Method unavailable for this type of token"), PermissionDenied, POSTING),
    Fault("no right", said(15, "Access denied"), PermissionDenied, ALL, fields={"permission": "wall"}),
    Fault("no permission", said(7, "Permission to perform this action is denied"), PermissionDenied, ALL),
    Fault("to be confirmed", said(17, "Validation required"), PermissionDenied, ALL),
    Fault(
        "wall closed",
        said(214, "Access to adding post denied"),
        PermissionDenied,
        POSTING,
        fields={"permission": "wall"},
    ),
    Fault("fifty a day", said(214, "Access to adding post denied: can only add 50 posts a day"), QuotaOrBudget),
    Fault("takes no messages", said(901, "Can't send messages without permission"), PermissionDenied, ANSWERING),
    Fault("answer too long", said(914, "Message is too long"), InvalidContent, ANSWERING, fields={"field": "text"}),
    Fault("too many answers", said(940, "Too many posts in messages"), RateLimited, ANSWERING),
    Fault("captcha", said(14, "Captcha needed"), PolicyRejected, POSTING),
    Fault("banned", said(18, "User was deleted or banned"), PolicyRejected, POSTING),
    Fault("flood", said(9, "Flood control"), RateLimited, POSTING, fields={"retry_after_s": 3_600.0}),
    Fault("limit of a day", said(29, "Rate limit reached"), RateLimited, ALL, fields={"retry_after_s": 86_400.0}),
    Fault("link forbidden", said(222, "Hyperlinks are forbidden"), InvalidContent, fields={"field": "link"}),
    Fault("bad parameter", said(100, "message is too long"), InvalidContent, fields={"field": "text"}),
    Fault("no such community", said(125, "Invalid group id"), NotFound, (Operation.PROBE,)),
    Fault("nobody there", reply({"response": {"groups": []}}), NotFound, (Operation.PROBE,), path="groups.getById"),
    Fault("method disabled", said(23, "This method was disabled"), Unsupported, POSTING),
    Fault("fault inside", said(10, "Internal server error"), OutcomeUnknown, POSTING),
    Fault("fault while reading", said(10, "Internal server error"), Transient, (Operation.PROBE, Operation.METRICS)),
    Fault("page of a proxy", Reply(403, b"<html>Forbidden</html>", "text/html"), Transient, (Operation.PROBE,)),
)


class VkFake(FakePlatform):
    """Refusals come with status 200; it remembers guids for an hour."""

    values: ClassVar = {"community": str(COMMUNITY), "callback_confirmation": LINE}
    signs_secret_only: ClassVar = True
    signs_time: ClassVar = False
    faults: ClassVar[Sequence[Fault]] = FAULTS
    # "too many requests per second"
    retry_after_s: ClassVar = 1.0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.posts: dict[int, str] = {}
        self.guids: dict[str, tuple[int, datetime]] = {}
        self.rights = ["wall", "manage", "messages"]
        self.messages: list[dict[str, Any]] = []
        self.random_ids: dict[str, int] = {}
        self.members: int | None = 1_234
        self.schema = VkSchema.of(self.schemas) if self.schemas else None

    def shown(self) -> list[Shown]:
        """The wall, and the community's messages."""
        sent = [Shown(str(each["id"]), each["text"], on=str(each["peer_id"])) for each in self.messages if each["out"]]
        return [*(Shown(str(id_), text) for id_, text in self.posts.items()), *sent]

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """A neighbour writes to the community."""
        self._put(NEIGHBOUR, text)

    def hook(self, text: str, at: datetime) -> Hook:
        """A message to the community, as the Callback API sends it."""
        self._put(NEIGHBOUR, text)
        return Hook({"content-type": "application/json"}, self.event("message_new", {"message": self.messages[-1]}))

    def challenge(self) -> tuple[Hook, str]:
        """VK wants to see the line that it shows to administrators."""
        return Hook({"content-type": "application/json"}, self.event("confirmation")), LINE

    def event(self, type_: str, about: object = None) -> bytes:
        """Object callback_base, with what it is about."""
        event: dict[str, Any] = {
            "type": type_,
            "group_id": COMMUNITY,
            "event_id": f"e{len(self.messages)}",
            "v": "5.199",
        }
        event |= {"object": about} if about is not None else {}
        return json.dumps({**event, "secret": self.secrets["callback_secret"]}, ensure_ascii=False).encode()

    def rate_limit(self) -> Reply:
        """Without a time: it is the second that counts."""
        return said(6, "Too many requests per second")

    def end_consent(self) -> None:
        """An administrator has deleted the key."""
        self.fail_with(self.faults[0])

    def is_write(self, request: Request) -> bool:
        """All come by POST."""
        return request.path.endswith(("wall.post", "messages.send"))

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """Against VK's own."""
        return self.schema.faults(request, said) if self.schema else ()

    def handle(self, request: Request) -> Reply:
        """Finds the method."""
        given = request.form
        if given.get("access_token") != self.secrets["access_token"]:
            return said(5, "User authorization failed: invalid access_token")
        if given.get("v") != "5.199":
            return said(8, "Invalid request: v (version) is required")
        method = METHODS.get(request.path.rpartition("/")[2])
        return method(self, given) if method else said(3, "Unknown method passed")

    def permissions(self, given: Mapping[str, str]) -> Reply:
        """What the key may do."""
        settings = {"wall": 8_192, "manage": 262_144, "messages": 4_096}
        rights = [{"name": name, "setting": settings[name]} for name in self.rights]
        return reply({"response": {"mask": sum(settings[name] for name in self.rights), "permissions": rights}})

    def group(self, given: Mapping[str, str]) -> Reply:
        """The community."""
        if given["group_id"] != str(COMMUNITY):
            return said(125, "Invalid group id")
        group: dict[str, Any] = {"id": COMMUNITY, "name": "Місто", "screen_name": "example_city", "type": "page"}
        if self.members is not None and "members_count" in given.get("fields", ""):
            group["members_count"] = self.members
        return reply({"response": {"groups": [group], "profiles": []}})

    def post(self, given: Mapping[str, str]) -> Reply:
        """Once for each guid."""
        if given["owner_id"] != f"-{COMMUNITY}" or given.get("from_group") != "1" or "wall" not in self.rights:
            return said(214, "Access to adding post denied")
        if "attachments" in given:
            return said(27, "Group authorization failed: method is unavailable with group auth.")
        if not 0 < len(given["message"]) <= TEXT_MOST:
            return said(100, "One of the parameters specified was missing or invalid: message is too long")
        known = self.guids.get(given["guid"])
        if known and self.clock.now() - known[1] < GUIDS_LAST:
            return reply({"response": {"post_id": known[0]}})
        id_ = len(self.posts) + 1
        self.posts[id_] = given["message"]
        self.guids[given["guid"]] = id_, self.clock.now()
        return reply({"response": {"post_id": id_}})

    def conversations(self, given: Mapping[str, str]) -> Reply:
        """Of each the last message, newest first."""
        last = {each["peer_id"]: each for each in self.messages}
        items = [
            {"conversation": _conversation(each), "last_message": each}
            for each in sorted(last.values(), key=lambda each: -each["id"])
        ]
        first = int(given.get("offset", 0))
        profiles = [{"id": NEIGHBOUR, "first_name": "Оксана", "last_name": "С.", "screen_name": "oksana"}]
        page = {"count": len(items), "items": items[first : first + int(given["count"])], "profiles": profiles}
        return reply({"response": page})

    def history(self, given: Mapping[str, str]) -> Reply:
        """One conversation, newest first."""
        found = [each for each in reversed(self.messages) if str(each["peer_id"]) == given["peer_id"]]
        first = int(given.get("offset", 0))
        return reply({"response": {"count": len(found), "items": found[first : first + int(given["count"])]}})

    def send(self, given: Mapping[str, str]) -> Reply:
        """Once for each random_id."""
        if len(given["message"]) > MESSAGE_MOST:
            return said(914, "Message is too long")
        if given["peer_id"] not in {str(each["peer_id"]) for each in self.messages}:
            return said(901, "Can't send messages for users without permission")
        if given["random_id"] not in self.random_ids:
            self.random_ids[given["random_id"]] = self._put(int(given["peer_id"]), given["message"], out=1)
        return reply({"response": self.random_ids[given["random_id"]]})

    def _put(self, peer: int, text: str, out: int = 0) -> int:
        message = {
            "id": len(self.messages) + 1,
            "conversation_message_id": len(self.messages) + 1,
            "date": int(self.clock.now().timestamp()),
            "peer_id": peer,
            "from_id": -COMMUNITY if out else peer,
            "out": out,
            "text": text,
            "version": 1,
        }
        self.messages.append(message)
        return len(self.messages)


def _conversation(last: Mapping[str, Any]) -> dict[str, Any]:
    """Object messages_conversation."""
    return {
        "peer": {"id": last["peer_id"], "type": "user", "local_id": last["peer_id"]},
        "last_message_id": last["id"],
        "last_conversation_message_id": last["conversation_message_id"],
        "in_read": 0,
        "out_read": 0,
        "version": 1,
    }


METHODS: dict[str, Callable[[VkFake, Mapping[str, str]], Reply]] = {
    "groups.getTokenPermissions": VkFake.permissions,
    "groups.getById": VkFake.group,
    "wall.post": VkFake.post,
    "messages.getConversations": VkFake.conversations,
    "messages.getHistory": VkFake.history,
    "messages.send": VkFake.send,
}

FAKES = {"vk": VkFake}
