"""What results cost with a thousand answers and with a million, and a table of two questions against DuckDB alone."""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from viche_cli.bench import surveys
from viche_cli.bench.results import say
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from viche_cli.bench.own import Running
    from viche_cli.bench.region import Region

NUMBERS = {"1e3": 1_000, "1e5": 100_000, "1e6": 1_000_000}
ROWS, COLUMNS = "single_3", "single_7"
ROUNDS = 40
READY_WITHIN_S = 600.0
CALL_WITHIN_S = 30.0
# ids that grow with time, as those of answers do
_INSERT_RESPONSES: LiteralString = """\
INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel)
SELECT %(id)s, ('01990000-0000-7000-8000-' || lpad(to_hex(place), 12, '0'))::uuid, gen_random_uuid(),
    sha256(int8send(place)), 1, (
        SELECT jsonb_object_agg('single_' || q, codes[1 + (place * 7919::bigint * q / 8 %% 5)::integer])
            FROM generate_series(1, 10) AS q
    ) || (
        SELECT jsonb_object_agg('multiple_' || q, to_jsonb(codes[1 + (place + q) %% 3 : 4])) FROM generate_series(1, 4)
            AS q
    ) || jsonb_build_object('why', repeat('На мосту вибоїни. ', (place %% 5)::integer)), 'uk', 'portal'
FROM generate_series(1, %(number)s) AS place, (SELECT %(codes)s::text[] AS codes) AS given
"""
_INSERT_TALLIES: LiteralString = """\
INSERT INTO tallies (survey_id, question, row_code, code, partner_id, shard, count)
SELECT r.survey_id, said.question, '', said.code, '00000000-0000-0000-0000-000000000000'::uuid, 0, count(*)
FROM responses r, LATERAL (
    SELECT q.key, codes.code FROM jsonb_each(r.answers) AS q, LATERAL (
        SELECT ' answered' UNION ALL
        SELECT code FROM jsonb_array_elements_text(CASE jsonb_typeof(q.value) WHEN 'array' THEN q.value
            ELSE jsonb_build_array(q.value) END) AS code WHERE q.key <> 'why'
    ) AS codes (code)
) AS said (question, code)
WHERE r.survey_id = %(id)s GROUP BY 1, 2, 4
UNION ALL
SELECT %(id)s, '', '2026-03-01', '1', '00000000-0000-0000-0000-000000000000'::uuid, 0, %(number)s
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians: of a read of public results by how many answers there are, and of a table of two questions.

    Attributes:
        alone_ms: of the same table by DuckDB alone over the same files.
    """

    reads_ms: dict[str, float]
    crosstab_ms: float
    alone_ms: float


@dataclass(frozen=True, slots=True)
class _Officer:
    metadata: Any
    authority_id: uuid.UUID


def measure(running: Running, region: Region, objects: Path) -> Cost:
    """Fills surveys and reads them. Raises Fault when numbers are wrong or do not get ready.

    Args:
        objects: the instance's folder of files.
    """
    from viche.surveys.v1 import results_pb2_grpc

    officer = _officer(running, region)
    with psycopg.connect(running.instance.details["databases"]["surveys"], autocommit=True) as connection:
        filled = {name: _fill(connection, number, officer) for name, number in NUMBERS.items()}
        _wait(connection, filled)
    with running.instance.channel_as("gateway", "surveys") as channel, tempfile.TemporaryDirectory() as folder:
        stub = results_pb2_grpc.ResultsServiceStub(channel)
        reads = {name: _reading(stub, survey, NUMBERS[name]) for name, survey in filled.items()}
        many = filled["1e6"]
        crosstab = _counting(stub, many, officer, NUMBERS["1e6"])
        alone = _alone(objects, many, Path(folder))
        timed = _by_turns({**reads, "crosstab": crosstab, "alone": alone})
    return Cost({name: timed[name] for name in NUMBERS}, timed["crosstab"], timed["alone"])


def _officer(running: Running, region: Region) -> _Officer:
    from viche.identity.v1 import identity_pb2 as pb
    from viche.identity.v1 import identity_pb2_grpc as rpc

    from viche_chassis.clients import person_metadata

    with running.instance.channel_as("gateway", "identity") as channel:
        asked = pb.GetSessionRequest(session_token=region.session_tokens[0])
        session = rpc.SessionsServiceStub(channel).GetSession(asked, timeout=CALL_WITHIN_S)
        known = rpc.AuthoritiesServiceStub(channel).ListAuthorities(pb.ListAuthoritiesRequest(), timeout=CALL_WITHIN_S)
    authority = next(each for each in known.authorities if each.slug == "bench")
    return _Officer(person_metadata(session.access_token), uuid.UUID(authority.id))


def _fill(connection: psycopg.Connection[Any], number: int, officer: _Officer) -> surveys.OpenSurvey:
    say(f"Adding {number:,} answers ...")
    with connection.transaction():
        survey = surveys.open_survey(connection, results="live")
        values = {"id": survey.id, "number": number, "codes": list(surveys.CODES), "authority": officer.authority_id}
        connection.execute("UPDATE surveys SET authority_id = %(authority)s WHERE id = %(id)s", values)
        connection.execute(_INSERT_RESPONSES, values)
        connection.execute(_INSERT_TALLIES, values)
    connection.execute("VACUUM ANALYZE responses")
    return survey


def _wait(connection: psycopg.Connection[Any], filled: dict[str, surveys.OpenSurvey]) -> None:
    """Until numbers are published and answers lie as columns."""
    say("Waiting for publications and snapshots ...")
    ids = [survey.id for survey in filled.values()]
    until_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until_s:
        row = connection.execute(
            "SELECT count(*) FROM publications p JOIN snapshots n USING (survey_id)"
            " WHERE survey_id = ANY(%s) AND n.taken_at IS NOT NULL",
            [ids],
        ).fetchone()
        if row == (len(ids),):
            return
        time.sleep(1.0)
    raise Fault(f"Results were not ready after {READY_WITHIN_S:.0f} s; the log of surveys tells why.")


def _reading(stub: Any, survey: surveys.OpenSurvey, number: int) -> Callable[[], None]:
    from viche.surveys.v1 import results_pb2 as pb

    def read() -> None:
        found = stub.GetResults(pb.GetResultsRequest(number=survey.number), timeout=CALL_WITHIN_S).results
        if found.responses != number or not found.questions[0].cells:
            raise Fault(f"Results are of {found.responses:,} answers, not of {number:,}.")

    return read


def _counting(stub: Any, survey: surveys.OpenSurvey, officer: _Officer, number: int) -> Callable[[], None]:
    from viche.surveys.v1 import results_pb2 as pb

    request = pb.GetCrosstabRequest(survey_id=str(survey.id), rows=ROWS, columns=COLUMNS)

    def count() -> None:
        found = stub.GetCrosstab(request, metadata=officer.metadata, timeout=CALL_WITHIN_S)
        if found.responses != number:
            raise Fault(f"The table is of {found.responses:,} answers, not of {number:,}.")

    return count


def _alone(objects: Path, survey: surveys.OpenSurvey, folder: Path) -> Callable[[], None]:
    """The same table by DuckDB over copies of the same files: the bare query, one connection."""
    import duckdb

    from viche_chassis.objects_folder import FolderStore
    from viche_surveys.domain.document import from_json
    from viche_surveys.domain.facets import facet
    from viche_surveys.store.snapshots import prefix

    store = FolderStore(objects)
    for key in store.list(prefix(survey.id)):
        with store.open(key) as opened, (folder / Path(key).name).open("wb") as file:
            file.writelines(opened)
    asked = from_json(json.loads(json.dumps(surveys.definition())))
    columns = [each.column for name in (ROWS, COLUMNS) if (each := facet(asked, name))]
    connection = duckdb.connect()
    query = f'SELECT "{columns[0]}", "{columns[1]}", count(*) FROM \'{folder}/*.parquet\' GROUP BY ALL'  # noqa: S608

    def count() -> None:
        connection.execute(query).fetchall()

    return count


def _by_turns(calls: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Median milliseconds of each; the first call of each warms up."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS + 1):
        for name, call in calls.items():
            began_s = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - began_s)
    return {name: median(found[1:]) * 1000 for name, found in times.items()}
