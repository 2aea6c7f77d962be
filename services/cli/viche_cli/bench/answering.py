"""Answers as browsers send them: twenty questions on one page, with its hidden fields and CSRF token."""

from __future__ import annotations

import random
import re
import time
import uuid
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import psycopg

from viche_cli.bench import cpu, pgbench, surveys
from viche_cli.bench.load import Expected, Target, drive
from viche_cli.bench.results import say
from viche_cli.bench.surveys import OpenSurvey
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_cli.bench.own import Running

ANSWERED = Expected(b"303", b"/thanks")
WARM_UP_S = 2.0
SETTLE_S = 3.0
SEED = 20
PAPERS = 500
"""So many different answers are sent, again and again, each time as a new one."""
WORKERS = {"gateway": "-m viche_gateway", "surveys": "-m viche_surveys", "postgresql": "postgres: viche_surveys"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_REASONS = (
    "",
    "На мосту вибоїни, і взимку їх не видно.",
    "Автобус ходить двічі на день, а потрібно бодай чотири рази.",
    "Діти йдуть до школи узбіччям, бо тротуару немає. Восени там темно вже о п’ятій.",
)
_INSERT_RESPONSE = """\
\\set citizen random(1, 9000000000000000000)
INSERT INTO bench.responses (survey_id, id, request_id, body_hash, version, answers, language, channel, seed)
VALUES ('{survey}', gen_random_uuid(), gen_random_uuid(), sha256(int8send(:citizen)), 1, '{answers}', 'uk', 'portal',
    :citizen);
"""


@dataclass(frozen=True, slots=True)
class Form:
    """What the page gives a browser: its cookie, and its hidden fields in their order."""

    cookie: str
    hidden: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """Answers counted one by one, and as tallied."""

    counted: int
    tallied: int


@dataclass(slots=True)
class Cost:
    """Of answers: rows and answers a second in each round, the wait for each answer, how many were acknowledged."""

    inserts_per_s: list[float] = field(default_factory=list)
    answers_per_s: list[float] = field(default_factory=list)
    waits_s: array[float] = field(default_factory=lambda: array("d"))
    acknowledged: int = 0


def measure(running: Running, seconds: float, rounds: int) -> tuple[Cost, Stored]:
    """Answers and bare INSERTs by turns, so that a slow minute of the machine meets both.

    Raises Fault when an answer is not taken, or not counted once.
    """
    url, cost = running.instance.details["databases"]["surveys"], Cost()
    with psycopg.connect(url, autocommit=True) as connection:
        survey = surveys.open_survey(connection, results="live")
        requests = answers(running.target, survey, get_form(running.target, survey))
        cost.acknowledged += drive(running.target, requests, ANSWERED, seconds=WARM_UP_S).answers
        script = insert_script(survey, _middle(connection, survey))
        for _ in range(rounds):
            time.sleep(SETTLE_S)
            cost.inserts_per_s.append(pgbench.inserts_per_s(url, "responses", script, seconds))
            say(f"  pgbench_answer_insert_per_s: {cost.inserts_per_s[-1]:,.0f}/s")
            _answer(running, requests, seconds, cost)
        stored = _stored(connection, survey)
    if not stored.counted == stored.tallied == cost.acknowledged:
        raise Fault(
            f"{cost.acknowledged:,} answers were acknowledged, {stored.counted:,} are stored and {stored.tallied:,} "
            "tallied."
        )
    return cost, stored


def get_form(target: Target, survey: OpenSurvey) -> Form:
    """Opens the survey as a browser does. Raises Fault when there is no form."""
    import httpx

    url = f"http://{target.authority}{_path(survey)}"
    page = httpx.get(url, timeout=30.0)
    hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}
    if page.status_code != 200 or not {"csrf_token", "-shown"} <= hidden.keys():
        raise Fault(f"{url} shows no survey (status {page.status_code}).")
    return Form("; ".join(f"{name}={value}" for name, value in page.cookies.items()), hidden)


def answers(target: Target, survey: OpenSurvey, form: Form) -> Iterator[bytes]:
    """Requests without end, each a new answer."""
    kept = {name: value for name, value in form.hidden.items() if name != "-request"}
    head = (
        f"POST {_path(survey)} HTTP/1.1\r\nHost: {target.authority}\r\nOrigin: http://{target.authority}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nCookie: {form.cookie}\r\n"
    )
    chance = random.Random(SEED)  # noqa: S311 (answers that are the same each time)
    papers = [urlencode([*kept.items(), *fields(chance)]) for _ in range(PAPERS)]
    while True:
        for paper in papers:
            body = f"{paper}&-request={uuid.uuid4()}"
            yield f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def fields(chance: random.Random) -> Sequence[tuple[str, str]]:
    """What somebody fills in: everything but, now and then, the reason."""
    chosen = [(f"multiple_{n}", chance.sample(surveys.CODES, chance.randint(1, 3))) for n in range(1, 5)]
    return [
        *((f"single_{n}", chance.choice(surveys.CODES)) for n in range(1, 11)),
        *((name, code) for name, codes in chosen for code in codes),
        ("number_1", str(chance.randint(0, 90))),
        ("number_2", f"{chance.randint(0, 20_000) / 100:.2f}"),
        ("number_3", str(chance.randint(1, 1_000_000))),
        ("day.day", str(chance.randint(1, 28))),
        ("day.month", str(chance.randint(1, 12))),
        ("day.year", str(chance.randint(1940, 2008))),
        ("why", chance.choice(_REASONS)),
        ("place", f"вул. Липова, {chance.randint(1, 200)}"),
    ]


def insert_script(survey: OpenSurvey, stored: str) -> str:
    """For pgbench: one row like that of an answer, with these answers as PostgreSQL writes them."""
    return _INSERT_RESPONSE.format(survey=survey.id, answers=stored.replace("'", "''"))


def _path(survey: OpenSurvey) -> str:
    return f"/surveys/{survey.number}/answer"


def _answer(running: Running, requests: Iterator[bytes], seconds: float, cost: Cost) -> None:
    pids = {name: cpu.named(running.pid, word) for name, word in WORKERS.items()}
    before_s = {name: cpu.used_s(each) for name, each in pids.items()}
    load = drive(running.target, requests, ANSWERED, seconds=seconds)
    cost.acknowledged += load.answers
    cost.waits_s.extend(load.waits_s)
    cost.answers_per_s.append(load.per_s)
    used = [f"{name} {(cpu.used_s(each) - before_s[name]) / load.answers * 1000:.2f} ms" for name, each in pids.items()]
    say(f"  answer_http_per_s: {load.per_s:,.0f}/s; CPU of one: {', '.join(used)}")


def _middle(connection: psycopg.Connection[Any], survey: OpenSurvey) -> str:
    """The answers of middle length."""
    row = connection.execute(
        "SELECT answers::text FROM responses WHERE survey_id = %(id)s ORDER BY length(answers::text), id"
        " OFFSET (SELECT count(*) / 2 FROM responses WHERE survey_id = %(id)s) LIMIT 1",
        {"id": survey.id},
    ).fetchone()
    if row is None:
        raise Fault("No answer was stored.")
    return row[0]


def _stored(connection: psycopg.Connection[Any], survey: OpenSurvey) -> Stored:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM responses WHERE survey_id = %(id)s),"
        " (SELECT coalesce(sum(count), 0)::bigint FROM tallies WHERE survey_id = %(id)s AND question = '')",
        {"id": survey.id},
    ).fetchone()
    assert row is not None  # there is always one
    return Stored(*row)
