"""Scope tokens of people who register for events, read without asking anybody."""

from viche_chassis import base64url
from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import Verifier

AUDIENCE, ISSUER = "social", "identity"
REGISTRATIONS = "registrations"
"""The scope in which people register for public events."""

PSEUDONYM_BYTES = 32


def read_person(verifier: Verifier, token: str) -> bytes:
    """The pseudonym that a token for the scope "registrations" proves.

    Raises:
        TokenRefused: it does not hold, or it is for another scope.
    """
    claims = verifier.verify(token, audience=AUDIENCE)
    if claims.get("iss") != ISSUER or claims.get("scope") != REGISTRATIONS:
        raise TokenRefused()
    try:
        pseudonym = base64url.decode(str(claims.get("sub")))
    except ValueError as error:
        raise TokenRefused() from error
    if len(pseudonym) != PSEUDONYM_BYTES:
        raise TokenRefused()
    return pseudonym
