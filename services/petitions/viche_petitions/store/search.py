"""Places of public petitions with words, with work that is bounded however common the words are.

No statement is prepared: each is planned for its words, since how common they are decides which way is the shortest.
"""

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.store import filters
from viche_petitions.store.filters import Filter
from viche_petitions.store.listing import ORDERS, PLACE, Order, Place, Span, after, place, values

MOST_COUNTED = 1000
"""So many matches are counted, and ranked all together."""

MOST_RANKED_OF_MORE = 200
"""Of more, so many with the most signatures are ranked; the others follow by their signatures."""

_RANK = sql.SQL("ts_rank('{{0.05, 0.1, 0.3, 1.0}}', p.searchable, %(query)s::tsquery)").format()
_BY_RANK = sql.SQL("l.rank DESC, l.count DESC, l.petition_id DESC")


async def few(conn: Connection, which: Filter, span: Span) -> tuple[list[Place], int | None]:
    """Places of at most :data:`MOST_COUNTED` matches, and how many there are.

    Returns:
        None for their number, and no places, where there are more.
    """
    query = sql.SQL(
        "WITH found AS MATERIALIZED (SELECT p.id, p.searchable FROM petitions p WHERE {where} LIMIT %(most)s + 1),"
        " total AS MATERIALIZED (SELECT count(*) AS matches FROM found),"
        # OFFSET 0: row by row, for the planner would rather read all of the table
        " matched AS MATERIALIZED (SELECT p.id AS petition_id, l.count, l.listed_at, {rank} AS rank FROM found p"
        " CROSS JOIN LATERAL (SELECT count, listed_at FROM listed_counts WHERE petition_id = p.id OFFSET 0) AS l"
        " WHERE (SELECT matches FROM total) <= %(most)s),"
        " page AS (SELECT l.* FROM matched l WHERE true {after} ORDER BY {order} LIMIT %(limit)s OFFSET %(skip)s)"
        " SELECT total.matches, {place} FROM total LEFT JOIN page l ON true ORDER BY {order}"
    ).format(where=filters.of_rows(which), rank=_rank(span), after=after(span), order=_order(span.order), place=PLACE)
    asked = {"most": MOST_COUNTED, **values(span), **filters.values(which)}
    rows = await (await conn.execute(query, asked, prepare=False)).fetchall()
    matches = rows[0][0]
    return [place(row) for row in rows if row[1]], matches if matches <= MOST_COUNTED else None


async def many(conn: Connection, which: Filter, span: Span) -> list[Place]:
    """Places of more matches: lists are walked in their order, and each petition held against the words.

    As words are common, a page is soon full.
    """
    query = sql.SQL(
        "WITH walked AS MATERIALIZED (SELECT l.petition_id, l.count, l.listed_at, p.searchable"
        " FROM listed_counts l JOIN petitions p ON p.id = l.petition_id WHERE {where} {after} ORDER BY {walked}"
        " LIMIT greatest(%(limit)s + %(skip)s, %(ranked)s)),"
        " placed AS (SELECT l.*, row_number() OVER (ORDER BY {walked}) AS place FROM walked l),"
        " ranked AS (SELECT p.*, CASE WHEN p.place <= %(ranked)s THEN {rank} ELSE -1 END AS rank FROM placed p)"
        " SELECT {place} FROM ranked l ORDER BY {order} LIMIT %(limit)s OFFSET %(skip)s"
    ).format(
        where=filters.of_rows(which), after=after(span), walked=ORDERS[span.order], rank=_rank(span),
        order=_order(span.order), place=PLACE,
    )  # fmt: skip
    await conn.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # starting one takes longer than walking
    asked = {"ranked": MOST_RANKED_OF_MORE if span.order is Order.MATCH else 0, **values(span)}
    cursor = await conn.execute(query, {**asked, **filters.values(which)}, prepare=False)
    return [place(row) for row in await cursor.fetchall()]


def _rank(span: Span) -> sql.SQL | sql.Composed:
    return _RANK if span.order is Order.MATCH else sql.SQL("0")


def _order(order: Order) -> sql.SQL | sql.Composed:
    return _BY_RANK if order is Order.MATCH else ORDERS[order]
