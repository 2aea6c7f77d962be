"""The counts of a real petition as a load: when each signature is due, on a shorter clock and in smaller numbers."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from viche_cli.faults import Fault

# how long the replay takes; the last answers come a little later
SECONDS = 20.0
DEFAULT_COUNTS = Path("../shared/data/petitions/uk_700143_counts_to_2024-11-26.csv")


@dataclass(frozen=True, slots=True)
class Counts:
    """Instants, in seconds from the first one, and how many had signed by then since the first one."""

    at_s: tuple[float, ...]
    signed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """When signatures are due, in seconds from its start; and how it was made from the real counts."""

    due_s: tuple[float, ...]
    speedup: float
    one_in: float


def read_counts(path: Path) -> Counts:
    """The counts in a CSV file with the columns timestamp and count. Raises Fault for a broken row."""
    at_s: list[float] = []
    signed: list[int] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                moment = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp()
                count = int(row["count"])
            except (KeyError, TypeError, ValueError) as error:
                raise Fault(f"{path}, line {number}: a timestamp and a count are expected ({error}).") from error
            if at_s and (moment < at_s[-1] or count < signed[-1]):
                raise Fault(f"{path}, line {number}: time or count goes back.")
            at_s.append(moment)
            signed.append(count)
    if len(at_s) < 2:
        raise Fault(f"{path} holds fewer than two counts.")
    return Counts(tuple(each - at_s[0] for each in at_s), tuple(each - signed[0] for each in signed))


def plan(counts: Counts, most: int, seconds: float = SECONDS) -> Replay:
    """At most `most` signatures within `seconds`, spread as the real ones were; within an interval evenly."""
    total = counts.signed[-1]
    one_in = max(1.0, total / most)
    speedup = max(1e-9, counts.at_s[-1] / seconds)
    return Replay(tuple(_due_s(counts, one_in, speedup)), speedup, one_in)


def _due_s(counts: Counts, one_in: float, speedup: float) -> Iterator[float]:
    sent = 0
    for (began_s, before), (ended_s, after) in _intervals(counts.at_s, counts.signed):
        upto = int(after / one_in)
        for number in range(sent + 1, upto + 1):
            part = (number * one_in - before) / (after - before)
            yield (began_s + part * (ended_s - began_s)) / speedup
        sent = max(sent, upto)


def _intervals(at_s: Sequence[float], signed: Sequence[int]) -> Iterator[tuple[tuple[float, int], tuple[float, int]]]:
    return itertools.pairwise(zip(at_s, signed, strict=True))
