"""Loads the demo through the same calls that the portal makes, as its people would."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc

from viche_chassis.clients import person_metadata
from viche_cli.commands.shared import calling
from viche_cli.demo.people import NAMED, DemoPerson, everyone
from viche_cli.demo.petitions import PETITIONS, DemoPetition, Stage
from viche_cli.demo.region import COUNCILS, PLACES, WORKFLOW
from viche_cli.faults import Fault
from viche_cli.instance import Instance

NAMESPACE = uuid.UUID("018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11")
BATCH = 500
CALL_WITHIN_S = 30.0
OFFICER = "officer@example.org"
# of a signature that an earlier, interrupted loading has made
ALREADY_THERE = (grpc.StatusCode.ALREADY_EXISTS.value[0], grpc.StatusCode.ABORTED.value[0])

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the demo consists of."""

    people: int
    petitions: int
    signatures: int


@dataclass(frozen=True, slots=True)
class _Stubs:
    """Who is asked; ours call as "cli", the portal's as "gateway"."""

    authorities: Any
    people: Any
    sessions: Any
    scope_tokens: Any
    settings: Any
    petitions: Any
    signatures: Any


def load(instance: Instance) -> Loaded:
    """Makes region, people, petitions and signatures; doing it again adds what is missing.

    identity must allow direct sessions. Raises Fault when a service refuses.
    """
    with calling("The demo could not be loaded; start again, or with --no-demo"), ExitStack() as stack:
        return _load(_stubs(instance, stack))


def _stubs(instance: Instance, stack: ExitStack) -> _Stubs:
    ours = {name: stack.enter_context(instance.channel(name)) for name in ("identity", "petitions")}
    portal = {name: stack.enter_context(instance.channel_as("gateway", name)) for name in ("identity", "petitions")}
    return _Stubs(
        authorities=identity_rpc.AuthoritiesServiceStub(ours["identity"]),
        people=identity_rpc.PeopleServiceStub(ours["identity"]),
        sessions=identity_rpc.SessionsServiceStub(portal["identity"]),
        scope_tokens=identity_rpc.ScopeTokensServiceStub(portal["identity"]),
        settings=petitions_rpc.PetitionsServiceStub(ours["petitions"]),
        petitions=petitions_rpc.PetitionsServiceStub(portal["petitions"]),
        signatures=petitions_rpc.SignaturesServiceStub(portal["petitions"]),
    )


def _load(stubs: _Stubs) -> Loaded:
    people = everyone()
    authorities = _put_region(stubs)
    _ensure_people(stubs, people)
    _set_figures(stubs, authorities)
    tokens = _sign_in(stubs, people)
    signatures = 0
    for number, demo in enumerate(PETITIONS):
        author = people[len(NAMED) + number]
        petition = _create(stubs, demo, authorities[demo.authority], author, tokens)
        if demo.stage in (Stage.OPEN, Stage.CLOSED):
            _open(stubs, demo, petition, tokens[OFFICER])
            signatures += _sign(stubs, demo, petition, _signers(demo, people, number), tokens)
        if demo.stage is Stage.CLOSED:
            request = petitions.ClosePetitionRequest(request_id=_id(demo.key, "close"), petition_id=petition.id)
            _call(stubs.petitions.ClosePetition, request, person_metadata(tokens[OFFICER]))
    return Loaded(len(people), len(PETITIONS), signatures)


def _put_region(stubs: _Stubs) -> dict[str, str]:
    """Ids of the authorities by slug."""
    request = identity.PutRegionRequest(
        territories=[
            identity.Territory(code=place.code, parent_code=place.parent, name=_localized(place.name))
            for place in PLACES
        ],
        authorities=[
            identity.Authority(
                slug=council.slug,
                parent_slug=council.parent,
                territory_code=council.territory,
                level=council.level,
                name=_localized(council.name),
            )
            for council in COUNCILS
        ],
    )
    stored = _call(stubs.authorities.PutRegion, request).authorities
    return {authority.slug: authority.id for authority in stored}


def _ensure_people(stubs: _Stubs, people: list[DemoPerson]) -> None:
    messages = [
        identity.Person(
            email=person.email,
            name=person.name,
            residence_code=person.residence,
            language=person.language,
            assurance=identity.ASSURANCE_EMAIL,
        )
        for person in people
    ]
    for batch in _batches(messages):
        _call(stubs.people.BatchEnsurePeople, identity.BatchEnsurePeopleRequest(people=batch))
    for person in people:
        if person.role:
            request = identity.CreateGrantRequest(
                request_id=_id(person.email, person.role),
                email=person.email,
                role=person.role,
                authority_slug=person.authority,
            )
            _call(stubs.authorities.CreateGrant, request)


def _set_figures(stubs: _Stubs, authorities: Mapping[str, str]) -> None:
    for council in COUNCILS:
        request = petitions.PutWorkflowSettingsRequest(
            authority_id=authorities[council.slug], workflow=WORKFLOW, settings=dict(council.settings)
        )
        _call(stubs.settings.PutWorkflowSettings, request)


def _sign_in(stubs: _Stubs, people: list[DemoPerson]) -> dict[str, str]:
    """Access tokens by address."""
    tokens: dict[str, str] = {}
    for batch in _batches(people):
        emails = [person.email for person in batch]
        opened = _call(stubs.people.BatchCreateSessions, identity.BatchCreateSessionsRequest(emails=emails))
        for email, session_token in zip(emails, opened.session_tokens, strict=True):
            request = identity.GetSessionRequest(session_token=session_token)
            tokens[email] = _call(stubs.sessions.GetSession, request).access_token
            _call(stubs.sessions.EndSession, identity.EndSessionRequest(session_token=session_token))
    return tokens


def _create(
    stubs: _Stubs, demo: DemoPetition, authority_id: str, author: DemoPerson, tokens: Mapping[str, str]
) -> petitions.Petition:
    request = petitions.CreatePetitionRequest(
        request_id=_id(demo.key, "create"),
        title=demo.title,
        background=demo.background,
        details=demo.details,
        language=demo.language,
        authority_id=authority_id,
        workflow=WORKFLOW,
        author_name=author.name,
        submit=demo.stage is not Stage.DRAFT,
    )
    return _call(stubs.petitions.CreatePetition, request, person_metadata(tokens[author.email])).petition


def _open(stubs: _Stubs, demo: DemoPetition, petition: petitions.Petition, officer_token: str) -> None:
    request = petitions.OpenPetitionRequest(request_id=_id(demo.key, "open"), petition_id=petition.id)
    _call(stubs.petitions.OpenPetition, request, person_metadata(officer_token))


def _signers(demo: DemoPetition, people: list[DemoPerson], number: int) -> list[DemoPerson]:
    """Residents of the authority's territory, for the region everybody; the named people stay free to sign by hand."""
    territory = next(council.territory for council in COUNCILS if council.slug == demo.authority)
    top = {place.code for place in PLACES if not place.parent}
    able = [one for one in people[len(NAMED) :] if territory in top or one.residence == territory]
    start = number * 7 % len(able)
    return (able[start:] + able[:start])[: demo.signatures]


def _sign(
    stubs: _Stubs,
    demo: DemoPetition,
    petition: petitions.Petition,
    signers: list[DemoPerson],
    tokens: Mapping[str, str],
) -> int:
    """How many signatures there are now of these signers."""
    for batch in _batches(signers):
        made = _call(stubs.scope_tokens.BatchCreateScopeTokens, _token_request(petition.id, batch, tokens)).results
        items = [
            petitions.SignatureItem(
                request_id=_id(demo.key, signer.email), petition_id=petition.id, scope_token=_good(result).scope_token
            )
            for signer, result in zip(batch, made, strict=True)
        ]
        request = petitions.BatchCreateSignaturesRequest(items=items)
        for result in _call(stubs.signatures.BatchCreateSignatures, request).results:
            _good(result)
    return len(signers)


def _token_request(
    petition_id: str, signers: Iterable[DemoPerson], tokens: Mapping[str, str]
) -> identity.BatchCreateScopeTokensRequest:
    scope = f"petition:{petition_id}"
    return identity.BatchCreateScopeTokensRequest(
        items=[
            identity.ScopeTokenItem(access_token=tokens[signer.email], audience="petitions", scope=scope)
            for signer in signers
        ]
    )


def _good(result: T) -> T:
    """The result, if its own status is good or says that it was there already. Raises Fault."""
    status = result.status  # pyright: ignore[reportAttributeAccessIssue]
    if status.code and status.code not in ALREADY_THERE:
        raise Fault(f"The demo could not be loaded: {status.message}.")
    return result


def _call(method: Callable[..., T], request: Any, metadata: tuple[tuple[str, str], ...] = ()) -> T:
    return method(request, metadata=metadata, timeout=CALL_WITHIN_S, wait_for_ready=True)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def _localized(texts: Mapping[str, str]) -> identity.LocalizedText:
    return identity.LocalizedText(texts=dict(texts))


def _id(*parts: str) -> str:
    """A request id that a second loading makes again."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))
