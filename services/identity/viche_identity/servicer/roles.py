"""Roles: giving them, taking them back, and who holds which."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from viche.identity.v1 import identity_pb2

from viche_chassis import acts
from viche_chassis.access import current_caller, require_operator
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.pages import page_size, page_token, read_page_token
from viche_identity.domain import region as rules
from viche_identity.records import Records, ensure
from viche_identity.requests import Requests
from viche_identity.servicer.messages import grant_message
from viche_identity.store import grants, region

PAGE, MOST = 100, 500
BEFORE_ALL = UUID(int=0)


class Roles:
    """What AuthoritiesService does with grants.

    Args:
        language: of persons who are created by being given a role.
    """

    def __init__(self, pool: Pool, records: Records, requests: Requests, language: str) -> None:
        self._pool = pool
        self._records = records
        self._requests = requests
        self._language = language

    async def give(self, request: identity_pb2.CreateGrantRequest) -> identity_pb2.CreateGrantResponse:
        """Gives a role; one that is held for all of that time stays as it is."""
        found = list(rules.role_violations(request.role))
        if found:
            raise InvalidFields(*found)
        async with transaction(self._pool) as conn:
            answer = await self._requests.remembered(conn, request, identity_pb2.CreateGrantResponse)
            if answer is None:
                given = await self._give(conn, request)
                answer = identity_pb2.CreateGrantResponse(grants=[grant_message(each) for each in given])
                await self._requests.remember(conn, request, answer)
        return answer

    async def take_back(self, request: identity_pb2.DeleteGrantRequest) -> identity_pb2.DeleteGrantResponse:
        """Takes a role back; nothing happens to one that is over."""
        async with transaction(self._pool) as conn:
            grant = await _find(conn, request.grant_id)
            await grants.end(conn, grant.id)
        return identity_pb2.DeleteGrantResponse()

    async def give_again(self, request: identity_pb2.UndeleteGrantRequest) -> identity_pb2.UndeleteGrantResponse:
        """Gives a role again that was taken back."""
        async with transaction(self._pool) as conn:
            answer = await self._requests.remembered(conn, request, identity_pb2.UndeleteGrantResponse)
            if answer is None:
                grant = await _find(conn, request.grant_id)
                term = rules.term_again(grant.given_until_at, await grants.now(conn))
                (given,) = await _ensure(conn, grant.person_id, grant.role, [grant.authority_id], term)
                answer = identity_pb2.UndeleteGrantResponse(grant=grant_message(given))
                await self._requests.remember(conn, request, answer)
        return answer

    async def list(self, request: identity_pb2.ListGrantsRequest) -> identity_pb2.ListGrantsResponse:
        """A page of grants on authorities that the caller operates."""
        size = page_size(request.page_size, PAGE, MOST)
        (after,) = read_page_token(request.page_token, [UUID]) or [BEFORE_ALL]
        async with transaction(self._pool) as conn:
            rows = await grants.page(
                conn, _operated(request.authority_id), over=request.over, after=after, limit=size + 1
            )
        response = identity_pb2.ListGrantsResponse(grants=[self._message(row) for row in rows[:size]])
        if len(rows) > size:
            response.next_page_token = page_token(rows[size - 1].id)
        return response

    async def _give(self, conn: Connection, request: identity_pb2.CreateGrantRequest) -> Sequence[rules.Grant]:
        named = await region.authority_ids(conn, request.authority_slug)
        if not named and request.authority_slug:
            raise InvalidFields(invalid("authority_slug", "UNKNOWN_AUTHORITY", slug=request.authority_slug))
        if not named:
            raise rules.NoAuthorities()
        require_operator(str(authority_id) for authority_id in named)
        term = await _term(conn, request)
        person = self._records.new_person(request.email, language=self._language)
        (person_id,), _ = await ensure(conn, [person])
        return await _ensure(conn, person_id, request.role, named, term)

    def _message(self, row: grants.GivenGrant) -> identity_pb2.HeldGrant:
        person = current_caller().person
        term = rules.Term(row.from_at, row.until_at)
        return identity_pb2.HeldGrant(
            grant=grant_message(rules.Grant(row.id, row.role, row.authority_id, (), term)),
            yours=person is not None and person.id == str(row.person_id),
            email=self._records.open_email(row.email, row.person_id) if row.email else "",
            name=self._records.open_name(row.name, row.person_id) if row.name else "",
        )


async def _find(conn: Connection, grant_id: str) -> grants.GivenGrant:
    """A grant that the caller may change; until the transaction ends nobody else does.

    Raises:
        GrantUnknown: there is none.
        NotYourAuthority: it is on an authority that the caller does not operate.
    """
    await grants.lock(conn)
    grant = await grants.find(conn, UUID(grant_id))
    if grant is None:
        raise rules.GrantUnknown()
    require_operator([str(grant.authority_id)])
    acts.about(authority_id=grant.authority_id)
    return grant


async def _ensure(
    conn: Connection, person_id: UUID, role: str, authority_ids: Sequence[UUID], term: rules.Term
) -> list[rules.Grant]:
    """Makes sure that a person holds a role on authorities for a term; gives the grants that say so.

    Raises:
        RoleHeld: the role is held for a part of the term.
    """
    await grants.lock(conn)
    held = await grants.to_come(conn, person_id, role, authority_ids)
    missing = [
        each for each in authority_ids if rules.needs(term, [one.term for one in held if one.authority_id == each])
    ]
    await grants.add(conn, [grants.NewGrant(new_id(), person_id, role, each, term) for each in missing])
    held = await grants.to_come(conn, person_id, role, authority_ids)
    for each in held[:1]:
        acts.about(object=f"grant:{each.id}", authority_id=each.authority_id)
    return [each for each in held if each.term.covers(term)]


async def _term(conn: Connection, request: identity_pb2.CreateGrantRequest) -> rules.Term:
    now = await grants.now(conn)
    from_at = request.from_at.ToDatetime(UTC) if request.HasField("from_at") else now
    until_at = request.until_at.ToDatetime(UTC) if request.HasField("until_at") else None
    term = rules.Term(max(from_at, now), until_at)
    found = list(rules.term_violations(term))
    if found:
        raise InvalidFields(*found)
    return term


def _operated(authority_id: str) -> set[UUID] | None:
    """The authority, or all that the caller operates; None for all there are.

    Raises:
        NotYourAuthority: the caller does not operate it.
    """
    if authority_id:
        require_operator([authority_id])
        return {UUID(authority_id)}
    person = current_caller().person
    return None if person is None else {UUID(each) for each in person.authorities(["operator"])}
