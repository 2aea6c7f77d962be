"""The bench's own region: people with sessions and petitions that they can sign."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc

from viche_chassis.clients import person_metadata
from viche_cli.bench.results import say
from viche_cli.commands.shared import calling
from viche_cli.faults import Fault
from viche_cli.instance import Instance

# more than identity remembers tokens of, fewer than can be asked for within the minute for which the gateway knows them
PEOPLE = 5_000
PETITIONS = 60
BATCH = 1000
CALL_WITHIN_S = 60.0
COUNTED_WITHIN_S = 60.0
TERRITORY = "UA99000000000000000"  # no region of the codifier has this number
SLUG = "bench"
WORKFLOW = "petition-local"
# no threshold is reached: mails to all signers are another load
FIGURES = {"threshold": "1000000", "open_days": "90"}
TITLE = "Plant lime trees along the road to the station, number {}"
TEXT = (
    "In summer nobody walks to the station, because there is no shade on the whole way. Lime trees would give shade "
    "in ten years, and bees would like them.\n\nWe ask the council to plant them, and to water them for three years."
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OpenPetition:
    """A petition that can be signed."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Region:
    """What the instance was filled with."""

    session_tokens: Sequence[str]
    petitions: Sequence[OpenPetition]


@dataclass(frozen=True, slots=True)
class Recount:
    """Signatures counted one by one, and as published."""

    counted: int
    published: int


@dataclass(frozen=True, slots=True)
class _Stubs:
    authorities: Any
    people: Any
    sessions: Any
    settings: Any
    petitions: Any


def load(instance: Instance, people: int = PEOPLE, number: int = PETITIONS) -> Region:
    """Makes people and opens petitions through the calls of the portal. Raises Fault when a service refuses."""
    with calling("The bench's region could not be made"), ExitStack() as stack:
        stubs = _stubs(instance, stack)
        authority_id = _put_region(stubs)
        emails = [f"citizen{index:05}@example.org" for index in range(people)]
        _ensure_people(stubs, emails)
        _make_officer(stubs, emails[0])
        tokens = [token for batch in _batches(emails) for token in _open_sessions(stubs, batch)]
        say(f"{people:,} people are signed in")
        access_tokens = [_access_token(stubs, token) for token in tokens[: number + 1]]
        opened = [_open_petition(stubs, authority_id, index + 1, access_tokens) for index in range(number)]
        say(f"{number} petitions are open")
        return Region(tokens, opened)


def recount(instance: Instance, expected: int) -> Recount:
    """The numbers once both are as expected, or as they are when that takes too long. Raises Fault."""
    deadline_s = time.monotonic() + COUNTED_WITHIN_S
    with calling("The signatures could not be counted"), instance.channel("petitions") as channel:
        stub = petitions_rpc.CountsServiceStub(channel)
        while True:
            answer = _call(stub.Recount, petitions.RecountRequest())
            if answer.counted == answer.published == expected or time.monotonic() > deadline_s:
                return Recount(answer.counted, answer.published)
            time.sleep(0.5)


def _stubs(instance: Instance, stack: ExitStack) -> _Stubs:
    ours = {name: stack.enter_context(instance.channel(name)) for name in ("identity", "petitions")}
    portal = {name: stack.enter_context(instance.channel_as("gateway", name)) for name in ("identity", "petitions")}
    return _Stubs(
        authorities=identity_rpc.AuthoritiesServiceStub(ours["identity"]),
        people=identity_rpc.PeopleServiceStub(ours["identity"]),
        sessions=identity_rpc.SessionsServiceStub(portal["identity"]),
        settings=petitions_rpc.PetitionsServiceStub(ours["petitions"]),
        petitions=petitions_rpc.PetitionsServiceStub(portal["petitions"]),
    )


def _put_region(stubs: _Stubs) -> str:
    name = identity.LocalizedText(texts={"en": "Bench"})
    request = identity.PutRegionRequest(
        territories=[identity.Territory(code=TERRITORY, name=name)],
        authorities=[identity.Authority(slug=SLUG, territory_code=TERRITORY, name=name)],
    )
    authority_id = _call(stubs.authorities.PutRegion, request).authorities[0].id
    figures = petitions.PutWorkflowSettingsRequest(authority_id=authority_id, workflow=WORKFLOW, settings=FIGURES)
    _call(stubs.settings.PutWorkflowSettings, figures)
    return authority_id


def _ensure_people(stubs: _Stubs, emails: list[str]) -> None:
    for batch in _batches(emails):
        people = [
            identity.Person(
                email=email,
                name="Citizen",
                residence_code=TERRITORY,
                language="en",
                assurance=identity.ASSURANCE_SUBSTANTIAL,
            )
            for email in batch
        ]
        _call(stubs.people.BatchEnsurePeople, identity.BatchEnsurePeopleRequest(people=people))


def _make_officer(stubs: _Stubs, email: str) -> None:
    request = identity.CreateGrantRequest(
        request_id=str(uuid.uuid4()), email=email, role="officer", authority_slug=SLUG
    )
    _call(stubs.authorities.CreateGrant, request)


def _open_sessions(stubs: _Stubs, emails: list[str]) -> Sequence[str]:
    tokens = _call(stubs.people.BatchCreateSessions, identity.BatchCreateSessionsRequest(emails=emails)).session_tokens
    if len(tokens) != len(emails):
        raise Fault(f"identity opened {len(tokens)} sessions for {len(emails)} people.")
    return tokens


def _access_token(stubs: _Stubs, session_token: str) -> str:
    return _call(stubs.sessions.GetSession, identity.GetSessionRequest(session_token=session_token)).access_token


def _open_petition(stubs: _Stubs, authority_id: str, index: int, access_tokens: list[str]) -> OpenPetition:
    """An author each, because one person may not start many."""
    draft = petitions.CreatePetitionRequest(
        request_id=str(uuid.uuid4()),
        title=TITLE.format(index),
        background=TEXT,
        language="en",
        authority_id=authority_id,
        workflow=WORKFLOW,
        author_name="Citizen",
        submit=True,
    )
    petition = _call(stubs.petitions.CreatePetition, draft, person_metadata(access_tokens[index])).petition
    request = petitions.OpenPetitionRequest(request_id=str(uuid.uuid4()), petition_id=petition.id)
    opened = _call(stubs.petitions.OpenPetition, request, person_metadata(access_tokens[0])).petition
    return OpenPetition(opened.id, opened.number)


def _call(method: Callable[..., T], request: Any, metadata: tuple[tuple[str, str], ...] = ()) -> T:
    return method(request, metadata=metadata, timeout=CALL_WITHIN_S, wait_for_ready=True)


def _batches(items: list[T]) -> Iterator[list[T]]:
    for start in itertools.count(0, BATCH):
        if start >= len(items):
            return
        yield items[start : start + BATCH]
