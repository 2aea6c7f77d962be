"""People with sessions and open petitions, made through the calls that portal and command line make."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc

from viche_chassis.clients import person_metadata
from viche_cli.instance import Instance

TERRITORY = "UA99000000000000000"  # no region of the codifier has this number
SLUG = "dam"
WORKFLOW = "petition-local"
OFFICER = "officer@example.org"
OUT_OF_REACH = 1_000_000
CALL_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    email: str
    session_token: str


@dataclass(frozen=True, slots=True)
class OpenPetition:
    """A petition that collects; `threshold` is the number at which its signers are told."""

    id: str
    number: int
    threshold: int


@dataclass(frozen=True, slots=True)
class _Stubs:
    authorities: Any
    people: Any
    sessions: Any
    settings: Any
    petitions: Any
    counts: Any
    recount: Any


class Region:
    """One authority of one instance."""

    def __init__(self, stubs: _Stubs, authority_id: str, officer_session: str) -> None:
        self._stubs = stubs
        self.authority_id = authority_id
        self._officer_session = officer_session

    def people(self, prefix: str, number: int) -> list[Person]:
        """So many new people, signed in."""
        emails = [f"{prefix}{index:04}@example.org" for index in range(number)]
        found: list[Person] = []
        for start in range(0, number, 500):
            found += _sign_in(self._stubs, emails[start : start + 500])
        return found

    def open_petition(self, title: str, author: Person, threshold: int = OUT_OF_REACH) -> OpenPetition:
        """A petition that collects from now on; its author may start few."""
        figures = {"threshold": str(threshold), "open_days": "30", "residents_only": "false"}
        settings = petitions.PutWorkflowSettingsRequest(
            authority_id=self.authority_id, workflow=WORKFLOW, settings=figures
        )
        _call(self._stubs.settings.PutWorkflowSettings, settings)
        draft = petitions.CreatePetitionRequest(
            request_id=str(uuid.uuid4()),
            title=title,
            background="The dam above the village is old, and nobody has looked at it for ten years.",
            language="en",
            authority_id=self.authority_id,
            workflow=WORKFLOW,
            author_name="Citizen",
            submit=True,
        )
        made = _call(self._stubs.petitions.CreatePetition, draft, self._as(author.session_token)).petition
        request = petitions.OpenPetitionRequest(request_id=str(uuid.uuid4()), petition_id=made.id)
        opened = _call(self._stubs.petitions.OpenPetition, request, self.as_officer()).petition
        return OpenPetition(opened.id, opened.number, threshold)

    def counts(self, petition: OpenPetition) -> dict[str, int]:
        """Every count that the services give, by the call that gives it."""
        recount = _call(self._stubs.recount.Recount, petitions.RecountRequest(petition_id=petition.id))
        tally = _call(self._stubs.counts.GetTally, petitions.GetTallyRequest(petition_id=petition.id))
        history = _call(self._stubs.counts.GetCountHistory, petitions.GetCountHistoryRequest(petition_id=petition.id))
        found = _call(self._stubs.petitions.GetPetition, petitions.GetPetitionRequest(number=petition.number))
        return {
            "Recount.counted": recount.counted,
            "Recount.published": recount.published,
            "GetTally": tally.signature_count,
            "GetTally.territories": sum(each.signature_count for each in tally.territories),
            "GetCountHistory": history.points[-1].signature_count if history.points else 0,
            "GetPetition": found.petition.signature_count,
        }

    def as_officer(self) -> tuple[tuple[str, str], ...]:
        """Metadata of calls as the officer."""
        return self._as(self._officer_session)

    def _as(self, session_token: str) -> tuple[tuple[str, str], ...]:
        answer = _call(self._stubs.sessions.GetSession, identity.GetSessionRequest(session_token=session_token))
        return person_metadata(answer.access_token)


@contextmanager
def region(instance: Instance) -> Iterator[Region]:
    """Makes the authority and its officer; the channels stay open for the block."""
    with ExitStack() as stack:
        stubs = _stubs(instance, stack)
        name = identity.LocalizedText(texts={"en": "Dam"})
        request = identity.PutRegionRequest(
            territories=[identity.Territory(code=TERRITORY, name=name)],
            authorities=[identity.Authority(slug=SLUG, territory_code=TERRITORY, name=name)],
        )
        authority_id = _call(stubs.authorities.PutRegion, request).authorities[0].id
        officer = _sign_in(stubs, [OFFICER])[0]
        grant = identity.CreateGrantRequest(
            request_id=str(uuid.uuid4()), email=OFFICER, role="officer", authority_slug=SLUG
        )
        _call(stubs.authorities.CreateGrant, grant)
        yield Region(stubs, authority_id, officer.session_token)


def _sign_in(stubs: _Stubs, emails: Sequence[str]) -> list[Person]:
    known = {"name": "Citizen", "residence_code": TERRITORY, "language": "en", "assurance": identity.ASSURANCE_EMAIL}
    messages = [identity.Person(email=email, **known) for email in emails]  # pyright: ignore[reportArgumentType]
    _call(stubs.people.BatchEnsurePeople, identity.BatchEnsurePeopleRequest(people=messages))
    opened = _call(stubs.people.BatchCreateSessions, identity.BatchCreateSessionsRequest(emails=emails))
    return [Person(email, token) for email, token in zip(emails, opened.session_tokens, strict=True)]


def _stubs(instance: Instance, stack: ExitStack) -> _Stubs:
    ours = {name: stack.enter_context(instance.channel(name)) for name in ("identity", "petitions")}
    portal = {name: stack.enter_context(instance.channel_as("gateway", name)) for name in ("identity", "petitions")}
    return _Stubs(
        authorities=identity_rpc.AuthoritiesServiceStub(ours["identity"]),
        people=identity_rpc.PeopleServiceStub(ours["identity"]),
        sessions=identity_rpc.SessionsServiceStub(portal["identity"]),
        settings=petitions_rpc.PetitionsServiceStub(ours["petitions"]),
        petitions=petitions_rpc.PetitionsServiceStub(portal["petitions"]),
        counts=petitions_rpc.CountsServiceStub(portal["petitions"]),
        recount=petitions_rpc.CountsServiceStub(ours["petitions"]),
    )


def _call(method: Any, request: Any, metadata: tuple[tuple[str, str], ...] = ()) -> Any:
    return method(request, metadata=metadata, timeout=CALL_WITHIN_S, wait_for_ready=True)
