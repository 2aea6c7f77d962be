"""PetitionsService."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import petitions_pb2_grpc

from viche_chassis import pages
from viche_chassis.access import covered_authorities, current_caller, current_person, require_operator
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.once import once
from viche_chassis.tokens import Verifier
from viche_petitions import counting, importing, listing
from viche_petitions.domain.authors import Member
from viche_petitions.domain.deadlines import deadlines_of
from viche_petitions.domain.drafts import Draft, clean_line, clean_text
from viche_petitions.domain.errors import NotOpen, PetitionNotFound
from viche_petitions.domain.petition import Petition, State
from viche_petitions.domain.signing import Signer
from viche_petitions.identity import Authorities
from viche_petitions.scope_tokens import read_pseudonym, read_signer
from viche_petitions.servicer import convert, rules, simulations
from viche_petitions.servicer.authors import read_authorship
from viche_petitions.store import drafts as drafts_store
from viche_petitions.store import rows
from viche_petitions.store.filters import Filter, Outcome
from viche_petitions.store.listing import Order
from viche_petitions.writing import Handing, Writing, check_covered, must_get

ARCHIVED = {pb.PETITION_ORIGIN_OWN: False, pb.PETITION_ORIGIN_ARCHIVED: True}
ORDERS = {pb.PETITION_ORDER_RECENT: Order.RECENT, pb.PETITION_ORDER_COUNT: Order.COUNT}
SUBMITTED_PAGE = 50
Context = Any
Written = TypeVar("Written", pb.CreatePetitionRequest, pb.UpdatePetitionRequest)


class PetitionsServicer(petitions_pb2_grpc.PetitionsServiceServicer):
    """Petitions and what happens to them.

    Args:
        tokens: checks scope tokens.
        wake: called after a commit that left something in the outbox.
    """

    def __init__(
        self, pool: Pool, writing: Writing, authorities: Authorities, tokens: Verifier, wake: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._writing = writing
        self._rulebook = writing.rulebook
        self._authorities = authorities
        self._tokens = tokens
        self._wake = wake
        self._lists = listing.Lists(pool)

    async def CreatePetition(self, request: pb.CreatePetitionRequest, context: Context) -> pb.CreatePetitionResponse:
        person = current_person()
        draft = _draft(request, request.language)
        handing = await self._handing(draft)

        async def act(conn: Connection) -> pb.CreatePetitionResponse:
            author = read_pseudonym(person.author)
            made = await self._writing.create(conn, new_id(), author, request.workflow, draft, handing)
            return pb.CreatePetitionResponse(petition=convert.petition_message(made))

        return await once(self._pool, person, self._without_people(request), pb.CreatePetitionResponse, act, self._wake)

    async def UpdatePetition(self, request: pb.UpdatePetitionRequest, context: Context) -> pb.UpdatePetitionResponse:
        person = current_person()
        petition_id = UUID(request.petition_id)
        async with transaction(self._pool) as conn:
            language = (await must_get(conn, petition_id)).language
        draft = _draft(request, language)
        token = request.scope_token if draft.is_submitted else ""
        handing = await self._handing(draft, read_signer(self._tokens, token, petition_id) if token else None)

        async def act(conn: Connection) -> pb.UpdatePetitionResponse:
            author = read_pseudonym(person.author)
            changed = await self._writing.update(conn, petition_id, author, request.version, draft, handing)
            return pb.UpdatePetitionResponse(petition=convert.petition_message(changed))

        return await once(self._pool, person, self._without_people(request), pb.UpdatePetitionResponse, act, self._wake)

    async def OpenPetition(self, request: pb.OpenPetitionRequest, context: Context) -> pb.OpenPetitionResponse:
        person = current_person()
        petition_id = UUID(request.petition_id)
        covered = covered_authorities()
        async with transaction(self._pool) as conn:
            found = await must_get(conn, petition_id)
        check_covered(found, covered)
        assert found.authority_id is not None  # check_covered has seen it
        authority = await self._authorities.get(found.authority_id)

        async def act(conn: Connection) -> pb.OpenPetitionResponse:
            opened = await self._writing.open(conn, petition_id, covered, authority, read_pseudonym(person.author))
            return pb.OpenPetitionResponse(petition=self._case(opened))

        return await once(self._pool, person, request, pb.OpenPetitionResponse, act, self._wake)

    async def ClosePetition(self, request: pb.ClosePetitionRequest, context: Context) -> pb.ClosePetitionResponse:
        person = current_person()
        petition_id = UUID(request.petition_id)

        async def act(conn: Connection) -> pb.ClosePetitionResponse:
            check_covered(await must_get(conn, petition_id), covered_authorities())
            if not await counting.close(conn, petition_id, self._rulebook.zone, read_pseudonym(person.author)):
                raise NotOpen()
            return pb.ClosePetitionResponse(petition=self._case(await must_get(conn, petition_id)))

        return await once(self._pool, person, request, pb.ClosePetitionResponse, act, self._wake)

    async def GetPetition(self, request: pb.GetPetitionRequest, context: Context) -> pb.GetPetitionResponse:
        async with reading(self._pool) as conn:
            found = await self._find(conn, request)
            if found is None:
                raise PetitionNotFound()
            members = await self._writing.authors.public_members(conn, found)
        deadlines = deadlines_of(found, self._rulebook.zone)
        to_author = current_caller().service == "notifications"  # which writes to the author alone what is hidden
        message = convert.petition_message(found, deadlines, for_author=to_author, members=members)
        return pb.GetPetitionResponse(petition=rules.speak(message, self._rulebook.workflows().get(found.workflow)))

    async def GetCase(self, request: pb.GetCaseRequest, context: Context) -> pb.GetCaseResponse:
        async with reading(self._pool) as conn:
            found = await must_get(conn, UUID(request.petition_id))
            if found.state == State.DRAFT:  # its author's alone
                raise PetitionNotFound()
            check_covered(found, covered_authorities())
            members = await self._writing.authors.members(conn, found)
        return pb.GetCaseResponse(petition=self._case(found, members))

    def _case(self, petition: Petition, members: Sequence[Member] = ()) -> pb.Petition:
        """The petition as the officers of its authority see it. Answers that are remembered leave the members out."""
        deadlines = deadlines_of(petition, self._rulebook.zone)
        return convert.petition_message(petition, deadlines, for_officers=True, members=members)

    async def _handing(self, draft: Draft, signer: Signer | None = None) -> Handing:
        authority = await self._authorities.get(draft.authority_id)
        return Handing(authority, await self._authorities.paths() if draft.is_submitted else {}, signer)

    def _without_people(self, request: Written) -> Written:
        """What is remembered of a request: no token, which is another each time, and keyed hashes for names."""
        kept = type(request)()
        kept.CopyFrom(request)
        if isinstance(kept, pb.UpdatePetitionRequest):
            kept.ClearField("scope_token")
        for member in kept.committee.members:
            member.name = self._writing.authors.request_key(member.name)
        return kept

    async def _find(self, conn: Any, request: pb.GetPetitionRequest) -> Petition | None:
        if request.number:
            return await rows.get_by_number(conn, request.number)
        if request.petition_id:
            return await rows.get(conn, UUID(request.petition_id))
        raise InvalidFields(invalid("number", "REQUIRED"))

    async def ListPetitions(self, request: pb.ListPetitionsRequest, context: Context) -> pb.ListPetitionsResponse:
        query = self._writing.words.query(request.query, request.language)
        if request.query.strip() and not query:
            return pb.ListPetitionsResponse()  # nothing but signs: nothing matches
        which = Filter(
            query=query,
            states=_states([request.state, *request.more_states]),
            authorities=_authorities(request),
            archived=ARCHIVED.get(request.origin),
            outcome=Outcome.ANSWERED if request.has_answer else None,
        )
        order = ORDERS.get(request.order, Order.MATCH if query else Order.RECENT)
        page = await self._lists.page(which, order, request.page_token, request.skip, request.page_size)
        return pb.ListPetitionsResponse(
            petitions=map(convert.petition_message, page.petitions),
            next_page_token=page.next_token,
            total_size=page.total.number,
            total_is_at_least=not page.total.is_exact,
        )

    async def ListMyPetitions(self, request: pb.ListMyPetitionsRequest, context: Context) -> pb.ListMyPetitionsResponse:
        author = read_pseudonym(current_person().author)
        async with transaction(self._pool) as conn:
            found = await drafts_store.list_of_author(conn, author)
            members = [await self._writing.authors.members(conn, each) for each in found]
        return pb.ListMyPetitionsResponse(
            petitions=(
                convert.petition_message(each, for_author=True, members=its)
                for each, its in zip(found, members, strict=True)
            )
        )

    async def ListSubmittedPetitions(
        self, request: pb.ListSubmittedPetitionsRequest, context: Context
    ) -> pb.ListSubmittedPetitionsResponse:
        authorities = [UUID(each) for each in covered_authorities()]
        size = pages.page_size(request.page_size, SUBMITTED_PAGE, listing.MOST)
        after = pages.read_page_token(request.page_token, (listing.instant, UUID))
        async with transaction(self._pool) as conn:
            found = await drafts_store.list_submitted(
                conn, authorities, (after[0], after[1]) if after else None, size + 1
            )
            total = await drafts_store.count_submitted(conn, authorities)
        last = found[size - 1] if len(found) > size else None
        return pb.ListSubmittedPetitionsResponse(
            petitions=(convert.petition_message(petition, for_officers=True) for petition, _ in found[:size]),
            next_page_token=pages.page_token(last[1].isoformat(), last[0].id) if last else "",
            total_size=total,
        )

    async def BatchImportPetitions(
        self, request: pb.BatchImportPetitionsRequest, context: Context
    ) -> pb.BatchImportPetitionsResponse:
        if current_caller().person is not None:  # the archive is everybody's
            require_operator(await self._authorities.ids())
        async with transaction(self._pool) as conn:
            results = await importing.take_over(conn, self._writing.words, request.items)
        return pb.BatchImportPetitionsResponse(results=results)

    async def PutWorkflowSettings(
        self, request: pb.PutWorkflowSettingsRequest, context: Context
    ) -> pb.PutWorkflowSettingsResponse:
        authority_id = UUID(request.authority_id)
        authority = await self._authorities.get(authority_id)
        async with transaction(self._pool) as conn:
            terms = await self._rulebook.put_settings(conn, authority, request.workflow, dict(request.settings))
        return pb.PutWorkflowSettingsResponse(terms=rules.terms_message(terms, for_officers=True))

    async def ListWorkflows(self, request: pb.ListWorkflowsRequest, context: Context) -> pb.ListWorkflowsResponse:
        found = self._rulebook.workflows()
        if request.in_use:
            async with reading(self._pool) as conn:
                found = await self._rulebook.workflows_in_use(conn)
        return pb.ListWorkflowsResponse(workflows=map(rules.workflow_message, found.values()))

    async def GetRules(self, request: pb.GetRulesRequest, context: Context) -> pb.GetRulesResponse:
        authority = await self._authorities.get(UUID(request.authority_id))
        async with reading(self._pool) as conn:
            found = await self._rulebook.rules(conn, authority, request.workflow)
        return pb.GetRulesResponse(
            workflow=rules.workflow_message(found.workflow),
            terms=rules.terms_message(found.terms) if found.terms else None,
            missing=found.missing,
        )

    async def SimulatePetition(
        self, request: pb.SimulatePetitionRequest, context: Context
    ) -> pb.SimulatePetitionResponse:
        wish = simulations.read(request, self._rulebook.today())
        workflow = self._rulebook.workflow(request.workflow, wish.situation.ruled_on)
        if request.authority_id:
            authority = await self._authorities.get(UUID(request.authority_id))
            async with reading(self._pool) as conn:
                wish = simulations.at(wish, authority, await self._rulebook.settings(conn, authority.id, workflow))
        simulation = self._rulebook.simulate(workflow, wish)
        return simulations.message(workflow, simulation)


def _authorities(request: pb.ListPetitionsRequest) -> tuple[UUID, ...]:
    return tuple(map(UUID, (request.authority_id, *request.more_authority_ids))) if request.authority_id else ()


def _draft(request: pb.CreatePetitionRequest | pb.UpdatePetitionRequest, language: str) -> Draft:
    return Draft(
        title=clean_line(request.title), background=clean_text(request.background),
        details=clean_text(request.details), language=language, authority_id=UUID(request.authority_id),
        author_name=clean_line(request.author_name), is_submitted=request.submit,
        authorship=read_authorship(request),
    )  # fmt: skip


def _states(states: Sequence[int]) -> tuple[str, ...]:
    """The stored states that a filter means; none means any public one."""
    if states[0] == pb.PETITION_STATE_UNSPECIFIED:
        return ()
    return tuple(stored.value for stored, message in convert.STATES.items() if message in states) or ("none",)
