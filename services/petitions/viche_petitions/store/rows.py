"""From rows to petitions."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.authors import AuthorKind, Authorship, Founding, Organisation
from viche_petitions.domain.deadlines import NotedDeadline
from viche_petitions.domain.petition import Happened, Petition, State
from viche_petitions.domain.rejections import Rejection
from viche_petitions.store import answers, hearings, organisations, pauses, prolonged, rejections, removals
from viche_petitions.store.residences import BY_TERRITORY
from viche_sdk.types import Deadline, Terms

COLUMNS = sql.SQL(
    "p.id, p.number, p.state, p.title, p.background, p.details, p.language, p.authority_id, p.author, p.author_name,"
    " p.workflow, p.terms::text AS terms, p.version, p.created_at, p.submitted_at, p.opened_at, p.closes_at,"
    " p.closed_at,"
    " greatest(p.updated_at, l.changed_at) AS updated_at, p.is_archived, coalesce(p.source_url, '') AS source_url,"
    " p.text_hidden, p.source_state, p.source_name, p.source_licence, p.source_facts, p.imported_at,"
    " p.author_kind, p.organisation_name, p.organisation_number, p.author_role, p.founded_on, p.founding_place,"
    " {} AS author_confirmed_at,"
    " CASE WHEN p.author_kind = 'committee' THEN (SELECT count(*) FROM committee_members m"
    " WHERE m.petition_id = p.id) ELSE 0 END AS committee_size, p.sponsors, p.sponsored_at,"
    " coalesce(p.stated_count, (SELECT sum(t.count) FROM tallies t WHERE t.petition_id = p.id), 0)::bigint"
    " AS signature_count,"
    " (SELECT jsonb_object_agg(r.threshold, r.reached_at) FROM thresholds_reached r WHERE r.petition_id = p.id)"
    " AS reached, {} AS last_answer, {} AS votes_against,"
    " CASE WHEN p.state IN ('open', 'threshold_reached') AND NOT p.is_archived THEN {} END AS signing_stop"
).format(organisations.CONFIRMED_AT, answers.LAST, removals.VOTES_AGAINST, pauses.SIGNING)
"""Columns that :func:`petition` reads, of ``petitions p LEFT JOIN listed_counts l``."""

ALONE = sql.SQL(
    "{}, {} AS by_territory,"
    " (SELECT jsonb_agg(jsonb_build_object('deadline', d.body, 'met_at', d.met_at, 'prolonged', {})) FROM deadlines d"
    " WHERE d.petition_id = p.id) AS deadlines,"
    " (SELECT jsonb_agg(jsonb_build_object('event', h.event, 'at', h.at, 'detail', h.detail) ORDER BY h.at, h.id)"
    " FROM happenings h WHERE h.petition_id = p.id) AS happenings, {} AS last_rejection,"
    " {} AS removals, {} AS channels, {} AS channels_against,"
    " {} AS answers, {} AS hearings"
).format(
    COLUMNS, BY_TERRITORY, prolonged.OF_DEADLINE, rejections.LAST, removals.REMOVALS, removals.CHANNELS,
    removals.CHANNELS_AGAINST, answers.ALL, hearings.ALL,
)  # fmt: skip
"""The same for a petition that is read alone: its deadlines, what happened, its last rejection, and its signatures by
territory, too."""

SOURCE = sql.SQL("petitions p LEFT JOIN listed_counts l ON l.petition_id = p.id")


def petition(row: Any) -> Petition:
    """A petition from a row of :data:`COLUMNS`, or of :data:`ALONE`."""
    return Petition(
        id=row.id, number=row.number, state=State(row.state), title=row.title, background=row.background,
        details=row.details, language=row.language, authority_id=row.authority_id, author=row.author,
        author_name=row.author_name, workflow=row.workflow, terms=_terms(row.terms) if row.terms else None,
        version=row.version, created_at=row.created_at, submitted_at=row.submitted_at,
        opened_at=row.opened_at, closes_at=row.closes_at,
        closed_at=row.closed_at, updated_at=row.updated_at, is_archived=row.is_archived, source_url=row.source_url,
        source_state=row.source_state, signature_count=row.signature_count, reached=_instants(row.reached),
        deadlines=_deadlines(getattr(row, "deadlines", None)), by_territory=getattr(row, "by_territory", None) or {},
        happenings=_happenings(getattr(row, "happenings", None)), source_name=row.source_name,
        answers=answers.answers(getattr(row, "answers", None) or row.last_answer),
        hearings=hearings.hearings(getattr(row, "hearings", None)),
        source_licence=row.source_licence, source_facts=row.source_facts, imported_at=row.imported_at,
        text_hidden=row.text_hidden, last_rejection=_last_rejection(getattr(row, "last_rejection", None)),
        authorship=_authorship(row), committee_size=row.committee_size, sponsors=row.sponsors,
        sponsored_at=row.sponsored_at, signing_stop=pauses.stop(row.signing_stop),
        removals=removals.removals(getattr(row, "removals", None)),
        channels=removals.channels(getattr(row, "channels", None)), votes_against=row.votes_against,
        channels_against=removals.channels(getattr(row, "channels_against", None)),
    )  # fmt: skip


async def get(conn: Connection, petition_id: UUID) -> Petition | None:
    """The petition with that id, whatever its state."""
    query = sql.SQL("SELECT {} FROM {} WHERE p.id = %(id)s").format(ALONE, SOURCE)
    row = await (await conn.execute(query, {"id": petition_id})).fetchone()
    return petition(row) if row else None


async def get_by_number(conn: Connection, number: int) -> Petition | None:
    """The petition with that public number."""
    query = sql.SQL("SELECT {} FROM {} WHERE p.number = %(number)s").format(ALONE, SOURCE)
    row = await (await conn.execute(query, {"number": number})).fetchone()
    return petition(row) if row else None


@lru_cache(maxsize=256)
def _terms(stored: str) -> Terms:
    """Terms never change, and petitions that opened under the same figures have the same: they are read once."""
    return Terms.from_json(stored)


def _authorship(row: Any) -> Authorship:
    organisation = Organisation(
        row.organisation_name, row.organisation_number, row.author_role, row.author_confirmed_at
    )
    return Authorship(AuthorKind(row.author_kind), organisation, Founding(row.founded_on, row.founding_place))


def _deadlines(stored: list[dict[str, Any]] | None) -> tuple[NotedDeadline, ...]:
    return tuple(
        NotedDeadline(
            Deadline.from_json(each["deadline"]),
            datetime.fromisoformat(each["met_at"]) if each["met_at"] else None,
            prolonged.prolonged(each["prolonged"]),
        )
        for each in stored or ()
    )


def _happenings(stored: list[dict[str, str]] | None) -> tuple[Happened, ...]:
    return tuple(Happened(each["event"], datetime.fromisoformat(each["at"]), each["detail"]) for each in stored or ())


def _last_rejection(body: Any) -> Rejection | None:
    return rejections.rejection(body) if body else None


def _instants(reached: dict[str, str] | None) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in (reached or {}).items()}
