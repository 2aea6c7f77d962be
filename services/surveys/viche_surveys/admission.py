"""Who may answer a survey: what they show is looked at before anything else is."""

from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Pool, reading
from viche_chassis.sealing import KeyedIndex
from viche_chassis.tokens import Verifier
from viche_surveys.domain.answer_errors import (
    AlreadyAnswered,
    AssuranceTooLow,
    InvitationRefused,
    InvitationUsed,
    OtherTerritory,
    SignInNeeded,
)
from viche_surveys.domain.life import ASSURANCES
from viche_surveys.domain.survey import Admission, Settings
from viche_surveys.live import Live
from viche_surveys.respondents import Respondents
from viche_surveys.scope_tokens import Person, read_person
from viche_surveys.store import invitations, respondents


@dataclass(frozen=True, slots=True)
class Who:
    """Who answers, as they show themselves; empty where they do not."""

    scope_token: str = ""
    invitation: str = ""
    partner_id: UUID | None = None
    network: str = ""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who answers, looked at."""

    person: Person | None = None
    invitation_id: UUID | None = None


class Admissions:
    """Looks at who answers.

    Args:
        tokens: checks scope tokens.
        index: of secrets of links, which are not stored.
    """

    def __init__(self, pool: Pool, tokens: Verifier, people: Respondents, index: KeyedIndex) -> None:
        self._pool = pool
        self._tokens = tokens
        self._people = people
        self._index = index

    def secret_hash(self, secret: str) -> bytes:
        """What is stored of a link's secret."""
        return self._index.of(secret)

    async def admit(self, live: Live, who: Who) -> Admitted:
        """Lets somebody answer; whether they have done so is looked at when the answer is written.

        Raises:
            SignInNeeded, TokenRefused, AssuranceTooLow, OtherTerritory, InvitationRefused: they may not.
        """
        match live.settings.admission:
            case Admission.OPEN:
                return Admitted()
            case Admission.LINK:
                return Admitted(invitation_id=(await self._link(live, who.invitation))[0])
            case Admission.PERSON:
                return Admitted(person=self._person(live, who.scope_token))

    async def check_first(self, live: Live, who: Who) -> Admitted:
        """Lets somebody begin to answer: the same, and they have not answered.

        Raises:
            AlreadyAnswered, InvitationUsed: they have; and those of :meth:`admit`.
        """
        if live.settings.admission is Admission.LINK:
            id, is_used = await self._link(live, who.invitation)
            if is_used:
                raise InvitationUsed()
            return Admitted(invitation_id=id)
        admitted = await self.admit(live, who)
        if admitted.person:
            async with reading(self._pool) as conn:
                if await respondents.has_answered(conn, live.id, admitted.person.respondent):
                    raise AlreadyAnswered()
        return admitted

    async def _link(self, live: Live, secret: str) -> tuple[UUID, bool]:
        if not secret:
            raise InvitationRefused()
        async with reading(self._pool) as conn:
            found = await invitations.find(conn, live.id, self.secret_hash(secret))
        if found is None:
            raise InvitationRefused()
        return found

    def _person(self, live: Live, token: str) -> Person:
        if not token:
            raise SignInNeeded()
        person = read_person(self._tokens, self._people, token, live.id)
        check_person(live.settings, person)
        return person


def check_person(settings: Settings, person: Person) -> None:
    """Holds a person against what a survey asks of people.

    Raises:
        AssuranceTooLow, OtherTerritory: they may not answer.
    """
    known = ASSURANCES.index(person.assurance) if person.assurance in ASSURANCES else 0
    if known < ASSURANCES.index(settings.assurance):
        raise AssuranceTooLow(needed=settings.assurance)
    if settings.territory_code and settings.territory_code not in person.residence:
        raise OtherTerritory(territory_code=settings.territory_code)
