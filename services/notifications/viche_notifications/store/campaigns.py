"""Campaigns: one message to everybody of an audience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_notifications.domain.messages import KINDS, Lane
from viche_notifications.telling import Start


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign whose next page somebody holds until the lease ends."""

    id: UUID
    subject: str
    template: str
    params: Mapping[str, Any]
    page_token: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Member:
    """One message of a page: to whom, in which language, with the encrypted contact.

    Args:
        pseudonym: of the scope of the campaign's subject; empty for the author, whose pseudonym is of another scope.
        role: what they are to the petition: "author", "signer" or "follower".
    """

    message_id: UUID
    pseudonym: bytes
    role: str
    language: str
    address_index: bytes | None
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an audience, the token of the next one (empty after the last), and what the texts say."""

    members: Sequence[Member]
    next_token: str
    params: Mapping[str, Any]


async def add(conn: Connection, campaign_id: UUID, subject: str, start: Start) -> bool:
    """Starts a campaign; of one subject, template and occasion there is never a second one.

    Returns:
        whether it is new.
    """
    cursor = await conn.execute(
        "INSERT INTO campaigns (id, subject, template, occasion, params, next_attempt_at)"
        " VALUES (%(id)s, %(subject)s, %(template)s, %(occasion)s, %(params)s, now() + %(wait)s)"
        " ON CONFLICT ON CONSTRAINT campaigns_once DO NOTHING",
        {
            "id": campaign_id, "subject": subject, "template": start.kind.name, "occasion": start.occasion,
            "params": Jsonb(dict(start.params)), "wait": start.wait,
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def claim(conn: Connection, lease: timedelta) -> Campaign | None:
    """Takes the campaign that has been due for longest, of a kind that this version knows; the try is counted here."""
    cursor = await conn.execute(
        "WITH due AS (SELECT id FROM campaigns WHERE done_at IS NULL AND next_attempt_at <= now()"
        " AND template = ANY(%(templates)s) ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " UPDATE campaigns SET attempts = campaigns.attempts + 1, next_attempt_at = now() + %(lease)s"
        " FROM due WHERE campaigns.id = due.id"
        " RETURNING campaigns.id, subject, template, params, page_token, attempts",
        {"lease": lease, "templates": list(KINDS)},
    )
    row = await cursor.fetchone()
    return Campaign(*row) if row else None


async def add_page(conn: Connection, campaign: Campaign, lane: Lane, page: Page) -> bool:
    """Puts a page into the queue and moves the campaign on, in one statement: both or neither.

    Nothing happens when somebody else has moved the campaign on; a member who has a message already gets no second.

    Returns:
        whether it was this call that moved the campaign.
    """
    cursor = await conn.execute(
        "WITH moved AS (UPDATE campaigns SET page_token = %(next)s, params = %(params)s, attempts = 0,"
        " next_attempt_at = now(), done_at = CASE WHEN %(next)s = '' THEN now() END"
        " WHERE id = %(campaign_id)s AND page_token = %(current)s AND done_at IS NULL RETURNING id),"
        " member AS (SELECT member.* FROM unnest(%(ids)s::uuid[], %(pseudonyms)s::bytea[], %(languages)s::text[],"
        " %(indexes)s::bytea[], %(sealed)s::bytea[], %(roles)s::text[])"
        " AS member (id, pseudonym, language, address_index, sealed, role)),"
        " added AS (INSERT INTO messages (id, template, lane, state, language, subject, campaign_id, pseudonym,"
        " address_index, params) SELECT member.id, %(template)s, %(lane)s, 'queued', member.language, %(subject)s,"
        " moved.id, member.pseudonym, member.address_index, jsonb_build_object('role', member.role)"
        " FROM member CROSS JOIN moved"
        " ON CONFLICT ON CONSTRAINT messages_once_per_campaign DO NOTHING RETURNING id),"
        " contacts AS (INSERT INTO message_contacts (message_id, sealed) SELECT member.id, member.sealed"
        " FROM member JOIN added ON added.id = member.id)"
        " SELECT count(*) FROM moved",
        {
            "campaign_id": campaign.id, "current": campaign.page_token, "next": page.next_token,
            "params": Jsonb(dict(page.params)), "template": campaign.template, "lane": lane,
            "subject": campaign.subject, **_columns(page.members),
        },
    )  # fmt: skip
    row = await cursor.fetchone()
    return row is not None and row[0] == 1


async def count_messages(conn: Connection, campaign_id: UUID) -> int:
    """How many messages a campaign has put into the queue."""
    cursor = await conn.execute(
        "SELECT count(*) FROM messages WHERE campaign_id = %(campaign_id)s", {"campaign_id": campaign_id}
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


async def postpone(conn: Connection, campaign: Campaign, wait: timedelta) -> None:
    """Lets a campaign wait for its next try."""
    await conn.execute(
        "UPDATE campaigns SET next_attempt_at = now() + %(wait)s"
        " WHERE id = %(id)s AND page_token = %(page_token)s AND done_at IS NULL",
        {"id": campaign.id, "page_token": campaign.page_token, "wait": wait},
    )


async def forget(conn: Connection, keep: timedelta, limit: int) -> int:
    """Erases what campaigns said that were done long ago: those to authors tell of what is not public; says how many.

    The campaigns themselves stay, so that none is begun a second time.
    """
    cursor = await conn.execute(
        "UPDATE campaigns SET params = '{}' WHERE id IN (SELECT id FROM campaigns"
        " WHERE done_at < now() - %(keep)s::interval AND params <> '{}' ORDER BY done_at, id LIMIT %(limit)s)",
        {"keep": keep, "limit": limit},
    )
    return cursor.rowcount


def _columns(members: Sequence[Member]) -> dict[str, list[Any]]:
    return {
        "ids": [member.message_id for member in members],
        "pseudonyms": [member.pseudonym for member in members],
        "languages": [member.language for member in members],
        "indexes": [member.address_index for member in members],
        "sealed": [member.sealed for member in members],
        "roles": [member.role for member in members],
    }
