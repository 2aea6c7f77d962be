"""How fast what people write is taken into the inbox, against bare INSERTs of one row each."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg

from viche_cli.bench import own, pgbench, plugin, slow_platforms
from viche_cli.bench.desk import open_desk
from viche_cli.bench.fanout import PLUGIN, SETTINGS, count
from viche_cli.bench.slow_platforms import PAGE, PAGES, TALKING
from viche_cli.commands.shared import calling
from viche_cli.demo.calls import stubs_of
from viche_cli.faults import Fault
from viche_cli.home import Home

WITHIN_S = 120.0
_TAKEN = "SELECT count(*) FROM items"
_INSERT_ITEM = """\
\\set number random(1, 9000000000000000000)
INSERT INTO bench.items (id, thread_id, channel_id, platform_id, kind, on_ref, author_key, digest, searchable, is_own,
    written_at)
VALUES (gen_random_uuid(), '01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002', :number,
    'comment', '1', sha256(int8send(:number::bigint % 3000)), sha256(int8send(:number::bigint)),
    array_to_tsvector(ARRAY['{words}']), false, now());
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Items a second: taken in with all that belongs to them, and as bare rows."""

    taken_per_s: float
    inserts_per_s: float


def measure(home: Home, seconds: float) -> Cost:
    """Lets a connector give 10,000 comments. Raises Fault when some do not arrive."""
    folder = home.path.parent / "plugin-of-intake"
    plugin.install(folder, PLUGIN, slow_platforms)
    with (
        own.running(home, SETTINGS | {"PYTHONPATH": str(folder)}) as running,
        ExitStack() as stack,
        calling("The account could not be connected"),
    ):
        stubs = stubs_of(running.instance, stack)
        open_desk(stubs).connect(stubs, TALKING)
        database = running.instance.details["databases"]["social"]
        taken_per_s = _wait(database)
        words = "','".join(f"word-of-an-item-{number:02}" for number in range(16))
        script = _INSERT_ITEM.replace("{words}", words)
        return Cost(taken_per_s, pgbench.inserts_per_s(database, "items", script, seconds))


def _wait(database: str) -> float:
    """Items a second from the first page on, which is left out: it waits for somebody to look."""
    expected, began_s, first = PAGES * PAGE, time.perf_counter(), 0
    with psycopg.connect(database, autocommit=True) as connection:
        since_s = began_s
        while (taken := count(connection, _TAKEN)) < expected:
            now_s = time.perf_counter()
            if taken and not first:
                first, since_s = taken, now_s
            if now_s - began_s > WITHIN_S:
                raise Fault(f"{taken:,} of {expected:,} items were in the inbox after {WITHIN_S:.0f} s.")
            time.sleep(0.01)
    return (expected - first) / (time.perf_counter() - since_s)
