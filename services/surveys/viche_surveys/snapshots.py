"""Writes answers as columns into the object store, beside the requests, so that tables are counted from there.

A survey's snapshot is some files of `PART` answers each, in the order of their ids, and a last one that is written anew
until it is whole. Ids are made before answers are committed; so a file is whole only when nothing can come before its
last answer any more. The claim of a worker that dies runs out; one that lost its claim leaves nothing that counts.
"""

import asyncio
import logging
import tempfile
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.ids import new_id
from viche_chassis.objects import ObjectStore
from viche_chassis.periodic import every
from viche_surveys import definitions
from viche_surveys.columnar import Engine, PartWriter
from viche_surveys.store import exports
from viche_surveys.store import snapshots as store
from viche_surveys.store.snapshots import Part, Snapshot

log = logging.getLogger("viche.surveys")

LOOK_EVERY_S = 5.0
EVERY_S = 300.0
"""Between two snapshots of a survey."""
MOST_AT_ONCE = 100
LEASE_S = 900.0
PAUSE_S = 60.0
STATEMENT_TIMEOUT_S = 600
PART = 100_000
PAGE = 5_000
SETTLED_S = 60.0
"""Longer than a transaction that writes answers can take."""
MEDIA_TYPE = "application/vnd.apache.parquet"


class Snapshots:
    """Takes snapshots of surveys that have new answers."""

    def __init__(self, pool: Pool, objects: ObjectStore, engine: Engine) -> None:
        self._pool = pool
        self._objects = objects
        self._engine = engine

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "snapshots")

    async def look(self, every_s: float = EVERY_S) -> None:
        """Takes those that are due.

        Args:
            every_s: how old the last one of a survey has to be.
        """
        async with reading(self._pool) as conn:
            due = await store.due(conn, every_s, MOST_AT_ONCE)
        for survey_id in due:
            await self._try(survey_id)

    async def _try(self, survey_id: UUID) -> None:
        claim = new_id()
        async with transaction(self._pool) as conn:
            before = await store.claim(conn, survey_id, claim, LEASE_S)
        if before is None:
            return
        try:
            await self._take(before, claim)
        except Unavailable:
            async with transaction(self._pool) as conn:
                await store.give_back(conn, survey_id, claim, PAUSE_S)
            raise
        except Exception:  # one survey never keeps the others from being taken
            log.exception("a snapshot cannot be taken", extra={"survey_id": str(survey_id)})
            async with transaction(self._pool) as conn:
                await store.give_back(conn, survey_id, claim, PAUSE_S)

    async def _take(self, before: Snapshot, claim: UUID) -> None:
        await asyncio.to_thread(self._remove_replaced, before)
        with tempfile.TemporaryDirectory() as folder:
            async with transaction(self._pool) as conn:
                at = await exports.begin_snapshot(conn, STATEMENT_TIMEOUT_S)
                taking = await self._begin(conn, before, Path(folder), at)
                async with aclosing(store.responses(conn, before.survey_id, taking.after, PAGE)) as pages:
                    async for page in pages:
                        await asyncio.to_thread(taking.add, page)
            await asyncio.to_thread(taking.end)
        is_settled = bool(taking.parts) and _is_settled(taking.parts[-1].last, at)
        async with transaction(self._pool) as conn:
            await store.finish(conn, before.survey_id, claim, taking.parts, at, is_settled)

    async def _begin(self, conn: Connection, before: Snapshot, folder: Path, at: datetime) -> "_Taking":
        texts = await exports.versions(conn, before.survey_id)
        versions = {version: definitions.read(text) for version, text in texts.items()}
        writer = await asyncio.to_thread(PartWriter, self._engine, versions)
        whole = [part for part in before.parts if part.is_whole]
        return _Taking(before.survey_id, self._objects, writer, folder, at, whole)

    def _remove_replaced(self, snapshot: Snapshot) -> None:
        """Removes files that were replaced when the last snapshot was taken: nobody counts over them any more."""
        kept = {part.key(snapshot.survey_id) for part in snapshot.parts}
        for key in list(self._objects.list(store.prefix(snapshot.survey_id))):
            if key not in kept:
                self._objects.delete(key)


@dataclass(slots=True)
class _Taking:
    """A snapshot that is being taken."""

    survey_id: UUID
    objects: ObjectStore
    writer: PartWriter
    folder: Path
    at: datetime
    parts: list[Part] = field(default_factory=list)

    @property
    def after(self) -> UUID:
        """The last answer of the files that stay."""
        return self.parts[-1].last if self.parts else store.FIRST

    def add(self, page: list[store.Row]) -> None:
        self.writer.add(page)
        if self.writer.responses >= PART:
            self._put()

    def end(self) -> None:
        if self.writer.responses:
            self._put()

    def _put(self) -> None:
        last = self.writer.last
        assert last is not None  # there are answers in it
        is_whole = self.writer.responses >= PART and _is_settled(last.id, self.at)
        part = Part(new_id(), self.writer.responses, last.id, is_whole)
        path = self.folder / str(part.id)
        self.writer.write(path)
        with path.open("rb") as file:
            self.objects.put(part.key(self.survey_id), file, path.stat().st_size, MEDIA_TYPE)
        path.unlink()
        self.parts.append(part)


def _is_settled(id: UUID, at: datetime) -> bool:
    made_at = datetime.fromtimestamp((id.int >> 80) / 1000, UTC)  # RFC 9562, 5.7
    return (at - made_at).total_seconds() > SETTLED_S
