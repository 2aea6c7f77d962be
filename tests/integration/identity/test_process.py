"""The process as it is run: it serves, tells its health, sends its events, and ends when told."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from viche.identity.v1 import events_pb2, identity_pb2
from viche.identity.v1 import identity_pb2_grpc as rpc

from tests.integration.identity.world import region
from viche_chassis import bus
from viche_chassis.clients import aio_channel, person_metadata
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity
from viche_cli.infra import ports
from viche_cli.infra.nats import NatsServer

SERVICES = ("gateway", "identity", "petitions", "surveys", "social", "notifications", "cli")


class Process:
    """A running identity, and callers with keys of their own."""

    def __init__(self, folder: Path, database_url: str, nats_url: str) -> None:
        signers = {name: make_key_pair(folder / "services", name) for name in SERVICES}
        self.callers = {name: ServiceIdentity(signer) for name, signer in signers.items()}
        make_key_pair(folder / "signing", "k1")
        (folder / "data.key").write_text(secrets.token_hex(32))
        self.address = f"127.0.0.1:{ports.free_port()}"
        self.environment = {
            "VICHE_LISTEN": self.address,
            "VICHE_SERVICE_KEY": str(folder / "services" / "identity.pem"),
            "VICHE_SERVICE_KEYS": str(folder / "services"),
            "VICHE_DATABASE_URL": database_url,
            "VICHE_NATS_URL": nats_url,
            "VICHE_DATA_KEY": str(folder / "data.key"),
            "VICHE_IDENTITY_SIGNING_KEYS": str(folder / "signing"),
            "VICHE_PUBLIC_URL": "https://viche.example.org",
        }
        self.log = folder / "identity.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **differences: str) -> subprocess.Popen[bytes]:
        """Starts it with the environment of a service and nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VICHE_", "OTEL_"))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "viche_identity"],
                env={**kept, **self.environment, **differences},
                stdout=log,
                stderr=log,
            )
        return self.process

    def channel(self, caller: str) -> grpc.aio.Channel:
        """A channel on which a service calls."""
        return aio_channel(self.address, "identity", self.callers[caller])

    async def health(self) -> int:
        """What it says of its health, once it answers."""
        async with grpc.aio.insecure_channel(self.address) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            request = health_pb2.HealthCheckRequest(service="viche.identity.v1.SignInService")
            return (await stub.Check(request, wait_for_ready=True, timeout=60)).status

    async def end(self) -> int:
        """Ends it as a supervisor does; gives its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 60)


@pytest.fixture
def process(tmp_path: Path, identity_url: str, nats: NatsServer) -> Iterator[Process]:
    process = Process(tmp_path, identity_url, nats.url)
    yield process
    if process.process is not None and process.process.poll() is None:
        process.process.kill()
        process.process.wait()


async def sign_in(process: Process, link_id: str) -> tuple[str, Any]:
    """Follows a mail; gives the session's token and what GetSession says."""
    async with process.channel("notifications") as channel:
        mail = await rpc.SignInServiceStub(channel).GetSignInMail(identity_pb2.GetSignInMailRequest(link_id=link_id))
    async with process.channel("gateway") as channel:
        request = identity_pb2.ConsumeSignInLinkRequest(token=mail.token)
        token = (await rpc.SignInServiceStub(channel).ConsumeSignInLink(request)).session_token
        session = await rpc.SessionsServiceStub(channel).GetSession(identity_pb2.GetSessionRequest(session_token=token))
    return token, session


async def test_somebody_signs_in_through_the_running_process(process: Process, nats: NatsServer) -> None:
    process.start()
    assert await process.health() == health_pb2.HealthCheckResponse.SERVING
    async with bus.connect(nats.url, "test") as client:
        link_id = await _ask_and_hear(process, client)
    _, session = await sign_in(process, link_id)
    async with process.channel("gateway") as channel:
        me = await rpc.PeopleServiceStub(channel).GetMe(
            identity_pb2.GetMeRequest(), metadata=person_metadata(session.access_token)
        )
    assert me.person.email == "olena@example.org"
    assert await process.end() == 0
    assert b"olena" not in process.log.read_bytes()


async def test_signing_in_goes_on_without_nats(process: Process) -> None:
    process.start(VICHE_NATS_URL="nats://127.0.0.1:1")
    assert await process.health() == health_pb2.HealthCheckResponse.SERVING
    async with process.channel("gateway") as channel:
        await rpc.SignInServiceStub(channel).RequestSignInLink(_request())
    assert await process.end() == 0


async def test_calls_under_way_are_answered_before_the_end(process: Process) -> None:
    process.start()
    await process.health()
    async with process.channel("gateway") as channel:
        stub = rpc.SignInServiceStub(channel)
        requests = [_request(f"p{n}@example.org") for n in range(50)]
        calls = [asyncio.ensure_future(stub.RequestSignInLink(each, timeout=60)) for each in requests]
        await asyncio.sleep(0.02)
        code = await process.end()
        answers = await asyncio.gather(*calls, return_exceptions=True)
    refused = [each.code() for each in answers if isinstance(each, grpc.aio.AioRpcError)]
    assert code == 0
    assert set(refused) <= {grpc.StatusCode.UNAVAILABLE}  # never begun, and safe to send again
    with psycopg.connect(process.environment["VICHE_DATABASE_URL"]) as conn:
        begun = conn.execute("SELECT count(*) FROM sign_in_links").fetchone()
    assert begun == (50 - len(refused),)


async def test_faulty_settings_end_it_with_a_sentence_each(process: Process) -> None:
    running = process.start(VICHE_LISTEN="", VICHE_DATABASE_POOL="many")
    assert await asyncio.to_thread(running.wait, 60) == 2
    said = process.log.read_text()
    assert "VICHE_LISTEN is not set" in said
    assert "VICHE_DATABASE_POOL" in said


async def test_a_folder_without_signing_keys_ends_it_with_a_sentence(process: Process, tmp_path: Path) -> None:
    running = process.start(VICHE_IDENTITY_SIGNING_KEYS=str(tmp_path / "nowhere"))
    assert await asyncio.to_thread(running.wait, 60) == 2
    assert "VICHE_IDENTITY_SIGNING_KEYS" in process.log.read_text()


async def test_a_faulty_list_of_providers_ends_it_with_all_faults(process: Process, tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text('[a]\ntitle = "A"\nclient_auth = "none"\n[b]\n', encoding="utf-8")
    running = process.start(VICHE_IDENTITY_PROVIDERS=str(file))
    assert await asyncio.to_thread(running.wait, 60) == 2
    lines = process.log.read_text().splitlines()
    assert len(lines) == 2 + 4
    assert lines[0].startswith("viche identity: VICHE_IDENTITY_PROVIDERS: providers.toml, [a] issuer must be")


async def test_log_lines_are_json(process: Process) -> None:
    process.start()
    await process.health()
    await process.end()
    assert all(json.loads(line) for line in process.log.read_text().splitlines())


def _request(email: str = "Olena@example.org") -> identity_pb2.RequestSignInLinkRequest:
    return identity_pb2.RequestSignInLinkRequest(request_id=str(uuid4()), email=email, language="uk")


async def _ask_and_hear(process: Process, client: Any) -> str:
    heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def hear(message: Any) -> None:
        if not heard.done():
            heard.set_result(events_pb2.SignInLinkRequested.FromString(message.data).link_id)

    while not client.is_connected:
        await asyncio.sleep(0.05)
    await client.subscribe(events_pb2.SignInLinkRequested.DESCRIPTOR.full_name, cb=hear)
    await client.flush()
    async with process.channel("gateway") as channel:
        await rpc.SignInServiceStub(channel).RequestSignInLink(_request("olena@example.org"))
    return await asyncio.wait_for(heard, 60)


async def test_an_operator_of_hundreds_of_authorities_can_call_and_sign(process: Process) -> None:
    """The access token carries every authority that a role covers, and grows with them."""
    process.start()
    await process.health()
    async with process.channel("cli") as channel:
        await rpc.AuthoritiesServiceStub(channel).PutRegion(
            region([("UA32", "")], [("top", "", "UA32"), *((f"a{n}", "top", "UA32") for n in range(400))])
        )
        grant = identity_pb2.CreateGrantRequest(request_id=str(uuid4()), email="olena@example.org", role="operator")
        await rpc.AuthoritiesServiceStub(channel).CreateGrant(grant)
    async with process.channel("gateway") as channel:
        await rpc.SignInServiceStub(channel).RequestSignInLink(_request("olena@example.org"))
    _, session = await sign_in(process, _latest_link(process))
    async with process.channel("gateway") as channel:
        metadata = person_metadata(session.access_token)
        me = await rpc.PeopleServiceStub(channel).GetMe(identity_pb2.GetMeRequest(), metadata=metadata)
        item = identity_pb2.ScopeTokenItem(access_token=session.access_token, audience="petitions", scope="authors")
        tokens = await rpc.ScopeTokensServiceStub(channel).BatchCreateScopeTokens(
            identity_pb2.BatchCreateScopeTokensRequest(items=[item])
        )
    assert len(me.person.grants[0].covers_authority_ids) == 401
    assert tokens.results[0].scope_token


def _latest_link(process: Process) -> str:
    with psycopg.connect(process.environment["VICHE_DATABASE_URL"]) as conn:
        row = conn.execute("SELECT id FROM sign_in_links ORDER BY id DESC LIMIT 1").fetchone()
    assert row is not None
    return str(row[0])
