"""The lines that a benchmark leaves: one JSON object each, on stdout and in a file."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; a ratio names in `against` what it is held against."""

    name: str
    value: float
    unit: str
    against: str = ""

    def as_json(self) -> str:
        """One line of JSON."""
        named = {"against": self.against} if self.against else {}
        return json.dumps({"name": self.name, "value": _short(self.value), "unit": self.unit, **named})


@dataclass(slots=True)
class Results:
    """Prints figures as they come and keeps them in a file."""

    path: Path
    values: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("", encoding="utf-8")

    def add(self, name: str, value: float, unit: str) -> None:
        """A figure."""
        self._put(Line(name, value, unit))

    def add_median(self, name: str, rounds: list[float], unit: str) -> None:
        """The median of several rounds; the others are told on stderr."""
        say(f"{name}: rounds from {min(rounds):,.0f} to {max(rounds):,.0f} {unit}")
        self.add(name, median(rounds), unit)

    def add_ratio(self, name: str, part: str, against: str) -> None:
        """The ratio of two figures, if both were measured."""
        if part in self.values and self.values.get(against):
            self._put(Line(name, self.values[part] / self.values[against], "1", against))

    def _put(self, line: Line) -> None:
        self.values[line.name] = line.value
        click.echo(line.as_json())
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line.as_json() + "\n")


def say(text: str) -> None:
    """Progress, for people."""
    print(text, file=sys.stderr, flush=True)


def _short(value: float) -> float:
    """Four digits tell more than a benchmark knows."""
    short = float(f"{value:.4g}") if abs(value) < 1000 else round(value)
    return int(short) if short == int(short) else short
