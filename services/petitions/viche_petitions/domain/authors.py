"""Who starts a petition: a person, an organisation, or an initiative committee."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from viche_chassis.errors import FieldViolation, invalid
from viche_sdk.types import FixedCommittee, Terms

MAX_NAME = 100
MAX_ORGANISATION = 200
MAX_NUMBER = 50
MAX_PLACE = 200
MAX_MEMBERS = 100


class AuthorKind(StrEnum):
    """What an author is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, and what the person is there who acts for it. All of it is published.

    Args:
        confirmed_at: when an authority confirmed it; None where the person alone says so.
    """

    name: str = ""
    register_number: str = ""
    role: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConfirmedOrganisation:
    """An organisation that an authority has confirmed."""

    id: UUID
    name: str
    register_number: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Founding:
    """The meeting at which a committee was founded; ``on`` is None until it is said."""

    on: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a committee; ``territory_code`` is empty until it is said."""

    name: str
    territory_code: str


@dataclass(frozen=True, slots=True)
class Authorship:
    """What an author says of who they are; only what belongs to the kind is kept."""

    kind: AuthorKind = AuthorKind.PERSON
    organisation: Organisation = Organisation()
    founding: Founding = Founding()
    members: tuple[Member, ...] = ()

    def of_its_kind(self) -> "Authorship":
        """The same without what belongs to other kinds."""
        match self.kind:
            case AuthorKind.PERSON:
                return Authorship()
            case AuthorKind.ORGANISATION:
                return Authorship(self.kind, organisation=self.organisation)
            case AuthorKind.COMMITTEE:
                return Authorship(self.kind, founding=self.founding, members=self.members)


def violations_of_draft(author: Authorship) -> Iterator[FieldViolation]:
    """What cannot be stored, even in a draft."""
    yield from _too_long("organisation.name", author.organisation.name, MAX_ORGANISATION)
    yield from _too_long("organisation.register_number", author.organisation.register_number, MAX_NUMBER)
    yield from _too_long("organisation.role", author.organisation.role, MAX_NAME)
    yield from _too_long("committee.founding_place", author.founding.place, MAX_PLACE)
    if len(author.members) > MAX_MEMBERS:
        yield invalid("committee.members", "TOO_MANY_MEMBERS", limit=MAX_MEMBERS)
    for place, member in enumerate(author.members):
        yield from _too_long(f"committee.members[{place}].name", member.name, MAX_NAME)
        if not member.name:
            yield invalid(f"committee.members[{place}].name", "REQUIRED")


def violations_of_author(
    author: Authorship, terms: Terms | None, paths: Mapping[str, Sequence[str]]
) -> Iterator[FieldViolation]:
    """What keeps a petition from being handed in by its author.

    Args:
        terms: of the petition; None where its authority has none yet.
        paths: territories by code, each with all above it, outermost first.
    """
    rule = terms.committee if terms else None
    if rule and author.kind is not AuthorKind.COMMITTEE:
        yield invalid("author_kind", "COMMITTEE_REQUIRED", limit=rule.members_min)
    elif author.kind is AuthorKind.ORGANISATION and not author.organisation.name:
        yield invalid("organisation.name", "REQUIRED")
    elif author.kind is AuthorKind.COMMITTEE:
        yield from _committee_violations(author, rule or FixedCommittee(1), _counted_territories(terms), paths)


def territories_of(members: Sequence[Member], counted: frozenset[str], paths: Mapping[str, Sequence[str]]) -> int:
    """In how many territories members live.

    Args:
        counted: codes of the territories that count, each with all below it; empty means any, each as it was given.
    """
    codes = {member.territory_code for member in members if member.territory_code}
    if not counted:
        return len(codes)
    return len({outer for code in codes for outer in (*paths.get(code, ()), code) if outer in counted})


def _committee_violations(
    author: Authorship, rule: FixedCommittee, counted: frozenset[str], paths: Mapping[str, Sequence[str]]
) -> Iterator[FieldViolation]:
    size = len(author.members)
    if size < rule.members_min:
        yield invalid("committee.members", "TOO_FEW_MEMBERS", limit=rule.members_min, count=size)
    elif rule.members_max is not None and size > rule.members_max:
        yield invalid("committee.members", "TOO_MANY_MEMBERS", limit=rule.members_max, count=size)
    elif rule.territories_min:
        found = territories_of(author.members, counted, paths)
        if found < rule.territories_min:
            yield invalid("committee.members", "TOO_FEW_TERRITORIES", limit=rule.territories_min, count=found)
    if rule.protocol and author.founding.on is None:
        yield invalid("committee.founded_on", "REQUIRED")
    if rule.protocol and not author.founding.place:
        yield invalid("committee.founding_place", "REQUIRED")


def _counted_territories(terms: Terms | None) -> frozenset[str]:
    """Territories whose minima the thresholds name are those that count, for instance member states."""
    thresholds = terms.thresholds if terms else ()
    return frozenset(code for each in thresholds if each.minima for code in each.minima.per_territory)


def _too_long(field: str, text: str, limit: int) -> Iterator[FieldViolation]:
    if len(text) > limit:
        yield invalid(field, "TOO_LONG", limit=limit, length=len(text))
