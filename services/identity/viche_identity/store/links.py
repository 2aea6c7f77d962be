"""Sign-in links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be."""

    id: UUID
    language: str
    return_path: str
    life_minutes: int


@dataclass(frozen=True, slots=True)
class UsedLink:
    """A link that has just been used up."""

    email: bytes
    language: str
    return_path: str


@dataclass(frozen=True, slots=True)
class LinkMail:
    """What a link's mail needs; ``email`` is sealed."""

    email: bytes
    language: str
    expires_at: datetime


async def add(conn: Connection, link: NewLink) -> None:
    """Keeps a link."""
    await conn.execute(
        "INSERT INTO sign_in_links (id, language, return_path, expires_at) VALUES"
        " (%(id)s, %(language)s, %(return_path)s,"
        " now() + make_interval(mins => %(life_minutes)s))",
        {
            "id": link.id, "language": link.language,
            "return_path": link.return_path, "life_minutes": link.life_minutes,
        },
    )  # fmt: skip


async def add_details(conn: Connection, link_id: UUID, email: bytes) -> None:
    """Keeps where a link goes, sealed."""
    await conn.execute(
        "INSERT INTO sign_in_link_details (link_id, email) VALUES (%(id)s, %(email)s)", {"id": link_id, "email": email}
    )


async def use(conn: Connection, link_id: UUID) -> UsedLink | None:
    """Uses a link up, if it is still good; of two at once only one gets it."""
    cursor = await conn.execute(
        "UPDATE sign_in_links AS link SET used_at = now() FROM sign_in_link_details AS details"
        " WHERE link.id = %(id)s AND used_at IS NULL AND expires_at > now() AND details.link_id = link.id"
        " RETURNING details.email, link.language, link.return_path",
        {"id": link_id},
    )
    row = await cursor.fetchone()
    return UsedLink(*row) if row else None


async def forget_details(conn: Connection, link_id: UUID) -> None:
    """Deletes where a link went."""
    await conn.execute("DELETE FROM sign_in_link_details WHERE link_id = %(id)s", {"id": link_id})


async def was_used(conn: Connection, link_id: UUID) -> bool | None:
    """Whether a link was used; None when there is no such link."""
    cursor = await conn.execute("SELECT used_at IS NOT NULL FROM sign_in_links WHERE id = %(id)s", {"id": link_id})
    row = await cursor.fetchone()
    return bool(row[0]) if row else None


async def find_mail(conn: Connection, link_id: UUID) -> LinkMail | None:
    """What the mail of a link needs, while the link is good."""
    cursor = await conn.execute(
        "SELECT details.email, link.language, link.expires_at FROM sign_in_links AS link"
        " JOIN sign_in_link_details AS details ON details.link_id = link.id"
        " WHERE link.id = %(id)s AND link.used_at IS NULL AND link.expires_at > now()",
        {"id": link_id},
    )
    row = await cursor.fetchone()
    return LinkMail(*row) if row else None


async def forget_expired(conn: Connection) -> None:
    """Deletes where links went that have expired."""
    await conn.execute(
        "DELETE FROM sign_in_link_details AS details USING sign_in_links AS link"
        " WHERE link.id = details.link_id AND link.expires_at < now()"
    )


async def sweep(conn: Connection, kept_days: int) -> None:
    """Deletes links that are older than ``kept_days``."""
    await conn.execute(
        "DELETE FROM sign_in_links WHERE created_at < now() - make_interval(days => %(days)s)", {"days": kept_days}
    )
