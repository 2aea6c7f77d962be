"""The trail of what officers did: one entry per act, read in pages, the latest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from viche_chassis.access import current_caller
from viche_chassis.db import Pool, reading
from viche_chassis.pages import page_size

PAGE, MOST = 100, 500
END = UUID(int=2**128 - 1)
M = TypeVar("M", bound=Message)


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


async def actions(pool: Pool, request: Any, action: type[M]) -> list[M]:
    """Entries as the contracts of the services have them.

    Args:
        request: a ListOfficerActionsRequest of any service; they all have the same fields.
        action: OfficerAction of the same contract.

    Raises:
        InvalidFields: the size is negative.
    """
    asked = Asked(
        since=request.since.ToDatetime(UTC) if request.HasField("since") else None,
        person=request.person,
        before=UUID(request.before_id) if request.before_id else None,
        size=request.page_size,
    )
    return [_message(entry, action) for entry in await entries(pool, asked)]


def _message(entry: Entry, action: type[M]) -> M:
    message: Any = action(
        id=str(entry.id),
        service=entry.service,
        person=entry.person or b"",
        roles=entry.roles,
        authority_id=str(entry.authority_id or ""),
        action=entry.action,
        object=entry.object,
        request_id=str(entry.request_id or ""),
    )
    message.at.FromDatetime(entry.at)
    return message


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
