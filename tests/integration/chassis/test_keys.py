"""A service finds identity's keys by itself, also when identity comes up later or signs with a new key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis import keys
from viche_chassis.errors import TokenRefused, Unavailable
from viche_chassis.keys import IdentityKeys
from viche_chassis.tasks import cancel_all
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import Signer, public_key_set
from viche_cli.infra.ports import free_port

CLAIMS = {"aud": "viche", "sub": "person"}


class Published(identity_pb2_grpc.KeysServiceServicer):
    """Publishes the keys of some signers."""

    def __init__(self, *signers: Signer) -> None:
        self.signers = list(signers)

    async def ListPublicKeys(self, request: object, context: object) -> identity_pb2.ListPublicKeysResponse:
        return identity_pb2.ListPublicKeysResponse(jwks_json=public_key_set(self.signers))


@asynccontextmanager
async def serving(published: Published, port: int) -> AsyncIterator[None]:
    server = grpc.aio.server()
    identity_pb2_grpc.add_KeysServiceServicer_to_server(published, server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    try:
        yield
    finally:
        await server.stop(0)


@pytest.fixture
async def found() -> AsyncIterator[tuple[IdentityKeys, int]]:
    """Running keys, and the port where identity is looked for."""
    port = free_port()
    quick = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 200)]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=quick) as channel:
        found = IdentityKeys(channel)
        task = asyncio.create_task(found.run())
        yield found, port
        await cancel_all([task])


async def until_known(found: IdentityKeys, token: str) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                found.verifier.verify(token, audience="viche")
            except (TokenRefused, Unavailable):
                await asyncio.sleep(0.1)
            else:
                return


async def test_keys_are_asked_for_again_until_identity_answers(found: tuple[IdentityKeys, int], tmp_path: Path) -> None:
    signer = make_key_pair(tmp_path, "k1")
    await asyncio.sleep(0.5)  # the first time nobody answers
    with pytest.raises(Unavailable):
        found[0].verifier.verify(signer.sign(CLAIMS), audience="viche")
    async with serving(Published(signer), found[1]):
        await until_known(found[0], signer.sign(CLAIMS))
        assert found[0].verifier.verify(signer.sign(CLAIMS), audience="viche")["sub"] == "person"


async def test_a_token_of_a_new_key_is_taken_soon(
    found: tuple[IdentityKeys, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SOONEST_S", 0.5)
    published = Published(make_key_pair(tmp_path, "k1"))
    async with serving(published, found[1]):
        await until_known(found[0], published.signers[0].sign(CLAIMS))
        published.signers.append(make_key_pair(tmp_path, "k2"))
        await until_known(found[0], published.signers[1].sign(CLAIMS))
