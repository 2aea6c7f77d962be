"""A portal whose people come through a provider of identity."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from viche.identity.v1 import identity_pb2
from viche.identity.v1 import providers_pb2 as pb
from viche.identity.v1 import providers_pb2_grpc as rpc

from tests.integration.identity.world import World, open_world
from tests.providers.server import CLIENT_ID, CLIENT_SECRET, Visitor
from viche_chassis.access import read_person

PUBLIC_URL = "http://portal.test"
BROWSER = "this-browser-and-no-other"
ACCOUNTS = {
    "ann": {"name": "Анна Коваль", "email": "ann@example.org", "email_verified": True, "level": "3",
            "address": {"code": "3204"}},
    "bob": {"name": "Bob", "email": "bob@example.org", "email_verified": False, "level": "9"},
    "eve": {"name": "Eve", "level": "2"},
}  # fmt: skip
OIDC = """
[id-test]
title = {{ en = "Test ID", uk = "Тест-ід" }}
issuer = "{issuer}"
client_id = "{client_id}"
client_secret_file = "id.secret"
[id-test.mapping]
assurance = {{ claim = "level", values = {{ "2" = "substantial", "3" = "high" }} }}
residence = {{ claim = "address.code", values = {{ "3204" = "UA3204" }} }}
[down]
title = "Down"
issuer = "http://127.0.0.1:9"
client_id = "x"
client_auth = "none"
"""
OAUTH2 = """
[id-test]
title = "Plain"
kind = "oauth2"
authorize_url = "{issuer}/auth"
token_url = "{issuer}/token"
userinfo_url = "{issuer}/me"
client_id = "{client_id}"
client_secret_file = "id.secret"
scopes = ["openid", "profile", "email"]
asks_each_time = true
"""


class Portal:
    """Identity as the gateway calls it for one browser."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stub = rpc.ProvidersServiceStub(world.channel("gateway"))

    async def begin(self, provider: str = "id-test", browser: str = BROWSER) -> str:
        request = pb.BeginProviderSignInRequest(
            provider=provider, browser=browser, language="uk", return_path="/petitions/7"
        )
        return (await self.stub.BeginProviderSignIn(request)).url

    async def back(self, came: dict[str, str], browser: str = BROWSER, **fields: Any) -> pb.FinishProviderVisitResponse:
        came = {name: value for name, value in came.items() if name in ("code", "state", "error")} | {
            "issuer": came.get("iss", "")
        }
        request = pb.FinishProviderVisitRequest(**({"provider": "id-test", "browser": browser} | came | fields))
        return await self.stub.FinishProviderVisit(request)

    async def sign_in(self, visitor: Visitor, login: str, **fields: Any) -> pb.FinishProviderVisitResponse:
        url = await self.begin()
        return await self.back(await asyncio.to_thread(visitor.visit, url, login), **fields)

    async def mine(self, session_token: str) -> rpc.ProvidersServiceStub:
        _, _, claims = await self.world.access(session_token)
        return rpc.ProvidersServiceStub(self.world.channel("gateway", read_person(claims)))

    async def visit_as(
        self, session_token: str, purpose: pb.VisitPurpose, visitor: Visitor, login: str
    ) -> pb.FinishProviderVisitResponse:
        request = pb.BeginMyProviderVisitRequest(purpose=purpose, provider="id-test", browser=BROWSER, language="uk")
        url = (await (await self.mine(session_token)).BeginMyProviderVisit(request)).url
        came = await asyncio.to_thread(visitor.visit, url, login)
        return await self.back(came, replaced_session_token=session_token)

    async def connect_and_take_off(self, email: str, visitor: Visitor, login: str) -> None:
        session = await self.world.session(email)
        await self.visit_as(session, pb.VISIT_PURPOSE_CONNECT, visitor, login)
        mine = await self.mine(session)
        held = (await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections
        await mine.DeleteMyConnection(pb.DeleteMyConnectionRequest(connection_id=held[0].id))

    async def use_mail(self, browser: str = BROWSER, session: str = "") -> str:
        request = identity_pb2.ConsumeSignInLinkRequest(
            token=(await self.world.mail()).token, browser=browser, replaced_session_token=session
        )
        return (await self.world.sign_in.ConsumeSignInLink(request)).session_token


@asynccontextmanager
async def open_portal(url: str, folder: Path, listed: str, issuer: str) -> AsyncIterator[Portal]:
    file = folder / "providers.toml"
    file.write_text(listed.format(issuer=issuer, client_id=CLIENT_ID), encoding="utf-8")
    (folder / "id.secret").write_text(f"{CLIENT_SECRET}\n", encoding="utf-8")
    async with open_world(url, folder, providers=str(file), public_url=PUBLIC_URL) as world:
        await world.put_region()
        yield Portal(world)
