"""Territories and authorities as trees, and the roles that hold on them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.errors import Code, DomainError, FieldViolation, NotFound, invalid

ROLES = ("officer", "operator", "moderator", "press")
"""An operator runs an authority and gives roles, an officer does all work on cases, a moderator checks, rejects and
opens petitions, the press office writes what is published."""
LEVELS = ("union", "national", "region", "municipality")
MAX_POPULATION = 10_000_000_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NoAuthorities(DomainError):
    """The instance has no authority yet, so nobody can hold a role."""

    code = Code.FAILED_PRECONDITION
    reason = "NO_AUTHORITIES"


class GrantUnknown(NotFound):
    """There is no such grant."""

    reason = "GRANT_UNKNOWN"


class GrantOver(DomainError):
    """The grant would be over by now if it had not been taken back."""

    code = Code.FAILED_PRECONDITION
    reason = "GRANT_OVER"


class RoleHeld(DomainError):
    """The person holds this role already for a part of that time."""

    code = Code.ALREADY_EXISTS
    reason = "ROLE_HELD"


@dataclass(frozen=True, slots=True)
class Territory:
    """A territorial unit; ``parent`` is empty at the top, ``population`` 0 where it is not known."""

    code: str
    parent: str
    name: Mapping[str, str]
    population: int = 0


@dataclass(frozen=True, slots=True)
class Authority:
    """An institution; ``parent`` is the slug above it, empty at the top.

    ``level`` is one of `LEVELS`, empty where it is not known.
    ``population`` is that of its territory, 0 where it is not known; it is read, never written.
    """

    id: UUID
    slug: str
    parent: str
    name: Mapping[str, str]
    territory_code: str
    level: str = ""
    population: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when a role holds; without an end it holds until it is taken back."""

    from_at: datetime
    until_at: datetime | None = None

    def covers(self, other: "Term") -> bool:
        """Whether nothing of ``other`` lies outside."""
        ends_later = self.until_at is None or (other.until_at is not None and self.until_at >= other.until_at)
        return self.from_at <= other.from_at and ends_later

    def overlaps(self, other: "Term") -> bool:
        """Whether there is an instant in both."""
        return (other.until_at is None or self.from_at < other.until_at) and (
            self.until_at is None or other.from_at < self.until_at
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on an authority; ``covers`` are the authority and all below it."""

    id: UUID
    role: str
    authority_id: UUID
    covers: tuple[UUID, ...]
    term: Term


def roles_at(authority_id: UUID, held: Iterable[Grant]) -> list[str]:
    """Roles that cover an authority, by name."""
    return sorted({each.role for each in held if authority_id in each.covers})


def needs(term: Term, held: Iterable[Term]) -> bool:
    """Whether a role must still be given for ``term`` to somebody who holds it for the terms in ``held``.

    Raises:
        RoleHeld: it is held for a part of that time, so that two grants would say when it ends.
    """
    overlapping = [each for each in held if each.overlaps(term)]
    if any(each.covers(term) for each in overlapping):
        return False
    if overlapping:
        raise RoleHeld()
    return True


def term_again(given_until_at: datetime | None, now: datetime) -> Term:
    """The term of a role that is given again, with the end that it was given with.

    Raises:
        GrantOver: that has passed.
    """
    if given_until_at is not None and given_until_at <= now:
        raise GrantOver()
    return Term(now, given_until_at)


def term_violations(term: Term) -> Iterator[FieldViolation]:
    """Why a role cannot hold for this time."""
    if term.until_at is not None and term.until_at <= term.from_at:
        yield invalid("until_at", "TOO_EARLY")


def role_violations(role: str) -> Iterator[FieldViolation]:
    """Why nobody can hold this role."""
    if role not in ROLES:
        yield invalid("role", "UNKNOWN_ROLE", role=role)


def tree_violations(
    items: Sequence[tuple[str, str]], known: Mapping[str, str], field: str, parent_field: str
) -> Iterator[FieldViolation]:
    """Why items cannot join a tree: a name that comes twice, a parent that nobody knows, a circle.

    Args:
        items: names with their parents, the parent empty at the top.
        known: names that are there already, with their parents; items replace them.
        field: of the request with the items, for instance "territories".
        parent_field: of an item, for instance "parent_code".
    """
    parents = {**known, **dict(items)}
    names: set[str] = set()
    for place, (name, parent) in enumerate(items):
        if name in names:
            yield invalid(f"{field}[{place}]", "REPEATED", name=name)
        elif parent and parent not in parents:
            yield invalid(f"{field}[{place}].{parent_field}", "UNKNOWN_PARENT", parent=parent, name=name)
        elif _is_in_circle(name, parents):
            yield invalid(f"{field}[{place}].{parent_field}", "CIRCLE", parent=parent, name=name)
        names.add(name)


def slug_violations(slug: str, field: str) -> Iterator[FieldViolation]:
    """Why a slug cannot stand in an address."""
    if not SLUG.fullmatch(slug):
        yield invalid(field, "BAD_SLUG", slug=slug)


def level_violations(level: str, field: str) -> Iterator[FieldViolation]:
    """Why there is no such level of government; empty means that it is not known."""
    if level and level not in LEVELS:
        yield invalid(field, "UNKNOWN_VALUE", value=level, choices=", ".join(LEVELS))


def population_violations(population: int, field: str) -> Iterator[FieldViolation]:
    """Why so many people cannot live anywhere."""
    if not 0 <= population <= MAX_POPULATION:
        yield invalid(field, "OUT_OF_RANGE", least=0, most=MAX_POPULATION)


def name_violations(texts: Mapping[str, str], field: str) -> Iterator[FieldViolation]:
    """Why a unit cannot be called so."""
    if not any(text.strip() for text in texts.values()):
        yield invalid(field, "REQUIRED")
    elif any("\x00" in text for text in texts.values()):  # PostgreSQL stores no such character
        yield invalid(field, "NUL_BYTE")


def _is_in_circle(name: str, parents: Mapping[str, str]) -> bool:
    above = parents.get(name, "")
    passed: set[str] = set()
    while above and above != name and above not in passed:
        passed.add(above)
        above = parents.get(above, "")
    return bool(above) and above == name
