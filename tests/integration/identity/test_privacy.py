"""What names a person is nowhere to be read: not in a dump, not in a log line."""

import asyncio
import base64
import logging
import subprocess
from uuid import uuid4

import pytest
from viche.identity.v1 import identity_pb2

from tests.integration.identity.world import World
from viche_chassis.telemetry import JsonFormatter
from viche_chassis.testing import FakeRpcError
from viche_cli.infra.postgres import PostgresServer

EMAIL = "Planted.Address@Example.org"
CANONICAL = "planted.address@example.org"
NAME = "Посаджене Ім'я"
NETWORK = "2001:db8:77:88::/64"
READABLE = "/planted/path"  # is stored as it is, and shows that the search finds what is there


async def act_as_everybody(world: World) -> None:
    """Lets the planted values pass through every RPC that takes them."""
    await world.ask(EMAIL, network=NETWORK)
    unused = await world.ask("other@example.org", network=NETWORK, return_path=READABLE)
    await world.sign_in.RequestSignInLink(unused)
    me = await world.me(await world.session(EMAIL))
    change = identity_pb2.UpdateMeRequest(request_id=str(uuid4()), name=NAME)
    await me.UpdateMe(change)
    await me.UpdateMe(change)
    await world.ensure(EMAIL, "petition:1", name=NAME)
    await world.grant(EMAIL, "officer", "town")
    people = [identity_pb2.Person(email=EMAIL, name=NAME)]
    await world.bulk.BatchEnsurePeople(identity_pb2.BatchEnsurePeopleRequest(people=people))
    await world.bulk.BatchCreateSessions(identity_pb2.BatchCreateSessionsRequest(emails=[EMAIL]))
    with pytest.raises(FakeRpcError):
        await world.ensure(EMAIL, "bad scope", name=NAME)
    await world.ask(EMAIL, network=NETWORK)


def hits(haystack: str, planted: str) -> list[str]:
    """Forms in which a planted value stands in a text: as it is, in hexadecimal digits, in base64."""
    raw = planted.encode()
    forms = [
        planted,
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("=")[:-1],
        planted.encode("unicode_escape").decode(),
    ]
    return [form for form in forms if form.lower() in haystack.lower()]


def dump_of(server: PostgresServer, url: str) -> str:
    """All rows of a database as SQL."""
    command = [server.bin / "pg_dump", "--data-only", "--inserts", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def test_nothing_planted_stands_in_a_dump_or_a_log_line(
    bench_world: World, postgres: PostgresServer, identity_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="viche"):
        await act_as_everybody(bench_world)
    dump = await asyncio.to_thread(dump_of, postgres, identity_url)
    lines = "\n".join(JsonFormatter("test").format(record) for record in caplog.records)
    assert hits(dump, READABLE)
    for planted in (EMAIL, CANONICAL, NAME, NETWORK):
        assert hits(dump, planted) == []
        assert hits(lines, planted) == []


async def test_session_tokens_are_not_stored(bench_world: World, postgres: PostgresServer, identity_url: str) -> None:
    await bench_world.ask(EMAIL)
    link = (await bench_world.mail()).token
    session = (await bench_world.consume(link)).session_token
    dump = await asyncio.to_thread(dump_of, postgres, identity_url)
    raw = base64.urlsafe_b64decode(session + "=").hex()
    assert [form for form in (link, session, raw) if form in dump] == []


async def test_a_sealed_name_moved_to_another_person_does_not_open(bench_world: World) -> None:
    token = await bench_world.session(EMAIL)
    await bench_world.session("other@example.org")
    await bench_world.sql(
        "UPDATE person_details AS a SET name = b.name FROM person_details AS b WHERE a.person_id <> b.person_id"
    )
    with pytest.raises(Exception, match=r"person_details\.name"):
        await bench_world.access(token)
