"""Where the inbox was left off. The platform tells times in whole seconds, and not always in their order."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from viche_sdk.connectors.types import InboxItem, Page

OVERLAP_S = 120
"""What was written so long before the newest item is looked at again: it may be seen late."""


@dataclass(frozen=True, slots=True)
class Since:
    """From `at_s` (seconds of Unix) on everything is new but for the ids in `seen`; 0 is the beginning."""

    at_s: int = 0
    seen: frozenset[str] = frozenset()

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Out of a cursor."""
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        return cls(kept["at"], frozenset(kept["seen"]))

    @property
    def at(self) -> datetime:
        """The same as an instant."""
        return datetime.fromtimestamp(self.at_s, UTC)

    def page_of(self, items: Iterable[InboxItem]) -> Page[InboxItem]:
        """What is new among items, oldest first, and where to go on."""
        found = sorted((item for item in items if item.written_at >= self.at), key=lambda item: item.written_at)
        if not found:
            return Page((), json.dumps({"at": self.at_s, "seen": sorted(self.seen)}))
        start = max(self.at_s, int(found[-1].written_at.timestamp()) - OVERLAP_S)
        # what was seen and is not found any more, such as what was deleted, need not be kept
        seen = sorted({item.id for item in found if item.written_at.timestamp() >= start})
        new = tuple(item for item in found if item.id not in self.seen and not item.is_own)
        return Page(new, json.dumps({"at": start, "seen": seen}))
