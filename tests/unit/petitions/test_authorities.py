"""What petitions knows of authorities: one that is new is known at once, and many strange ids ask once."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.access import Caller
from viche_chassis.ids import new_id
from viche_chassis.testing import FakeChannel
from viche_petitions import identity
from viche_petitions.domain.errors import UnknownAuthority


class Growing(identity_pb2_grpc.AuthoritiesServiceServicer):
    """Authorities that are added while somebody asks."""

    def __init__(self) -> None:
        self.known: list[UUID] = []
        self.asked = 0

    async def ListAuthorities(self, request: Any, context: Any) -> identity_pb2.ListAuthoritiesResponse:
        self.asked += 1
        return identity_pb2.ListAuthoritiesResponse(
            authorities=[identity_pb2.Authority(id=str(each)) for each in self.known]
        )


@pytest.fixture
def served() -> tuple[Growing, identity.Authorities]:
    growing = Growing()  # pyright: ignore[reportAbstractUsage] (petitions calls one RPC of it)
    register = partial(identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server, growing)
    channel = FakeChannel(register, caller=Caller("petitions"))
    return growing, identity.Authorities(channel)  # pyright: ignore[reportArgumentType]


async def test_an_authority_is_known_as_soon_as_it_is_there(served: tuple[Growing, identity.Authorities]) -> None:
    growing, authorities = served
    assert await authorities.ids() == []
    growing.known.append(new_id())
    assert (await authorities.get(growing.known[0])).id == growing.known[0]


async def test_strange_ids_that_come_together_ask_once(
    served: tuple[Growing, identity.Authorities], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "SOONEST_S", 0.05)
    growing, authorities = served
    await authorities.ids()
    answers = await asyncio.gather(*(authorities.get(new_id()) for _ in range(20)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {UnknownAuthority}
    assert growing.asked == 2
