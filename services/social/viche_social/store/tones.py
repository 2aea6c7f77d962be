"""What officers said of the tone of conversations, by month."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_social.domain.tones import Tones


async def by_month(conn: Connection, starts: Sequence[datetime], until: datetime) -> Mapping[tuple[UUID, int], Tones]:
    """Conversations by authority and by the month in which they began, with what was said before an instant.

    Args:
        conn: to read.
        starts: of the months, in their order; each lasts until the next, the last one until ``until``.
        until: what was written, or said, from then on is left out.

    Returns:
        by authority and by the place of the month in ``starts``.
    """
    cursor = await conn.execute(
        "SELECT t.authority_id, width_bucket(i.written_at, %(starts)s::timestamptz[]) - 1 AS place,"
        " count(*) AS conversations,"
        " count(DISTINCT i.author_key) FILTER (WHERE l.said <> '') AS people,"
        " count(*) FILTER (WHERE l.said = 'friendly') AS friendly,"
        " count(*) FILTER (WHERE l.said = 'neutral') AS neutral,"
        " count(*) FILTER (WHERE l.said = 'angry') AS angry"
        " FROM threads t JOIN items i ON i.id = t.first_item"
        " LEFT JOIN LATERAL (SELECT said FROM labels WHERE thread_id = t.id AND kind = 'tone' AND at < %(until)s"
        " ORDER BY id DESC LIMIT 1) AS l ON true"
        " WHERE NOT i.is_own AND i.written_at >= %(since)s AND i.written_at < %(until)s"
        " GROUP BY t.authority_id, place ORDER BY t.authority_id, place",
        {"starts": list(starts), "since": starts[0], "until": until},
    )
    return {(row[0], row[1]): Tones(*row[2:]) for row in await cursor.fetchall()}
