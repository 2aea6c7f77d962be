"""Makes the files that officers ask for, beside the requests: one at a time in each process.

A claim is committed before the work begins, and renewed while it goes on. A worker that dies leaves a claim that runs
out; then another begins anew. One that lost its claim, since the export was cancelled or since it was thought dead,
stops and leaves nothing that counts.
"""

import asyncio
import io
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, BinaryIO
from uuid import UUID

from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.ids import new_id
from viche_chassis.objects import ObjectStore
from viche_chassis.periodic import every
from viche_chassis.sealing import Seal
from viche_chassis.tasks import cancel_all
from viche_surveys import definitions
from viche_surveys.batch_writing import PRIVATE
from viche_surveys.domain.exports import EXPORT_FAILED, KEPT_DAYS, MOST_ATTEMPTS, WORKER_DIED, Export, Stored
from viche_surveys.exports import ddi
from viche_surveys.exports.formats import FORMATS
from viche_surveys.exports.making import Making, Order
from viche_surveys.store import exports as store
from viche_surveys.store import rows as surveys

log = logging.getLogger("viche.surveys")

LOOK_EVERY_S = 1.0
SWEEP_EVERY_S = 60.0
LEASE_S = 60.0
RENEW_EVERY_S = 2.0
PAUSE_S = 30.0
STATEMENT_TIMEOUT_S = 600
PAGE = 500
MOST_REMOVED = 100
# longer than it takes to store what a worker that lost its claim was just storing
REMOVED_AFTER_S = 3600.0
FORGOTTEN_DAYS = 30


class LostClaim(Exception):
    """The export is not this worker's any more."""


class Exporting:
    """Makes exports, and removes files whose time is over.

    Args:
        seal: of personal answers.
    """

    def __init__(self, pool: Pool, objects: ObjectStore, seal: Seal) -> None:
        self._pool = pool
        self._objects = objects
        self._seal = seal

    async def run(self) -> None:
        """Makes what waits, until cancelled."""
        await every(LOOK_EVERY_S, self.make_all, "exports")

    async def sweep_all(self) -> None:
        """Sweeps once a minute, until cancelled."""
        await every(SWEEP_EVERY_S, self.sweep, "removal of exports")

    async def make_all(self) -> None:
        """Makes all that wait now."""
        while await self.make_next():
            pass

    async def make_next(self) -> bool:
        """Makes the next one.

        Returns:
            whether there was one.
        """
        claim = new_id()
        async with transaction(self._pool) as conn:
            await store.fail_abandoned(conn, MOST_ATTEMPTS, WORKER_DIED)
            export = await store.claim(conn, claim, LEASE_S, MOST_ATTEMPTS)
        if export is None:
            return False
        await self._try(export, claim)
        return True

    async def sweep(self) -> None:
        """Removes files of exports that were given up, cancelled or whose time is over."""
        async with transaction(self._pool) as conn:
            await store.expire(conn)
            await store.forget(conn, FORGOTTEN_DAYS)
            ended = await store.to_remove(conn, MOST_REMOVED)
        for export in ended:
            await self._remove(export)
        async with transaction(self._pool) as conn:
            await store.mark_removed(conn, [export.id for export in ended], REMOVED_AFTER_S)

    async def _try(self, export: Export, claim: UUID) -> None:
        try:
            await self._make(export, claim)
            log.info("export made", extra={"export_id": str(export.id), "format": export.format})
        except LostClaim:
            log.info("export given up", extra={"export_id": str(export.id)})
        except Unavailable:
            async with transaction(self._pool) as conn:
                await store.put_back(conn, export.id, claim, PAUSE_S, counts=False)
            raise
        except Exception:  # one export never keeps the others from being made
            log.exception("export cannot be made", extra={"export_id": str(export.id), "attempt": export.attempts})
            async with transaction(self._pool) as conn:
                if export.attempts >= MOST_ATTEMPTS:
                    await store.fail(conn, export.id, claim, EXPORT_FAILED)
                else:
                    await store.put_back(conn, export.id, claim, PAUSE_S, counts=True)

    async def _make(self, export: Export, claim: UUID) -> None:
        """Writes the file and puts it into the store.

        Raises:
            LostClaim: it is not this worker's any more.
            Unavailable: the database or the store does not answer.
        """
        with tempfile.TemporaryFile() as out:
            async with self._claimed(export, claim) as progress:
                book = await self._write(export, out, progress)
                size_bytes = out.seek(0, os.SEEK_END)
                await self._put(export, out, size_bytes, book)
            async with transaction(self._pool) as conn:
                is_ours = await store.finish(conn, export.id, claim, size_bytes, progress.written, KEPT_DAYS)
        if not is_ours:
            raise LostClaim()

    async def _write(self, export: Export, out: BinaryIO, progress: "_Progress") -> bytes:
        """Writes the file; gives the codebook."""
        async with transaction(self._pool) as conn:
            made_at = await store.begin_snapshot(conn, STATEMENT_TIMEOUT_S)
            survey = await surveys.get(conn, export.survey_id)
            versions = await store.versions(conn, export.survey_id)
            if survey is None or not versions:
                raise LookupError("the survey was thrown away")
            progress.total = await store.count_responses(conn, export.survey_id)
            order = Order(
                identifier=str(survey.number or survey.id),
                versions={version: definitions.read(text) for version, text in versions.items()},
                format=FORMATS[export.format],
                language=export.language,
                with_personal=export.with_personal,
                file_name=export.file_name,
                made_at=made_at,
            )
            making = await asyncio.to_thread(Making, order, out, self._opened)
            if making.measures:
                await self._feed(conn, export, making.measure)
            await asyncio.to_thread(making.begin)

            def add(page: list[Stored]) -> None:
                making.add(page)
                progress.written = making.written

            await self._feed(conn, export, add)
        return await asyncio.to_thread(making.end)

    async def _feed(self, conn: Connection, export: Export, use: Callable[[list[Stored]], None]) -> None:
        """Gives all responses to ``use``, in a thread; the next ones are fetched while it works."""
        responses = store.responses(conn, export.survey_id, PAGE, with_private=export.with_personal)
        async with aclosing(responses) as pages:
            coming = asyncio.ensure_future(anext(pages, None))
            try:
                while (page := await coming) is not None:
                    coming = asyncio.ensure_future(anext(pages, None))
                    await asyncio.to_thread(use, page)
            finally:
                await cancel_all([coming])

    def _opened(self, stored: Stored) -> str:
        return self._seal.open(stored.private or b"", PRIVATE, UUID(stored.id))

    async def _put(self, export: Export, out: BinaryIO, size_bytes: int, book: bytes) -> None:
        out.seek(0)
        media_type = FORMATS[export.format].media_type
        await asyncio.to_thread(self._objects.put, export.codebook_key, io.BytesIO(book), len(book), ddi.MEDIA_TYPE)
        await asyncio.to_thread(self._objects.put, export.file_key, out, size_bytes, media_type)

    async def _remove(self, export: Export) -> None:
        for key in (export.file_key, export.codebook_key):
            await asyncio.to_thread(self._objects.delete, key)

    @asynccontextmanager
    async def _claimed(self, export: Export, claim: UUID) -> AsyncIterator["_Progress"]:
        """Renews the claim while the block runs, and ends it when the claim is lost."""
        progress = _Progress()
        work = asyncio.current_task()
        assert work is not None  # coroutines run in tasks
        renewing = asyncio.create_task(self._renew(export, claim, progress, work))
        try:
            yield progress
        except asyncio.CancelledError:
            if progress.is_lost:
                work.uncancel()
                raise LostClaim() from None
            raise
        finally:
            await cancel_all([renewing])

    async def _renew(self, export: Export, claim: UUID, progress: "_Progress", work: "asyncio.Task[Any]") -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            try:
                async with transaction(self._pool) as conn:
                    is_ours = await store.renew(conn, export.id, claim, LEASE_S, progress.written, progress.total)
            except Unavailable:
                continue  # the work ends by itself if the database stays away
            if not is_ours:
                progress.is_lost = True
                work.cancel()
                return


class _Progress:
    """How far a worker is."""

    __slots__ = ("is_lost", "total", "written")

    def __init__(self) -> None:
        self.total = 0
        self.written = 0
        self.is_lost = False
