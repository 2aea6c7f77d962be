"""Scope tokens of signers, read without asking anybody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from viche_chassis import base64url
from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import Verifier
from viche_petitions.domain.signers import GivenName
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
    return _signer(read_claims(verifier, token, scope_of(petition_id)), petition_id)


def read_named_signer(verifier: Verifier, token: str, petition_id: UUID) -> tuple[Signer, GivenName | None]:
    """The signer that a scope token proves, and their name where it carries one to be published.

    Raises:
        TokenRefused: it does not hold, or it is for another scope.
    """
    claims = read_claims(verifier, token, scope_of(petition_id))
    name = claims.get("name")
    given = GivenName(str(name), str(claims.get("name_from")), read_pseudonym(claims.get("names"))) if name else None
    return _signer(claims, petition_id), given


def read_subject(verifier: Verifier, token: str, scope: str) -> bytes:
    """The pseudonym that a scope token proves.

    Raises:
        TokenRefused: it does not hold, or it is for another scope.
    """
    return read_pseudonym(read_claims(verifier, token, scope).get("sub"))


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


def read_claims(verifier: Verifier, token: str, scope: str) -> Mapping[str, Any]:
    """What identity says in a token for one scope.

    Raises:
        TokenRefused: it does not hold, or it is for another scope.
    """
    claims = verifier.verify(token, audience=AUDIENCE)
    if claims.get("iss") != ISSUER or claims.get("scope") != scope:
        raise TokenRefused()
    return claims


def _signer(claims: Mapping[str, Any], petition_id: UUID) -> Signer:
    residence = tuple(str(code) for code in claims.get("residence") or ())
    return Signer(petition_id, read_pseudonym(claims.get("sub")), str(claims.get("assurance", "")), residence)
