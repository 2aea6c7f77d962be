"""The identity process: ``python -m viche_identity``, configured by VICHE_* alone."""

from viche.identity.v1 import audit_pb2, officers_pb2, organisations_pb2, passkeys_pb2, privacy_pb2, providers_pb2

from viche_chassis.access import Gatekeeper
from viche_chassis.app import Service, contract_names, serve, service_names
from viche_chassis.bus import OutboxRelay, connect
from viche_chassis.common import run, services_verifier
from viche_chassis.db import open_pool
from viche_identity.composition import compose
from viche_identity.config import Settings
from viche_identity.housekeeping import Housekeeping

NAME = "identity"


async def main(settings: Settings) -> None:
    """Serves until it is told to stop."""
    async with (
        open_pool(settings.database_url, settings.database_pool, through_pooler=settings.database_pooler) as pool,
        connect(settings.nats_url, NAME) as nats,
    ):
        relay = OutboxRelay(pool, nats, NAME, settings.nats_replicas)
        identity = compose(settings, pool, relay.wake)
        await serve(
            Service(
                name=NAME,
                listen=settings.listen,
                gatekeeper=Gatekeeper(NAME, services_verifier(settings), identity.verifier),
                register=identity.register,
                names=[
                    *service_names("viche.identity.v1"),
                    *contract_names(
                        audit_pb2, officers_pb2, organisations_pb2, passkeys_pb2, privacy_pb2, providers_pb2
                    ),
                ],
                tasks=[relay.run, Housekeeping(pool).run, identity.erasing.run],
            )
        )


if __name__ == "__main__":
    run(NAME, Settings, main)
