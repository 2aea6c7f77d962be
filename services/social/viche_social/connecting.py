"""Channels: connected, renewed, asked how they are."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from viche_chassis import acts
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.periodic import every
from viche_sdk.connectors.http import hosts_of
from viche_sdk.connectors.types import (
    Account,
    AccountInfo,
    AuthExpired,
    ConnectorError,
    ConnectorSpec,
    Duty,
    FieldKind,
    FieldOwner,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Transient,
)
from viche_social import own_limits
from viche_social.calling import Calls
from viche_social.domain.entering import violations_of
from viche_social.domain.errors import (
    AccountRefused,
    ChannelNotFound,
    ConnectorNotSetUp,
    NeedsConsent,
    OtherAccount,
    PlaceForbids,
    PlatformUnreachable,
    UnknownConnector,
)
from viche_social.domain.renewing import merged, renew_in
from viche_social.register import check_covered
from viche_social.store import channel_secrets, channels, deliveries
from viche_social.store.channels import Channel

log = logging.getLogger("viche.social")

ASK_EVERY = timedelta(hours=1)
LOOK_EVERY_S = 15.0
AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Sealed:
    """Secrets as they are kept, and when they are to be renewed; None where they cannot be."""

    secrets: bytes
    renew_in: timedelta | None


class Connecting:
    """Connects accounts and watches over them.

    Args:
        pool: of the database.
        calls: of connectors.
        hurry: called when deliveries may go on.
        country: where this instance is (ISO 3166-1); empty where the operator has not said it.
        language: of a channel that says none.
        allows_loopback: whether a platform may be on this machine, without TLS.
    """

    def __init__(
        self,
        pool: Pool,
        calls: Calls,
        hurry: Callable[[], None],
        *,
        country: str = "",
        language: str = "en",
        allows_loopback: bool = False,
    ) -> None:
        self._pool = pool
        self._calls = calls
        self._country = country
        self._language = language
        self._allows_loopback = allows_loopback
        self.hurry = hurry

    def usable(self, connector: str) -> ConnectorSpec:
        """A connector that may be used here.

        Raises:
            UnknownConnector, ConnectorNotSetUp, PlaceForbids: it may not.
        """
        spec = self._calls.specs.get(connector)
        if spec is None:
            raise UnknownConnector(connector=connector)
        if any(place.country == self._country and place.duty is Duty.MAY_NOT for place in spec.jurisdictions):
            raise PlaceForbids(connector=spec.title)
        if missing := self._calls.not_set_up(connector):
            raise ConnectorNotSetUp(connector=spec.title, missing=", ".join(missing))
        return spec

    async def introduce(
        self, authority_id: UUID, connector: str, values: Mapping[str, str], secrets: Mapping[str, str], language: str
    ) -> tuple[Channel, Sealed]:
        """A channel that is not kept yet, with its sealed secrets: the platform has said which account it is.

        Raises:
            UnknownConnector, ConnectorNotSetUp, PlaceForbids, NeedsConsent, InvalidFields: nothing was asked.
            AccountRefused, PlatformUnreachable: the platform's answer.
        """
        spec = self.usable(connector)
        if spec.oauth is not None and "access_token" not in secrets:
            raise NeedsConsent()
        entered = {name: text.strip() for name, text in values.items() if text.strip()}
        own = [field for field in spec.fields if field.owner is FieldOwner.ACCOUNT]
        if found := list(violations_of(own, entered, secrets, allows_loopback=self._allows_loopback)):
            raise InvalidFields(*found)
        info = await self._probe(connector, Account(values=entered), secrets)
        channel = _channel(new_id(), authority_id, spec, entered, info, language or self._language)
        return channel, self.sealed(secrets, channel.id)

    def sealed(self, secrets: Mapping[str, str], channel_id: UUID) -> Sealed:
        """Secrets of a channel as they are to be kept."""
        due_in = renew_in(secrets, datetime.now(UTC), random.random())  # noqa: S311 (spreads load)
        return Sealed(self._calls.seal(secrets, channel_id), due_in)

    async def keep(self, conn: Connection, channel: Channel, sealed: Sealed) -> Channel:
        """Keeps a channel that was introduced.

        Raises:
            AccountTaken: the account is connected already.
        """
        await channels.insert(conn, channel, ASK_EVERY)
        await channel_secrets.put(conn, channel.id, sealed.secrets, sealed.renew_in)
        acts.about(object=f"channel:{channel.id}", authority_id=channel.authority_id)
        return channel

    async def ask_anew(self, channel: Channel, secrets: Mapping[str, str]) -> tuple[Channel, Sealed]:
        """A channel as its new secrets find it.

        Raises:
            OtherAccount: they lead to another account.
            AccountRefused, PlatformUnreachable: the platform's answer.
        """
        async with reading(self._pool) as conn:
            kept = await channel_secrets.get(conn, channel.id)
        before = self._calls.unseal(kept.sealed if kept else None, channel.id)
        whole = merged(before, secrets)
        info = await self._probe(
            channel.connector, Account(channel.platform_id, channel.handle, channel.own_values), whole
        )
        if info.id != channel.platform_id:
            raise OtherAccount(handle=info.handle)
        return _known(channel, info), self.sealed(whole, channel.id)

    async def renew(self, conn: Connection, channel: Channel, sealed: Sealed) -> Channel:
        """Keeps new secrets, and lets go on what waited for them.

        Raises:
            ChannelNotFound: it was disconnected, and has no secrets any more.
        """
        held = await channels.hold(conn, channel.id)
        if held is None or held.state == "disconnected":
            raise ChannelNotFound()
        await channel_secrets.put(conn, channel.id, sealed.secrets, sealed.renew_in)
        await channels.known(conn, replace(channel, state="good", fault=""), ASK_EVERY)
        await deliveries.unblock(conn, channel.id)
        return await must_get(conn, channel.id)

    async def refresh(self, id: UUID) -> Channel:
        """Asks how a channel is, and writes it down. An outage is one, and ends nothing."""
        async with reading(self._pool) as conn:
            channel = await must_get(conn, id)
        found = await self._found(channel)
        async with transaction(self._pool) as conn:
            kept = await channel_secrets.get(conn, id)
            if kept and kept.is_refused:
                # its last token may be good for a while yet; who has to renew it shall know now
                found = replace(found, state="expired", fault=channel.fault or found.fault)
            await channels.known(conn, found, ASK_EVERY)
            if found.state == "good":
                await deliveries.unblock(conn, id)
            elif found.state == "expired":
                await channel_secrets.hurry(conn, id)
            now = await must_get(conn, id)
        self.hurry()
        return now

    async def run(self) -> None:
        """Asks each channel once an hour how it is, until cancelled."""
        await every(LOOK_EVERY_S, self.look, "asking channels how they are")

    async def look(self) -> None:
        """Asks those that are due."""
        async with transaction(self._pool) as conn:
            due = await channels.due(conn, AT_ONCE)
        for result in await asyncio.gather(*(self.refresh(id) for id in due), return_exceptions=True):
            if isinstance(result, Exception):
                log.error("a channel could not be asked how it is", exc_info=result)

    async def _found(self, channel: Channel) -> Channel:
        """A channel as the platform says that it is."""
        asked_at = datetime.now(UTC)
        try:
            info: AccountInfo = await self._calls.call(channel, Operation.PROBE)
        except AuthExpired as error:
            return replace(channel, asked_at=asked_at, state="expired", fault=error.detail)
        except PermissionDenied as error:
            return replace(channel, asked_at=asked_at, state="limited", fault=error.detail)
        except ConnectorError as error:
            # the consent may hold all the same: whatever was wrong before is wrong still
            worse = channel.state if channel.state in ("expired", "limited") else "unreachable"
            return replace(channel, asked_at=asked_at, state=worse, fault=str(error))
        return _known(channel, info)

    async def _probe(self, connector: str, account: Account, secrets: Mapping[str, str]) -> AccountInfo:
        try:
            return await self._calls.ask(connector, Operation.PROBE, account, secrets)
        except (Transient, RateLimited, OutcomeUnknown) as error:
            raise PlatformUnreachable(detail=error.detail) from error
        except ConnectorError as error:
            raise AccountRefused(detail=error.detail) from error


async def expired(conn: Connection, id: UUID, detail: str) -> None:
    """The platform does not take the secrets of a channel any more; those that can be renewed are."""
    await channels.set_state(conn, id, "expired", detail)
    await channel_secrets.hurry(conn, id)


async def must_get(conn: Connection, id: UUID) -> Channel:
    """One channel.

    Raises:
        ChannelNotFound: there is none.
    """
    found = await channels.get(conn, id)
    if found is None:
        raise ChannelNotFound()
    return found


async def covered(conn: Connection, id: UUID) -> Channel:
    """One channel of the caller's authorities.

    Raises:
        ChannelNotFound, NotYourAuthority: there is none, or it is another's.
    """
    found = await must_get(conn, id)
    check_covered(found.authority_id)
    acts.about(object=f"channel:{id}", authority_id=found.authority_id)
    return found


async def disconnect(conn: Connection, id: UUID) -> Channel:
    """Ends a channel; what was to be sent to it is not sent.

    Raises:
        ChannelNotFound, NotYourAuthority: there is none, or it is another's.
    """
    await covered(conn, id)
    await deliveries.cancel_of_channel(conn, id)
    await channels.disconnect(conn, id)
    return await must_get(conn, id)


async def pause(conn: Connection, id: UUID, *, is_paused: bool) -> Channel:
    """Stops sending and reading, or resumes it.

    Raises:
        ChannelNotFound, NotYourAuthority: there is none, or it is another's.
    """
    found = await covered(conn, id)
    if is_paused or found.state == "paused":
        await channels.set_state(conn, id, "paused" if is_paused else "good")
    return await must_get(conn, id)


def _channel(
    id: UUID, authority_id: UUID, spec: ConnectorSpec, values: Mapping[str, str], info: AccountInfo, language: str
) -> Channel:
    now = datetime.now(UTC)
    return Channel(
        id=id, authority_id=authority_id, connector=spec.name, platform=spec.platform, platform_id=info.id,
        server=" ".join(sorted(hosts_of(spec, values) - spec.hosts)),
        handle=info.handle, title=info.name, url=info.url, language=language, state="good", fault="",
        granted=sorted(info.granted), own_values=_open(spec, values), limits=own_limits.kept(info.limits),
        asked_at=now, worked_at=now,
        not_before=None, expires_at=info.expires_at, connected_at=now,
    )  # fmt: skip


def _open(spec: ConnectorSpec, values: Mapping[str, str]) -> dict[str, str]:
    named = {field.name for field in spec.fields if field.kind in (FieldKind.TEXT, FieldKind.ADDRESS)}
    return {name: text for name, text in values.items() if name in named}


def _known(channel: Channel, info: AccountInfo) -> Channel:
    now = datetime.now(UTC)
    return replace(
        channel, handle=info.handle, title=info.name, url=info.url, state="good", fault="",
        granted=sorted(info.granted), limits=own_limits.kept(info.limits),
        expires_at=info.expires_at, asked_at=now, worked_at=now,
    )  # fmt: skip
