"""The part of Meta that is not there which Pages and Instagram share: refusals, edges, messages, webhooks."""

import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from viche_connector_meta.fake_faults import ENDED, said, usage
from viche_connector_meta.webhook import SIGNATURE
from viche_sdk.connectors.testing import FakePlatform, Hook, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind

PAGE, NEIGHBOUR = "102030405060708", "2002"
NAMES = {PAGE: "Міська рада", NEIGHBOUR: "Сусід"}


@dataclass
class Entry:
    """Something that somebody wrote: a post, a comment, a message."""

    id: str
    kind: str
    author: str
    text: str
    at: datetime
    on: str = ""
    link: str = ""
    alts: list[str] = field(default_factory=list[str])
    hidden: bool = False


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, reply_: Reply) -> None:
        super().__init__()
        self.reply = reply_


Route = tuple[str, "re.Pattern[str]", Callable[..., Reply]]


class GraphFake(FakePlatform):
    """What both have."""

    signs_time: ClassVar[bool] = False
    retry_after_s: ClassVar[float] = 120.0
    object: ClassVar[str] = "page"
    routes: ClassVar[Sequence[Route]] = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.entries: dict[str, Entry] = {}
        self.retired: set[str] = set()
        self.last = 5000

    def new_id(self, form: str = "{}") -> str:
        """The next one."""
        self.last += 1
        return form.format(self.last)

    def add(self, kind: str, author: str, text: str, form: str = "{}", **more: Any) -> Entry:
        """Keeps what somebody wrote."""
        entry = Entry(self.new_id(form), kind, author, text, self.clock.now(), **more)
        self.entries[entry.id] = entry
        return entry

    def of(self, *kinds: str) -> list[Entry]:
        """All of some kinds, newest first."""
        return [each for each in reversed(self.entries.values()) if each.kind in kinds]

    def there(self, id_: str) -> Entry:
        """What has this id."""
        if id_ not in self.entries:
            raise Refused(said(100, f"Unsupported get request. Object with ID '{id_}' does not exist", 33))
        return self.entries[id_]

    # what people do

    def shown(self) -> list[Shown]:
        """What the account wrote."""
        own = [each for each in self.entries.values() if each.author == self.account]
        return [Shown(each.id, each.text, tuple(each.alts), link=each.link, on=each.on) for each in own]

    def is_hidden(self, text: str) -> bool:
        """Whether the comment with this text is hidden."""
        return any(each.hidden for each in self.entries.values() if each.text == text)

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """The neighbour writes."""
        if kind is InboxKind.COMMENT and on:
            self.add("comment", NEIGHBOUR, text, f"{on.id.rpartition('_')[2]}_{{}}", on=on.id)
        else:
            self.add(kind.value, NEIGHBOUR, text)

    def end_consent(self) -> None:
        """The token has ended."""
        self.fail_with(ENDED)

    def rate_limit(self) -> Reply:
        """The time is told in minutes."""
        heads = usage(int(self.retry_after_s // 60))
        return said(32, "(#32) Page request limit reached", status=403, X_Business_Use_Case_Usage=heads)

    def hook(self, text: str, at: datetime) -> Hook:
        """The neighbour has commented."""
        change = self.change(text, int(at.timestamp()))
        entry = {"id": self.account, "time": int(at.timestamp()), "changes": [change]}
        body = json.dumps({"object": self.object, "entry": [entry]}, ensure_ascii=False).encode()
        signed = hmac.new(self.secrets["app_secret"].encode(), body, sha256).hexdigest()
        return Hook({SIGNATURE: f"sha256={signed}"}, body)

    def challenge(self) -> tuple[Hook, str]:
        """What it asks when the webhook is entered."""
        asked = {"mode": "subscribe", "challenge": "1158201444", "verify_token": self.secrets["verify_token"]}
        return Hook({f"query-hub.{name}": value for name, value in asked.items()}), "1158201444"

    @property
    def account(self) -> str:
        """The id of the account, under which webhooks name it and it writes."""
        return PAGE

    def change(self, text: str, at_s: int) -> dict[str, Any]:
        """A comment in a webhook."""
        raise NotImplementedError

    # what the platform does

    def handle(self, request: Request) -> Reply:
        """Finds the route."""
        try:
            self._let_in(request)
            path = request.path.removeprefix("/v26.0/")
            for method, pattern, answer in self.routes:
                if request.method == method and (found := pattern.fullmatch(path)):
                    return answer(self, request, *found.groups())
            raise Refused(said(2_500, f"Unknown path components: /{path}"))
        except Refused as refused:
            return refused.reply

    def _let_in(self, request: Request) -> None:
        token = self.secrets["access_token"]
        proof = hmac.new(self.secrets["app_secret"].encode(), token.encode(), sha256).hexdigest()
        if request.token != token:
            raise Refused(said(190, "Invalid OAuth access token - Cannot parse access token"))
        if request.query.get("appsecret_proof") != proof:
            raise Refused(said(100, "Invalid appsecret_proof provided in the API argument"))

    def edge(self, request: Request, found: Sequence[Mapping[str, Any]]) -> Reply:
        """One page."""
        begin, most = int(request.query.get("after", "c0")[1:]), int(request.query["limit"])
        return reply(self.part(found[begin:], most, begin))

    def part(self, found: Sequence[Mapping[str, Any]], most: int, begin: int = 0) -> dict[str, Any]:
        """The first of what is left, and where the rest begins; the address of the next page holds the token."""
        page: dict[str, Any] = {"data": list(found[:most])}
        if page["data"]:
            page["paging"] = {"cursors": {"before": f"c{begin}", "after": f"c{begin + len(page['data'])}"}}
        if len(found) > most:
            page["paging"] = {
                **page.get("paging", {}),
                "next": f"https://graph.facebook.com/next?access_token={self.secrets['access_token']}",
            }
        return page

    def get_conversations(self, request: Request) -> Reply:
        """One, with the neighbour; the latest messages first."""
        messages = [self.message(each) for each in self.of("message")]
        if not messages:
            return self.edge(request, [])
        talk = {"id": "t_77", "updated_time": messages[0]["created_time"], "messages": self.part(messages, 25)}
        return self.edge(request, [talk])

    def get_messages(self, request: Request) -> Reply:
        """The rest of a conversation."""
        return self.edge(request, [self.message(each) for each in self.of("message")])

    def post_message(self, request: Request) -> Reply:
        """The account answers."""
        sent = request.json
        entry = self.add("message", self.account, sent["message"]["text"], "m_{}", on=sent["recipient"]["id"])
        return reply({"recipient_id": entry.on, "message_id": entry.id})

    def message(self, each: Entry) -> dict[str, Any]:
        """A message as the edge gives it."""
        return {"id": each.id, "message": each.text, "from": who(each.author), "created_time": instant(each.at)}

    def insight(self, request: Request, id_: str) -> Reply:
        """One figure; an unknown one makes the whole request fail."""
        self.there(id_)
        metric = request.query["metric"]
        if metric in self.retired:
            raise Refused(said(100, "(#100) The value must be a valid insights metric"))
        return reply({"data": [{"name": metric, "period": "lifetime", "values": [{"value": 500}], "id": id_}]})


def who(id_: str) -> dict[str, str]:
    """An author."""
    return {"id": id_, "name": NAMES[id_]}


def instant(at: datetime) -> str:
    """As the platform writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")
