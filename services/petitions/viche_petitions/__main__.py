"""The petitions process: ``python -m viche_petitions``, configured by VICHE_* alone."""

from types import ModuleType

from viche.petitions.v1 import answers_pb2, audit_pb2, opendata_pb2, privacy_pb2, similar_pb2, sponsors_pb2

from viche_chassis.app import Service, serve, service_names
from viche_chassis.bus import OutboxRelay, connect
from viche_chassis.common import calling, gatekeeper, run, service_identity
from viche_chassis.db import open_pool
from viche_chassis.keys import IdentityKeys
from viche_chassis.objects import open_store
from viche_chassis.words import load_words
from viche_petitions.composition import Ways, compose
from viche_petitions.config import Settings
from viche_petitions.erasing import Erasing

NAME = "petitions"
CONTRACTS = (answers_pb2, audit_pb2, opendata_pb2, privacy_pb2, similar_pb2, sponsors_pb2)
"""Those beside petitions.proto."""


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
        objects = open_store(settings) if settings.s3_url or settings.objects_dir else None
        ways = Ways(pool, relay, identity, keys.verifier, objects)
        petitions = compose(settings, ways, await load_words())
        erasing = Erasing(pool).consumer(nats)
        hooks = [consumer.run for consumer in petitions.hooks.consumers(nats)]
        await serve(
            Service(
                name=NAME,
                listen=settings.listen,
                gatekeeper=gatekeeper(settings, NAME, keys),
                register=petitions.register,
                names=[
                    *service_names("viche.petitions.v1"),
                    *(name for contract in CONTRACTS for name in _names(contract)),
                ],
                tasks=[relay.run, keys.run, *petitions.tasks, erasing.run, *hooks],
            )
        )


def _names(contract: ModuleType) -> list[str]:
    """Full names of the services of a contract file."""
    return [service.full_name for service in contract.DESCRIPTOR.services_by_name.values()]


if __name__ == "__main__":
    run(NAME, Settings, main)
