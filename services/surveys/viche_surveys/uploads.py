"""Files of answers: announced, put into the object store by the gateway, then used by one answer."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import NotFound
from viche_chassis.ids import new_id
from viche_chassis.objects import ObjectStore
from viche_chassis.sealing import Seal
from viche_surveys.domain.answer_errors import FileTooLarge, FileTypeRefused, NotAFileQuestion
from viche_surveys.domain.definition import Kind, Question
from viche_surveys.live import Live
from viche_surveys.store import files
from viche_surveys.store.files import StoredFile

MAX_BYTES = 10_000_000
"""Of a file whose question names no bound."""
FILE_NAME = "files.file_name"
UNUSED_DAYS = 31
"""A day longer than drafts are kept."""
MOST_AT_ONCE = 100


class Uploads:
    """Notes files, finds them and removes those that nobody uses.

    Args:
        seal: for their names.
    """

    def __init__(self, pool: Pool, objects: ObjectStore, seal: Seal) -> None:
        self._pool = pool
        self._objects = objects
        self._seal = seal

    def announced(self, live: Live, question_name: str, file_name: str, media_type: str, size_bytes: int) -> StoredFile:
        """A file that is about to be put into the store.

        Raises:
            NotAFileQuestion, FileTooLarge, FileTypeRefused: the question does not take it.
        """
        asked = live.plan.asked.get(question_name)
        if asked is None or asked.question.kind is not Kind.FILE:
            raise NotAFileQuestion()
        check_file(asked.question, media_type, size_bytes)
        id = new_id()
        return StoredFile(
            id=id,
            survey_id=live.id,
            question=question_name,
            file_name=self._seal.close(file_name, FILE_NAME, id),
            media_type=media_type,
            size_bytes=size_bytes,
            is_personal=asked.question.is_personal,
        )

    async def find(self, survey_id: UUID, ids: Sequence[str]) -> dict[str, tuple[str, Mapping[str, object]]]:
        """Files that are there and that no answer uses, as values of answers with the name of their question."""
        wanted = [id for id in map(_uuid, ids) if id is not None]
        async with reading(self._pool) as conn:
            known = await files.unused(conn, survey_id, wanted)
        arrived = [each for each in known if not each.is_uploaded and await asyncio.to_thread(self._is_there, each)]
        if arrived:
            async with transaction(self._pool) as conn:
                await files.mark_uploaded(conn, [each.id for each in arrived])
        there = [each for each in known if each.is_uploaded or each in arrived]
        return {str(each.id): (each.question, self._value(each)) for each in there}

    async def remove_unused(self) -> int:
        """Removes files that no answer uses: marked, then deleted from the store, then forgotten.

        Whoever is killed in between leaves marks, and the next one goes on with them.

        Returns:
            how many are gone.

        Raises:
            Unavailable: the store does not answer; what is marked waits.
        """
        async with transaction(self._pool) as conn:
            marked = await files.mark_unused(conn, UNUSED_DAYS, MOST_AT_ONCE)
        for survey_id, id in marked:
            await asyncio.to_thread(self._objects.delete, f"surveys/{survey_id}/{id}")
        async with transaction(self._pool) as conn:
            await files.delete_removed(conn, [id for _, id in marked])
        return len(marked)

    def _is_there(self, file: StoredFile) -> bool:
        try:
            return self._objects.stat(file.object_key).size_bytes == file.size_bytes
        except NotFound:
            return False

    def _value(self, file: StoredFile) -> dict[str, object]:
        name = self._seal.open(file.file_name, FILE_NAME, file.id)
        return {"id": str(file.id), "name": name, "type": file.media_type, "size_bytes": file.size_bytes}


def check_file(question: Question, media_type: str, size_bytes: int) -> None:
    """Holds a file against its question.

    Raises:
        FileTooLarge, FileTypeRefused: it does not fit.
    """
    most = question.max_size_bytes or MAX_BYTES
    if not 0 < size_bytes <= most:
        raise FileTooLarge(limit_bytes=most)
    kinds = question.media_types
    if kinds and media_type not in kinds and f"{media_type.partition('/')[0]}/*" not in kinds:
        raise FileTypeRefused(allowed=", ".join(kinds))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
