"""Official answers, their drafts and their files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.answer_errors import AlreadyAnswered
from viche_petitions.domain.answers import Answer, AnswerDraft, Attached, Content, Decision, Document
from viche_petitions.store.violations import told

LAST = sql.SQL(
    "(SELECT jsonb_build_array(jsonb_build_object('version', a.version, 'decision', a.decision,"
    " 'published_at', a.published_at)) FROM answers a WHERE a.petition_id = p.id ORDER BY a.version DESC LIMIT 1)"
)
"""The last answer of petition ``p`` without its texts; :func:`answers` reads it."""

ALL = sql.SQL(
    "(SELECT jsonb_agg(to_jsonb(a) - 'officer' || jsonb_build_object('documents',"
    " (SELECT jsonb_agg(to_jsonb(d) || jsonb_build_object('title', f.title) ORDER BY f.position)"
    " FROM answer_documents f JOIN documents d ON d.id = f.document_id"
    " WHERE f.petition_id = a.petition_id AND f.version = a.version)) ORDER BY a.version)"
    " FROM answers a WHERE a.petition_id = p.id)"
)
"""The answer of petition ``p`` and its corrections; :func:`answers` reads it."""

REMOVE_AFTER = "7 days"
"""How long files are kept that nobody uses."""


def answers(stored: list[dict[str, Any]] | None) -> tuple[Answer, ...]:
    """What :data:`LAST` or :data:`ALL` gave."""
    return tuple(
        Answer(
            version=each["version"],
            decision=Decision(each["decision"]),
            published_at=datetime.fromisoformat(each["published_at"]),
            summary=each.get("summary") or {},
            reasons=each.get("reasons") or {},
            signed_by=each.get("signed_by", ""),
            documents=tuple(_document(found) for found in each.get("documents") or ()),
            correction_note=each.get("correction_note") or {},
        )
        for each in stored or ()
    )


def _document(body: dict[str, Any]) -> Document:
    return Document(
        UUID(str(body["id"])), body["file_name"], body["media_type"], body["size_bytes"], body["sha256"],
        body.get("title") or {},
    )  # fmt: skip


async def insert(
    conn: Connection, petition_id: UUID, version: int, content: Content, officer: bytes, at: datetime
) -> None:
    """Adds an answer or a correction; the files follow."""
    with told({"answers_version": AlreadyAnswered}):
        await conn.execute(
            "INSERT INTO answers (petition_id, version, decision, summary, reasons, signed_by, correction_note,"
            " officer, published_at) VALUES (%(id)s, %(version)s, %(decision)s, %(summary)s, %(reasons)s,"
            " %(signed_by)s, %(note)s, %(officer)s, %(at)s)",
            {
                "id": petition_id, "version": version, "decision": content.decision,
                "summary": Jsonb(dict(content.summary)), "reasons": Jsonb(dict(content.reasons)),
                "signed_by": content.signed_by,
                "note": Jsonb(dict(content.correction_note)), "officer": officer, "at": at,
            },
        )  # fmt: skip


async def attach(conn: Connection, petition_id: UUID, version: int, documents: Sequence[Attached]) -> None:
    """Adds the files of an answer, in their order."""
    await conn.execute(
        "INSERT INTO answer_documents (petition_id, version, position, document_id, title)"
        " SELECT %(id)s, %(version)s, position, document_id, title FROM unnest(%(ids)s::uuid[], %(titles)s::jsonb[])"
        " WITH ORDINALITY AS new (document_id, title, position)",
        {
            "id": petition_id, "version": version, "ids": [each.document_id for each in documents],
            "titles": [Jsonb(dict(each.title)) for each in documents],
        },
    )  # fmt: skip


async def touch(conn: Connection, petition_id: UUID, at: datetime) -> None:
    """Notes that the petition has changed."""
    await conn.execute(
        "UPDATE petitions SET updated_at = greatest(updated_at, %(at)s) WHERE id = %(id)s",
        {"id": petition_id, "at": at},
    )


async def draft(conn: Connection, petition_id: UUID) -> AnswerDraft | None:
    """What officers have written so far."""
    cursor = await conn.execute(
        "SELECT version, content, corrects_version, saved_at FROM answer_drafts WHERE petition_id = %(id)s",
        {"id": petition_id},
    )
    row = await cursor.fetchone()
    return AnswerDraft(row[0], _content(row[1]), row[2], row[3]) if row else None


async def put_draft(
    conn: Connection, petition_id: UUID, version: int, content: Content, corrects_version: int, officer: bytes
) -> bool:
    """Keeps a draft in place of the one of ``version``, 0 being none; False when that is not the one there is."""
    cursor = await conn.execute(
        "INSERT INTO answer_drafts AS known (petition_id, version, content, corrects_version, officer, saved_at)"
        " SELECT %(id)s, 1, %(content)s, %(corrects)s, %(officer)s, clock_timestamp()"
        " WHERE %(version)s = 0 OR EXISTS (SELECT 1 FROM answer_drafts WHERE petition_id = %(id)s)"
        " ON CONFLICT (petition_id) DO UPDATE SET version = known.version + 1, content = excluded.content,"
        " corrects_version = excluded.corrects_version, officer = excluded.officer, saved_at = excluded.saved_at"
        " WHERE known.version = %(version)s",
        {
            "id": petition_id, "version": version, "content": Jsonb(_body(content)), "corrects": corrects_version,
            "officer": officer,
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def drop_draft(conn: Connection, petition_id: UUID) -> None:
    """Ends a draft."""
    await conn.execute("DELETE FROM answer_drafts WHERE petition_id = %(id)s", {"id": petition_id})


async def add_document(conn: Connection, petition_id: UUID, document: Document, officer: bytes) -> None:
    """Notes a file that is about to be stored."""
    await conn.execute(
        "INSERT INTO documents (id, petition_id, file_name, media_type, size_bytes, sha256, officer)"
        " VALUES (%(id)s, %(petition_id)s, %(file_name)s, %(media_type)s, %(size_bytes)s, %(sha256)s, %(officer)s)",
        {
            "id": document.id, "petition_id": petition_id, "file_name": document.file_name,
            "media_type": document.media_type, "size_bytes": document.size_bytes, "sha256": document.sha256,
            "officer": officer,
        },
    )  # fmt: skip


async def documents(conn: Connection, petition_id: UUID, ids: Sequence[UUID]) -> list[Document]:
    """Those files of a petition, held against removal until the transaction ends."""
    cursor = await conn.execute(
        "SELECT id, file_name, media_type, size_bytes, sha256 FROM documents"
        " WHERE petition_id = %(petition_id)s AND id = ANY(%(ids)s) AND removed_at IS NULL ORDER BY id FOR SHARE",
        {"petition_id": petition_id, "ids": list(ids)},
    )
    return [Document(*row) for row in await cursor.fetchall()]


async def count_unused(conn: Connection, petition_id: UUID) -> int:
    """How many files of a petition no answer has."""
    cursor = await conn.execute(
        "SELECT count(*) FROM documents d WHERE d.petition_id = %(id)s AND d.removed_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM answer_documents f WHERE f.document_id = d.id)",
        {"id": petition_id},
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def mark_unused(conn: Connection, limit: int) -> list[tuple[UUID, UUID]]:
    """Marks files as removed that neither an answer nor a draft has used for long.

    Returns:
        petition and id of those whose objects are to be deleted now, those marked before among them.
    """
    cursor = await conn.execute(
        "UPDATE documents SET removed_at = coalesce(removed_at, now()) WHERE id IN"
        " (SELECT d.id FROM documents d WHERE d.created_at < now() - %(keep)s::interval"
        " AND NOT EXISTS (SELECT 1 FROM answer_documents f WHERE f.document_id = d.id)"
        " AND NOT EXISTS (SELECT 1 FROM answer_drafts w WHERE w.petition_id = d.petition_id"
        " AND w.content->'documents' @> jsonb_build_array(jsonb_build_object('id', d.id)))"
        " ORDER BY d.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING petition_id, id",
        {"keep": REMOVE_AFTER, "limit": limit},
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def delete_removed(conn: Connection, ids: Sequence[UUID]) -> None:
    """Deletes files whose objects are gone."""
    await conn.execute("DELETE FROM documents WHERE id = ANY(%(ids)s) AND removed_at IS NOT NULL", {"ids": list(ids)})


def _body(content: Content) -> dict[str, object]:
    return {
        "decision": content.decision, "summary": dict(content.summary), "reasons": dict(content.reasons),
        "signed_by": content.signed_by, "correction_note": dict(content.correction_note),
        "documents": [{"id": str(each.document_id), "title": dict(each.title)} for each in content.documents],
    }  # fmt: skip


def _content(body: dict[str, Any]) -> Content:
    return Content(
        decision=Decision(body["decision"]) if body["decision"] else None,
        summary=body["summary"],
        reasons=body["reasons"],
        signed_by=body["signed_by"],
        documents=tuple(Attached(UUID(each["id"]), each["title"]) for each in body["documents"]),
        correction_note=body["correction_note"],
    )
