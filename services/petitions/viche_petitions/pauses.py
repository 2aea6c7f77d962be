"""Deciding pauses, ending them, and giving their time back to terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis import acts, outbox
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_petitions import events
from viche_petitions.domain import pauses as rules
from viche_petitions.domain.pauses import Pause, PauseNotFound, Wish
from viche_petitions.domain.petition import Petition
from viche_petitions.store import answers as answers_store
from viche_petitions.store import drafts, locks
from viche_petitions.store import pauses as store
from viche_petitions.store import steps as steps_store
from viche_petitions.writing import must_get
from viche_sdk.clocks import COLLECT
from viche_sdk.types import Deadline

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What a pause would stop: petitions that collect, petitions that wait to be opened, and terms that run."""

    collecting: int
    waiting: int
    terms: int


async def look(
    conn: Connection, authorities: Sequence[UUID], except_numbers: Sequence[int], from_at: datetime | None
) -> Preview:
    """What a pause would stop."""
    excepted = await _excepted(conn, except_numbers)
    collecting, waiting = await store.count_stopped(conn, authorities, excepted)
    begins_at = from_at or await drafts.now(conn)
    return Preview(collecting, waiting, await store.count_terms(conn, authorities, excepted, begins_at))


async def decide(conn: Connection, wish: Wish, languages: tuple[str, ...], officer: bytes | None) -> Pause:
    """Decides a pause. Whoever is signing meanwhile signs: a pause holds for what begins after it.

    Raises:
        InvalidFields: it cannot be decided.
    """
    now = await drafts.now(conn)
    found = list(rules.violations(wish, languages, now))
    if found:
        raise InvalidFields(*found)
    id, excepted = new_id(), await _excepted(conn, wish.except_numbers)
    await store.insert(conn, id, wish, excepted, officer, now)
    await store.keep_links(conn, id)
    acts.about(object=f"pause:{id}", authority_id=wish.authority_id)
    return await get(conn, id)


async def end(conn: Connection, pause: Pause, officer: bytes | None) -> Pause:
    """Ends a pause before its time.

    Raises:
        PauseOver: it is over.
    """
    now = await drafts.now(conn)
    rules.check_not_over(pause, now)
    await store.end(conn, pause.id, officer, now)
    acts.about(object=f"pause:{pause.id}", authority_id=pause.authority_id)
    return await get(conn, pause.id)


async def get(conn: Connection, pause_id: UUID) -> Pause:
    """A pause.

    Raises:
        PauseNotFound: there is none.
    """
    found = await store.get(conn, pause_id)
    if found is None:
        raise PauseNotFound()
    return found


async def prolong(pool: Pool, pause: Pause, officer: bytes | None) -> tuple[int, int]:
    """Prolongs the terms of some hundred petitions, each in a transaction of its own; a repeat goes on from there.

    Returns:
        of how many petitions it did, and how many are left.

    Raises:
        PauseOver: it is over.
    """
    async with transaction(pool) as conn:
        rules.check_not_over(pause, await drafts.now(conn))
        ids = await store.with_terms(conn, pause)
    at_once = ids[:MOST_AT_ONCE]
    for id in at_once:
        async with transaction(pool) as conn:
            acts.about(object=f"pause:{pause.id}", authority_id=pause.authority_id)
            await _prolong(conn, pause, id, officer or b"")
    return len(at_once), len(ids) - len(at_once)


async def _prolong(conn: Connection, pause: Pause, petition_id: UUID, officer: bytes) -> None:
    await locks.hold_petition(conn, petition_id)
    now = await drafts.now(conn)
    clocks = await store.terms_of(conn, pause, petition_id)
    petition = await must_get(conn, petition_id)
    running = [each.deadline for each in petition.deadlines if each.met_at is None and each.deadline.clock in clocks]
    for former in running:
        longer = rules.given_back(former, pause)
        await steps_store.extend(conn, petition_id, longer)
        await steps_store.add_extension(conn, petition_id, former, pause.reason, officer, now)
        if former.clock == COLLECT:
            await steps_store.collect_until(conn, petition_id, longer.ends_at)
        if _is_told(petition, former):
            await outbox.add(conn, events.deadline_extended(petition_id, petition.number or 0, former.clock))
    await answers_store.touch(conn, petition_id, now)


def _is_told(petition: Petition, deadline: Deadline) -> bool:
    """Whether people are told that a term of a petition is longer: it is public, and so is the term."""
    clocks = petition.terms.clocks if petition.terms else ()
    return petition.opened_at is not None and any(each.public for each in clocks if each.name == deadline.clock)


async def _excepted(conn: Connection, numbers: Sequence[int]) -> list[UUID]:
    known = await store.ids_of(conn, numbers)
    unknown = [number for number in numbers if number not in known]
    if unknown:
        raise InvalidFields(invalid("except_numbers", "NO_SUCH_NUMBER", number=unknown[0]))
    return list(known.values())
