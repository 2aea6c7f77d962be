"""The social process: ``python -m viche_social``, configured by VICHE_* alone."""

import os

from viche_chassis.app import Service, serve
from viche_chassis.bus import OutboxRelay, connect
from viche_chassis.common import calling, gatekeeper, run, service_identity
from viche_chassis.connectors.opening import Choice, make_connectors
from viche_chassis.db import open_pool
from viche_chassis.keys import IdentityKeys
from viche_chassis.objects import open_store
from viche_social.composition import NAMES, Ways, compose
from viche_social.config import Settings

NAME = "social"


async def main(settings: Settings) -> None:
    """Serves until it is told to stop."""
    own_identity = service_identity(settings, NAME)
    async with (
        open_pool(settings.database_url, settings.database_pool, through_pooler=settings.database_pooler) as pool,
        connect(settings.nats_url, NAME) as nats,
        calling(settings.identity_address, "identity", own_identity) as identity,
        calling(settings.notifications_address, "notifications", own_identity) as notifications,
    ):
        relay = OutboxRelay(pool, nats, NAME, settings.nats_replicas)
        keys = IdentityKeys(identity)
        chosen = Choice(settings.plugins, settings.connector_ways, settings.connector_networks)
        connectors = make_connectors(chosen, own_identity, os.environ)
        objects = open_store(settings)
        social = compose(settings, Ways(pool, relay, identity, keys.verifier, notifications, objects, connectors))
        await connectors.start()
        try:
            await serve(
                Service(
                    name=NAME,
                    listen=settings.listen,
                    gatekeeper=gatekeeper(settings, NAME, keys),
                    register=social.register,
                    names=NAMES,
                    tasks=[relay.run, keys.run, *social.tasks, social.events.keeping.consumer(nats).run],
                )
            )
        finally:
            await connectors.close()


if __name__ == "__main__":
    run(NAME, Settings, main)
