"""A home server that is not there, with one room. What it answers is what Synapse 1.163 answers."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import unquote

from viche_connector_matrix.content import MESSAGE, POLL, POLL_RESPONSE, TEXT
from viche_connector_matrix.fake_faults import FAULTS, said
from viche_sdk.connectors.testing import RETRY_AFTER_S, FakePlatform, Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind

SERVER = "https://matrix.example"
OWN = "@viche:matrix.example"
STRANGER = "@olena:matrix.example"
ROOM = "!city:matrix.example"
ALIAS = "#city:matrix.example"
EVENT_BYTES = 65_536
ENVELOPE_BYTES = 900
"""What the server adds to a content before it measures the event."""

TIMELINE_MOST = 20
"""This server gives no more in one sync, whatever is asked for (Synapse: `filter_timeline_limit`)."""

STATE: dict[str, dict[str, Any]] = {
    "m.room.create": {"room_version": "11"},
    "m.room.power_levels": {"users": {OWN: 100}, "users_default": 0, "events_default": 0, "events": {MESSAGE: 0}},
    "m.room.canonical_alias": {"alias": ALIAS},
    "m.room.name": {"name": "Місто"},
}


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, status: int, code: str, error: str) -> None:
        super().__init__(error)
        self.reply = said(status, code, error)


@dataclass
class Stored:
    """An event of the room; its place is its place in the room's list."""

    id: str
    type: str
    sender: str
    at_ms: int
    content: dict[str, Any] = field(default_factory=dict[str, Any])
    redacted_by: str = ""

    @property
    def relation(self) -> dict[str, Any]:
        """What it relates to."""
        return self.content.get("m.relates_to", {})

    def entity(self) -> dict[str, Any]:
        """As the client API gives it."""
        event: dict[str, Any] = {
            "event_id": self.id,
            "type": self.type,
            "sender": self.sender,
            "origin_server_ts": self.at_ms,
            "room_id": ROOM,
            "content": self.content,
            "unsigned": {"age": 5, "membership": "join"},
        }
        if self.redacted_by:
            event["unsigned"]["redacted_because"] = {"event_id": self.redacted_by, "type": "m.room.redaction"}
        return event


class MatrixFake(FakePlatform):
    """A room with the account and one neighbour."""

    values: ClassVar = {"server": SERVER, "room": ALIAS}
    faults: ClassVar[Sequence[Fault]] = FAULTS

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.events: list[Stored] = []
        self.files: dict[str, bytes] = {}
        self.transactions: dict[str, str] = {}

    # what people do

    def shown(self) -> list[Shown]:
        """Messages and polls of the account; files stand with the message that they refer to."""
        own = [each for each in self.events if each.sender == OWN and each.type in (MESSAGE, POLL)]
        there = [each for each in own if not each.redacted_by and each.relation.get("rel_type") != "m.replace"]
        return [self._shown(each, there) for each in there if each.relation.get("rel_type") != "m.reference"]

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """The neighbour writes: a comment as a reply or, every second time, in a thread."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if kind is InboxKind.COMMENT and on:
            relation: dict[str, Any] = {"m.in_reply_to": {"event_id": on.id}}
            if len(self.events) % 2:
                relation |= {"rel_type": "m.thread", "event_id": on.id, "is_falling_back": True}
            content["m.relates_to"] = relation
        self.add(MESSAGE, STRANGER, content)

    def vote(self, post: Shown, option: int) -> None:
        """Somebody else votes."""
        relation = {"rel_type": "m.reference", "event_id": post.id}
        votes = {"answers": [str(option + 1)]}
        self.add(POLL_RESPONSE, f"@{len(self.events)}:a.example", {POLL_RESPONSE: votes, "m.relates_to": relation})

    def rate_limit(self) -> Reply:
        """The time stands in the body, in milliseconds."""
        return reply(
            {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": int(RETRY_AFTER_S * 1_000)},
            429,
        )

    def end_consent(self) -> None:
        """Somebody has signed the device out."""
        self.fail_with(self.faults[0])

    def add(self, type_: str, sender: str, content: dict[str, Any]) -> Stored:
        """Puts an event at the end of the room."""
        at_ms = int(self.clock.now().timestamp() * 1_000)
        event = Stored(f"$event{len(self.events)}", type_, sender, at_ms, content)
        self.events.append(event)
        return event

    # what the server does

    def handle(self, request: Request) -> Reply:
        """Finds the route."""
        path = request.path
        try:
            if request.token != self.secrets["access_token"]:
                raise Refused(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.")
            for method, pattern, answer in ROUTES:
                if request.method == method and (found := pattern.fullmatch(path)):
                    return answer(self, request, *map(unquote, found.groups()))
            raise Refused(404, "M_UNRECOGNIZED", "Unrecognized request")
        except Refused as refused:
            return refused.reply

    def whoami(self, request: Request) -> Reply:
        """Whose token it is."""
        return reply({"user_id": OWN, "is_guest": False, "device_id": "VICHE"})

    def directory(self, request: Request, alias: str) -> Reply:
        """The room of an alias."""
        if alias != ALIAS:
            raise Refused(404, "M_NOT_FOUND", "Room alias not found")
        return reply({"room_id": ROOM, "servers": ["matrix.example"]})

    def state(self, request: Request, room: str, type_: str) -> Reply:
        """The content of a state event, or all of it."""
        self._in_room(room)
        if type_ not in STATE:
            raise Refused(404, "M_NOT_FOUND", "Event not found.")
        if request.query.get("format") == "event":
            return reply({"type": type_, "state_key": "", "sender": OWN, "content": STATE[type_]})
        return reply(STATE[type_])

    def media_config(self, request: Request) -> Reply:
        """How large a file may be."""
        return reply({"m.upload.size": 52_428_800})

    def upload(self, request: Request) -> Reply:
        """Takes a file of any kind."""
        address = f"mxc://matrix.example/file{len(self.files)}"
        self.files[address] = request.body
        return reply({"content_uri": address})

    def send(self, request: Request, room: str, type_: str, transaction: str) -> Reply:
        """Takes an event, once for each transaction."""
        self._in_room(room)
        if transaction not in self.transactions:
            if not isinstance(request.json, dict):
                raise Refused(400, "M_NOT_JSON", "Content not JSON.")
            if len(json.dumps(request.json, ensure_ascii=False).encode()) + ENVELOPE_BYTES > EVENT_BYTES:
                raise Refused(413, "M_TOO_LARGE", "event too large")
            self.transactions[transaction] = self.add(type_, OWN, request.json).id
        return reply({"event_id": self.transactions[transaction]})

    def redact(self, request: Request, room: str, id_: str, transaction: str) -> Reply:
        """Takes the content away; Synapse takes a redaction of nothing, too."""
        self._in_room(room)
        redaction = self.add("m.room.redaction", OWN, {"redacts": id_})
        for event in self.events:
            if event.id == id_ and not event.redacted_by:
                event.content, event.redacted_by = {}, redaction.id
        return reply({"event_id": redaction.id})

    def event(self, request: Request, room: str, id_: str) -> Reply:
        """One event."""
        self._in_room(room)
        found = [each for each in self.events if each.id == id_]
        if not found:
            raise Refused(404, "M_NOT_FOUND", "Event not found.")
        return reply(found[0].entity())

    def relations(self, request: Request, room: str, id_: str, relation: str, type_: str) -> Reply:
        """What relates to an event, newest first, page by page."""
        self._in_room(room)
        found = [each for each in reversed(self.events) if self._relates(each, id_, relation, type_)]
        begin = int(request.query.get("from", "0"))
        most = min(int(request.query.get("limit", "5")), 2)
        more = {"next_batch": str(begin + most)} if len(found) > begin + most else {}
        return reply({"chunk": [each.entity() for each in found[begin : begin + most]], **more})

    def members(self, request: Request, room: str) -> Reply:
        """Who is in the room."""
        self._in_room(room)
        return reply({"joined": {each: {"display_name": each[1:6]} for each in (OWN, STRANGER, "@b:a.example")}})

    def messages(self, request: Request, room: str) -> Reply:
        """Events forward from a token, or back from the end; no end where there is nothing more."""
        self._in_room(room)
        query, filter_ = request.query, json.loads(request.query.get("filter", "{}"))
        most = int(query.get("limit", "10"))
        if query["dir"] == "b":
            found = self._filtered(range(len(self.events) - 1, -1, -1), filter_)[:most]
        else:
            found = self._filtered(range(_place(query["from"]), _place(query["to"])), filter_)[:most]
        end = {"end": f"t{found[-1] + 1}"} if found else {}
        chunk = [self.events[place].entity() for place in found]
        return reply({"start": query.get("from", "t0"), "chunk": chunk, "state": _MEMBERS, **end})

    def sync(self, request: Request) -> Reply:
        """What came since a token: the newest, and whether these are all."""
        filter_ = json.loads(request.query["filter"])["room"]["timeline"]
        begin = _place(request.query.get("since", "s0"))
        places = self._filtered(range(begin, len(self.events)), filter_)
        newest = places[-min(TIMELINE_MOST, filter_["limit"]) :]
        following = {"next_batch": f"s{len(self.events)}"}
        if not places and begin:
            return reply(following)
        timeline = {
            "events": [self.events[place].entity() for place in newest],
            "limited": len(newest) < len(places),
            "prev_batch": f"t{newest[0] if newest else 0}",
        }
        room = {"timeline": timeline, "state": {"events": _MEMBERS}}
        return reply({**following, "rooms": {"join": {ROOM: room}}})

    def _filtered(self, places: Iterable[int], filter_: dict[str, Any]) -> list[int]:
        types, senders = filter_.get("types"), filter_.get("senders")
        return [
            place
            for place in places
            if (types is None or self.events[place].type in types)
            and (senders is None or self.events[place].sender in senders)
        ]

    def _relates(self, event: Stored, id_: str, relation: str, type_: str) -> bool:
        found = event.relation
        return (found.get("event_id"), found.get("rel_type"), event.type) == (id_, relation, type_)

    def _shown(self, event: Stored, there: Sequence[Stored]) -> Shown:
        files = [each for each in there if self._relates(each, event.id, "m.reference", MESSAGE)]
        changes = [each for each in self.events if self._relates(each, event.id, "m.replace", MESSAGE)]
        content = changes[-1].content["m.new_content"] if changes else event.content
        asked = content.get(POLL, {})
        return Shown(
            event.id,
            content["body"] if not asked else asked["question"][TEXT],
            tuple(each.content["body"] for each in files if each.content["url"] in self.files),
            tuple(each[TEXT] for each in asked.get("answers", ())),
            on=event.relation.get("m.in_reply_to", {}).get("event_id", ""),
        )

    def _in_room(self, room: str) -> None:
        if room != ROOM:
            raise Refused(403, "M_FORBIDDEN", f"User {OWN} not in room {room}")


_MEMBERS = [{"type": "m.room.member", "state_key": STRANGER, "content": {"displayname": "Олена", "membership": "join"}}]


def _place(token: str) -> int:
    if not re.fullmatch(r"[st]\d+", token):
        raise Refused(400, "M_INVALID_PARAM", "'from' parameter is invalid")
    return int(token[1:])


def _route(method: str, path: str, answer: Any) -> tuple[str, re.Pattern[str], Any]:
    return method, re.compile(path.replace("*", "([^/]+)")), answer


_ROOM = "/_matrix/client/v3/rooms/*"
ROUTES = (
    _route("GET", "/_matrix/client/v3/account/whoami", MatrixFake.whoami),
    _route("GET", "/_matrix/client/v3/directory/room/*", MatrixFake.directory),
    _route("GET", "/_matrix/client/v3/sync", MatrixFake.sync),
    _route("GET", "/_matrix/client/v1/media/config", MatrixFake.media_config),
    _route("GET", "/_matrix/client/v1/rooms/*/relations/*/*/*", MatrixFake.relations),
    _route("POST", "/_matrix/media/v3/upload", MatrixFake.upload),
    _route("GET", f"{_ROOM}/state/*", MatrixFake.state),
    _route("GET", f"{_ROOM}/event/*", MatrixFake.event),
    _route("GET", f"{_ROOM}/messages", MatrixFake.messages),
    _route("GET", f"{_ROOM}/joined_members", MatrixFake.members),
    _route("PUT", f"{_ROOM}/send/*/*", MatrixFake.send),
    _route("PUT", f"{_ROOM}/redact/*/*", MatrixFake.redact),
)

FAKES = {"matrix": MatrixFake}
