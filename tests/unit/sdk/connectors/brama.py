"""The platform of the scaffold, and a larger one with webhooks, hiding and retired figures, to try the kit on."""

import functools
import hashlib
import hmac
import importlib
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from viche_sdk.connectors.testing import Hook, Reply, Request, reply
from viche_sdk.connectors.types import (
    Author,
    Capability,
    Challenge,
    ConnectorSpec,
    Context,
    Field,
    FieldKind,
    Idempotency,
    InboxItem,
    InboxKind,
    InvalidContent,
    Localized,
    Metric,
    MetricName,
    NotFound,
    PermissionDenied,
    Post,
    Published,
    with_link,
)
from viche_sdk.scaffold import Kind, begin


@functools.cache
def module(name: str) -> ModuleType:
    """A module of the package that the scaffold writes."""
    if "viche_connector_plain" not in sys.modules:
        folder = begin(Kind.CONNECTOR, "plain", Path(tempfile.mkdtemp(prefix="viche-brama-"))).folder
        sys.path.insert(0, str(folder))
    return importlib.import_module(f"viche_connector_plain.{name}")


BramaConnector: Any = module("connector").PlainConnector
BramaFake: Any = module("fake").PlainFake
call: Any = module("connector")._call
BRAMA: ConnectorSpec = module("spec").SPEC

TEXT = Localized.of(en="A word of its own", uk="Окреме слово", bg="Отделна дума", ru="Отдельное слово")
SIGNED, AT = "x-brama-signature", "x-brama-at"
FRESH = timedelta(minutes=5)


def signature(secret: str, at: str, body: bytes) -> str:
    """HMAC over the time and the body."""
    return hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).hexdigest()


class SquareFake(BramaFake):
    """Brama with all that it lacks."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.hidden: set[str] = set()
        self.retired: set[MetricName] = set()

    def handle(self, request: Request) -> Reply:
        """Its own routes, then those of Brama."""
        match request.method, request.path.split("/")[1:]:
            case "POST", ["comments", id_, "hidden"]:
                text = next(each["text"] for each in self.comments if each["id"] == id_)
                (self.hidden.add if request.json else self.hidden.discard)(text)
                return reply({})
            case "GET", ["mine"]:
                return reply([{"id": each.id, "text": each.text, "url": ""} for each in self.shown() if not each.on])
            case "GET", ["figures", name]:
                if name in self.retired:
                    return reply({"error": "retired"}, 404)
                return reply({"value": 5})
        return super().handle(request)

    def is_hidden(self, text: str) -> bool:
        """Whether a comment is hidden."""
        return text in self.hidden

    def retire(self, metric: MetricName) -> bool:
        """Followers and posts are told one by one."""
        self.retired.add(metric)
        return metric in (MetricName.FOLLOWERS, MetricName.POSTS)

    def hook(self, text: str, at: datetime) -> Hook:
        """A comment."""
        body = json.dumps({"id": "9", "text": text, "at": at.isoformat()}).encode()
        said = str(int(at.timestamp()))
        return Hook({AT: said, SIGNED: signature(self.secrets["hook_secret"], said, body)}, body)

    def challenge(self) -> tuple[Hook, str]:
        """A word to say back."""
        return Hook({"query-challenge": "слово"}), "слово"


class TitledFake(SquareFake):
    """Wants a title of up to 60 characters."""

    def _publish(self, request: Request, on: str = "") -> Reply:
        title = request.json.get("title", "")
        if not on and not 0 < len(title) <= 60:
            return reply({"error": "title"}, 400)
        said = super()._publish(request, on)
        if said.status == 201:
            self.posts[said.json["id"]] = replace(self.posts[said.json["id"]], title=title)
        return said


class ForgetfulFake(SquareFake):
    """Knows no keys: the same one makes a second post."""

    def _publish(self, request: Request, on: str = "") -> Reply:
        self.keys.clear()
        return super()._publish(request, on)


class SquareConnector(BramaConnector):
    """Brama's calls and three more."""

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Hides a comment."""
        await call(ctx, "POST", f"/comments/{item.id}/hidden", json=hidden)

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Figures of the account one by one."""
        if refs:
            return await super().metrics(ctx, refs)
        return [await self.figure(ctx, name) for name in (MetricName.FOLLOWERS, MetricName.POSTS)]

    async def figure(self, ctx: Context, name: MetricName) -> Metric:
        """One figure; without a value where it is retired."""
        try:
            answer = await call(ctx, "GET", f"/figures/{name}")
        except NotFound:
            return Metric(name, None, reason="retired")
        with answer.understood():
            return Metric(name, answer.object()["value"])

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        """HMAC and time."""
        if "query-challenge" in headers:
            return Challenge(headers["query-challenge"])
        at = headers.get(AT, "")
        if not hmac.compare_digest(signature(ctx.secret("hook_secret"), at, body), headers.get(SIGNED, "")):
            raise PermissionDenied("wrong signature")
        if abs(ctx.clock.now() - datetime.fromtimestamp(int(at), UTC)) > FRESH:
            raise PermissionDenied("old signature")
        said = json.loads(body)
        return [comment(said["id"], said["text"], ctx)]


def comment(id_: str, text: str, ctx: Context) -> InboxItem:
    """An item that came by webhook."""
    return InboxItem(id_, InboxKind.COMMENT, "1", text, Author("77"), ctx.clock.now())


class TitledConnector(SquareConnector):
    """Sends the title, too."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """With its title."""
        try:
            return await self.sent(ctx, {"title": post.title, "text": with_link(post.text, post.link), "key": key})
        except InvalidContent as error:
            raise InvalidContent(error.detail, "title" if "title" in error.detail else "text") from error

    async def sent(self, ctx: Context, body: dict[str, str]) -> Published:
        """Sends a post."""
        answer = await call(ctx, "POST", "/posts", json=body)
        with answer.understood():
            return Published(answer.object()["id"])


class FindingConnector(SquareConnector):
    """Looks for what it has sent."""

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """By the whole text."""
        answer = await call(ctx, "GET", "/mine")
        with answer.understood():
            text = with_link(post.text, post.link)
            found = [each for each in answer.array() if each["text"] == text]
        return Published(found[-1]["id"]) if found else None


SQUARE = replace(
    BRAMA,
    connector=SquareConnector,
    capabilities=BRAMA.capabilities | {Capability.HIDE, Capability.WEBHOOK},
    webhook_headers=(AT, SIGNED),
    fields=(*BRAMA.fields, Field("hook_secret", TEXT, TEXT, FieldKind.SECRET)),
)
FINDING = replace(SQUARE, connector=FindingConnector, idempotency=Idempotency.RECONCILE)
TITLED = replace(SQUARE, connector=TitledConnector, limits=replace(BRAMA.limits, title_most=60))
