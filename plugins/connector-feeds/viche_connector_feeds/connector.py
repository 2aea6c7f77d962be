"""The calls. The connector reads only: what is published through Viche stands in the portal's own feed already."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from viche_connector_feeds.asking import found_at
from viche_sdk.connectors.types import AccountInfo, Capability, Connector, Context, Metric, MetricName

CAPABILITIES = frozenset({Capability.METRICS_ACCOUNT})


class FeedConnector(Connector):
    """One feed of one website."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """What the feed says of itself; its address is its name."""
        address = ctx.value("address").strip()
        found = await found_at(ctx, address)
        parts = urlsplit(address)
        place = parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/")
        return AccountInfo(
            id=place + (f"?{parts.query}" if parts.query else ""),
            handle=place,
            name=found.title or place,
            url=found.home or address,
            granted=CAPABILITIES,
        )

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """How many entries the feed holds now, or events the calendar; nobody knows how many read it."""
        found = await found_at(ctx, ctx.value("address").strip())
        return [
            Metric(MetricName.POSTS, found.entries),
            Metric(MetricName.FOLLOWERS, None, reason="a feed does not say who reads it"),
        ]
