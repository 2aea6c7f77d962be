"""The surveys service over a real database, with an identity that knows two authorities and makes its tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc

from viche_chassis.access import Caller, Grant, PersonClaims
from viche_chassis.bus import OutboxRelay
from viche_chassis.db import Pool, migrate, open_pool, transaction
from viche_chassis.testing import FakeChannel, MemoryStore, make_key_pair
from viche_chassis.tokens import Signer, Verifier
from viche_surveys.composition import Surveys, Ways, compose
from viche_surveys.config import Settings
from viche_surveys.definitions import written
from viche_surveys.domain.definition import Definition, Kind, Option, Page, Question

CITY = uuid.UUID("018f0000-0000-7000-8000-000000000001")
VILLAGE = uuid.UUID("018f0000-0000-7000-8000-000000000002")
RESIDENCE = ("UA", "UA05")
ROADS = Definition(
    languages=("uk", "en"),
    title={"uk": "Дороги", "en": "Roads"},
    introduction={"uk": "Кілька запитань.", "en": "Some questions."},
    pages=(
        Page(
            name="first",
            items=(
                Question(
                    name="road",
                    kind=Kind.SINGLE,
                    label={"uk": "Яка дорога найгірша?", "en": "Which road is the worst?"},
                    is_required=True,
                    options=(
                        Option(code="north", label={"uk": "Північна", "en": "North Road"}),
                        Option(code="south", label={"uk": "Південна", "en": "South Road"}),
                    ),
                ),
                Question(name="why", kind=Kind.TEXT, label={"uk": "Чому?", "en": "Why?"}),
                Question(name="mailbox", kind=Kind.EMAIL, label={"uk": "Ваша адреса", "en": "Your address"},
                         is_personal=True),
            ),
        ),
    ),
)  # fmt: skip


class Identity(identity_pb2_grpc.AuthoritiesServiceServicer):
    """Two authorities and three territories."""

    async def ListAuthorities(self, request: Any, context: Any) -> identity_pb2.ListAuthoritiesResponse:
        return identity_pb2.ListAuthoritiesResponse(
            authorities=[
                identity_pb2.Authority(id=str(CITY), slug="city", territory_code="UA05", level="municipality"),
                identity_pb2.Authority(id=str(VILLAGE), slug="village", territory_code="UA07"),
            ]
        )

    async def ListTerritories(self, request: Any, context: Any) -> identity_pb2.ListTerritoriesResponse:
        parents = {"UA": "", "UA05": "UA", "UA07": "UA"}
        return identity_pb2.ListTerritoriesResponse(
            territories=[identity_pb2.Territory(code=code, parent_code=above) for code, above in parents.items()]
        )


def pseudonym(scope: str, person: str) -> bytes:
    """32 bytes for a person in a scope."""
    return hashlib.sha256(f"{scope}/{person}".encode()).digest()


def request_id() -> str:
    return str(uuid.uuid4())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def person(name: str, *, role: str = "officer", at: uuid.UUID | None = None) -> Caller:
    """A signed-in person who calls through the gateway; with an authority somebody who holds a role there."""
    grants = (Grant(role, str(at), frozenset({str(at)})),) if at else ()
    author = base64url(pseudonym("authors", name))
    return Caller("gateway", PersonClaims(name, "session", "email", RESIDENCE, author, grants))


GATEWAY, CLI = Caller("gateway"), Caller("cli")
OFFICER = person("officer", at=CITY)


@dataclass
class World:
    """The service, ready to be called as anybody."""

    pool: Pool
    surveys: Surveys
    signer: Signer
    settings: Settings
    ways: Ways
    objects: MemoryStore
    stubs: dict[tuple[type, Caller], Any] = field(default_factory=dict)

    def stub(self, kind: type, caller: Caller) -> Any:
        """A service as somebody calls it."""
        key = (kind, caller)
        if key not in self.stubs:
            self.stubs[key] = kind(FakeChannel(*self.surveys.register, caller=caller))
        return self.stubs[key]

    def on(self, caller: Caller = OFFICER) -> Any:
        """SurveysService as somebody calls it."""
        return self.stub(surveys_pb2_grpc.SurveysServiceStub, caller)

    async def draft(
        self, definition: Definition = ROADS, *, at: uuid.UUID = CITY, caller: Caller = OFFICER, **settings: Any
    ) -> pb.Survey:
        """A draft; settings as in SurveySettings, the rest as by default."""
        wanted = {"is_listed": True, "needs_human_check": True, **settings}
        request = pb.CreateSurveyRequest(
            request_id=request_id(), authority_id=str(at), definition_json=written(definition),
            settings=pb.SurveySettings(**wanted),
        )  # fmt: skip
        return (await self.on(caller).CreateSurvey(request)).survey

    async def open(self, definition: Definition = ROADS, **settings: Any) -> pb.Survey:
        """A survey that takes answers."""
        return await self.reopen((await self.draft(definition, **settings)).id)

    async def reopen(self, survey_id: str) -> pb.Survey:
        """Opens a survey, again if need be."""
        request = pb.OpenSurveyRequest(request_id=request_id(), survey_id=survey_id)
        return (await self.on().OpenSurvey(request)).survey

    async def close(self, survey_id: str) -> pb.Survey:
        """Closed by an officer."""
        request = pb.CloseSurveyRequest(request_id=request_id(), survey_id=survey_id)
        return (await self.on().CloseSurvey(request)).survey

    async def get(self, survey_id: str, version: int = 0) -> pb.GetSurveyResponse:
        """As its officer sees it."""
        return await self.on().GetSurvey(pb.GetSurveyRequest(survey_id=survey_id, version=version))

    async def update(
        self, survey_id: str, definition: Definition | None = None, edition: int | None = None, **settings: Any
    ) -> pb.UpdateSurveyResponse:
        """Changes a survey from what it is now, unless told otherwise; settings that are not given stay."""
        before = await self.get(survey_id)
        wanted = pb.SurveySettings()
        wanted.CopyFrom(before.survey.settings)
        wanted.MergeFrom(pb.SurveySettings(**settings))
        request = pb.UpdateSurveyRequest(
            request_id=request_id(), survey_id=survey_id, edition=before.edition if edition is None else edition,
            definition_json=written(definition) if definition else "", settings=wanted if settings else None,
        )  # fmt: skip
        return await self.on().UpdateSurvey(request)

    def token(self, survey_id: str, who: str, **claims: Any) -> str:
        """A scope token as identity makes it."""
        scope = f"survey:{survey_id}"
        values = {
            "iss": "identity", "aud": "surveys", "scope": scope, "sub": base64url(pseudonym(scope, who)),
            "answers": base64url(pseudonym("answers", who)), "assurance": "email", "residence": list(RESIDENCE),
        }  # fmt: skip
        return self.signer.sign({**values, **claims})

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

    async def put_response(self, survey_id: str, version: int = 1, **answers: Any) -> uuid.UUID:
        """An answer as it is stored, put there without the service: for what follows from answers."""
        id = uuid.uuid4()
        await self.rows(
            "INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel)"
            " VALUES (%s, %s, %s, sha256('x'), %s, %s, 'uk', 'portal')",
            survey_id, id, request_id(), version, json.dumps(answers),
        )  # fmt: skip
        await self.rows(
            "INSERT INTO tallies (survey_id, question, row_code, code, partner_id, shard, count)"
            " VALUES (%s, '', '2026-03-01', %s, '00000000-0000-0000-0000-000000000000', 0, 1)"
            " ON CONFLICT (survey_id, question, row_code, code, partner_id, shard) DO UPDATE"
            " SET count = tallies.count + 1",
            survey_id, str(version),
        )  # fmt: skip
        return id


@asynccontextmanager
async def world(url: str, folder: Path, **settings: Any) -> AsyncIterator[World]:
    """The service over the database at ``url``, migrated."""
    migrate(url, "viche_surveys")
    signer = make_key_pair(folder, "identity-key")
    key = folder / "data.key"
    key.write_text("17" * 32)
    values = Settings(
        listen="", service_key=folder, service_keys=folder, database_url=url, nats_url="", data_key=key,
        identity_address="", public_url="https://petitions.example.org", **settings,
    )  # fmt: skip
    identity: Any = cast(Any, Identity)()
    channel = FakeChannel(
        lambda server: identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(identity, server),
        caller=Caller("surveys"),
    )
    objects = MemoryStore()
    async with open_pool(url, 8) as pool:
        pool.timeout = 60.0  # where hundreds send at once, the last of them wait for long on a busy machine
        relay = OutboxRelay(pool, cast(Any, None), "surveys")
        ways = Ways(pool, relay, cast(Any, channel), Verifier({"identity-key": signer.key}), objects)
        yield World(pool, compose(values, ways), signer, values, ways, objects)
