"""A connector that publishes at once and nowhere: what is left of a call is the way to it."""

from viche_sdk.connectors.types import (
    Capability,
    Connector,
    ConnectorSpec,
    Context,
    Idempotency,
    Limits,
    Localized,
    Post,
    Published,
    TextLimit,
)
from viche_sdk.hookspecs import hookimpl


class Idle(Connector):
    """Does nothing."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """It is there."""
        return Published(key)


SPEC = ConnectorSpec(
    name="idle",
    platform="idle",
    title="Idle",
    description=Localized.of(en="Publishes nowhere"),
    connector=Idle,
    capabilities=frozenset({Capability.PUBLISH_TEXT}),
    limits=Limits(TextLimit(500)),
    idempotency=Idempotency.NATIVE,
    hosts=frozenset(),
)


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one."""
    return [SPEC]
