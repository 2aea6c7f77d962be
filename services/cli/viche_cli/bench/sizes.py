"""What one of each takes: bytes in tables, in PostgreSQL's log and in NATS, and processor time by process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice

import psycopg
from psycopg import sql

from viche_cli.bench import answering, cpu, region, signing, surveys
from viche_cli.bench.load import drive
from viche_cli.bench.own import Running
from viche_cli.bench.results import Results, say
from viche_cli.faults import Fault

# rows that help for hours or days and are swept: how much of them there is follows from the load, not from the years
SWEPT = frozenset({"outbox", "inbox", "requests", "rate_uses", "sign_in_link_details", "pending_contacts"})
PROCESSES = {
    **{name: f"-m viche_{name}" for name in ("gateway", "identity", "petitions", "surveys", "notifications")},
    "postgresql": "postgres:",
    "nats": "nats-server",
}
COPIES = 100_000
# so many that the pages which a table has anyway do not count
SIGNATURES = 20_000
ANSWERS = 10_000
LOAD_WITHIN_S = 600.0
# enough to keep the processes busy; what one takes is asked for here, not how many fit into a second
CONNECTIONS = 16
ARRIVE_WITHIN_S = 120.0
EMPTY_WITHIN_S = 120.0
_TABLES = """\
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class State:
    """How much there is at one moment; tables by service and name, in bytes."""

    tables: Mapping[tuple[str, str], int]
    wal_bytes: int
    events: Mapping[str, tuple[int, int]]
    cpu_s: Mapping[str, float]


def measure(running: Running, filled: region.Region, results: Results) -> None:
    """Signs, answers, and divides by how many there were. Raises Fault."""
    people = len(filled.session_tokens)
    kept = sum(size for (service, table), size in _tables(running).items() if _is_of_people(service, table))
    results.add("size_person_bytes", kept / people, "B")
    _cost(running, results, "signature", _signing(running, filled))
    _cost(running, results, "answer", lambda: _answer(running))
    url = running.instance.details["databases"]["petitions"]
    results.add("size_trail_bytes", _bytes_of_copies(url, "officer_actions"), "B")


def _cost(running: Running, results: Results, name: str, act: Callable[[], int]) -> None:
    before = _state(running)
    number = act()
    used_s = _used_s(running)  # before the outboxes are waited for: polls belong to no signature
    _await_outboxes(running)
    after = _state(running)
    grown = {key: (size - before.tables.get(key, 0)) / number for key, size in after.tables.items()}
    _say_tables(name, grown)
    results.add(f"size_{name}_bytes", sum(each for (_, table), each in grown.items() if table not in SWEPT), "B")
    results.add(f"size_{name}_swept_bytes", sum(each for (_, table), each in grown.items() if table in SWEPT), "B")
    results.add(f"size_{name}_wal_bytes", (after.wal_bytes - before.wal_bytes) / number, "B")
    results.add(f"size_{name}_nats_bytes", _nats_bytes(before, after) / number, "B")
    for process, used in used_s.items():
        if (spent_ms := (used - before.cpu_s[process]) / number * 1000) >= 0.005:
            results.add(f"cpu_{name}_{process}_ms", spent_ms, "ms")
    say(f"  {name}: {number:,} of them")


def _state(running: Running) -> State:
    with psycopg.connect(running.database, autocommit=True) as connection:
        row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint").fetchone()
    assert row is not None
    return State(_tables(running), row[0], asyncio.run(_events(running)), _used_s(running))


def _tables(running: Running) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for service, url in running.instance.details["databases"].items():
        with psycopg.connect(url, autocommit=True) as connection:
            found |= {(service, table): size for table, size in connection.execute(_TABLES)}
    return found


async def _events(running: Running) -> dict[str, tuple[int, int]]:
    """Messages and bytes of each stream."""
    from viche_chassis.bus import connect

    async with connect(running.instance.details["nats_url"], "bench") as client:
        streams = await client.jetstream().streams_info()
    return {each.config.name or "": (each.state.messages, each.state.bytes) for each in streams}


def _nats_bytes(before: State, after: State) -> int:
    return sum(size - before.events.get(name, (0, 0))[1] for name, (_, size) in after.events.items())


def _used_s(running: Running) -> dict[str, float]:
    return {name: cpu.used_s(cpu.named(running.pid, word)) for name, word in PROCESSES.items()}


def _say_tables(name: str, grown: Mapping[tuple[str, str], float]) -> None:
    for (service, table), size in sorted(grown.items(), key=lambda each: -each[1]):
        if size >= 1:
            say(f"  {name}: {size:7.1f} B in {service}.{table}{' (swept)' if table in SWEPT else ''}")


def _is_of_people(service: str, table: str) -> bool:
    return service == "identity" and table.startswith(("person", "session"))


def _signing(running: Running, filled: region.Region) -> Callable[[], int]:
    """Ready to sign: everybody has opened the form, whose cost is that of a page."""
    # rounds before this began with the first, removals after it take the last
    unsigned = region.Region(filled.session_tokens, filled.petitions[-7::-1])
    ticket = signing.get_ticket(running.target, filled.session_tokens[0], unsigned.petitions[0])
    drive(running.target, signing.arrivals(running.target, filled), signing.ARRIVED, seconds=ARRIVE_WITHIN_S)
    requests = islice(signing.signatures(running.target, unsigned, ticket), SIGNATURES)
    return lambda: (
        drive(running.target, requests, signing.SIGNED, seconds=LOAD_WITHIN_S, connections=CONNECTIONS).answers
    )


def _answer(running: Running) -> int:
    with psycopg.connect(running.instance.details["databases"]["surveys"], autocommit=True) as connection:
        survey = surveys.open_survey(connection, results="live")
    requests = answering.answers(running.target, survey, answering.get_form(running.target, survey))
    return drive(
        running.target, islice(requests, ANSWERS), answering.ANSWERED, seconds=LOAD_WITHIN_S, connections=CONNECTIONS
    ).answers


def _await_outboxes(running: Running) -> None:
    deadline_s = time.monotonic() + EMPTY_WITHIN_S
    with ExitStack() as stack:
        urls: Sequence[str] = list(running.instance.details["databases"].values())
        opened = [stack.enter_context(closing(psycopg.connect(url, autocommit=True))) for url in urls]
        while any(_waits(each) for each in opened):
            if time.monotonic() > deadline_s:
                raise Fault("Events wait in an outbox: look at the logs of the services.")
            time.sleep(0.5)


def _waits(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    return connection.execute("SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1").fetchone() is not None


def _bytes_of_copies(url: str, table: str) -> float:
    """Bytes of a row with its indexes, where the table holds the rows that are there again and again."""
    name = sql.Identifier(table)
    fill = sql.SQL(
        "INSERT INTO bench.{0} SELECT (jsonb_populate_record(row, jsonb_build_object('id', gen_random_uuid()))).*"
        " FROM (SELECT row FROM public.{0} AS row, generate_series(1, %(copies)s) LIMIT %(copies)s) AS item"
    ).format(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA bench")
        connection.execute(sql.SQL("CREATE TABLE bench.{0} (LIKE public.{0} INCLUDING ALL)").format(name))
        connection.execute(fill, {"copies": COPIES})
        row = connection.execute("SELECT pg_total_relation_size(%s)", [f"bench.{table}"]).fetchone()
        connection.execute("DROP SCHEMA bench CASCADE")
    assert row is not None
    return row[0] / COPIES
