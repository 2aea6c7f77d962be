"""From pseudonyms of a scope back to persons, by computing the pseudonyms of everybody again."""

import asyncio
import time
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Pool, transaction
from viche_identity.crypto import Pseudonyms, pseudonym
from viche_identity.domain.people import MAILBOX_MEMBERS
from viche_identity.store import people

CHUNK = 5_000
KEEP_S = 60.0
SCOPES_KEPT = 3  # "authors", which every mail to an author needs, beside two campaigns
LATE_S = 300.0  # longer than a transaction can take to commit a person after created_at
_UUID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Member:
    """A person, or another who shares the person's mailbox (``mailbox_member`` > 0)."""

    person_id: UUID
    mailbox_member: int


class Audience:
    """All persons by their pseudonyms in one scope, in 8 bytes per pseudonym and 16 per person.

    An entry holds bytes 1 to 4 of a pseudonym over the person's place and member; byte 0 chooses its bucket.
    Candidates are computed again in full, so that a clash of those 40 bits misleads nobody.
    """

    def __init__(self, scope_key: bytes) -> None:
        self._scope_key = scope_key
        self._ids = bytearray()
        self._buckets = [array("Q") for _ in range(256)]

    def add(self, ids: Iterable[UUID]) -> None:
        """Adds persons; :meth:`settle` must follow."""
        for person_id in ids:
            raw = person_id.bytes
            place = len(self._ids) // _UUID_BYTES
            self._ids += raw
            for member in range(MAILBOX_MEMBERS):
                name = pseudonym(self._scope_key, raw, member)
                self._buckets[name[0]].append(_prefix(name) << 32 | place * MAILBOX_MEMBERS + member)

    def settle(self) -> None:
        """Makes what was added findable."""
        for number, bucket in enumerate(self._buckets):
            self._buckets[number] = array("Q", sorted(bucket))

    def find(self, name: bytes) -> Member | None:
        """Who has this pseudonym."""
        if len(name) != 32:
            return None
        bucket, prefix = self._buckets[name[0]], _prefix(name)
        at = bisect_left(bucket, prefix << 32)
        while at < len(bucket) and bucket[at] >> 32 == prefix:
            place, member = divmod(bucket[at] & 0xFFFF_FFFF, MAILBOX_MEMBERS)
            raw = bytes(self._ids[place * _UUID_BYTES : (place + 1) * _UUID_BYTES])
            if pseudonym(self._scope_key, raw, member) == name:
                return Member(UUID(bytes=raw), member)
            at += 1
        return None


class Audiences:
    """Finds members by pseudonyms; what was computed for a scope serves its next pages too.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, pool: Pool, pseudonyms: Pseudonyms, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, asyncio.Task[Audience]]] = OrderedDict()

    async def find(self, scope: str, names: Sequence[bytes]) -> dict[bytes, Member]:
        """The members among ``names``; those of nobody are left out."""
        started_at, task = self._audience(scope)
        # a caller that gives up must not stop what the next one waits for
        audience = await asyncio.shield(task)
        found = _find(audience, names)
        missing = [name for name in names if name not in found]
        if missing:
            late = await self._latecomers(scope, self._clock() - started_at)
            found |= _find(late, missing)
        return found

    def _audience(self, scope: str) -> tuple[float, "asyncio.Task[Audience]"]:
        known = self._known.get(scope)
        if known is None or self._clock() - known[0] > KEEP_S or _failed(known[1]):
            known = self._clock(), asyncio.create_task(self._compute(scope))
            self._known[scope] = known
        self._known.move_to_end(scope)
        while len(self._known) > SCOPES_KEPT:
            self._known.popitem(last=False)
        return known

    async def _compute(self, scope: str) -> Audience:
        audience = Audience(self._pseudonyms.scope_key(scope))
        last = UUID(int=0)
        while True:
            async with transaction(self._pool) as conn:
                ids = await people.ids_after(conn, last, CHUNK)
            if not ids:
                break
            await asyncio.to_thread(audience.add, ids)
            last = ids[-1]
        await asyncio.to_thread(audience.settle)
        return audience

    async def _latecomers(self, scope: str, age_s: float) -> Audience:
        """Those who became persons while or after the audience was computed."""
        async with transaction(self._pool) as conn:
            ids = await people.ids_created_within(conn, age_s + LATE_S)
        audience = Audience(self._pseudonyms.scope_key(scope))
        await asyncio.to_thread(audience.add, ids)
        audience.settle()
        return audience


def _find(audience: Audience, names: Iterable[bytes]) -> dict[bytes, Member]:
    members = ((name, audience.find(name)) for name in names)
    return {name: member for name, member in members if member is not None}


def _failed(task: "asyncio.Task[Audience]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _prefix(name: bytes) -> int:
    return int.from_bytes(name[1:5], "big")
