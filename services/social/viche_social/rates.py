"""What connectors declare of rates, as permits keep them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from viche_sdk.connectors.types import ConnectorSpec, Operation, Rate, RateScope
from viche_social.store import permits

BURST_SHARE = 10
"""A tenth of a rate may come at once: platforms count in windows of their own, and two of ours may fall into one."""


def meters(spec: ConnectorSpec, operation: Operation, channel_id: UUID) -> Sequence[permits.Meter]:
    """The rates that a call counts for."""
    return [
        _meter(spec, place, rate, channel_id) for place, rate in enumerate(spec.rates) if operation in rate.operations
    ]


def _meter(spec: ConnectorSpec, place: int, rate: Rate, channel_id: UUID) -> permits.Meter:
    whose = "" if rate.scope is RateScope.APP else f":{channel_id}"
    every = timedelta(seconds=rate.period_s) / rate.most
    return permits.Meter(f"{spec.name}:{place}{whose}", every, max(1, rate.most // BURST_SHARE))
