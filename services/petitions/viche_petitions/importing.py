"""Taking over petitions of another system as a read-only archive; a second time changes nothing."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.db import Connection
from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_chassis.status import to_status
from viche_chassis.words import Words
from viche_petitions.domain.errors import NumberTaken, PetitionNotFound
from viche_petitions.domain.imports import ImportRow, StatedCount, check_row, joined
from viche_petitions.import_items import ReadItem, read_item
from viche_petitions.store import archive, drafts, imports, locks

Planned = dict[str, tuple[UUID, ImportRow]]


async def take_over(conn: Connection, words: Words, items: Iterable[pb.ImportItem]) -> list[pb.ImportResult]:
    """Adds or brings up to date what can be taken; each item gets its own status."""
    await locks.hold(conn, locks.NUMBERS)
    now = await drafts.now(conn)
    read = [read_item(item) for item in items]
    known = await imports.find(conn, [each.row.key for each in read], [each.row.number for each in read])
    stated = await archive.counts_of(conn, [each.id for each in known if each.row])
    desk = _Desk(known, stated, await drafts.next_number(conn))
    results = [_result(desk, each, now) for each in read]
    if desk.changed:
        await imports.update(conn, await asyncio.to_thread(_with_words, words, desk.changed))
    if desk.added:
        await imports.insert(conn, await asyncio.to_thread(_with_words, words, desk.added))
    if desk.counts:
        await archive.put_counts(conn, [(id, StatedCount(day, n)) for (id, day), n in desk.counts.items()])
    return results


def _result(desk: "_Desk", item: ReadItem, now: datetime) -> pb.ImportResult:
    try:
        if item.fault is not None:
            raise item.fault
        if item.counts_only:
            taken = desk.find(item.row.key)
        else:
            check_row(item.row, now)
            taken = desk.take(item.row)
        added, changed = desk.count(taken.id, item.counts)
    except DomainError as refusal:
        return pb.ImportResult(status=to_status(refusal))
    return pb.ImportResult(
        existed=taken.existed, changed=taken.changed, counts_added=added, counts_changed=changed
    )  # fmt: skip


def _with_words(words: Words, planned: Planned) -> list[tuple[UUID, ImportRow, str]]:
    """Rows with their words for search: long texts take a while, so off the event loop."""
    return [
        (id, row, words.vector(row.language, ("A", row.title), ("B", row.background), ("C", row.details)))
        for id, row in planned.values()
    ]


@dataclass(frozen=True, slots=True)
class _Taken:
    """The petition of an item: whether it was there already, and whether it differed."""

    id: UUID
    existed: bool
    changed: bool


class _Desk:
    """Decides item by item, and knows what the items before have taken.

    Args:
        known: petitions with a key or a number of the items.
        stated: counts that are there, by petition and day.
        next_number: the public number after the highest.
    """

    def __init__(self, known: Sequence[imports.Known], stated: dict[tuple[UUID, date], int], next_number: int) -> None:
        self._by_key = {each.row.key: (each.id, each.row) for each in known if each.row}
        self._owner = {each.number: each.row.key if each.row else "" for each in known}
        self._stated = stated
        self._next_number = next_number
        self.added: Planned = {}
        self.changed: Planned = {}
        self.counts: dict[tuple[UUID, date], int] = {}

    def find(self, key: str) -> _Taken:
        """The petition of a key.

        Raises:
            PetitionNotFound: there is none.
        """
        if key not in self._by_key:
            raise PetitionNotFound()
        return _Taken(self._by_key[key][0], existed=True, changed=False)

    def take(self, row: ImportRow) -> _Taken:
        """Plans what a row needs.

        A row with the number of a petition of the same source is that petition, whatever its key: a source may publish
        a list and more of each one. So is a row of a list whose petition is known with more.

        Raises:
            NumberTaken: its number belongs to another petition.
        """
        id, known = self._by_key.get(row.key) or self._same(row)
        if known is not None and (known.key != row.key or (known.facts and not row.facts)):
            row = joined(known, row)
        row = replace(row, number=row.number or (known.number if known else self._next_number))
        if self._owner.get(row.number, row.key) != row.key:
            raise NumberTaken(number=row.number)
        if id is not None and known == row:
            return _Taken(id, existed=True, changed=False)
        if known is not None:
            self._owner.pop(known.number, None)
        return self._put(id, row)

    def _same(self, row: ImportRow) -> tuple[UUID, ImportRow] | tuple[None, None]:
        """The petition of the same source with the same number."""
        id, known = self._by_key.get(self._owner.get(row.number, ""), (None, None))
        if id is None or known is None or not row.source_name or known.source_name != row.source_name:
            return None, None
        return id, known

    def _put(self, id: UUID | None, row: ImportRow) -> _Taken:
        existed = id is not None
        id = id or new_id()
        self._owner[row.number] = row.key
        self._next_number = max(self._next_number, row.number + 1)
        self._by_key[row.key] = (id, row)
        planned = self.changed if existed and row.key not in self.added else self.added
        planned[row.key] = (id, row)
        return _Taken(id, existed, changed=existed)

    def count(self, id: UUID, counts: Iterable[StatedCount]) -> tuple[int, int]:
        """Plans counts of a petition; how many days are new, and how many differed."""
        added = changed = 0
        for each in counts:
            before = self._stated.get((id, each.day))
            added += before is None
            changed += before is not None and before != each.count
            if before != each.count:
                self.counts[id, each.day] = self._stated[id, each.day] = each.count
        return added, changed
