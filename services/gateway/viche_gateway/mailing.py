"""What notifications knows of an address. No page waits for it or fails with it: mails are not worth a sign-in."""

import logging

from flask import current_app
from viche.notifications.v1 import bounces_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway.context import services

EVERYTHING = "*"
"""The subject of a subscription that stands for all mails about petitions."""

OFFICE = "office"
"""The subject of the mail that tells officers in the morning what waits."""

log = logging.getLogger("viche.mailing")


def standing(email: str) -> pb.GetAddressStandingResponse:
    """Since when mail to an address comes back; nothing where that cannot be told now."""
    try:
        return services().notifications.standing(email)
    except DomainError as error:
        log.warning("standing of an address is not known", extra={"reason": error.reason})
        return pb.GetAddressStandingResponse()


def comes_back(email: str) -> bool:
    """Whether mail to an address comes back, as far as can be told now."""
    return standing(email).HasField("undeliverable_since")


def arrived(session_token: str) -> None:
    """Lets mails go on to the person of a session that a mailed link has begun."""
    try:
        session = current_app.extensions["viche.sessions"].get(session_token)
        if session is not None and session.person.email:
            services().notifications.confirm_address(session.person.email)
    except DomainError as error:
        log.warning("an address is not confirmed", extra={"reason": error.reason})
