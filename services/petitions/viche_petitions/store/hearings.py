"""What was said of hearings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.answer_errors import StaleHearing
from viche_petitions.domain.hearings import Hearing
from viche_petitions.store.violations import told

ALL = sql.SQL(
    "(SELECT jsonb_agg(to_jsonb(g) - 'officer' ORDER BY g.version) FROM hearings g WHERE g.petition_id = p.id)"
)
"""Everything that was said of hearings of petition ``p``; :func:`hearings` reads it."""


def hearings(stored: list[dict[str, Any]] | None) -> tuple[Hearing, ...]:
    """What :data:`ALL` gave."""
    return tuple(
        Hearing(
            version=each["version"], hearing=each["hearing"], title=each["title"],
            held_at=datetime.fromisoformat(each["held_at"]), place=each["place"], watch_url=each["watch_url"],
            outcome=each["outcome"], transcript_url=each["transcript_url"], video_url=each["video_url"],
            is_cancelled=each["is_cancelled"], note=each["note"],
            published_at=datetime.fromisoformat(each["published_at"]),
        )
        for each in stored or ()
    )  # fmt: skip


async def insert(conn: Connection, petition_id: UUID, said: Hearing, officer: bytes) -> None:
    """Adds what is said of a hearing."""
    with told({"hearings_version": StaleHearing}):
        await conn.execute(
            "INSERT INTO hearings (petition_id, version, hearing, title, held_at, place, watch_url, outcome,"
            " transcript_url, video_url, is_cancelled, note, officer, published_at)"
            " VALUES (%(id)s, %(version)s, %(hearing)s, %(title)s, %(held_at)s, %(place)s, %(watch_url)s, %(outcome)s,"
            " %(transcript_url)s, %(video_url)s, %(is_cancelled)s, %(note)s, %(officer)s, %(at)s)",
            {
                "id": petition_id, "version": said.version, "hearing": said.hearing, "title": Jsonb(dict(said.title)),
                "held_at": said.held_at, "place": Jsonb(dict(said.place)), "watch_url": said.watch_url,
                "outcome": Jsonb(dict(said.outcome)), "transcript_url": said.transcript_url,
                "video_url": said.video_url, "is_cancelled": said.is_cancelled,
                "note": Jsonb(dict(said.note)), "officer": officer, "at": said.published_at,
            },
        )  # fmt: skip
