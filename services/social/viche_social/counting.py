"""Counts what connected accounts have: once a day each platform is asked for the figures of its accounts.

Whoever connects an account has it in the register from then on; one that is disconnected ends there.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Pool, transaction
from viche_chassis.errors import InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.periodic import every
from viche_sdk.connectors.types import (
    Capability,
    ConnectorError,
    Metric,
    MetricName,
    Operation,
    OutcomeUnknown,
    RateLimited,
    Transient,
)
from viche_social.calling import Calls
from viche_social.domain import platforms
from viche_social.domain.register import Account, Span
from viche_social.own_bodies import OwnBodies
from viche_social.store import accounts, bodies, channels, days, figures
from viche_social.store.channels import Channel

EVERY_S = 900.0
REGISTER = "channels"
"""The register that connected accounts are in."""
UNREACHABLE = "unreachable"
"""Why there is no figure, while it may still come on the same day."""
NOT_NETWORKS = frozenset({"feed", "rss", "webhook", "email", "calendar"})
"""Platforms without accounts that people follow."""
_AT_ONCE = 5


class Counting:
    """Keeps connected accounts in the register, and their figures.

    Args:
        calls: of connectors.
        zone: in which days begin.
    """

    def __init__(self, pool: Pool, calls: Calls, own_bodies: OwnBodies, zone: ZoneInfo) -> None:
        self._pool = pool
        self._calls = calls
        self._own_bodies = own_bodies
        self._zone = zone
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(EVERY_S, self.count, "counting followers")

    async def count(self) -> None:
        """Enters what was connected, and counts what was not counted today.

        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        await self._own_bodies.keep()
        today, known = await self._register()
        async with transaction(self._pool) as conn:
            counted = await figures.counted(conn, today, list(known), UNREACHABLE)
        waiting = [self._count_one(today, id, channel) for id, channel in known.items() if id not in counted]
        await asyncio.gather(*waiting)

    async def _register(self) -> tuple[date, Mapping[UUID, Channel]]:
        """The day, and connected accounts by the ids that they have in the register."""
        async with transaction(self._pool) as conn:
            await bodies.lock(conn)
            today = await days.today(conn, self._zone)
            connected = await channels.connected(conn)
            given = {id: account for channel in connected for id, account in _accounts(channel, today)}
            await accounts.take(conn, REGISTER, list(given.values()), today)
            owners = list({each.body_id for each in given.values()})
            there = await accounts.on_day(conn, today, owners, "", None, len(given) * 100) if owners else []
        of = {_name(each): each.id for each in there}
        by_id = {each.id: each for each in connected}
        return today, {of[_name(each)]: by_id[id] for id, each in given.items() if _name(each) in of}

    async def _count_one(self, today: date, account_id: UUID, channel: Channel) -> None:
        async with self._places:
            found = await self._asked(channel)
        given = {
            each.name.value: figures.Given(account_id, each.name.value, each.value, _reason(each)) for each in found
        }
        async with transaction(self._pool) as conn:
            await figures.put(conn, today, "", list(given.values()))

    async def _asked(self, channel: Channel) -> Sequence[Metric]:
        """What the platform says; where it says nothing, why there are no followers."""
        spec = self._calls.specs.get(channel.connector)
        if spec is None or Capability.METRICS_ACCOUNT not in spec.capabilities:
            return [_missing("not_told")]
        try:
            found: Sequence[Metric] = await self._calls.call(channel, Operation.METRICS, ())
        except (Transient, RateLimited, OutcomeUnknown):
            return [_missing(UNREACHABLE)]
        except ConnectorError as error:
            return [_missing(type(error).__name__.lower())]
        return found or [_missing("not_told")]


def _accounts(channel: Channel, today: date) -> Iterator[tuple[UUID, Account]]:
    """The account of a channel by the channel's id; nothing where it is none that people follow."""
    if channel.platform in NOT_NETWORKS:
        return
    with suppress(InvalidFields):
        platform, handle = platforms.platform_of(channel.platform), platforms.handle_of(channel.handle)
        url = channel.url or platforms.address_of(platform, handle)
        yield (
            channel.id,
            Account(
                new_id(),
                channel.authority_id,
                platform,
                handle,
                Span(today),
                url,
                channel.platform_id,
                register=REGISTER,
            ),
        )


def _name(account: Account) -> tuple[UUID, str, str]:
    return account.body_id, account.platform, account.handle.lower()


def _missing(reason: str) -> Metric:
    return Metric(MetricName.FOLLOWERS, None, reason=reason)


def _reason(metric: Metric) -> str:
    return "" if metric.value is not None else metric.reason or "not_told"
