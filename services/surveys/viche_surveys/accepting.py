"""Accepting answers: calls that wait together are written together.

Nothing is acknowledged before it is committed. Each item has its own outcome; one bad item never fails another.
"""

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from viche_chassis import metrics
from viche_chassis.batching import Batcher
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import DomainError, RequestMismatch, Unavailable
from viche_chassis.sealing import Seal
from viche_chassis.shards import Shards
from viche_surveys.attempts import Attempt, Outcome
from viche_surveys.batch_writing import BatchWriting, Collided
from viche_surveys.store import answered, responses

log = logging.getLogger("viche.surveys")

LANES = 2
MAX_BATCH = 500
MAX_GROUPS = 200
Accepted = Callable[[set[UUID]], None]


class Accepting:
    """Writes answers, many at once.

    Args:
        seal: for personal answers.
        zone: IANA name of the region's time zone, for the days that answers are counted by.
        on_accepted: told, after the commit, which surveys have new answers.
    """

    def __init__(self, pool: Pool, seal: Seal, zone: str, on_accepted: Accepted, *, lanes: int = LANES) -> None:
        self._pool = pool
        self._seal = seal
        self._zone = zone
        self._on_accepted = on_accepted
        self._shards = Shards()
        # a group is what one call brought: one future for all of it
        self._batcher: Batcher[Sequence[Attempt], Sequence[Outcome]] = Batcher(
            self._accept_groups, name="responses", max_items=MAX_GROUPS, lanes=lanes
        )

    async def accept(self, attempts: Sequence[Attempt]) -> Sequence[Outcome]:
        """For each attempt the id of the answer once it is committed, or why there is none.

        Raises:
            Unavailable: the database does not answer; a repeat with the same request id is safe.
        """
        return await self._batcher.call(attempts) if attempts else []

    async def _accept_groups(self, groups: Sequence[Sequence[Attempt]]) -> Sequence[Sequence[Outcome]]:
        attempts = [attempt for group in groups for attempt in group]
        outcomes: list[Outcome] = []
        for start in range(0, len(attempts), MAX_BATCH):
            outcomes += await self._accept(attempts[start : start + MAX_BATCH])
        rest = iter(outcomes)
        return [[next(rest) for _ in group] for group in groups]

    async def _accept(self, batch: Sequence[Attempt]) -> Sequence[Outcome]:
        metrics.record_batch("responses", len(batch))
        try:
            return await self._write(batch)
        except (Unavailable, DomainError):
            raise
        except Exception as error:
            if not isinstance(error, Collided):
                log.exception("batch failed, trying one by one", extra={"size": len(batch)})
            return [await self._accept_alone(attempt) for attempt in batch]

    async def _accept_alone(self, attempt: Attempt) -> Outcome:
        try:
            return (await self._write([attempt]))[0]
        except DomainError as error:
            return error
        except Collided:
            return await self._collided(attempt)
        except Exception:
            log.exception("answer failed")
            return Unavailable(what="answer")

    async def _collided(self, attempt: Attempt) -> Outcome:
        """The request id is there already, and what came with it was not taken before: another answer has it."""
        async with transaction(self._pool) as conn:
            known = (await responses.find(conn, [attempt.key])).get(attempt.key)
        return RequestMismatch() if known else Unavailable(what="answer")

    async def _write(self, batch: Sequence[Attempt]) -> list[Outcome]:
        with self._shards.take() as shard:
            async with transaction(self._pool) as conn:
                writing = BatchWriting(conn, self._seal, shard)
                standing = await answered.standing(conn, list({each.live.id for each in batch}), self._zone)
                refusals = await writing.run(batch, standing)
        if writing.counted:
            self._on_accepted(writing.counted)
        return [refusals.get(each.id) or each.id for each in batch]
