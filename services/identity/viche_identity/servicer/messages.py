"""Domain values as messages and back."""

from collections.abc import Iterable, Sequence

from viche.identity.v1 import identity_pb2

from viche_chassis.errors import FieldViolation
from viche_identity.domain import region
from viche_identity.domain.people import Person
from viche_identity.store.sessions import Listed


def person_message(person: Person, grants: Sequence[region.Grant]) -> identity_pb2.Person:
    """A person with the roles that hold now."""
    return identity_pb2.Person(
        id=str(person.id),
        email=person.email,
        name=person.name,
        residence_code=person.residence_code,
        assurance=identity_pb2.Assurance.Value(f"ASSURANCE_{person.assurance.name}"),
        language=person.language,
        grants=[grant_message(grant) for grant in grants],
    )


def grant_message(grant: region.Grant) -> identity_pb2.Grant:
    """A grant."""
    message = identity_pb2.Grant(
        id=str(grant.id),
        role=grant.role,
        authority_id=str(grant.authority_id),
        covers_authority_ids=[str(each) for each in grant.covers],
    )
    message.from_at.FromDatetime(grant.term.from_at)
    if grant.term.until_at is not None:
        message.until_at.FromDatetime(grant.term.until_at)
    return message


def my_session_message(session: Listed, *, is_current: bool) -> identity_pb2.MySession:
    """A session for its person."""
    message = identity_pb2.MySession(
        id=str(session.id), device=session.device, is_current=is_current, signed_in_by=session.signed_in_by
    )
    message.created_at.FromDatetime(session.created_at)
    message.last_used_at.FromDatetime(session.last_used_at)
    return message


def authority_message(authority: region.Authority) -> identity_pb2.Authority:
    """An authority."""
    return identity_pb2.Authority(
        id=str(authority.id),
        slug=authority.slug,
        parent_slug=authority.parent,
        name=identity_pb2.LocalizedText(texts=dict(authority.name)),
        territory_code=authority.territory_code,
        level=authority.level,
        population=authority.population,
    )


def territory_message(territory: region.Territory) -> identity_pb2.Territory:
    """A territory."""
    return identity_pb2.Territory(
        code=territory.code,
        parent_code=territory.parent,
        name=identity_pb2.LocalizedText(texts=dict(territory.name)),
        population=territory.population,
    )


def within(place: str, violations: Iterable[FieldViolation]) -> list[FieldViolation]:
    """Violations of an item's fields, named from the request on: "people[3].email"."""
    return [FieldViolation(f"{place}.{each.field}", each.reason, each.values) for each in violations]
