"""A server with one account of ours, and the view that Bluesky's apps show, in one; held against the lexicons."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from viche_connector_bluesky.fake_faults import FAULTS, said
from viche_connector_bluesky.lexicons import Lexicons
from viche_connector_bluesky.places import POST, THREADGATE, rkey_of
from viche_sdk.connectors.testing import RETRY_AFTER_S, FakePlatform, Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind, graphemes

SERVER = "https://bsky.social"
OWN, HANDLE = "did:plc:viche", "viche.bsky.social"
STRANGER, STRANGERS_HANDLE = "did:plc:olena", "olena.bsky.social"
NOTIFICATIONS_MOST = 40
"""The view gives up to 100 at once; here fewer, so that a day's worth of writing is more than a page."""

TOKEN_LASTS_S = 7_200
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.reply = said(status, error, message)


@dataclass
class Stored:
    """A record of anybody. Its notification, if there is one, came at the same instant."""

    uri: str
    value: dict[str, Any]
    at: datetime
    reason: str = ""

    @property
    def cid(self) -> str:
        """The hash of its content (the length is right, and what is hashed is not)."""
        text = json.dumps(self.value, sort_keys=True).encode()
        return "bafyrei" + base64.b32encode(hashlib.sha256(text).digest()).decode().lower().rstrip("=")

    @property
    def did(self) -> str:
        """Whose it is."""
        return self.uri.split("/")[2]

    @property
    def on(self) -> str:
        """What it answers."""
        return self.value.get("reply", {}).get("parent", {}).get("uri", "")


@dataclass
class Person:
    """Somebody."""

    did: str
    handle: str
    name: str

    def view(self) -> dict[str, Any]:
        """app.bsky.actor.defs#profileView."""
        return {"did": self.did, "handle": self.handle, "displayName": self.name, "labels": []}


PEOPLE = {each.did: each for each in (Person(OWN, HANDLE, "Громада"), Person(STRANGER, STRANGERS_HANDLE, "Олена"))}


class BlueskyFake(FakePlatform):
    """One account and one neighbour."""

    values: ClassVar = {"server": SERVER, "handle": HANDLE}
    faults: ClassVar[Sequence[Fault]] = FAULTS

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.records: dict[str, Stored] = {}
        self.blobs: dict[str, int] = {}
        self.lexicons = Lexicons(self.schemas) if self.schemas else None

    # what people do

    def shown(self) -> list[Shown]:
        """Posts and answers of the account."""
        own = [each for each in self.records.values() if each.uri.startswith(f"at://{OWN}/{POST}/")]
        return [
            Shown(
                each.uri,
                each.value["text"],
                tuple(image["alt"] for image in each.value.get("embed", {}).get("images", ())),
                on=each.on,
            )
            for each in own
        ]

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """The neighbour answers a post, or names the account."""
        value: dict[str, Any] = {"$type": POST, "text": text, "langs": ["uk"], "createdAt": _written(self.clock.now())}
        if kind is InboxKind.COMMENT and on:
            root = {"uri": on.id, "cid": self.records[on.id].cid}
            value["reply"] = {"root": root, "parent": root}
        else:
            value["text"] = f"@{HANDLE} {text}"
        uri = f"at://{STRANGER}/{POST}/{rkey_of(str(len(self.records)))}"
        reason = "reply" if kind is InboxKind.COMMENT else "mention"
        self.records[uri] = Stored(uri, value, self.clock.now(), reason)

    def is_hidden(self, text: str) -> bool:
        """Whether a threadgate names it."""
        gates = [each.value for each in self.records.values() if f"/{THREADGATE}/" in each.uri]
        hidden = {uri for gate in gates for uri in gate.get("hiddenReplies", ())}
        return any(each.value["text"] == text and each.uri in hidden for each in self.records.values() if each.reason)

    def rate_limit(self) -> Reply:
        """The reset is an instant."""
        reset_s = int(self.clock.now().timestamp() + RETRY_AFTER_S)
        refused = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
        return reply(refused, 429, RateLimit_Reset=str(reset_s), RateLimit_Remaining="0")

    def end_consent(self) -> None:
        """Somebody has taken the app password back."""
        self.fail_with(self.faults[0])

    def is_write(self, request: Request) -> bool:
        """To sign in changes nothing."""
        return request.is_write and "createSession" not in request.path

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """Against the lexicons."""
        return self.lexicons.faults(request, said) if self.lexicons else ()

    # what the server does

    def handle(self, request: Request) -> Reply:
        """Finds the call."""
        try:
            name = request.path.removeprefix("/xrpc/")
            if name == "com.atproto.server.createSession":
                return self.create_session(request)
            if request.token != self.token():
                raise Refused(400, "InvalidToken", "Token could not be verified")
            if name not in CALLS:
                raise Refused(501, "MethodNotImplemented", "Method Not Implemented")
            return CALLS[name](self, request)
        except Refused as refused:
            return refused.reply

    def token(self) -> str:
        """The access token, which tells when it ends."""
        claims = {"sub": OWN, "exp": int(self.clock.now().timestamp()) // 86_400 * 86_400 + 86_400 + TOKEN_LASTS_S}
        parts = ({"alg": "ES256K"}, claims, {"signed": "yes"})
        return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts)

    def create_session(self, request: Request) -> Reply:
        """Signs in."""
        given = (request.json["identifier"], request.json["password"])
        if given != (HANDLE, self.secrets["app_password"]):
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return reply({"did": OWN, "handle": HANDLE, "accessJwt": self.token(), "refreshJwt": "a.b.c", "active": True})

    def profile(self, request: Request) -> Reply:
        """Somebody's profile."""
        found = PEOPLE.get(request.query["actor"])
        if found is None:
            raise Refused(400, "InvalidRequest", "Profile not found")
        posts = len(self.shown()) if found.did == OWN else 0
        return reply({**found.view(), "followersCount": 12, "followsCount": 3, "postsCount": posts})

    def profiles(self, request: Request) -> Reply:
        """Those of these handles that somebody has."""
        asked = parse_qs(urlsplit(request.target).query)["actors"]
        return reply({"profiles": [each.view() for each in PEOPLE.values() if each.handle in asked]})

    def upload(self, request: Request) -> Reply:
        """Takes a file."""
        if not request.body:
            raise Refused(400, "InvalidRequest", "Request encoding (Content-Type) required but not provided")
        cid = Stored("", {"bytes": request.body.hex()}, self.clock.now()).cid
        self.blobs[cid] = len(request.body)
        blob = {"$type": "blob", "ref": {"$link": cid}, "mimeType": request.type, "size": len(request.body)}
        return reply({"blob": blob})

    def put(self, request: Request) -> Reply:
        """Puts a record, if what stands there is what was said."""
        sent = request.json
        uri = f"at://{sent['repo']}/{sent['collection']}/{sent['rkey']}"
        there = self.records.get(uri)
        if sent["repo"] != OWN:
            raise Refused(401, "AuthenticationRequired", "Authentication Required")
        self._check(sent["collection"], sent["rkey"], sent["record"])
        if "swapRecord" in sent and sent["swapRecord"] != (there.cid if there else None):
            raise Refused(400, "InvalidSwap", f"Record was at {there.cid if there else None}")
        stored = Stored(uri, sent["record"], self.clock.now())
        self.records[uri] = stored
        return reply({"uri": uri, "cid": stored.cid, "validationStatus": "valid"})

    def get(self, request: Request) -> Reply:
        """One record."""
        query = request.query
        found = self.records.get(f"at://{query['repo']}/{query['collection']}/{query['rkey']}")
        if found is None:
            raise Refused(400, "RecordNotFound", "Could not locate record")
        return reply({"uri": found.uri, "cid": found.cid, "value": found.value})

    def delete(self, request: Request) -> Reply:
        """Takes a record away, or none."""
        sent = request.json
        self.records.pop(f"at://{sent['repo']}/{sent['collection']}/{sent['rkey']}", None)
        return reply({})

    def posts(self, request: Request) -> Reply:
        """Those of these posts that are there."""
        asked = parse_qs(urlsplit(request.target).query)["uris"]
        counts = {"likeCount": 4, "replyCount": 2, "repostCount": 1, "quoteCount": 1}
        return reply(
            {
                "posts": [
                    {
                        "uri": each.uri,
                        "cid": each.cid,
                        "author": PEOPLE[each.did].view(),
                        "record": each.value,
                        "indexedAt": _written(each.at),
                        **counts,
                    }
                    for each in (self.records[uri] for uri in asked if uri in self.records)
                ]
            }
        )

    def notifications(self, request: Request) -> Reply:
        """The newest first; a cursor goes on to older ones."""
        told = sorted((each for each in self.records.values() if each.reason), key=lambda each: each.at, reverse=True)
        begin = int(request.query.get("cursor", "0"))
        end = begin + min(int(request.query.get("limit", "50")), NOTIFICATIONS_MOST)
        more = {"cursor": str(end)} if end < len(told) else {}
        return reply({"notifications": [_notification(each) for each in told[begin:end]], **more})

    def _check(self, collection: str, rkey: str, record: Mapping[str, Any]) -> None:
        """Holds a record to its lexicon, or where that is missing to what the connector could break."""
        if not _TID.fullmatch(rkey):
            raise Refused(400, "InvalidRequest", f"Invalid record key {rkey}")
        text = record.get("text", "")
        if collection == POST and (len(graphemes(text)) > 300 or len(text.encode()) > 3_000):
            raise _invalid(collection, "Record/text must not be longer than 300 graphemes")
        if len(record.get("embed", {}).get("images", ())) > 4:
            raise _invalid(collection, "Record/embed/images must not have more than 4 elements")
        for facet in record.get("facets", ()):
            part = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
            (feature,) = facet["features"]
            if part.lstrip("#@") not in (feature.get("uri"), feature.get("tag"), HANDLE, STRANGERS_HANDLE):
                raise _invalid(collection, f"Record/facets do not mark {part!r}")
        for fault in self.lexicons.record(collection, rkey, record) if self.lexicons else ():
            raise _invalid(collection, fault)


def _invalid(collection: str, fault: str) -> Refused:
    return Refused(400, "InvalidRequest", f"Invalid {collection} record: {fault}")


def _notification(stored: Stored) -> dict[str, Any]:
    return {
        "uri": stored.uri,
        "cid": stored.cid,
        "author": PEOPLE[stored.did].view(),
        "reason": stored.reason,
        "record": stored.value,
        "isRead": False,
        "indexedAt": _written(stored.at),
        "labels": [],
    }


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


CALLS = {
    "app.bsky.actor.getProfile": BlueskyFake.profile,
    "app.bsky.actor.getProfiles": BlueskyFake.profiles,
    "app.bsky.feed.getPosts": BlueskyFake.posts,
    "app.bsky.notification.listNotifications": BlueskyFake.notifications,
    "com.atproto.repo.uploadBlob": BlueskyFake.upload,
    "com.atproto.repo.putRecord": BlueskyFake.put,
    "com.atproto.repo.getRecord": BlueskyFake.get,
    "com.atproto.repo.deleteRecord": BlueskyFake.delete,
}

FAKES = {"bluesky": BlueskyFake}
