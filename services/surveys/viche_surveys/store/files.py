"""Files of answers, noted before they are put into the object store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file; its name is sealed."""

    id: UUID
    survey_id: UUID
    question: str
    file_name: bytes
    media_type: str
    size_bytes: int
    is_personal: bool
    is_uploaded: bool = False

    @property
    def object_key(self) -> str:
        """Where it is in the object store."""
        return f"surveys/{self.survey_id}/{self.id}"


async def add(conn: Connection, file: StoredFile) -> None:
    """Notes a file that is about to be put into the store."""
    await conn.execute(
        "INSERT INTO files (id, survey_id, question, file_name, media_type, size_bytes, is_personal)"
        " VALUES (%(id)s, %(survey_id)s, %(question)s, %(file_name)s, %(media_type)s, %(size_bytes)s, %(is_personal)s)",
        {
            "id": file.id, "survey_id": file.survey_id, "question": file.question, "file_name": file.file_name,
            "media_type": file.media_type, "size_bytes": file.size_bytes, "is_personal": file.is_personal,
        },
    )  # fmt: skip


async def unused(conn: Connection, survey_id: UUID, ids: Collection[UUID]) -> list[StoredFile]:
    """Those of the files that no answer uses."""
    cursor = await conn.execute(
        "SELECT id, survey_id, question, file_name, media_type, size_bytes, is_personal, is_uploaded FROM files"
        " WHERE id = ANY(%(ids)s) AND survey_id = %(survey_id)s AND response_id IS NULL AND removed_at IS NULL",
        {"ids": list(ids), "survey_id": survey_id},
    )
    return [StoredFile(*row) for row in await cursor.fetchall()]


async def mark_uploaded(conn: Connection, ids: Sequence[UUID]) -> None:
    """Notes that the objects are there."""
    await conn.execute("UPDATE files SET is_uploaded = true WHERE id = ANY(%(ids)s)", {"ids": list(ids)})


async def hold(conn: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Holds files until the transaction has ended; those that are used or removed are left out."""
    cursor = await conn.execute(
        "SELECT id FROM files WHERE id = ANY(%(ids)s) AND response_id IS NULL AND removed_at IS NULL"
        " ORDER BY id FOR UPDATE",
        {"ids": list(ids)},
    )
    return {row[0] for row in await cursor.fetchall()}


async def use(conn: Connection, used: Sequence[tuple[UUID, UUID]]) -> None:
    """Binds files to answers: pairs of a file and an answer."""
    await conn.execute(
        "UPDATE files SET response_id = item.response_id"
        " FROM unnest(%(files)s::uuid[], %(responses)s::uuid[]) AS item (file_id, response_id)"
        " WHERE files.id = item.file_id",
        {"files": [file for file, _ in used], "responses": [response for _, response in used]},
    )


async def mark_unused(conn: Connection, days: int, limit: int) -> list[tuple[UUID, UUID]]:
    """Marks files that nobody has used for some days; returns survey and id of all that are marked."""
    cursor = await conn.execute(
        "UPDATE files SET removed_at = coalesce(removed_at, now()) WHERE id IN (SELECT id FROM files"
        " WHERE removed_at IS NOT NULL OR (response_id IS NULL"
        " AND created_at < now() - make_interval(days => %(days)s))"
        " ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING survey_id, id",
        {"days": days, "limit": limit},
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def delete_removed(conn: Connection, ids: Sequence[UUID]) -> None:
    """Forgets files whose objects are gone."""
    await conn.execute("DELETE FROM files WHERE id = ANY(%(ids)s) AND removed_at IS NOT NULL", {"ids": list(ids)})
