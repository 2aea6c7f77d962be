"""Scope tokens of people who answer, read without asking anybody."""

from dataclasses import dataclass
from uuid import UUID

from viche_chassis import base64url
from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import Verifier
from viche_surveys.respondents import Respondents

AUDIENCE = "surveys"
ISSUER = "identity"
PSEUDONYM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, as one survey knows them.

    Attributes:
        respondent: their pseudonym of the scope "survey:UUID".
        erased_by: key by which they are forgotten (`respondents.py`).
        residence: codes, the outermost territory first.
    """

    respondent: bytes
    erased_by: bytes
    assurance: str
    residence: tuple[str, ...]

    @property
    def territory_code(self) -> str:
        """The innermost territory of the residence; empty where none was given."""
        return self.residence[-1] if self.residence else ""


def scope_of(survey_id: UUID) -> str:
    """The scope in which people answer a survey."""
    return f"survey:{survey_id}"


def read_person(verifier: Verifier, respondents: Respondents, token: str, survey_id: UUID) -> Person:
    """The person that a scope token proves.

    Raises:
        TokenRefused: it does not hold, or it is for another scope.
    """
    claims = verifier.verify(token, audience=AUDIENCE)
    if claims.get("iss") != ISSUER or claims.get("scope") != scope_of(survey_id):
        raise TokenRefused()
    residence = tuple(str(code) for code in claims.get("residence") or ())
    return Person(
        respondent=_pseudonym(claims.get("sub")),
        erased_by=respondents.erased_by(survey_id, _pseudonym(claims.get("answers"))),
        assurance=str(claims.get("assurance", "")),
        residence=residence,
    )


def _pseudonym(text: object) -> bytes:
    try:
        pseudonym = base64url.decode(str(text))
    except ValueError as error:
        raise TokenRefused() from error
    if len(pseudonym) != PSEUDONYM_BYTES:
        raise TokenRefused()
    return pseudonym
