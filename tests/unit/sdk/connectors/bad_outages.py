"""Connectors that take a bad day of the platform, or of the clock, for something else."""

from dataclasses import replace

from tests.unit.sdk.connectors.bad import bad
from tests.unit.sdk.connectors.brama import BRAMA, BramaConnector, BramaFake
from viche_sdk.connectors.types import (
    AuthExpired,
    Context,
    InboxItem,
    OutcomeUnknown,
    Page,
    Post,
    Published,
    RateLimited,
    Transient,
)


@bad(BRAMA, BramaFake, "changes_fail_by_name", says="AuthExpired")
class Offended(BramaConnector):
    """Takes an outage while it deletes for an ended consent."""

    async def delete(self, ctx: Context, ref: str) -> None:
        """Says AuthExpired."""
        try:
            await super().delete(ctx, ref)
        except (Transient, OutcomeUnknown) as error:
            raise AuthExpired(error.detail) from error


@bad(BRAMA, BramaFake, "crowd_is_told", says="at a bare 429")
class Deaf(BramaConnector):
    """Hears that it is too much only where a time is named."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Says Transient."""
        try:
            return await super().publish(ctx, post, key)
        except RateLimited as error:
            if error.retry_after_s is None:
                raise Transient(error.detail) from error
            raise


@bad(BRAMA, BramaFake, "clock_may_be_off", says="came")
class Punctual(BramaConnector):
    """Does not believe in what was written later than now."""

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Without it."""
        page = await super().fetch_inbox(ctx, cursor)
        return replace(page, items=tuple(item for item in page.items if item.written_at <= ctx.clock.now()))
