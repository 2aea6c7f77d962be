"""Counts of polls on platforms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_surveys.domain.polls import Poll, PollOption


async def put(conn: Connection, survey_id: UUID, poll: Poll, *, corrects: bool = False) -> None:
    """Puts a poll's counts there, in place of those that it has, unless these are newer.

    Args:
        corrects: whether they take the place of newer ones, too.
    """
    await conn.execute(
        "INSERT INTO polls AS p (survey_id, platform, poll_id, url, question, voters, options, taken_at)"
        " VALUES (%(survey_id)s, %(platform)s, %(poll_id)s, %(url)s, %(question)s, %(voters)s, %(options)s,"
        " %(taken_at)s) ON CONFLICT (survey_id, platform, poll_id) DO UPDATE SET url = excluded.url,"
        " question = excluded.question, voters = excluded.voters, options = excluded.options,"
        " taken_at = excluded.taken_at WHERE p.taken_at <= excluded.taken_at OR %(corrects)s",
        {
            "corrects": corrects,
            "survey_id": survey_id, "platform": poll.platform, "poll_id": poll.poll_id, "url": poll.url,
            "question": poll.question, "voters": poll.voters, "taken_at": poll.taken_at,
            "options": Jsonb([[each.text, each.code, each.votes] for each in poll.options]),
        },
    )  # fmt: skip


async def delete(conn: Connection, survey_id: UUID, platform: str, poll_id: str) -> Poll | None:
    """Takes a poll's counts away.

    Returns:
        what they were; None where there were none.
    """
    cursor = await conn.execute(
        "DELETE FROM polls WHERE survey_id = %(survey_id)s AND platform = %(platform)s AND poll_id = %(poll_id)s"
        " RETURNING platform, poll_id, url, question, taken_at, options, voters",
        {"survey_id": survey_id, "platform": platform, "poll_id": poll_id},
    )
    row = await cursor.fetchone()
    return _poll(*row) if row else None


async def rename(conn: Connection, survey_id: UUID, names: Mapping[str, str]) -> None:
    """Lets polls repeat questions by their new names, which are given by the former ones."""
    await conn.execute(
        "UPDATE polls p SET question = names.new"
        " FROM unnest(%(former)s::text[], %(new)s::text[]) AS names (former, new)"
        " WHERE p.survey_id = %(survey_id)s AND p.question = names.former",
        {"survey_id": survey_id, "former": list(names), "new": list(names.values())},
    )


async def of_survey(conn: Connection, survey_id: UUID) -> list[Poll]:
    """All of a survey, the latest counts first."""
    cursor = await conn.execute(
        "SELECT platform, poll_id, url, question, taken_at, options, voters FROM polls WHERE survey_id = %(survey_id)s"
        " ORDER BY taken_at DESC, platform, poll_id",
        {"survey_id": survey_id},
    )
    return [_poll(*row) for row in await cursor.fetchall()]


def _poll(
    platform: str, poll_id: str, url: str, question: str, taken_at: datetime, options: list[Any], voters: int
) -> Poll:  # fmt: skip
    return Poll(platform, poll_id, url, question, taken_at, tuple(PollOption(*each) for each in options), voters)
