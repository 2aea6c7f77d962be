"""Taking over petitions of another system as a read-only archive; a second time changes nothing."""

from collections.abc import Iterable
from datetime import UTC
from uuid import UUID

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.db import Connection
from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_chassis.status import to_status
from viche_chassis.validation import violations
from viche_petitions.domain.drafts import clean_line
from viche_petitions.domain.errors import BadRow, NumberTaken
from viche_petitions.domain.imports import ImportRow, check_row
from viche_petitions.store import drafts, imports, locks
from viche_petitions.words import Words

Planned = dict[str, tuple[UUID, ImportRow, str]]


async def take_over(conn: Connection, words: Words, items: Iterable[pb.ImportItem]) -> list[pb.ImportResult]:
    """Adds or brings up to date what can be taken; each item gets its own status."""
    await locks.hold(conn, locks.NUMBERS)
    now = await drafts.now(conn)
    read = [_read(item) for item in items]
    desk = _Desk(words, await imports.find(conn, [row for row, _ in read]))
    results: list[pb.ImportResult] = []
    for row, fault in read:
        try:
            if fault is not None:
                raise fault
            check_row(row, now)
            existed, changed = desk.take(row)
            results.append(pb.ImportResult(existed=existed, changed=changed))
        except DomainError as refusal:
            results.append(pb.ImportResult(status=to_status(refusal)))
    if desk.changed:
        await imports.update(conn, list(desk.changed.values()))
    if desk.added:
        await imports.insert(conn, list(desk.added.values()))
    return results


class _Desk:
    """Decides row by row, and knows what the rows before have taken."""

    def __init__(self, words: Words, known: list[imports.Known]) -> None:
        self._words = words
        self._by_url = {each.row.source_url: each for each in known if each.row}
        self._owner = {each.number: each.row.source_url if each.row else "" for each in known}
        self.added: Planned = {}
        self.changed: Planned = {}

    def take(self, row: ImportRow) -> tuple[bool, bool]:
        """Whether it was there already, and whether it differed."""
        known = self._by_url.get(row.source_url)
        if self._owner.get(row.number, row.source_url) != row.source_url:
            raise NumberTaken(number=row.number)
        if known is not None and known.row == row:
            return True, False
        id = known.id if known else new_id()
        if known is not None:
            self._owner.pop(known.number, None)
        self._owner[row.number] = row.source_url
        self._by_url[row.source_url] = imports.Known(id, row.number, row)
        place = self.changed if known and row.source_url not in self.added else self.added
        place[row.source_url] = (id, row, self._words.vector(row.language, ("A", row.title)))
        return known is not None, known is not None


def _read(item: pb.ImportItem) -> tuple[ImportRow, DomainError | None]:
    created_at = item.created_at.ToDatetime(UTC) if item.HasField("created_at") else None
    row = ImportRow(
        item.number, clean_line(item.title), item.language, item.source_state.strip(), item.signature_count,
        created_at, item.source_url.strip(),
    )  # fmt: skip
    found = violations(item)
    return row, BadRow(*found) if found else None
