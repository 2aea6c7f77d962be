"""The surveys process: ``python -m viche_surveys``, configured by VICHE_* alone."""

from viche_chassis.app import Service, serve
from viche_chassis.bus import OutboxRelay, connect
from viche_chassis.common import calling, gatekeeper, run, service_identity
from viche_chassis.db import open_pool
from viche_chassis.keys import IdentityKeys
from viche_chassis.objects import open_store
from viche_surveys.composition import NAMES, Ways, compose
from viche_surveys.config import Settings

NAME = "surveys"


async def main(settings: Settings) -> None:
    """Serves until it is told to stop."""
    own_identity = service_identity(settings, NAME)
    async with (
        open_pool(settings.database_url, settings.database_pool, through_pooler=settings.database_pooler) as pool,
        connect(settings.nats_url, NAME) as nats,
        calling(settings.identity_address, "identity", own_identity) as identity,
    ):
        relay = OutboxRelay(pool, nats, NAME, settings.nats_replicas)
        keys = IdentityKeys(identity)
        surveys = compose(settings, Ways(pool, relay, identity, keys.verifier, open_store(settings)))
        await serve(
            Service(
                name=NAME,
                listen=settings.listen,
                gatekeeper=gatekeeper(settings, NAME, keys),
                register=surveys.register,
                names=NAMES,
                tasks=[relay.run, keys.run, *surveys.tasks, surveys.erasing.consumer(nats).run],
            )
        )


if __name__ == "__main__":
    run(NAME, Settings, main)
