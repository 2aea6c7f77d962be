"""What of a benchmark is wanted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from viche_cli.bench.lines import RATIOS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: lines by name (all when there are none), and for how long each round lasts."""

    seconds: float
    only: Collection[str] = ()
    counts: Path | None = None

    def has(self, *names: str) -> bool:
        """Whether one of these lines, or a ratio of it, is wanted."""
        parts = {part for name, *two in RATIOS if name in self.only for part in two}
        return not self.only or any(name in self.only or name in parts for name in names)

    def is_only(self, *names: str) -> bool:
        """Whether nothing but these lines, and ratios of them, is wanted."""
        inside = {*names, *(name for name, *parts in RATIOS if set(parts) <= set(names))}
        return bool(self.only) and set(self.only) <= inside
