"""Identity as other services see it, and what tests do with it again and again."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from viche.identity.v1 import events_pb2, identity_pb2
from viche.identity.v1 import identity_pb2_grpc as rpc

from viche_chassis.access import Caller, PersonClaims, read_person
from viche_chassis.db import Pool, open_pool, transaction
from viche_chassis.testing import FakeChannel, FakeRpcError, make_key_pair
from viche_identity.composition import Identity, compose
from viche_identity.config import Settings

TERRITORIES = (("UA32", ""), ("UA3204", "UA32"), ("UA320401", "UA3204"), ("UA3208", "UA32"))
AUTHORITIES = (
    ("council", "", "UA32"), ("east", "council", "UA3204"), ("town", "east", "UA320401"), ("west", "council", "UA3208"),
)  # fmt: skip


class World:
    """Identity and its callers."""

    def __init__(self, identity: Identity, pool: Pool) -> None:
        self.identity = identity
        self.pool = pool
        self.sign_in = rpc.SignInServiceStub(self.channel("gateway"))
        self.sessions = rpc.SessionsServiceStub(self.channel("gateway"))
        self.people = rpc.PeopleServiceStub(self.channel("petitions"))
        self.bulk = rpc.PeopleServiceStub(self.channel("cli"))
        self.authorities = rpc.AuthoritiesServiceStub(self.channel("cli"))
        self.scope_tokens = rpc.ScopeTokensServiceStub(self.channel("gateway"))
        self.audiences = rpc.AudiencesServiceStub(self.channel("notifications"))
        self.keys = rpc.KeysServiceStub(self.channel(""))

    def channel(self, service: str, person: PersonClaims | None = None) -> Any:
        """A channel on which ``service`` calls, maybe for a person."""
        return FakeChannel(*self.identity.register, caller=Caller(service, person))

    async def me(self, session_token: str) -> rpc.PeopleServiceStub:
        """People's RPCs for the person of a session."""
        session = await self.sessions.GetSession(identity_pb2.GetSessionRequest(session_token=session_token))
        claims = self.identity.verifier.verify(session.access_token, audience="viche")
        return rpc.PeopleServiceStub(self.channel("gateway", read_person(claims)))

    async def ask(self, email: str, **fields: Any) -> identity_pb2.RequestSignInLinkRequest:
        """Asks for a link; gives the request."""
        values = {"request_id": str(uuid4()), "email": email, "language": "uk", "return_path": "/petitions", **fields}
        request = identity_pb2.RequestSignInLinkRequest(**values)
        await self.sign_in.RequestSignInLink(request)
        return request

    async def link_ids(self) -> list[str]:
        """Links whose mails were asked for, oldest first."""
        name = events_pb2.SignInLinkRequested.DESCRIPTOR.full_name
        rows = await self.sql("SELECT payload FROM outbox WHERE type = %(name)s ORDER BY id", name=name)
        return [events_pb2.SignInLinkRequested.FromString(row[0]).link_id for row in rows]

    async def mail(self) -> identity_pb2.GetSignInMailResponse:
        """The latest sign-in mail."""
        link_id = (await self.link_ids())[-1]
        stub = rpc.SignInServiceStub(self.channel("notifications"))
        return await stub.GetSignInMail(identity_pb2.GetSignInMailRequest(link_id=link_id))

    async def consume(self, token: str) -> identity_pb2.ConsumeSignInLinkResponse:
        """Uses a link."""
        return await self.sign_in.ConsumeSignInLink(identity_pb2.ConsumeSignInLinkRequest(token=token))

    async def session(self, email: str) -> str:
        """Signs somebody in by mail; gives the session's token."""
        await self.ask(email)
        return (await self.consume((await self.mail()).token)).session_token

    async def access(self, session_token: str) -> tuple[identity_pb2.Person, str, dict[str, Any]]:
        """The person of a session, the access token and its claims."""
        got = await self.sessions.GetSession(identity_pb2.GetSessionRequest(session_token=session_token))
        return got.person, got.access_token, self.identity.verifier.verify(got.access_token, audience="viche")

    async def ensure(self, email: str, scope: str, **fields: Any) -> identity_pb2.EnsureEmailPersonResponse:
        """Makes sure of a person who has confirmed an address."""
        return await self.people.EnsureEmailPerson(
            identity_pb2.EnsureEmailPersonRequest(email=email, scope=scope, **fields)
        )

    async def grant(self, email: str, role: str, slug: str = "") -> list[identity_pb2.Grant]:
        """Gives a role."""
        response = await self.authorities.CreateGrant(
            identity_pb2.CreateGrantRequest(request_id=str(uuid4()), email=email, role=role, authority_slug=slug)
        )
        return list(response.grants)

    async def put_region(self, request: identity_pb2.PutRegionRequest | None = None) -> Mapping[str, str]:
        """Puts a region; gives ids of its authorities by slug."""
        response = await self.authorities.PutRegion(request or region())
        return {each.slug: each.id for each in response.authorities}

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        """Looks, or meddles, behind identity's back."""
        async with transaction(self.pool) as conn:
            cursor = await conn.execute(statement, values)  # pyright: ignore[reportArgumentType]
            return await cursor.fetchall() if cursor.description else []


def region(territories: Any = TERRITORIES, authorities: Any = AUTHORITIES) -> identity_pb2.PutRegionRequest:
    """A region from (code, parent) and (slug, parent, territory)."""
    return identity_pb2.PutRegionRequest(
        territories=[
            identity_pb2.Territory(code=code, parent_code=parent, name=text(code)) for code, parent in territories
        ],
        authorities=[
            identity_pb2.Authority(slug=slug, parent_slug=parent, territory_code=code, name=text(slug))
            for slug, parent, code in authorities
        ],
    )


def text(english: str) -> identity_pb2.LocalizedText:
    """A text in English."""
    return identity_pb2.LocalizedText(texts={"en": english})


def reasons(error: FakeRpcError) -> dict[str, str]:
    """What a refusal says of each field."""
    violations = getattr(error.__cause__, "violations", ())
    return {each.field: each.reason for each in violations}


@asynccontextmanager
async def open_world(url: str, folder: Path, **differences: Any) -> AsyncIterator[World]:
    """Identity over a database that is up to date."""
    values = settings(url, folder, **differences)
    async with open_pool(url, 8, through_pooler=values.database_pooler) as pool:
        yield World(compose(values, pool, wake=lambda: None), pool)


def settings(url: str, folder: Path, **differences: Any) -> Settings:
    """Settings with keys of their own, made where they are missing."""
    data_key = folder / "data.key"
    if not data_key.exists():
        data_key.write_text(secrets.token_hex(32))
        make_key_pair(folder / "signing", "2026-01")
        make_key_pair(folder / "signing", "2026-02")
        make_key_pair(folder / "services", "identity")
    values: dict[str, Any] = {
        "listen": "127.0.0.1:0", "database_url": url, "nats_url": "", "data_key": data_key,
        "signing_keys": folder / "signing", "service_keys": folder / "services",
        "service_key": folder / "services" / "identity.pem", "public_url": "https://viche.example.org",
    }  # fmt: skip
    return Settings(**{**values, **differences})
