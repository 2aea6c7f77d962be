"""Calls of connectors for channels: secrets are opened for one call, and kept nowhere."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from viche_chassis.db import Pool, reading, transaction
from viche_sdk.connectors.types import (
    Account,
    AuthExpired,
    ConnectorSpec,
    FieldOwner,
    HeldSession,
    Limits,
    Media,
    MediaStore,
    Operation,
    Post,
    Problem,
    Secret,
    Transient,
    Unsupported,
)
from viche_social.secrets import Secrets
from viche_social.store import channel_secrets
from viche_social.store.channel_secrets import Kept
from viche_social.store.channels import Channel

log = logging.getLogger("viche.social")


class Report(Protocol):
    """How one connector is."""

    @property
    def connector(self) -> str:
        """Its name; empty for a plugin that has not said yet what it brings."""
        ...

    @property
    def health(self) -> str:
        """ "healthy", "stopped" or "down"."""
        ...

    @property
    def reason(self) -> str:
        """Why it is not healthy."""
        ...


class Runner(Protocol):
    """Whatever runs connectors: in this process, in others, in other places."""

    @property
    def specs(self) -> Mapping[str, ConnectorSpec]:
        """What connectors declare, by name."""
        ...

    async def call(
        self,
        connector: str,
        operation: Operation,
        account: Account,
        secrets: Mapping[str, Secret],
        *arguments: object,
        media: MediaStore,
        session: HeldSession,
    ) -> Any:
        """Makes one call.

        Raises:
            ConnectorError: what the connector raises; what is its own fault counts as OutcomeUnknown after a write,
                else as Transient.
        """
        ...

    async def validate(self, connector: str, post: Post, limits: Limits) -> list[Problem]:
        """What the connector itself has against a post."""
        ...

    def reports(self) -> Sequence[Report]:
        """How each of them is."""
        ...


class Calls:
    """Makes calls for channels.

    Args:
        pool: of the database.
        runner: runs connectors.
        secrets: opens what is sealed.
        media: the files of posts.
        application: what the operator has entered for each connector, by field.
    """

    def __init__(
        self,
        pool: Pool,
        runner: Runner,
        secrets: Secrets,
        media: MediaStore,
        application: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._pool = pool
        self._runner = runner
        self._secrets = secrets
        self._media = media
        self._application = application

    @property
    def specs(self) -> Mapping[str, ConnectorSpec]:
        """What connectors declare, by name."""
        return self._runner.specs

    def reports(self) -> Mapping[str, Report]:
        """How connectors are, by name."""
        return {report.connector: report for report in self._runner.reports() if report.connector}

    async def reaches(self, file: Media) -> bool:
        """Whether a file has an address from which platforms may fetch it."""
        try:
            await self._media.link(file)
        except Unsupported:
            return False
        return True

    def not_set_up(self, connector: str) -> tuple[str, ...]:
        """Fields of the application that the connector needs and the operator has not entered."""
        entered = self._application.get(connector, {})
        wanted = [field for field in self.specs[connector].fields if field.owner is FieldOwner.APP]
        return tuple(field.name for field in wanted if field.is_required and not entered.get(field.name))

    def application(self, connector: str) -> Mapping[str, str]:
        """What the operator has entered for a connector, secrets included."""
        return self._application.get(connector, {})

    async def call(self, channel: Channel, operation: Operation, *arguments: object) -> Any:
        """Makes one call for a channel.

        Raises:
            ConnectorError: what the connector raises; AuthExpired where there are no secrets any more.
        """
        async with reading(self._pool) as conn:
            kept = await channel_secrets.get(conn, channel.id)
        if kept is None:
            raise AuthExpired("its secrets are gone")
        session = HeldSession(self._secrets.open_session(kept.session, channel.id))
        try:
            return await self.ask(
                channel.connector,
                operation,
                Account(channel.platform_id, channel.handle, channel.own_values),
                self._secrets.open(kept.sealed, channel.id),
                *arguments,
                session=session,
            )
        except AuthExpired as error:
            if await self._has_others(channel, kept):
                raise Transient("its consent was renewed in the middle of the call") from error
            raise
        finally:
            if session.changed is not None:
                await self._keep(channel, kept, session.changed)

    async def ask(
        self,
        connector: str,
        operation: Operation,
        account: Account,
        secrets: Mapping[str, str],
        *arguments: object,
        session: HeldSession | None = None,
    ) -> Any:
        """Makes one call for an account that is not kept yet; raises as `call`."""
        spec, entered = self.specs[connector], self._application.get(connector, {})
        open_values = {field.name for field in spec.fields if field.owner is FieldOwner.APP and not field.is_secret}
        values = {**account.values, **{name: entered[name] for name in open_values if name in entered}}
        hidden = {**{name: text for name, text in entered.items() if name not in open_values}, **secrets}
        return await self._runner.call(
            connector,
            operation,
            Account(account.id, account.handle, values),
            {name: Secret(text) for name, text in hidden.items()},
            *arguments,
            media=self._media,
            session=session or HeldSession(),
        )

    async def _has_others(self, channel: Channel, kept: Kept) -> bool:
        """Whether a channel has other secrets by now."""
        async with reading(self._pool) as conn:
            now = await channel_secrets.get(conn, channel.id)
        return now is not None and now.changed_at != kept.changed_at

    async def _keep(self, channel: Channel, kept: Kept, session: str) -> None:
        """Keeps a session, if the secrets that it was made from are still those of the channel."""
        try:
            async with transaction(self._pool) as conn:
                if not await channel_secrets.hold(conn, channel.id, kept.changed_at):
                    return
                if session:
                    sealed = self._secrets.close_session(session, channel.id)
                    await channel_secrets.put_session(conn, channel.id, sealed)
                else:
                    await channel_secrets.forget_session(conn, channel.id)
        except Exception:  # the call has ended, and its outcome counts
            log.exception("a session was not kept", extra={"channel_id": str(channel.id)})

    async def validate(self, connector: str, post: Post, limits: Limits) -> list[Problem]:
        """What the connector itself has against a post."""
        return await self._runner.validate(connector, post, limits)

    def seal(self, secrets: Mapping[str, str], channel_id: UUID) -> bytes:
        """Secrets of a channel as they are kept."""
        return self._secrets.close(secrets, channel_id)

    def unseal(self, sealed: bytes | None, channel_id: UUID) -> dict[str, str]:
        """Secrets of a channel as they were entered; none where there are none."""
        return self._secrets.open(sealed, channel_id)
