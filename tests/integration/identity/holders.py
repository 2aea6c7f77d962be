"""Persons and their passkeys, as tests sign them in."""

from __future__ import annotations

from typing import Any

from viche.identity.v1 import passkeys_pb2 as pb
from viche.identity.v1 import passkeys_pb2_grpc

from tests.integration.identity.authenticator import Authenticator
from tests.integration.identity.world import World
from viche_chassis.access import read_person

OLENA, IVAN = "olena@example.org", "ivan@example.org"


class People:
    """The RPCs of passkeys, with a software authenticator before them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.anybody = passkeys_pb2_grpc.PasskeysServiceStub(world.channel("gateway"))

    async def of(self, session: str) -> passkeys_pb2_grpc.PasskeysServiceStub:
        """The RPCs for the person of a session."""
        _, _, claims = await self.world.access(session)
        return passkeys_pb2_grpc.PasskeysServiceStub(self.world.channel("gateway", read_person(claims)))

    async def begin(self, session: str) -> pb.BeginPasskeyRegistrationResponse:
        return await (await self.of(session)).BeginPasskeyRegistration(pb.BeginPasskeyRegistrationRequest())

    async def finish(self, session: str, token: str, credential: str, name: str = "My phone") -> pb.Passkey:
        request = pb.FinishPasskeyRegistrationRequest(ceremony_token=token, credential=credential, name=name)
        return (await (await self.of(session)).FinishPasskeyRegistration(request)).passkey

    async def register(self, session: str, authenticator: Authenticator, name: str = "My phone") -> pb.Passkey:
        begun = await self.begin(session)
        return await self.finish(session, begun.ceremony_token, authenticator.create(begun.options), name)

    async def with_passkey(self, email: str = OLENA, **differences: Any) -> Authenticator:
        """The authenticator of somebody who has a passkey."""
        authenticator = Authenticator(**differences)
        await self.register(await self.world.session(email), authenticator)
        return authenticator

    async def challenge(self, session: str = "", network: str = "") -> pb.BeginPasskeySignInResponse:
        return await self.anybody.BeginPasskeySignIn(
            pb.BeginPasskeySignInRequest(session_token=session, network=network)
        )

    async def answer(self, token: str, credential: str, **fields: str) -> str:
        """Finishes signing in; gives the session's token."""
        request = pb.FinishPasskeySignInRequest(ceremony_token=token, credential=credential, **fields)
        return (await self.anybody.FinishPasskeySignIn(request)).session_token

    async def sign_in(self, authenticator: Authenticator, **fields: str) -> str:
        begun = await self.challenge()
        return await self.answer(begun.ceremony_token, authenticator.get(begun.options), **fields)

    async def names(self, session: str) -> list[str]:
        listed = await (await self.of(session)).ListMyPasskeys(pb.ListMyPasskeysRequest())
        return [each.name for each in listed.passkeys]
