"""What the database of surveys holds, read past the service: it is what is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from viche.surveys.v1 import events_pb2

from tests.integration.reliability.facts import StoredAnswer, SurveyFacts
from tests.integration.reliability.store import Connection
from tests.integration.reliability.surveys import K, OpenSurvey

TOTAL = " total"
"""In place of a code: the sum of a question's numbers."""


def survey(conn: Connection, asked: OpenSurvey, counted: int, published: int) -> SurveyFacts:
    """A survey's facts; `counted` and `published` are what the service says."""
    values = {"id": asked.id}
    respondents = conn.execute("SELECT count(*) FROM respondents WHERE survey_id = %(id)s", values).fetchone()
    whole = conn.execute(
        "SELECT coalesce(sum(count), 0)::bigint FROM tallies WHERE survey_id = %(id)s AND question = ''", values
    ).fetchone()
    assert respondents is not None
    assert whole is not None
    return SurveyFacts(
        survey_id=asked.id,
        answers=tuple(_answers(conn, asked)),
        respondents=respondents[0] if asked.counts_persons else None,
        counts={"tallies": whole[0], "GetOfficeResults": counted},
        tallied=_tallied(conn, asked),
        announced=tuple(_announced(conn, asked)),
        published=published,
        k=K,
    )


def delete_answer(conn: Connection, asked: OpenSurvey) -> None:
    """Takes away one answer, as an intruder with the superuser's rights would."""
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(
        "DELETE FROM responses WHERE (survey_id, id) IN"
        " (SELECT survey_id, id FROM responses WHERE survey_id = %(id)s ORDER BY id LIMIT 1)",
        {"id": asked.id},
    )


def delete_respondent(conn: Connection, asked: OpenSurvey) -> None:
    """Forgets that somebody has answered, who may answer again then."""
    conn.execute(
        "DELETE FROM respondents WHERE (survey_id, respondent) IN"
        " (SELECT survey_id, respondent FROM respondents WHERE survey_id = %(id)s ORDER BY respondent LIMIT 1)",
        {"id": asked.id},
    )


def change_answer(conn: Connection, asked: OpenSurvey) -> None:
    """Lets somebody have said something else."""
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(
        "UPDATE responses SET answers = answers || '{\"trips\": 999}' WHERE (survey_id, id) IN"
        " (SELECT survey_id, id FROM responses WHERE survey_id = %(id)s ORDER BY id LIMIT 1)",
        {"id": asked.id},
    )


def move_tally(conn: Connection, asked: OpenSurvey) -> None:
    """Counts one answer to a question more than there are."""
    conn.execute(
        "UPDATE tallies SET count = count + 1 WHERE (survey_id, question, row_code, code, partner_id, shard) IN (SELECT"
        " survey_id, question, row_code, code, partner_id, shard FROM tallies WHERE survey_id = %(id)s"
        " AND question <> '' ORDER BY question, row_code, code, partner_id, shard LIMIT 1)",
        {"id": asked.id},
    )


def _answers(conn: Connection, asked: OpenSurvey) -> Sequence[StoredAnswer]:
    cursor = conn.execute(
        "SELECT id::text, request_id::text, answers FROM responses WHERE survey_id = %(id)s ORDER BY id",
        {"id": asked.id},
    )
    return [StoredAnswer(*row) for row in cursor]


def _tallied(conn: Connection, asked: OpenSurvey) -> Mapping[tuple[str, str], int]:
    cursor = conn.execute(
        "SELECT question, code, sum(count)::bigint, sum(total)::bigint FROM tallies WHERE survey_id = %(id)s"
        " AND question <> '' GROUP BY 1, 2 ORDER BY 1, 2",
        {"id": asked.id},
    )
    tallied: dict[tuple[str, str], int] = {}
    for question, code, count, total in cursor:
        tallied[question, code] = count
        if total is not None:
            tallied[question, TOTAL] = total
    return tallied


def _announced(conn: Connection, asked: OpenSurvey) -> Sequence[str]:
    cursor = conn.execute(
        "SELECT payload FROM outbox WHERE type = 'viche.surveys.v1.ResponsesAccepted' ORDER BY created_at, id"
    )
    events = [events_pb2.ResponsesAccepted.FromString(row[0]) for row in cursor]
    return [each.response_id for event in events if event.survey_id == asked.id for each in event.responses]
