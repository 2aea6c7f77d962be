"""Scope tokens of signers, read without asking anybody."""

from uuid import UUID

from viche_chassis import base64url
from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import Verifier
from viche_petitions.domain.signing import Signer

AUDIENCE = "petitions"
ISSUER = "identity"
PSEUDONYM_BYTES = 32


def scope_of(petition_id: UUID) -> str:
    """The scope in which signers of a petition are known."""
    return f"petition:{petition_id}"


def read_signer(verifier: Verifier, token: str, petition_id: UUID) -> Signer:
    """The signer that a scope token proves.

    Raises:
        TokenRefused: it does not hold, or it is for another scope.
    """
    claims = verifier.verify(token, audience=AUDIENCE)
    if claims.get("iss") != ISSUER or claims.get("scope") != scope_of(petition_id):
        raise TokenRefused()
    residence = tuple(str(code) for code in claims.get("residence") or ())
    return Signer(petition_id, read_pseudonym(claims.get("sub")), str(claims.get("assurance", "")), residence)


def read_pseudonym(text: object) -> bytes:
    """The 32 bytes of a pseudonym in base64url.

    Raises:
        TokenRefused: it is none.
    """
    try:
        pseudonym = base64url.decode(str(text))
    except ValueError as error:
        raise TokenRefused() from error
    if len(pseudonym) != PSEUDONYM_BYTES:
        raise TokenRefused()
    return pseudonym
