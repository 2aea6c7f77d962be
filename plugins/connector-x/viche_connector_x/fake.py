"""X that is not there, held against the OpenAPI document of version 2.167; `OldXFake` speaks as it did before."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from viche_connector_x.fake_entities import (
    NEIGHBOUR,
    OWN,
    USERS,
    counts_of,
    instant,
    mend,
    not_found,
    old_post,
    page_of,
    shortened,
    user_of,
)
from viche_connector_x.fake_faults import ENDED, FAULTS, problem
from viche_connector_x.fake_uploads import File, Refused, Uploads, forbidden, invalid
from viche_connector_x.webhook import SIGNATURE, signature
from viche_sdk.connectors.kit.schemas import OpenApiSchema
from viche_sdk.connectors.testing import RETRY_AFTER_S, Fault, Hook, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind, LengthUnit, TextLimit, length_of

SERVER = "https://api.x.com"
TEXT = TextLimit(280, LengthUnit.WEIGHTED, address_length=23)
FILES_MOST, OPTION_MOST = 4, 25
NEW_ONLY = ("post.fields", "note_post", "referenced_posts")


@dataclass
class Post:
    """A post of anybody."""

    id: str
    author: str
    text: str
    at: datetime
    on: str = ""
    files: list[File] = field(default_factory=list[File])
    options: list[str] = field(default_factory=list[str])
    votes: list[int] = field(default_factory=list[int])
    minutes: int = 0
    hidden: bool = False
    is_message: bool = False


class XFake(Uploads):
    """The platform with one account of ours and a neighbour."""

    faults: ClassVar[Sequence[Fault]] = FAULTS
    signs_time: ClassVar[bool] = False
    is_old: ClassVar[bool] = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.posts: dict[str, Post] = {}
        self.schema = OpenApiSchema.of(self.schemas / "openapi.json", SERVER, mend) if self.schemas else None

    # what people do

    def shown(self) -> list[Shown]:
        """Posts, answers and messages of the account."""
        return [
            Shown(each.id, each.text, tuple(file.alt for file in each.files), tuple(each.options), on=each.on)
            for each in self.posts.values()
            if each.author == OWN
        ]

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """The neighbour names the account, or writes to it alone."""
        post = Post(self.new_id(), NEIGHBOUR, f"@viche {text}", self.clock.now())
        if kind is InboxKind.MESSAGE:
            post.text, post.is_message = text, True
        if kind is InboxKind.COMMENT and on:
            post.on = on.id
        self.posts[post.id] = post

    def is_hidden(self, text: str) -> bool:
        """Whether the answer with this text is hidden."""
        return any(each.hidden for each in self.posts.values() if text in each.text)

    def vote(self, post: Shown, option: int) -> None:
        """Somebody votes."""
        self.posts[post.id].votes[option] += 1

    def end_consent(self) -> None:
        """The person has revoked the app."""
        self.fail_with(ENDED)

    def rate_limit(self) -> Reply:
        """The reset is an instant."""
        reset = str(int(self.clock.now().timestamp() + RETRY_AFTER_S))
        heads = {"x_rate_limit_remaining": "0", "x_rate_limit_reset": reset, "x_rate_limit_limit": "100"}
        return problem(429, "Too Many Requests", "Too Many Requests", **heads)

    def hook(self, text: str, at: datetime) -> Hook:
        """The neighbour has named the account."""
        event = {"for_user_id": OWN, "tweet_create_events": [old_post("7001", f"@viche {text}", NEIGHBOUR, at)]}
        body = json.dumps(event, ensure_ascii=False).encode()
        return Hook({SIGNATURE: signature(self.secrets["consumer_secret"].encode(), body)}, body)

    def challenge(self) -> tuple[Hook, str]:
        """The challenge-response check."""
        wanted = {"response_token": signature(self.secrets["consumer_secret"].encode(), b"r4nd0m")}
        return Hook({"query-crc_token": "r4nd0m"}), json.dumps(wanted)

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """Against the OpenAPI document."""
        return self.schema.faults(request, said) if self.schema else ()

    # what the platform does

    def handle(self, request: Request) -> Reply:
        """Finds the route."""
        try:
            if request.token != self.secrets["access_token"]:
                raise Refused(problem(401, "Unauthorized", "Unauthorized"))
            if self.is_old and any(name in request.target for name in NEW_ONLY):
                raise invalid("The query parameter [post.fields] is not one of [id,ids,expansions,tweet.fields]")
            for method, pattern, answer in ROUTES:
                if request.method == method and (found := pattern.fullmatch(request.path)):
                    return answer(self, request, *found.groups())
            raise Refused(Reply(404))
        except Refused as refused:
            return refused.reply

    def get_me(self, request: Request) -> Reply:
        """The account of the token."""
        return reply({"data": user_of(OWN, len(self.shown()), is_old=self.is_old)})

    def get_timeline(self, request: Request, id_: str) -> Reply:
        """Newest posts, without answers."""
        start = datetime.fromisoformat(request.query["start_time"])
        own = [each for each in self.posts.values() if each.author == id_ and not each.on and each.at >= start]
        found = list(reversed(own))[: int(request.query["max_results"])]
        files = [file for each in found for file in each.files]
        included = {"media": [{"media_key": f"3_{file.id}", "type": "photo", "alt_text": file.alt} for file in files]}
        return reply(page_of([self._entity(each) for each in found], included if files else {}))

    def get_mentions(self, request: Request, id_: str) -> Reply:
        """Newest first, 100 at most."""
        named = [each for each in self.posts.values() if each.author != OWN and not each.is_message]
        return self._paged(request, named, self._entity)

    def get_messages(self, request: Request) -> Reply:
        """Newest first; of all conversations."""
        return self._paged(request, [each for each in self.posts.values() if each.is_message], self._message)

    def get_posts(self, request: Request) -> Reply:
        """Several, and what is not there among the errors."""
        ids = request.query["ids"].split(",")
        there = [self._entity(self.posts[id_]) for id_ in ids if id_ in self.posts]
        errors = [not_found(id_) for id_ in ids if id_ not in self.posts]
        return reply({**({"data": there} if there else {}), **({"errors": errors} if errors else {})})

    def get_post(self, request: Request, id_: str) -> Reply:
        """One, with its poll."""
        if id_ not in self.posts:
            return reply({"errors": [not_found(id_)]})
        post = self.posts[id_]
        polls = [self._poll_of(post)] if post.options else []
        return reply({"data": self._entity(post), **({"includes": {"polls": polls}} if polls else {})})

    def post_post(self, request: Request) -> Reply:
        """Makes a post; there are no keys, but the same text at once is refused."""
        sent = request.json
        post = Post(self.new_id(), OWN, sent.get("text", ""), self.clock.now())
        post.on = sent.get("reply", {}).get("in_reply_to_tweet_id", "")
        self._fill(post, sent)
        own = [each for each in self.posts.values() if each.author == OWN and not each.is_message]
        if any((each.text, each.on) == (post.text, post.on) for each in own) and not post.files:
            raise forbidden("You are not allowed to create a Tweet with duplicate content.")
        if post.on and "@viche" not in self.posts[post.on].text:
            raise forbidden("Reply to this conversation is not allowed because you have not been mentioned")
        self.posts[post.id] = post
        return reply({"data": {"id": post.id, "text": post.text}}, 201)

    def delete_post(self, request: Request, id_: str) -> Reply:
        """Takes a post away."""
        if not self.posts.pop(id_, None):
            raise Refused(problem(404, "Not Found Error", "Could not find post."))
        return reply({"data": {"deleted": True}})

    def put_hidden(self, request: Request, id_: str) -> Reply:
        """Hides an answer below a post of the account."""
        post = self.posts[id_]
        if not post.on or self.posts[post.on].author != OWN:
            raise forbidden("You are not permitted to perform this action.")
        post.hidden = request.json["hidden"]
        return reply({"data": {"hidden": post.hidden}})

    def post_message(self, request: Request, to: str) -> Reply:
        """Writes to somebody alone."""
        message = Post(self.new_id(), OWN, request.json["text"], self.clock.now(), on=to, is_message=True)
        self.posts[message.id] = message
        return reply({"data": {"dm_conversation_id": f"{OWN}-{to}", "dm_event_id": message.id}}, 201)

    def _fill(self, post: Post, sent: dict[str, Any]) -> None:
        files, poll = sent.get("media", {}).get("media_ids", []), sent.get("poll")
        if not post.text.strip() and not files:
            raise invalid("One or more parameters to your request was invalid.")
        if length_of(post.text, TEXT) > TEXT.most:
            raise invalid("Your Tweet text is too long.")
        if len(files) > FILES_MOST or (files and poll) or not all(self.files[id_].is_ready for id_ in files):
            raise invalid("Your media IDs are invalid.")
        post.files = [self.files[id_] for id_ in files]
        if len(files) > 1 and any(file.type.startswith("video/") for file in post.files):
            raise invalid("Your media IDs are invalid.")
        if poll:
            options, minutes = poll["options"], poll["duration_minutes"]
            good = 2 <= len(options) <= 4 and all(0 < len(option) <= OPTION_MOST for option in options)
            if not good or not 5 <= minutes <= 10_080:
                raise invalid("$.poll: is not valid against the schema")
            post.options, post.votes, post.minutes = options, [0] * len(options), minutes

    def _paged(self, request: Request, found: list[Post], entity: Callable[[Post], dict[str, Any]]) -> Reply:
        since, most = int(request.query.get("since_id", 0)), int(request.query["max_results"])
        newest = [each for each in reversed(found) if int(each.id) > since]
        begin = int(request.query.get("pagination_token", "0").lstrip("p") or 0)
        page = newest[begin : begin + most]
        users = {"users": [USERS[id_] for id_ in sorted({each.author for each in page})]}
        more = f"p{begin + most:020d}" if begin + most < len(newest) else ""
        return reply(page_of([entity(each) for each in page], users if page else {}, more))

    def _entity(self, post: Post) -> dict[str, Any]:
        text, urls = shortened(post.text, len(post.files))
        answered = self.posts.get(post.on)
        entity: dict[str, Any] = {
            "id": post.id,
            "text": text,
            "author_id": post.author,
            "created_at": instant(post.at),
            "conversation_id": post.on or post.id,
            "lang": "uk",
            "public_metrics": counts_of(is_old=self.is_old),
        }
        if urls:
            entity["entities"] = {"urls": urls}
        if post.files:
            entity["attachments"] = {"media_keys": [f"3_{file.id}" for file in post.files]}
        if answered:
            entity["in_reply_to_user_id"] = answered.author
            references = [{"type": "replied_to", "id": answered.id}]
            entity["referenced_tweets" if self.is_old else "referenced_posts"] = references
        return entity

    def _message(self, post: Post) -> dict[str, Any]:
        return {
            "id": post.id,
            "event_type": "MessageCreate",
            "text": shortened(post.text, 0)[0],
            "sender_id": post.author,
            "dm_conversation_id": f"{OWN}-{NEIGHBOUR}",
            "created_at": instant(post.at),
        }

    def _poll_of(self, post: Post) -> dict[str, Any]:
        ends_at = post.at + timedelta(minutes=post.minutes)
        pairs = enumerate(zip(post.options, post.votes, strict=True), 1)
        return {
            "id": f"{post.id}0",
            "duration_minutes": post.minutes,
            "end_datetime": instant(ends_at),
            "voting_status": "closed" if ends_at < self.clock.now() else "open",
            "options": [{"position": place, "label": label, "votes": votes} for place, (label, votes) in pairs],
        }


class OldXFake(XFake):
    """The same before parameters and counts were renamed: it refuses the new names, and gives the old ones."""

    is_old: ClassVar[bool] = True


ROUTES = (
    ("GET", re.compile(r"/2/users/me"), XFake.get_me),
    ("GET", re.compile(r"/2/users/(\d+)/tweets"), XFake.get_timeline),
    ("GET", re.compile(r"/2/users/(\d+)/mentions"), XFake.get_mentions),
    ("GET", re.compile(r"/2/dm_events"), XFake.get_messages),
    ("GET", re.compile(r"/2/tweets"), XFake.get_posts),
    ("GET", re.compile(r"/2/tweets/(\d+)"), XFake.get_post),
    ("POST", re.compile(r"/2/tweets"), XFake.post_post),
    ("DELETE", re.compile(r"/2/tweets/(\d+)"), XFake.delete_post),
    ("PUT", re.compile(r"/2/tweets/(\d+)/hidden"), XFake.put_hidden),
    ("POST", re.compile(r"/2/dm_conversations/with/(\d+)/messages"), XFake.post_message),
    ("POST", re.compile(r"/2/media/upload"), XFake.post_media),
    ("GET", re.compile(r"/2/media/upload"), XFake.get_upload),
    ("POST", re.compile(r"/2/media/metadata"), XFake.post_metadata),
    ("POST", re.compile(r"/2/media/upload/initialize"), XFake.post_initialize),
    ("POST", re.compile(r"/2/media/upload/(\d+)/append"), XFake.post_append),
    ("POST", re.compile(r"/2/media/upload/(\d+)/finalize"), XFake.post_finalize),
)

FAKES = {"x": XFake}
