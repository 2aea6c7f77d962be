"""The process as `viche up` starts it: `python -m viche_notifications`."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import psutil
import pytest
from viche.identity.v1 import events_pb2 as identity_events
from viche.notifications.v1 import notifications_pb2 as pb
from viche.notifications.v1 import notifications_pb2_grpc as pb_grpc

from tests.integration.notifications.world import MASTER, World, until
from viche_chassis import bus, common
from viche_chassis.ids import new_id
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity
from viche_cli.infra import ports
from viche_cli.infra.nats import NatsServer

MOST_PSS_MB = 90


def environment(world: World, nats: NatsServer) -> dict[str, str]:
    key = world.keys / "notifications.key"
    key.write_text(MASTER.hex(), "ascii")
    return {
        **os.environ,
        "VICHE_LISTEN": f"127.0.0.1:{ports.free_port()}",
        "VICHE_SERVICE_KEY": str(world.keys / "keys" / "notifications.pem"),
        "VICHE_SERVICE_KEYS": str(world.keys / "public"),
        "VICHE_DATABASE_URL": world.url,
        "VICHE_NATS_URL": nats.url,
        "VICHE_DATA_KEY": str(key),
        "VICHE_IDENTITY_ADDRESS": world.identity_server.address,
        "VICHE_PETITIONS_ADDRESS": world.petitions_server.address,
        "VICHE_SOCIAL_ADDRESS": f"127.0.0.1:{ports.free_port()}",
        "VICHE_PUBLIC_URL": "https://viche.example",
        "VICHE_REGION_NAME": "Viche",
        "VICHE_SMTP_URL": world.office.url,
        "VICHE_MAIL_FROM": "Viche <mail@viche.example>",
    }


@asynccontextmanager
async def process(variables: Mapping[str, str]) -> AsyncIterator[Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "viche_notifications", env=dict(variables), stderr=PIPE
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def say_link(world: World, nats: NatsServer, email: str) -> None:
    async with bus.connect(nats.url, "test") as client:
        while not client.is_connected:
            await asyncio.sleep(0.02)
        await bus.ensure_stream(client, "identity")
        event = identity_events.SignInLinkRequested(link_id=world.identity.link(email))
        headers = {"Nats-Msg-Id": str(new_id())}
        await client.jetstream().publish(event.DESCRIPTOR.full_name, event.SerializeToString(), headers=headers)


async def test_it_mails_answers_stays_small_and_drains(world: World, nats: NatsServer) -> None:
    variables = environment(world, nats)
    async with process(variables) as started:
        await say_link(world, nats, "ann@example.org")

        async def has_come() -> bool:
            return bool(world.office.to("ann@example.org"))

        await until(has_come)
        pss_mb = psutil.Process(started.pid).memory_full_info().pss / 1e6
        print(f"PSS {pss_mb:.0f} MB")
        assert pss_mb < MOST_PSS_MB
        world.office.slow["bob@example.org"] = 1.0
        message_id = await world.queue("sign_in", "bob@example.org")

        await world.ends(message_id, "sending", "sent")
        started.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            _, lines = await started.communicate()
    assert started.returncode == 0
    assert (await world.message(message_id)).state == "sent"
    assert b"ann@example" not in lines
    assert b"tok-" not in lines


async def test_the_gateway_may_ask_it(world: World, nats: NatsServer) -> None:
    variables = environment(world, nats)
    gateway = ServiceIdentity(make_key_pair(world.keys / "keys", "gateway", world.keys / "public"))
    async with process(variables), common.calling(variables["VICHE_LISTEN"], "notifications", gateway) as channel:
        stub = pb_grpc.MessagesServiceStub(channel)
        answer = await stub.GetQueue(pb.GetQueueRequest(), wait_for_ready=True, timeout=60)
    assert answer.oldest_waiting_s == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VICHE_SMTP_URL", "http://mail.example"),
        ("VICHE_MAIL_FROM", "nobody"),
        ("VICHE_MAIL_BOUNCES", "nobody"),
        ("VICHE_TIMEZONE", "Europe/Nowhere"),
        ("VICHE_LANGUAGES", "en,xx"),
    ],
)
async def test_an_unusable_setting_is_one_clear_sentence(
    world: World, nats: NatsServer, variable: str, value: str
) -> None:
    async with process({**environment(world, nats), variable: value}) as started:
        _, lines = await started.communicate()
    assert started.returncode == 2
    assert variable in lines.decode()
    assert b"Traceback" not in lines
