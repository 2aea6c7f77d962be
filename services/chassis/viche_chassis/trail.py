"""The trail of what officers did: one entry per act, read in pages, the latest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.access import current_caller
from viche_chassis.db import Pool, reading
from viche_chassis.pages import page_size

PAGE, MOST = 100, 500
END = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as it was written down."""

    id: UUID
    at: datetime
    service: str
    person: bytes | None
    roles: list[str]
    authority_id: UUID | None
    action: str
    object: str
    request_id: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: since an instant, of a person (by pseudonym), before another one; each may be left out."""

    since: datetime | None
    person: bytes
    before: UUID | None
    size: int


async def entries(pool: Pool, asked: Asked) -> list[Entry]:
    """Entries that the caller may see, the latest first.

    Operators see those of authorities that they operate, the command line sees all.

    Raises:
        InvalidFields: the size is negative.
    """
    person = current_caller().person
    operated = None if person is None else person.authorities(["operator"])
    return await _entries(pool, operated, asked, page_size(asked.size, PAGE, MOST))


async def _entries(pool: Pool, authorities: Collection[str] | None, asked: Asked, limit: int) -> list[Entry]:
    async with reading(pool) as conn:
        cursor = await conn.execute(
            "SELECT id, at, service, person, roles, authority_id, action, object, request_id FROM officer_actions"
            " WHERE id < %(before)s AND (%(all)s OR authority_id = ANY(%(authorities)s::uuid[]))"
            " AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)"
            " AND (%(person)s::bytea = '' OR person = %(person)s) ORDER BY id DESC LIMIT %(limit)s",
            {
                "before": asked.before or END, "all": authorities is None, "authorities": list(authorities or ()),
                "since": asked.since, "person": asked.person, "limit": limit,
            },
        )  # fmt: skip
        return [Entry(*row) for row in await cursor.fetchall()]
