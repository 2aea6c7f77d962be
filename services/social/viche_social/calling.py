"""Calls of connectors for channels: secrets are opened for one call, and kept nowhere."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from viche_chassis.db import Pool, reading
from viche_sdk.connectors.types import (
    Account,
    AuthExpired,
    ConnectorSpec,
    FieldOwner,
    Limits,
    MediaStore,
    Operation,
    Post,
    Problem,
    Secret,
)
from viche_social.secrets import Secrets
from viche_social.store import channels
from viche_social.store.channels import Channel


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
            sealed = await channels.secrets(conn, channel.id)
        if sealed is None:
            raise AuthExpired("its secrets are gone")
        return await self.ask(
            channel.connector,
            operation,
            Account(channel.platform_id, channel.handle, channel.own_values),
            self._secrets.open(sealed, channel.id),
            *arguments,
        )

    async def ask(
        self, connector: str, operation: Operation, account: Account, secrets: Mapping[str, str], *arguments: object
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
        )

    async def validate(self, connector: str, post: Post, limits: Limits) -> list[Problem]:
        """What the connector itself has against a post."""
        return await self._runner.validate(connector, post, limits)

    def seal(self, secrets: Mapping[str, str], channel_id: UUID) -> bytes:
        """Secrets of a channel as they are kept."""
        return self._secrets.close(secrets, channel_id)

    def unseal(self, sealed: bytes | None, channel_id: UUID) -> dict[str, str]:
        """Secrets of a channel as they were entered; none where there are none."""
        return self._secrets.open(sealed, channel_id)
