"""The other services, as the gateway calls them: typed functions that raise DomainError."""

from collections.abc import Mapping
from dataclasses import dataclass

import grpc

from viche_chassis.clients import sync_channel
from viche_chassis.tokens import ServiceIdentity
from viche_gateway.clients.identity import Identity
from viche_gateway.clients.notifications import Notifications
from viche_gateway.clients.petitions import Petitions
from viche_gateway.clients.signing import Signing
from viche_gateway.clients.similar import Similar
from viche_gateway.config import Settings


@dataclass(frozen=True, slots=True)
class Clients:
    """One client per service, one for signing, and the bare channels by the services' names."""

    identity: Identity
    petitions: Petitions
    notifications: Notifications
    signing: Signing
    similar: Similar
    channels: Mapping[str, grpc.Channel]


def over(identity: grpc.Channel, petitions: grpc.Channel, notifications: grpc.Channel) -> Clients:
    """Clients over given channels."""
    channels = {"identity": identity, "petitions": petitions, "notifications": notifications}
    return Clients(
        Identity(identity),
        Petitions(petitions),
        Notifications(notifications),
        Signing(identity, petitions),
        Similar(petitions),
        channels,
    )


def connect(settings: Settings, me: ServiceIdentity) -> Clients:
    """Clients over channels to the addresses in ``settings``, calling as ``me``."""
    return over(
        sync_channel(settings.identity_address, "identity", me),
        sync_channel(settings.petitions_address, "petitions", me),
        sync_channel(settings.notifications_address, "notifications", me),
    )
