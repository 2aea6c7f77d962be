"""Answers one by one, to be counted anew, and what that has shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_surveys.domain.tallying import Tally
from viche_surveys.store import tallies

FIRST = UUID(int=0)
MENDED_SHARD = 32_767
"""Of the tallies: nobody who answers touches it."""


@dataclass(frozen=True, slots=True)
class RawResponse:
    """An answer without its personal part; `day` is that on which it was given or accepted, in the region's zone."""

    id: UUID
    version: int
    answers: Mapping[str, object]
    partner_id: UUID | None
    day: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A tally that is not what the answers add up to; None where there is none."""

    key: tallies.Key
    counted: Tally | None
    published: Tally | None

    @property
    def added(self) -> int:
        """What the count lacks."""
        return (self.counted or Tally()).count - (self.published or Tally()).count


async def hold_still(conn: Connection) -> datetime:
    """Lets the transaction see one state of the database, whatever is under way; to be called first in it.

    Returns:
        of when it is.
    """
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    row = await (await conn.execute("SELECT clock_timestamp()")).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def allow_long_statements(conn: Connection, seconds: int) -> None:
    """Lets a statement of the transaction take so long, waiting for locks included."""
    await conn.execute("SELECT set_config('statement_timeout', %(ms)s, true)", {"ms": str(seconds * 1000)})


async def responses_after(
    conn: Connection, survey_id: UUID, after: UUID, zone: str, limit: int
) -> list[RawResponse]:  # fmt: skip
    """Answers to a survey after one of them, in the order of their ids."""
    cursor = await conn.execute(
        "SELECT id, version, answers, partner_id,"
        " to_char(coalesce(given_at, accepted_at) AT TIME ZONE %(zone)s, 'YYYY-MM-DD')"
        " FROM responses WHERE survey_id = %(survey_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        {"survey_id": survey_id, "after": after, "zone": zone, "limit": limit},
    )
    return [RawResponse(*row) for row in await cursor.fetchall()]


async def mend(conn: Connection, differences: Sequence[Difference]) -> None:
    """Adds to the tallies what they lack, and sets the least and the greatest where they are wrong.

    A number beyond these that came since the count is left out of them until the next recount.
    """
    await tallies.move(conn, {each.key: _lack(each) for each in differences}, MENDED_SHARD)
    wrong = [each for each in differences if each.counted and each.published and _ends(each)]
    for each in wrong:
        assert each.counted is not None
        await conn.execute(
            "UPDATE tallies t SET least = greatest(t.least, %(least)s), most = least(t.most, %(most)s)"
            " WHERE t.survey_id = %(survey)s AND t.question = %(question)s AND t.row_code = %(row)s"
            " AND t.code = %(code)s AND t.partner_id = %(partner)s AND t.least IS NOT NULL",
            {
                "least": each.counted.least, "most": each.counted.most,
                **dict(zip(("survey", "question", "row", "code", "partner"), each.key, strict=True)),
            },
        )  # fmt: skip


def _lack(difference: Difference) -> Tally:
    counted, published = difference.counted or Tally(), difference.published or Tally()
    return Tally(
        difference.added, _lacking(counted.total, published.total), _lacking(counted.squares, published.squares),
        counted.least, counted.most,
    )  # fmt: skip


def _lacking(counted: Decimal | None, published: Decimal | None) -> Decimal | None:
    if counted is None and published is None:
        return None
    return (counted or Decimal()) - (published or Decimal())


def _ends(difference: Difference) -> bool:
    counted, published = difference.counted or Tally(), difference.published or Tally()
    return (counted.least, counted.most) != (published.least, published.most)


async def add(
    conn: Connection, survey_id: UUID, responses: int, differences: Sequence[Difference], at: datetime, *,
    is_mended: bool,
) -> None:  # fmt: skip
    """Notes what a recount has shown."""
    told = [
        [*each.key[1:4], str(each.key[4]), (each.counted or Tally()).count, (each.published or Tally()).count]
        for each in differences
    ]
    await conn.execute(
        "INSERT INTO recounts (id, survey_id, responses, differences, is_mended, at)"
        " VALUES (%(id)s, %(survey_id)s, %(responses)s, %(differences)s, %(is_mended)s, %(at)s)",
        {
            "id": new_id(), "survey_id": survey_id, "responses": responses, "differences": Jsonb(told),
            "is_mended": is_mended, "at": at,
        },
    )  # fmt: skip


async def next_changed(conn: Connection, after: UUID) -> UUID | None:
    """The first survey after one of them, by their ids, that was answered since its last recount or was left wrong."""
    cursor = await conn.execute(
        "SELECT s.id FROM surveys s JOIN LATERAL (SELECT r.accepted_at FROM responses r WHERE r.survey_id = s.id"
        " ORDER BY r.id DESC LIMIT 1) latest ON true WHERE s.id > %(after)s AND NOT EXISTS (SELECT FROM recounts n"
        # an answer is dated at the beginning of its transaction
        " WHERE n.survey_id = s.id AND n.is_mended AND n.at >= latest.accepted_at + interval '1 minute')"
        " ORDER BY s.id LIMIT 1",
        {"after": after},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def is_night_due(conn: Connection, zone: str, hour: int) -> bool:
    """Whether the recount of the night that began last, at ``hour`` o'clock in a zone, is still to be done."""
    cursor = await conn.execute(
        "SELECT NOT EXISTS (SELECT 1 FROM recount_nights WHERE day = (clock_timestamp() AT TIME ZONE %(zone)s"
        " - make_interval(hours => %(hour)s))::date)",
        {"zone": zone, "hour": hour},
    )
    row = await cursor.fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def end_night(conn: Connection, zone: str, hour: int) -> None:
    """Notes that the recount of the night is done."""
    await conn.execute(
        "INSERT INTO recount_nights (day) VALUES ((clock_timestamp() AT TIME ZONE %(zone)s"
        " - make_interval(hours => %(hour)s))::date) ON CONFLICT DO NOTHING",
        {"zone": zone, "hour": hour},
    )
