"""What officers said, to learn from, and what was learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_social.domain.learning import Figures

_FIGURES = "version, trained_at, labels, newest_label, texts, macro_f1, words_f1, precision, coverage"


class Part(NamedTuple):
    """Labels of one kind in one language; the kind "language" has one part for all."""

    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class Label:
    """What an officer said last of a conversation, and the item that began it."""

    id: UUID
    kind: str
    language: str
    said: str
    item_id: UUID

    @property
    def part(self) -> Part:
        """To which it belongs."""
        return Part(self.kind, "" if self.kind == "language" else self.language)


@dataclass(frozen=True, slots=True)
class Training:
    """The last training of a part."""

    kind: str
    language: str
    version: int
    trained_at: datetime
    labels: int
    newest_label: UUID
    texts: int
    macro_f1: float
    words_f1: float
    precision: float
    coverage: float
    is_adopted: bool


class Adopted(NamedTuple):
    """A model that proposes."""

    part: Part
    trained_at: datetime


async def notice(conn: Connection, authority_id: UUID) -> None:
    """There is something to learn from for an authority."""
    await conn.execute(
        "INSERT INTO learning (authority_id) VALUES (%(id)s) ON CONFLICT DO NOTHING", {"id": authority_id}
    )


async def claim(conn: Connection, pause: timedelta) -> list[UUID]:
    """Authorities whose labels nobody has looked at for a while; nobody else gets them meanwhile."""
    cursor = await conn.execute(
        "UPDATE learning SET looked_at = clock_timestamp() WHERE authority_id IN (SELECT authority_id FROM learning"
        " WHERE is_on AND (looked_at IS NULL OR looked_at < clock_timestamp() - %(pause)s)"
        " ORDER BY authority_id FOR UPDATE SKIP LOCKED) RETURNING authority_id",
        {"pause": pause},
    )
    return sorted(row[0] for row in await cursor.fetchall())


async def is_on(conn: Connection, authority_id: UUID) -> bool:
    """Whether models are trained for an authority; they are where nobody has said otherwise."""
    cursor = await conn.execute("SELECT is_on FROM learning WHERE authority_id = %(id)s", {"id": authority_id})
    row = await cursor.fetchone()
    return row[0] if row else True


async def hold_if_on(conn: Connection, authority_id: UUID) -> bool:
    """Whether models are trained; nobody changes that until the transaction ends."""
    cursor = await conn.execute(
        "SELECT is_on FROM learning WHERE authority_id = %(id)s FOR UPDATE", {"id": authority_id}
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def switch(conn: Connection, authority_id: UUID, *, is_on: bool) -> None:
    """Lets models be trained from now on, or not; what was learnt is thrown away in the latter case."""
    await conn.execute(
        "INSERT INTO learning (authority_id, is_on) VALUES (%(id)s, %(is_on)s)"
        " ON CONFLICT (authority_id) DO UPDATE SET is_on = excluded.is_on, looked_at = NULL",
        {"id": authority_id, "is_on": is_on},
    )
    if not is_on:
        await conn.execute("DELETE FROM learned_models WHERE authority_id = %(id)s", {"id": authority_id})


_ERASED = (
    "SELECT l.id FROM labels l JOIN threads t ON t.id = l.thread_id JOIN items i ON i.id = t.first_item"
    " WHERE t.authority_id = %(id)s AND i.erased_at IS NOT NULL"
)


async def erased(conn: Connection, authority_id: UUID) -> int:
    """How many labels are of messages that are forgotten."""
    cursor = await conn.execute(f"SELECT count(*) FROM ({_ERASED}) AS e", {"id": authority_id})  # noqa: S608 (ours)
    (row,) = await cursor.fetchall()
    return row[0]


async def forget_erased(conn: Connection, authority_id: UUID) -> int:
    """Throws labels of messages away that are forgotten; how many."""
    cursor = await conn.execute(f"DELETE FROM labels WHERE id IN ({_ERASED})", {"id": authority_id})  # noqa: S608 (ours)
    return cursor.rowcount


async def hurry(conn: Connection, authority_id: UUID) -> None:
    """The next look is soon."""
    await conn.execute("UPDATE learning SET looked_at = NULL WHERE authority_id = %(id)s", {"id": authority_id})


async def labels(conn: Connection, authority_id: UUID, most: int) -> list[Label]:
    """What officers said last of each conversation whose beginning is not forgotten; the latest first.

    Args:
        conn: to read.
        authority_id: whose conversations.
        most: labels of more are not read.
    """
    cursor = conn.cursor(row_factory=class_row(Label))
    await cursor.execute(
        "SELECT n.id, n.kind, n.language, n.said, n.item_id FROM (SELECT DISTINCT ON (l.thread_id, l.kind) l.id,"
        " l.kind, t.language, l.said, t.first_item AS item_id FROM labels l JOIN threads t ON t.id = l.thread_id"
        " JOIN items i ON i.id = t.first_item WHERE t.authority_id = %(id)s AND i.erased_at IS NULL AND NOT i.is_own"
        " ORDER BY l.thread_id, l.kind, l.id DESC) AS n ORDER BY n.id DESC LIMIT %(most)s",
        {"id": authority_id, "most": most},
    )
    return await cursor.fetchall()


async def trainings(conn: Connection, authority_id: UUID) -> Mapping[Part, Training]:
    """The last training of each part."""
    cursor = conn.cursor(row_factory=class_row(Training))
    await cursor.execute(
        f"SELECT kind, language, {_FIGURES}, document IS NOT NULL AS is_adopted FROM learned_models"  # noqa: S608 (ours)
        " WHERE authority_id = %(id)s ORDER BY kind, language",
        {"id": authority_id},
    )
    return {Part(each.kind, each.language): each for each in await cursor.fetchall()}


async def put(
    conn: Connection,
    authority_id: UUID,
    part: Part,
    learned_from: Sequence[Label],
    figures: Figures,
    document: Mapping[str, Any] | None,
) -> None:
    """Keeps what a training gave, in place of the one before."""
    await conn.execute(
        "INSERT INTO learned_models (authority_id, kind, language, version, labels, newest_label, texts, macro_f1,"
        " words_f1, precision, coverage, document) VALUES (%(id)s, %(kind)s, %(language)s, 1, %(labels)s, %(newest)s,"
        " %(texts)s, %(macro_f1)s, %(words_f1)s, %(precision)s, %(coverage)s, %(document)s)"
        " ON CONFLICT (authority_id, kind, language) DO UPDATE SET version = learned_models.version + 1,"
        " trained_at = clock_timestamp(), labels = excluded.labels, newest_label = excluded.newest_label,"
        " texts = excluded.texts, macro_f1 = excluded.macro_f1, words_f1 = excluded.words_f1,"
        " precision = excluded.precision, coverage = excluded.coverage, document = excluded.document",
        {
            "id": authority_id, "kind": part.kind, "language": part.language, "labels": len(learned_from),
            "newest": max(each.id for each in learned_from), "texts": figures.texts, "macro_f1": figures.macro_f1,
            "words_f1": figures.words_f1, "precision": figures.precision, "coverage": figures.coverage,
            "document": Jsonb(document) if document is not None else None,
        },
    )  # fmt: skip


async def drop(conn: Connection, authority_id: UUID, part: Part) -> None:
    """There is too little to learn from (any more)."""
    await conn.execute(
        "DELETE FROM learned_models WHERE authority_id = %(id)s AND kind = %(kind)s AND language = %(language)s",
        {"id": authority_id, **part._asdict()},
    )


async def adopted(conn: Connection, authority_id: UUID) -> list[Adopted]:
    """Models of an authority that propose."""
    cursor = await conn.execute(
        "SELECT kind, language, trained_at FROM learned_models WHERE authority_id = %(id)s AND document IS NOT NULL"
        " ORDER BY kind, language",
        {"id": authority_id},
    )
    return [Adopted(Part(row[0], row[1]), row[2]) for row in await cursor.fetchall()]


async def document(conn: Connection, authority_id: UUID, part: Part) -> Mapping[str, Any]:
    """A model, which is there until the transaction ends."""
    cursor = await conn.execute(
        "SELECT document FROM learned_models WHERE authority_id = %(id)s AND kind = %(kind)s"
        " AND language = %(language)s AND document IS NOT NULL",
        {"id": authority_id, **part._asdict()},
    )
    row = await cursor.fetchone()
    return row[0] if row else {}
