"""Loads the demo through the same calls that the portal makes, as its people would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import grpc
from viche.identity.v1 import identity_pb2 as identity
from viche.petitions.v1 import petitions_pb2 as petitions

from viche_chassis.objects import ObjectStore
from viche_cli.commands.shared import calling
from viche_cli.demo.accounts import load_accounts
from viche_cli.demo.calls import Stubs, batches, call, request_id, stubs_of
from viche_cli.demo.events import load_events
from viche_cli.demo.life import OFFICER, OPERATOR, Scene, play, prolong_the_registration
from viche_cli.demo.people import NAMED, DemoPerson, everyone
from viche_cli.demo.petitions import DemoPetition, Stage
from viche_cli.demo.posts import load_posts
from viche_cli.demo.region import COUNCILS, PLACES
from viche_cli.demo.stories import PETITIONS, author_of
from viche_cli.demo.surveys import load_surveys, register_partner
from viche_cli.faults import Fault
from viche_cli.instance import Instance

# of a signature that an earlier, interrupted loading has made
ALREADY_THERE = (grpc.StatusCode.ALREADY_EXISTS.value[0], grpc.StatusCode.ABORTED.value[0])

NAMES_SIGNERS = "petition-ua-president"
"""Its rules publish the names of signers."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the demo consists of."""

    people: int
    petitions: int
    signatures: int
    surveys: int


def load(instance: Instance, objects: ObjectStore, zone: ZoneInfo) -> Loaded:
    """Makes region, people, petitions, signatures and what officers did; doing it again adds what is missing.

    identity must allow direct sessions. Raises Fault when a service refuses.
    """
    with calling("The demo could not be loaded; start again, or with --no-demo"), ExitStack() as stack:
        return _load(stubs_of(instance, stack), objects, zone, str(instance.details.get("mail_url", "")))


def _load(stubs: Stubs, objects: ObjectStore, zone: ZoneInfo, partner: str) -> Loaded:
    people = everyone()
    authorities = _put_region(stubs)
    _ensure_people(stubs, people)
    _set_figures(stubs, authorities)
    tokens = _sign_in(stubs, people)
    signatures = 0
    made: dict[str, petitions.Petition] = {}
    for number, demo in enumerate(PETITIONS):
        author = people[len(NAMED) + number]
        made[demo.key] = petition = _create(stubs, demo, authorities[demo.authority], author, tokens)
        if demo.stage in (Stage.OPEN, Stage.CLOSED):
            token = tokens[_officer_of(demo)]
            if demo.workflow == "petition-eci":
                prolong_the_registration(stubs, petition, token)
            _open(stubs, demo, petition, token)
            able = _able(demo, people, number)
            signers, others = able[: demo.signatures], able[demo.signatures :][: demo.against]
            signatures += _sign(stubs, demo, petition, signers, tokens)
            _sign(stubs, demo, petition, others, tokens, is_against=True)
        if demo.stage is Stage.CLOSED:
            request = petitions.ClosePetitionRequest(request_id=request_id(demo.key, "close"), petition_id=petition.id)
            call(stubs.petitions.ClosePetition, request, tokens[OFFICER])
    play(Scene(stubs, objects, tokens, authorities, made, people, zone))
    load_accounts(stubs, datetime.now(zone).date())
    surveys = load_surveys(stubs, authorities, people, tokens)
    posts: dict[str, str] = {}
    if partner:
        register_partner(stubs, authorities["verbiv"], partner, tokens)
        posts = load_posts(stubs, authorities, partner, tokens)
    load_events(stubs, authorities, posts, zone)
    return Loaded(len(people), len(PETITIONS), signatures, len(surveys))


def _put_region(stubs: Stubs) -> dict[str, str]:
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
    stored = call(stubs.authorities.PutRegion, request).authorities
    return {authority.slug: authority.id for authority in stored}


def _ensure_people(stubs: Stubs, people: list[DemoPerson]) -> None:
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
    for batch in batches(messages):
        call(stubs.people.BatchEnsurePeople, identity.BatchEnsurePeopleRequest(people=batch))
    for person in people:
        if person.role:
            request = identity.CreateGrantRequest(
                request_id=request_id(person.email, person.role),
                email=person.email,
                role=person.role,
                authority_slug=person.authority,
            )
            call(stubs.authorities.CreateGrant, request)


def _set_figures(stubs: Stubs, authorities: Mapping[str, str]) -> None:
    for council in COUNCILS:
        request = petitions.PutWorkflowSettingsRequest(
            authority_id=authorities[council.slug], workflow=council.workflow, settings=dict(council.settings)
        )
        call(stubs.settings.PutWorkflowSettings, request)


def _sign_in(stubs: Stubs, people: list[DemoPerson]) -> dict[str, str]:
    """Access tokens by address."""
    tokens: dict[str, str] = {}
    for batch in batches(people):
        emails = [person.email for person in batch]
        opened = call(stubs.people.BatchCreateSessions, identity.BatchCreateSessionsRequest(emails=emails))
        for email, session_token in zip(emails, opened.session_tokens, strict=True):
            request = identity.GetSessionRequest(session_token=session_token)
            tokens[email] = call(stubs.sessions.GetSession, request).access_token
            call(stubs.sessions.EndSession, identity.EndSessionRequest(session_token=session_token))
    return tokens


def _create(
    stubs: Stubs, demo: DemoPetition, authority_id: str, author: DemoPerson, tokens: Mapping[str, str]
) -> petitions.Petition:
    request = petitions.CreatePetitionRequest(
        request_id=request_id(demo.key, "create"),
        title=demo.title,
        background=demo.background,
        details=demo.details,
        language=demo.language,
        authority_id=authority_id,
        workflow=demo.workflow,
        author_name=author.name,
        submit=demo.stage is not Stage.DRAFT,
        **author_of(demo.key),
    )
    return call(stubs.petitions.CreatePetition, request, tokens[author.email]).petition


def _officer_of(demo: DemoPetition) -> str:
    """Whoever has a role on the authority: the officer of the region, else the operator of the instance."""
    is_inside = demo.authority in {"dibrova"} | {council.slug for council in COUNCILS if council.parent == "dibrova"}
    return OFFICER if is_inside else OPERATOR


def _open(stubs: Stubs, demo: DemoPetition, petition: petitions.Petition, officer_token: str) -> None:
    request = petitions.OpenPetitionRequest(request_id=request_id(demo.key, "open"), petition_id=petition.id)
    call(stubs.petitions.OpenPetition, request, officer_token)


def _able(demo: DemoPetition, people: list[DemoPerson], number: int) -> list[DemoPerson]:
    """Residents of the authority's territory, for the region everybody; the named people stay free to sign by hand."""
    territory = next(council.territory for council in COUNCILS if council.slug == demo.authority)
    top = {place.code for place in PLACES if not place.parent}
    able = [one for one in people[len(NAMED) :] if territory in top or one.residence == territory]
    start = number * 7 % len(able)
    return able[start:] + able[:start]


def _sign(
    stubs: Stubs,
    demo: DemoPetition,
    petition: petitions.Petition,
    signers: list[DemoPerson],
    tokens: Mapping[str, str],
    *,
    is_against: bool = False,
) -> int:
    """How many signatures, or votes against, there are now of these signers."""
    with_name = demo.workflow == NAMES_SIGNERS
    for batch in batches(signers):
        wanted = _token_request(petition.id, batch, tokens, with_name=with_name)
        made = call(stubs.scope_tokens.BatchCreateScopeTokens, wanted).results
        items = [
            petitions.SignatureItem(
                request_id=request_id(demo.key, signer.email),
                petition_id=petition.id,
                scope_token=_good(result).scope_token,
                is_against=is_against,
            )
            for signer, result in zip(batch, made, strict=True)
        ]
        request = petitions.BatchCreateSignaturesRequest(items=items)
        for result in call(stubs.signatures.BatchCreateSignatures, request).results:
            _good(result)
    return len(signers)


def _token_request(
    petition_id: str, signers: Iterable[DemoPerson], tokens: Mapping[str, str], *, with_name: bool
) -> identity.BatchCreateScopeTokensRequest:
    scope = f"petition:{petition_id}"
    return identity.BatchCreateScopeTokensRequest(
        items=[
            identity.ScopeTokenItem(
                access_token=tokens[signer.email], audience="petitions", scope=scope, with_name=with_name
            )
            for signer in signers
        ]
    )


def _good(result: T) -> T:
    """The result, if its own status is good or says that it was there already. Raises Fault."""
    status = result.status  # pyright: ignore[reportAttributeAccessIssue]
    if status.code and status.code not in ALREADY_THERE:
        raise Fault(f"The demo could not be loaded: {status.message}.")
    return result


def _localized(texts: Mapping[str, str]) -> identity.LocalizedText:
    return identity.LocalizedText(texts=dict(texts))
