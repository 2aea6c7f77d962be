"""Territories and authorities as trees, and the roles that hold on them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.errors import Code, DomainError, FieldViolation, NotFound, invalid

ROLES = ("officer", "operator")
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
class Grant:
    """A role on an authority; ``covers`` are the authority and all below it."""

    id: UUID
    role: str
    authority_id: UUID
    covers: tuple[UUID, ...]


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
