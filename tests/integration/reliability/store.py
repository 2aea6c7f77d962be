"""What the databases hold, read past the services: they are what is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import TupleRow
from viche.petitions.v1 import events_pb2

from tests.integration.reliability.facts import PetitionFacts, StoredSignature, Threshold

Connection = psycopg.Connection[TupleRow]


@dataclass(frozen=True, slots=True)
class Moments:
    """When a petition was signed last and when it closes, by the database's clock."""

    last_signed_at: datetime
    closes_at: datetime


def petition(conn: Connection, petition_id: str, published: Mapping[str, int]) -> PetitionFacts:
    """A petition's facts; `published` are counts from elsewhere."""
    counts = {
        "tallies": _number(conn, "SELECT coalesce(sum(count), 0) FROM tallies WHERE petition_id = %(id)s", petition_id),
        "count_minutes": _number(
            conn, "SELECT coalesce(sum(count), 0) FROM count_minutes WHERE petition_id = %(id)s", petition_id
        ),
        "listed_counts": _number(
            conn, "SELECT coalesce(max(count), 0) FROM listed_counts WHERE petition_id = %(id)s", petition_id
        ),
    }
    return PetitionFacts(
        petition_id,
        tuple(_signatures(conn, petition_id)),
        _number(conn, "SELECT count(*) FROM signers WHERE petition_id = %(id)s", petition_id),
        counts | dict(published),
        tuple(_announced(conn, petition_id)),
        tuple(_thresholds(conn, petition_id)),
        tuple(_removed(conn, petition_id)),
    )


def waiting_events(conn: Connection) -> int:
    """Events in the outbox that have not gone out."""
    return _number(conn, "SELECT count(*) FROM outbox WHERE published_at IS NULL")


def dead_letters(conn: Connection) -> int:
    """Events that could not be handled."""
    return _number(conn, "SELECT count(*) FROM dead_letters")


def message_states(conn: Connection) -> dict[tuple[str, str], int]:
    """Messages of notifications by template and state."""
    cursor = conn.execute("SELECT template, state, count(*) FROM messages GROUP BY template, state ORDER BY 1, 2")
    return {(row[0], row[1]): row[2] for row in cursor}


def hurry_messages(conn: Connection) -> None:
    """Lets the pauses between tries and the leases of dead workers end now: as if hours had passed."""
    conn.execute("UPDATE messages SET next_attempt_at = now() WHERE ended_at IS NULL")
    conn.execute("UPDATE campaigns SET next_attempt_at = now() WHERE done_at IS NULL")


def close_in(conn: Connection, petition_id: str, seconds: float) -> None:
    """Lets a petition's term end so soon, by the database's clock."""
    conn.execute(
        "UPDATE petitions SET closes_at = clock_timestamp() + make_interval(secs => %(seconds)s) WHERE id = %(id)s",
        {"id": petition_id, "seconds": seconds},
    )


def moments(conn: Connection, petition_id: str) -> Moments:
    """When it was signed last and when it closes."""
    row = conn.execute(
        "SELECT max(s.created_at), p.closes_at FROM petitions p JOIN signatures s ON s.petition_id = p.id"
        " WHERE p.id = %(id)s GROUP BY p.closes_at",
        {"id": petition_id},
    ).fetchone()
    assert row is not None, "nobody has signed"
    return Moments(row[0], row[1])


def delete_signer(conn: Connection, petition_id: str) -> None:
    """Takes away one who signed, as an intruder would."""
    conn.execute(
        "DELETE FROM signers WHERE (petition_id, signer) IN"
        " (SELECT petition_id, signer FROM signers WHERE petition_id = %(id)s ORDER BY signer LIMIT 1)",
        {"id": petition_id},
    )


def delete_signature(conn: Connection, petition_id: str) -> None:
    """Takes away one signature whole, as an intruder with the superuser's rights would."""
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(
        "WITH one AS (DELETE FROM signers WHERE (petition_id, signer) IN (SELECT petition_id, signer FROM signers"
        " WHERE petition_id = %(id)s ORDER BY signer LIMIT 1) RETURNING signature_id)"
        " DELETE FROM signatures WHERE id IN (SELECT signature_id FROM one)",
        {"id": petition_id},
    )


def move_tally(conn: Connection, petition_id: str) -> None:
    """Counts one more than there are."""
    conn.execute(
        "UPDATE tallies SET count = count + 1 WHERE (petition_id, territory_code, channel, shard) IN (SELECT"
        " petition_id, territory_code, channel, shard FROM tallies WHERE petition_id = %(id)s"
        " ORDER BY territory_code, channel, shard LIMIT 1)",
        {"id": petition_id},
    )


def _signatures(conn: Connection, petition_id: str) -> Sequence[StoredSignature]:
    cursor = conn.execute(
        "SELECT s.id::text, s.channel, coalesce((SELECT t.state FROM signature_transitions t"
        " WHERE t.signature_id = s.id ORDER BY t.step DESC LIMIT 1), ''), coalesce(g.request_id::text, '')"
        " FROM signatures s LEFT JOIN signers g ON g.signature_id = s.id"
        " WHERE s.petition_id = %(id)s ORDER BY s.id",
        {"id": petition_id},
    )
    return [StoredSignature(*row) for row in cursor]


def _announced(conn: Connection, petition_id: str) -> Sequence[str]:
    events = (events_pb2.SignaturesAccepted.FromString(payload) for payload in _events(conn, "SignaturesAccepted"))
    return [each for event in events if event.petition_id == petition_id for each in event.signature_ids]


def _removed(conn: Connection, petition_id: str) -> Sequence[str]:
    events = (
        events_pb2.SignaturesInvalidated.FromString(payload) for payload in _events(conn, "SignaturesInvalidated")
    )
    return [each for event in events if event.petition_id == petition_id for each in event.signature_ids]


def _thresholds(conn: Connection, petition_id: str) -> Sequence[Threshold]:
    events = [
        events_pb2.PetitionThresholdReached.FromString(payload) for payload in _events(conn, "PetitionThresholdReached")
    ]
    said = [event.threshold for event in events if event.petition_id == petition_id]
    reversals = [
        events_pb2.PetitionThresholdReversed.FromString(payload)
        for payload in _events(conn, "PetitionThresholdReversed")
    ]
    taken_back = [event.threshold for event in reversals if event.petition_id == petition_id]
    terms = conn.execute(
        "SELECT each ->> 'name', (each ->> 'signatures')::int, (SELECT count(*) FROM thresholds_reached r"
        " WHERE r.petition_id = p.id AND r.threshold = each ->> 'name')"
        " FROM petitions p, jsonb_array_elements(p.terms -> 'thresholds') each WHERE p.id = %(id)s ORDER BY 1",
        {"id": petition_id},
    )
    return [
        Threshold(name, signatures, reached, said.count(name), taken_back.count(name))
        for name, signatures, reached in terms
    ]


def _events(conn: Connection, name: str) -> Sequence[bytes]:
    cursor = conn.execute(
        "SELECT payload FROM outbox WHERE type = %(type)s ORDER BY created_at, id",
        {"type": f"viche.petitions.v1.{name}"},
    )
    return [row[0] for row in cursor]


def _number(conn: Connection, query: str, petition_id: str = "") -> int:
    row = conn.execute(query, {"id": petition_id} if petition_id else {}).fetchone()  # pyright: ignore
    assert row is not None
    return int(row[0])
