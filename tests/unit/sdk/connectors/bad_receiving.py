"""Connectors that listen, answer or measure badly, or believe everybody."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.unit.sdk.connectors.bad import bad
from tests.unit.sdk.connectors.brama import (
    BRAMA,
    SQUARE,
    BramaConnector,
    BramaFake,
    SquareConnector,
    SquareFake,
    call,
    comment,
)
from viche_sdk.connectors.types import (
    AccountInfo,
    AuthExpired,
    Challenge,
    Context,
    InboxItem,
    Metric,
    NotFound,
    OutcomeUnknown,
    Page,
    PermissionDenied,
    Post,
    Published,
    Transient,
)


@bad(BRAMA, BramaFake, "bad_day_is_named", says="AuthExpired")
class Nervous(BramaConnector):
    """Takes an outage for an ended consent."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Says AuthExpired."""
        try:
            return await super().probe(ctx)
        except Transient as error:
            raise AuthExpired(error.detail) from error


@bad(BRAMA, BramaFake, "inbox_loses_nothing", "bad_day_is_named", says="never comes")
class Swallowing(BramaConnector):
    """Goes on as if nothing had happened, and past what it has not read."""

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Swallows."""
        try:
            return await super().fetch_inbox(ctx, cursor)
        except (Transient, OutcomeUnknown):
            return Page((), str(int(cursor or "0") + 1000))


class Fetching(BramaConnector):
    """Changes what is fetched."""

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Changed."""
        return self.changed(await super().fetch_inbox(ctx, cursor))

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """What is given in place of it."""
        return page


@bad(BRAMA, BramaFake, "inbox_is_read_once", "inbox_pages", "reply_appears", says="came")
class Standing(Fetching):
    """Has a cursor that does not go on."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """The cursor of the beginning."""
        return replace(page, cursor="0", has_more=False)


@bad(BRAMA, BramaFake, "inbox_is_read_once", says="oldest first")
class Backwards(Fetching):
    """Gives the newest first."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """The other way round."""
        return replace(page, items=page.items[::-1])


@bad(BRAMA, BramaFake, "inbox_pages", says="came")
class OnePage(Fetching):
    """Reads the first page only."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """As if there were no more."""
        return replace(page, has_more=False)


@bad(BRAMA, BramaFake, "inbox_tells_kinds", says="`on` says ''")
class Homeless(Fetching):
    """Does not say what is commented."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """Without the post."""
        return replace(page, items=tuple(replace(item, on="") for item in page.items))


@bad(BRAMA, BramaFake, "reply_appears", says="stands by itself")
class Shouting(BramaConnector):
    """Answers with a post of its own."""

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Not under the comment."""
        return await self.publish(ctx, Post(text, "uk"), key)


@bad(BRAMA, BramaFake, "dropped_reply_is_one", says="2 times")
class Repeating(BramaConnector):
    """Has a new key for each answer."""

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Another key."""
        return await super().reply(ctx, item, text, str(uuid.uuid4()))


@bad(SQUARE, SquareFake, "hide_hides", says="still hidden")
class Hiding(SquareConnector):
    """Never shows again."""

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Always hides."""
        await super().hide(ctx, item, True)


@bad(BRAMA, BramaFake, "figures_are_told", "gone_post_degrades_alone", says="neither a value nor a reason")
class Unreasoned(BramaConnector):
    """Has no figures, and does not say why."""

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Without values and reasons."""
        return [replace(metric, value=None, reason="") for metric in await super().metrics(ctx, refs)]


@bad(SQUARE, SquareFake, "retired_figure_degrades_alone", says="NotFound")
class AllOrNothing(SquareConnector):
    """One retired figure ends the call."""

    async def figure(self, ctx: Context, name: Any) -> Metric:
        """Raises where it is retired."""
        metric = await super().figure(ctx, name)
        if metric.value is None:
            raise NotFound(metric.reason)
        return metric


@bad(BRAMA, BramaFake, "gone_post_degrades_alone", says="NotFound")
class Together(BramaConnector):
    """One post that is gone ends the call."""

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Raises where a post is gone."""
        for ref in refs:
            await call(ctx, "GET", f"/posts/{ref}")
        return await super().metrics(ctx, refs)


@bad(SQUARE, SquareFake, "webhook_is_read", says="other ids")
class Renaming(SquareConnector):
    """Gives items ids of its own."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Another id each time."""
        found = super().verify_webhook(ctx, headers, body)
        return found if isinstance(found, Challenge) else [replace(item, id=str(uuid.uuid4())) for item in found]


@bad(SQUARE, SquareFake, "webhook_forgery_is_refused", "webhook_rubbish_is_named", says="was believed")
class Trusting(SquareConnector):
    """Believes everybody."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Without looking at the signature."""
        if "query-challenge" in headers:
            return Challenge(headers["query-challenge"])
        return [comment("9", "Дякую за нову зупинку! 5 < 7", ctx)]


@bad(SQUARE, SquareFake, "webhook_forgery_is_refused", says="yesterday was believed")
class Patient(SquareConnector):
    """Believes old signatures."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Without looking at the time."""
        try:
            return super().verify_webhook(ctx, headers, body)
        except PermissionDenied as error:
            if "old" in error.detail:
                return [comment("9", "Давно", ctx)]
            raise


@bad(SQUARE, SquareFake, "webhook_rubbish_is_named", says="JSONDecodeError")
class Hasty(SquareConnector):
    """Reads before it looks who has written."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Reads first."""
        if "query-challenge" not in headers:
            import json

            json.loads(body.decode("utf-8", "replace"))
        return super().verify_webhook(ctx, headers, body)


@bad(SQUARE, SquareFake, "webhook_challenge_is_answered", says="waits for")
class Silent(SquareConnector):
    """Does not answer the challenge."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Says something else."""
        return Challenge("?") if "query-challenge" in headers else super().verify_webhook(ctx, headers, body)
