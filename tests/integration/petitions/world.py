"""The petitions service over a real database, with an identity that knows three authorities and makes its tokens."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import psycopg
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.petitions.v1 import events_pb2, petitions_pb2_grpc
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.access import Caller, Grant, PersonClaims
from viche_chassis.bus import OutboxRelay
from viche_chassis.db import Pool, migrate, open_pool, transaction
from viche_chassis.testing import FakeChannel, make_key_pair
from viche_chassis.tokens import Signer, Verifier
from viche_chassis.words import load_words
from viche_petitions.composition import Petitions, Ways, compose
from viche_petitions.config import Settings
from viche_petitions.counting import Watcher

CITY = uuid.UUID("018f0000-0000-7000-8000-000000000001")
VILLAGE = uuid.UUID("018f0000-0000-7000-8000-000000000002")
HAMLET = uuid.UUID("018f0000-0000-7000-8000-000000000003")
"""Below the village."""
FIGURES = {"threshold": "3", "open_days": "30", "residents_only": "false"}
RESIDENCE = ("UA", "UA05")


def _committee(*codes: str) -> pb.InitiativeCommittee:
    members = [pb.CommitteeMember(name=f"Member of {code}", territory_code=code) for code in codes]
    return pb.InitiativeCommittee(members=members, founded_on="2026-03-01", founding_place="Brussels")


COMMITTEES = {
    "initiative": _committee("A", "B", "A"),
    "petition-eci": _committee("AT", "BE", "BG", "DE", "FR", "IE", "PL"),
}
"""Committees of workflows that ask for one."""


class Identity(
    identity_pb2_grpc.AuthoritiesServiceServicer, identity_pb2_grpc.PeopleServiceServicer
):  # fmt: skip
    """Three authorities; people behind addresses under pseudonyms made from the address.

    ``meanwhile`` happens once, while it makes the next person behind an address.
    """

    def __init__(self) -> None:
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def ListAuthorities(self, request: Any, context: Any) -> identity_pb2.ListAuthoritiesResponse:
        return identity_pb2.ListAuthoritiesResponse(
            authorities=[
                identity_pb2.Authority(
                    id=str(CITY), slug="city", territory_code="UA05", level="municipality", population=30_000
                ),
                identity_pb2.Authority(id=str(VILLAGE), slug="village", territory_code="UA07"),
                identity_pb2.Authority(id=str(HAMLET), slug="hamlet", parent_slug="village", territory_code="UA07"),
            ]
        )

    async def ListTerritories(self, request: Any, context: Any) -> identity_pb2.ListTerritoriesResponse:
        parents = {"UA": "", "UA05": "UA", "UA07": "UA", "DE": "", "DE1": "DE"}
        return identity_pb2.ListTerritoriesResponse(
            territories=[identity_pb2.Territory(code=code, parent_code=above) for code, above in parents.items()]
        )

    async def EnsureEmailPerson(
        self, request: identity_pb2.EnsureEmailPersonRequest, context: Any
    ) -> identity_pb2.EnsureEmailPersonResponse:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        name = f"{request.email}#{request.mailbox_member}"
        path = ["UA", request.residence_code] if request.residence_code else []
        return identity_pb2.EnsureEmailPersonResponse(
            pseudonym=pseudonym(request.scope, name), residence_path=path,
            names_pseudonym=pseudonym("names", request.email),
        )  # fmt: skip


def pseudonym(scope: str, person: str) -> bytes:
    """32 bytes for a person in a scope."""
    return hashlib.sha256(f"{scope}/{person}".encode()).digest()


def request_id() -> str:
    return str(uuid.uuid4())


def person(name: str, *, officer_of: uuid.UUID | None = None) -> Caller:
    """A signed-in person who calls through the gateway."""
    author = base64.urlsafe_b64encode(pseudonym("authors", name)).decode().rstrip("=")
    grants = (Grant("officer", str(officer_of), frozenset({str(officer_of)})),) if officer_of else ()
    return Caller("gateway", PersonClaims(name, "session", "email", RESIDENCE, author, grants))


@dataclass
class World:
    """The service, ready to be called as anybody."""

    pool: Pool
    petitions: Petitions
    signer: Signer
    settings: Settings
    ways: Ways
    identity: Identity
    stubs: dict[tuple[type, Caller], Any] = field(default_factory=dict)

    async def restart(self, **settings: Any) -> None:
        """The same service with other settings."""
        self.settings = replace(self.settings, **settings)
        self.petitions = compose(self.settings, self.ways, await load_words())
        self.stubs.clear()

    def _stub(self, kind: type, caller: Caller) -> Any:
        key = (kind, caller)
        if key not in self.stubs:
            self.stubs[key] = kind(FakeChannel(*self.petitions.register, caller=caller))
        return self.stubs[key]

    def on(self, caller: Caller) -> Any:
        """PetitionsService as somebody calls it."""
        return self._stub(petitions_pb2_grpc.PetitionsServiceStub, caller)

    @property
    def signing(self) -> Any:
        return self._stub(petitions_pb2_grpc.SignaturesServiceStub, Caller("gateway"))

    def signers(self) -> Any:
        """SignaturesService as notifications calls it."""
        return self._stub(petitions_pb2_grpc.SignaturesServiceStub, Caller("notifications"))

    @property
    def counts(self) -> Any:
        return self._stub(petitions_pb2_grpc.CountsServiceStub, Caller("gateway"))

    async def configure(self, authority: uuid.UUID = CITY, **settings: str) -> pb.Terms:
        """Sets up local petitions."""
        return await self.set_up("petition-local", authority, **{**FIGURES, **settings})

    async def set_up(self, workflow: str, authority: uuid.UUID = CITY, **settings: str) -> pb.Terms:
        """Sets an authority's figures for a workflow."""
        request = pb.PutWorkflowSettingsRequest(authority_id=str(authority), workflow=workflow, settings=settings)
        return (await self.on(Caller("cli")).PutWorkflowSettings(request)).terms

    async def draft(self, author: str = "author", **fields: Any) -> pb.Petition:
        """A draft; handed in unless told otherwise."""
        values: dict[str, Any] = {
            "title": "Repair the bridge over the river", "background": "It has been closed since spring.",
            "language": "en", "authority_id": str(CITY), "submit": True,
        }  # fmt: skip
        if committee := COMMITTEES.get(fields.get("workflow", "")):
            values |= {"author_kind": pb.AUTHOR_KIND_COMMITTEE, "committee": committee}
        request = pb.CreatePetitionRequest(**{"request_id": request_id(), **values, **fields})
        made = (await self.on(person(author)).CreatePetition(request)).petition
        return await self.with_sponsors(made) if made.state == pb.PETITION_STATE_SPONSORING else made

    async def with_sponsors(self, petition: pb.Petition) -> pb.Petition:
        """A petition taken as if its sponsors had been found, and without their signatures."""
        await self.rows("UPDATE petitions SET state = 'submitted', sponsored_at = now() WHERE id = %s", petition.id)
        return await self.get(petition.id)

    async def open(self, author: str = "author", officer_of: uuid.UUID = CITY, **fields: Any) -> pb.Petition:
        """A petition that collects."""
        made = await self.draft(author, **fields)
        request = pb.OpenPetitionRequest(request_id=request_id(), petition_id=made.id)
        return (await self.on(person("officer", officer_of=officer_of)).OpenPetition(request)).petition

    async def close(self, petition_id: str, officer_of: uuid.UUID = CITY) -> pb.Petition:
        """Closed by an officer before its term."""
        request = pb.ClosePetitionRequest(request_id=request_id(), petition_id=petition_id)
        return (await self.on(person("officer", officer_of=officer_of)).ClosePetition(request)).petition

    async def look(self) -> None:
        """The watcher looks at everything that collects."""
        await Watcher(self.pool, self.ways.relay, ZoneInfo(self.settings.timezone)).look()

    async def get(self, petition_id: str) -> pb.Petition:
        return (await self.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(petition_id=petition_id))).petition

    def token(self, petition_id: str, who: str, **claims: Any) -> str:
        """A scope token as identity makes it."""
        scope = f"petition:{petition_id}"
        sub = base64.urlsafe_b64encode(pseudonym(scope, who)).decode().rstrip("=")
        values = {
            "iss": "identity", "aud": "petitions", "scope": scope, "sub": sub, "assurance": "email",
            "residence": list(RESIDENCE),
        }  # fmt: skip
        return self.signer.sign({**values, **claims})

    def item(self, petition_id: str, who: str, id: str = "", **claims: Any) -> pb.SignatureItem:
        """One signature to make."""
        token = self.token(petition_id, who, **claims)
        return pb.SignatureItem(request_id=id or request_id(), petition_id=petition_id, scope_token=token)

    async def sign(self, *items: pb.SignatureItem) -> list[pb.SignatureResult]:
        """Signs in one call."""
        response = await self.signing.BatchCreateSignatures(pb.BatchCreateSignaturesRequest(items=items))
        return list(response.results)

    async def sign_as(self, petition_id: str, *people: str) -> None:
        """Signatures of people, all accepted."""
        assert set(map(reason, await self.sign(*(self.item(petition_id, who) for who in people)))) <= {""}

    async def events(self, kind: type) -> list[Any]:
        """Events of a kind in the outbox, in order."""
        name = cast(Any, kind).DESCRIPTOR.full_name
        rows = await self.rows("SELECT payload FROM outbox WHERE type = %s ORDER BY created_at, id", name)
        return [cast(Any, kind).FromString(row[0]) for row in rows]

    async def rows(self, query: str, *values: object) -> list[Any]:
        """What a statement gives."""
        async with transaction(self.pool) as conn:
            cursor = await conn.execute(cast(Any, query), values)
            return await cursor.fetchall() if cursor.description else []

    async def begin(self, petition_id: str, email: str = "kateryna@example.org", **fields: Any) -> None:
        """Begins a signature by e-mail."""
        values = {
            "name": "Kateryna", "language": "uk", "network": "192.0.2.1", "human_checked": True,
            "residence_code": "UA05", "request_id": request_id(),
        }  # fmt: skip
        request = pb.CreateEmailSignatureRequest(petition_id=petition_id, email=email, **{**values, **fields})
        await self.signing.CreateEmailSignature(request)

    async def mails(self) -> list[pb.GetConfirmationMailResponse]:
        """Every confirmation mail that was asked for, as notifications would fetch it."""
        stub = self.signers()
        asked = await self.events(events_pb2.SignatureConfirmationRequested)
        return [
            await stub.GetConfirmationMail(pb.GetConfirmationMailRequest(signature_id=e.signature_id)) for e in asked
        ]

    async def confirm(self, token: str, shown: str = "") -> pb.ConfirmEmailSignatureResponse:
        return await self.signing.ConfirmEmailSignature(pb.ConfirmEmailSignatureRequest(token=token, shown=shown))


def reason(result: pb.SignatureResult | pb.ImportResult) -> str:
    """Why there is no signature; empty where there is one."""
    return result.status.message if result.status.code else ""


@asynccontextmanager
async def world(url: str, folder: Path, pooler_url: str = "", **settings: Any) -> AsyncIterator[World]:
    """The service over the database at ``url``, migrated; by way of a pooler when there is one."""
    migrate(url, "viche_petitions")
    signer = make_key_pair(folder, "identity-key")
    key = folder / "data.key"
    key.write_text("17" * 32)
    values = Settings(
        listen="", service_key=folder, service_keys=folder, database_url=url, nats_url="", data_key=key,
        identity_address="", public_url="https://petitions.example.org", **settings,
    )  # fmt: skip
    identity = Identity()
    channel = FakeChannel(
        lambda server: identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(identity, server),
        lambda server: identity_pb2_grpc.add_PeopleServiceServicer_to_server(identity, server),
        caller=Caller("petitions"),
    )
    async with open_pool(pooler_url or url, 8, through_pooler=bool(pooler_url)) as pool:
        # hundreds ask at once in some tests: on a busy machine the last of them waits longer than requests may
        pool.timeout = 60.0
        relay = OutboxRelay(pool, cast(Any, None), "petitions")
        ways = Ways(pool, relay, cast(Any, channel), Verifier({"identity-key": signer.key}))
        yield World(pool, compose(values, ways, await load_words()), signer, values, ways, identity)


def count(url: str, query: str) -> int:
    """One number from the database."""
    with psycopg.connect(url) as conn:
        row = conn.execute(cast(Any, query)).fetchone()
        assert row is not None
        return row[0]
