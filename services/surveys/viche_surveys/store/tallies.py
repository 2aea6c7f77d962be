"""Tallies, moved in the transaction that accepts answers. `domain/tallying.py` says what their cells are."""

from collections.abc import Mapping
from uuid import UUID

from viche_chassis.db import Connection
from viche_surveys.domain.tallying import Tally

OURS = UUID(int=0)
"""In place of a partner: answers that came through none."""
Key = tuple[UUID, str, str, str, UUID]
"""Survey, question, row, code, partner."""

_MOVE = """
INSERT INTO tallies AS known
    (survey_id, question, row_code, code, partner_id, shard, count, total, squares, least, most)
SELECT survey_id, question, row_code, code, partner_id, %(shard)s, count, total, squares, least, most
FROM unnest(%(surveys)s::uuid[], %(questions)s::text[], %(rows)s::text[], %(codes)s::text[], %(partners)s::uuid[],
    %(counts)s::bigint[], %(totals)s::numeric[], %(squares)s::numeric[], %(least)s::numeric[], %(most)s::numeric[])
    AS item (survey_id, question, row_code, code, partner_id, count, total, squares, least, most)
ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (survey_id, question, row_code, code, partner_id, shard) DO UPDATE SET
    count = known.count + excluded.count, total = known.total + excluded.total,
    squares = known.squares + excluded.squares, least = least(known.least, excluded.least),
    most = greatest(known.most, excluded.most)
"""


async def move(conn: Connection, moves: Mapping[Key, Tally], shard: int) -> None:
    """Adds to tallies."""
    keys, tallies = list(moves), list(moves.values())
    await conn.execute(
        _MOVE,
        {
            "shard": shard,
            "surveys": [key[0] for key in keys],
            "questions": [key[1] for key in keys],
            "rows": [key[2] for key in keys],
            "codes": [key[3] for key in keys],
            "partners": [key[4] for key in keys],
            "counts": [each.count for each in tallies],
            "totals": [each.total for each in tallies],
            "squares": [each.squares for each in tallies],
            "least": [each.least for each in tallies],
            "most": [each.most for each in tallies],
        },
    )


async def sums(conn: Connection, survey_id: UUID) -> dict[Key, Tally]:
    """The tallies of a survey, over all shards; a recount may have brought one back to nothing."""
    cursor = await conn.execute(
        "SELECT question, row_code, code, partner_id, sum(count)::bigint AS count, sum(total) AS total,"
        " sum(squares) AS squares, min(least) AS least, max(most) AS most FROM tallies"
        " WHERE survey_id = %(survey_id)s GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0 ORDER BY 1, 2, 3, 4",
        {"survey_id": survey_id},
    )
    return {(survey_id, row[0], row[1], row[2], row[3]): Tally(*row[4:]) for row in await cursor.fetchall()}
