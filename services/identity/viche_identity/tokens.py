"""Tokens that identity makes: of signed-in persons for all services, of pseudonyms for one scope."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from viche_chassis import base64url
from viche_chassis.access import PERSON_AUDIENCE
from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import MAX_LIFE_S, Signs, Verifier
from viche_identity.crypto import Pseudonyms
from viche_identity.domain.people import NameNeeded, Person
from viche_identity.domain.region import Grant
from viche_identity.domain.scopes import ANSWERS, AUTHORS, NAMES, SURVEY

ISSUER = "identity"
SELF_STATED = "self"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token and when it ends."""

    token: str
    expires_at: datetime


class AccessTokens:
    """Makes access tokens."""

    def __init__(self, signer: Signs, pseudonyms: Pseudonyms) -> None:
        self._signer = signer
        self._pseudonyms = pseudonyms

    def make(self, person: Person, session_id: UUID, grants: Sequence[Grant]) -> AccessToken:
        """A token for a person in a session."""
        ends_at = int(time.time()) + MAX_LIFE_S
        claims = {
            "iss": ISSUER,
            "aud": PERSON_AUDIENCE,
            "sub": str(person.id),
            "sid": str(session_id),
            "assurance": person.assurance.word,
            "residence": list(person.residence_path),
            "authors": base64url.encode(self._pseudonyms.of(AUTHORS, person.id)),
            "grants": [_grant_claim(grant) for grant in grants],
        }
        return AccessToken(self._signer.sign(claims, MAX_LIFE_S), datetime.fromtimestamp(ends_at, UTC))


class ScopeTokens:
    """Makes scope tokens from access tokens."""

    def __init__(self, signer: Signs, verifier: Verifier, pseudonyms: Pseudonyms) -> None:
        self._signer = signer
        self._verifier = verifier
        self._pseudonyms = pseudonyms

    def person_of(self, access_token: str) -> UUID:
        """Whose access token it is.

        Raises:
            TokenRefused: it does not hold.
        """
        return UUID(self._verifier.verify(access_token, audience=PERSON_AUDIENCE)["sub"])

    def make(self, access_token: str, audience: str, scope: str, names: Mapping[UUID, str] | None = None) -> str:
        """A token for one scope, for the service ``audience``.

        It ends with the access token, so that what a session may do ends within five minutes of the session.

        Args:
            names: of persons, where the token has to carry the name.

        Raises:
            TokenRefused: the access token does not hold.
            NameNeeded: the person has no name among ``names``.
        """
        person = self._verifier.verify(access_token, audience=PERSON_AUDIENCE)
        life_s = min(MAX_LIFE_S, int(person["exp"]) - int(time.time()))
        if life_s <= 0:
            raise TokenRefused()
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "scope": scope,
            "sub": base64url.encode(self._pseudonyms.of(scope, UUID(person["sub"]))),
            "assurance": person["assurance"],
            "residence": person["residence"],
            **(self._name_claims(UUID(person["sub"]), names) if names is not None else {}),
            **(self._survey_claims(UUID(person["sub"])) if scope.startswith(SURVEY) else {}),
        }
        return self._signer.sign(claims, life_s)

    def _name_claims(self, person_id: UUID, names: Mapping[UUID, str]) -> dict[str, str]:
        name = names.get(person_id)
        if not name:
            raise NameNeeded()
        return {
            "name": name,
            "name_from": SELF_STATED,
            "names": base64url.encode(self._pseudonyms.of(NAMES, person_id)),
        }

    def _survey_claims(self, person_id: UUID) -> dict[str, str]:
        """What an answer is forgotten by when the person is erased; it is the same in all surveys."""
        return {"answers": base64url.encode(self._pseudonyms.of(ANSWERS, person_id))}


def _grant_claim(grant: Grant) -> dict[str, object]:
    return {
        "role": grant.role,
        "authority": str(grant.authority_id),
        "covers": [str(authority_id) for authority_id in grant.covers],
    }
