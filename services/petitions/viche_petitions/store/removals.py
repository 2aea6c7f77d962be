"""What everybody may know of signatures that were taken out of the count of a petition, read with it."""

from datetime import datetime
from typing import Any

from psycopg import sql

from viche_petitions.domain.removals import Removal, Removals, Reversal

REMOVALS = sql.SQL(
    "(SELECT jsonb_build_object('signatures', coalesce(sum(CASE WHEN i.undoes IS NULL THEN g.moved ELSE -g.moved END)"
    " FILTER (WHERE NOT i.filter ? 'is_against'), 0),"
    " 'votes_against', coalesce(sum(CASE WHEN i.undoes IS NULL THEN g.moved ELSE -g.moved END)"
    " FILTER (WHERE i.filter ? 'is_against'), 0),"
    " 'items', coalesce(jsonb_agg(jsonb_build_object('reason', i.reason, 'signatures', g.moved, 'at', i.created_at,"
    " 'note', i.note, 'is_restored', i.undoes IS NOT NULL,"
    " 'is_against', i.filter ? 'is_against') ORDER BY i.created_at, i.id)"
    " FILTER (WHERE i.kind = 'invalidated'), '[]'), 'reversals', (SELECT jsonb_agg(jsonb_build_object("
    "'threshold', v.threshold, 'reached_at', v.reached_at, 'reversed_at', v.reversed_at, 'signatures', v.signatures)"
    " ORDER BY v.reversed_at, v.id) FROM threshold_reversals v WHERE v.petition_id = p.id))"
    " FROM invalidations i JOIN invalidation_progress g ON g.invalidation_id = i.id"
    " WHERE i.petition_id = p.id AND g.moved > 0 HAVING count(*) > 0)"
)
"""Of petition ``p``; null where nothing was taken out. Decisions that signers are not told of are in the sum alone."""

CHANNELS = sql.SQL(
    "(SELECT jsonb_object_agg(channel, signatures) FROM (SELECT t.channel, sum(t.count)::bigint AS signatures"
    " FROM tallies t WHERE t.petition_id = p.id GROUP BY t.channel HAVING sum(t.count) > 0) AS summed)"
)
"""Validated signatures of petition ``p`` by channel."""

VOTES_AGAINST = sql.SQL(
    "CASE WHEN p.terms -> 'votes_against' = 'true' THEN coalesce((SELECT sum(a.count) FROM tallies_against a"
    " WHERE a.petition_id = p.id), 0)::bigint ELSE 0 END"
)
"""Votes against of petition ``p`` that count; looked for only where its terms have them."""

CHANNELS_AGAINST = sql.SQL(
    "CASE WHEN p.terms -> 'votes_against' = 'true' THEN (SELECT jsonb_object_agg(channel, votes) FROM"
    " (SELECT a.channel, sum(a.count)::bigint AS votes FROM tallies_against a WHERE a.petition_id = p.id"
    " GROUP BY a.channel HAVING sum(a.count) > 0) AS summed) END"
)
"""Those by channel."""


def removals(stored: dict[str, Any] | None) -> Removals:
    """What :data:`REMOVALS` gave."""
    if not stored:
        return Removals()
    return Removals(
        stored["signatures"],
        tuple(
            Removal(
                each["reason"], each["signatures"], datetime.fromisoformat(each["at"]), each["note"],
                each["is_restored"], each["is_against"],
            )
            for each in stored["items"]
        ),
        tuple(
            Reversal(
                each["threshold"], datetime.fromisoformat(each["reached_at"]),
                datetime.fromisoformat(each["reversed_at"]), each["signatures"],
            )
            for each in stored["reversals"] or ()
        ),
        stored["votes_against"],
    )  # fmt: skip


def channels(stored: dict[str, int] | None) -> tuple[tuple[str, int], ...]:
    """What :data:`CHANNELS` gave, most first."""
    return tuple(sorted((stored or {}).items(), key=lambda each: (-each[1], each[0])))
