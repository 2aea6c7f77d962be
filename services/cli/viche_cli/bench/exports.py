"""How fast all answers to a survey go out as a file, and that a million of them take no more memory than a tenth."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from viche_cli.bench import cpu, memory, surveys
from viche_cli.bench.results import say
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_cli.bench.own import Running

FEW = 100_000
MANY = 1_000_000
FORMATS = ("csv", "sav")
DONE_WITHIN_S = 900.0
LOOK_EVERY_S = 0.05
# ids that grow with time, as those of answers do; twenty answers that are not all alike
_INSERT_RESPONSES: LiteralString = """\
INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel, territory_code)
SELECT %(id)s, ('01990000-0000-7000-8000-' || lpad(to_hex(place), 12, '0'))::uuid, gen_random_uuid(),
    sha256(int8send(place)), 1, (
        SELECT jsonb_object_agg('single_' || q, codes[1 + (place * q) %% 5]) FROM generate_series(1, 10) AS q
    ) || (
        SELECT jsonb_object_agg('multiple_' || q, to_jsonb(codes[1 + (place + q) %% 3 : 4])) FROM generate_series(1, 4)
            AS q
    ) || jsonb_build_object(
        'number_1', place %% 90, 'number_2', round(place / 7.0, 2), 'number_3', place,
        'day', to_char(date '2000-01-01' + (place %% 9000)::integer, 'YYYY-MM-DD'),
        'why', repeat('На мосту вибоїни, і взимку їх не видно. ', (place %% 5)::integer),
        'place', 'вул. Липова, ' || place
    ), 'uk', 'portal', 'UA' || place %% 25
FROM generate_series(1, %(number)s) AS place, (SELECT %(codes)s::text[] AS codes) AS given
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one export: how fast the file was made, and the most memory that the service had meanwhile."""

    mb_per_s: float
    peak_mb: float


def measure(running: Running) -> dict[tuple[str, int], Cost]:
    """Exports few answers and many in each format. Raises Fault when an export fails."""
    costs: dict[tuple[str, int], Cost] = {}
    with psycopg.connect(running.instance.details["databases"]["surveys"], autocommit=True) as connection:
        filled = {number: _fill(connection, number) for number in (FEW, MANY)}
        pid = _service(running)
        for name in FORMATS:
            for number, survey_id in filled.items():
                costs[name, number] = _export(connection, survey_id, name, pid)
                say(f"  {number:,} answers as {name}: {costs[name, number].mb_per_s:.1f} MB/s")
    return costs


def _fill(connection: psycopg.Connection[Any], number: int) -> uuid.UUID:
    say(f"Adding {number:,} answers ...")
    with connection.transaction():
        id = surveys.open_survey(connection, results="never").id
        connection.execute(_INSERT_RESPONSES, {"id": id, "number": number, "codes": list(surveys.CODES)})
    connection.execute("VACUUM ANALYZE responses")
    return id


def _service(running: Running) -> int:
    """The process of surveys; PostgreSQL's processes that serve its database have its name too."""
    found = cpu.named(running.pid, "-m viche_surveys")
    if len(found) != 1:
        raise Fault("The process of surveys cannot be told from others.")
    return found[0]


def _export(connection: psycopg.Connection[Any], survey_id: uuid.UUID, name: str, pid: int) -> Cost:
    id = uuid.uuid4()
    memory.forget_peak(pid)
    connection.execute(
        "INSERT INTO exports (id, survey_id, format, language, with_personal, file_name)"
        " VALUES (%s, %s, %s, '', false, %s)",
        [id, survey_id, name, f"bench.{name}"],
    )
    began_s = _wait(connection, id, "running")
    ended_s = _wait(connection, id, "done")
    size = connection.execute("SELECT size_bytes FROM exports WHERE id = %s", [id]).fetchone()
    assert size is not None  # it was done a moment ago
    return Cost(size[0] / 1e6 / (ended_s - began_s), memory.peak_mb(pid))


def _wait(connection: psycopg.Connection[Any], id: uuid.UUID, wanted: str) -> float:
    """When an export got there, by our clock."""
    until_s = time.perf_counter() + DONE_WITHIN_S
    while (at_s := time.perf_counter()) < until_s:
        row = connection.execute("SELECT state, attempts FROM exports WHERE id = %s", [id]).fetchone()
        if row is None or row[0] == "failed" or row[1] > 1:
            raise Fault("An export failed; the log of surveys tells why.")
        if row[0] in (wanted, "done"):
            return at_s
        time.sleep(LOOK_EVERY_S)
    raise Fault(f"An export was not {wanted} after {DONE_WITHIN_S:.0f} s.")
