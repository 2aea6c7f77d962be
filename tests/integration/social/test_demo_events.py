"""The demo's events, loaded as the command line loads them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import grpc
from viche.social.v1 import public_events_pb2 as pb
from viche.social.v1 import public_events_pb2_grpc

from tests.integration.social.world import CITY, GATEWAY, World
from viche_chassis.access import Gatekeeper
from viche_chassis.app import Service, start
from viche_chassis.clients import sync_channel
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity, Verifier, read_service_keys
from viche_cli.demo.events import load_events


class Asked:
    """Who is asked: events alone."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.events = public_events_pb2_grpc.PublicEventsServiceStub(channel)


async def test_the_demo_has_an_event_to_come_and_one_that_is_over(world: World, tmp_path: Path) -> None:
    me = ServiceIdentity(make_key_pair(tmp_path / "keys", "cli"))
    keeper = Gatekeeper("social", Verifier(read_service_keys(tmp_path / "keys")), None)
    server, _, port = await start(Service("social", "127.0.0.1:0", keeper, world.social.register, []))

    def load() -> int:
        with sync_channel(f"127.0.0.1:{port}", "social", me) as channel:
            return load_events(cast(Any, Asked(channel)), {"verbiv": str(CITY)}, {}, ZoneInfo("Europe/Kyiv"))

    loaded = [await asyncio.to_thread(load) for _ in range(2)]
    await server.stop(0)

    answer = await world.public_events(GATEWAY).ListPublicEvents(pb.ListPublicEventsRequest())
    assert loaded == [2, 2]
    assert [each.phase for each in answer.events] == [pb.EVENT_PHASE_PAST, pb.EVENT_PHASE_COMING]
    assert (answer.events[1].capacity, answer.events[1].has_waiting_list) == (30, True)
