"""Reads the files of real petitions, and makes the rules of past and foreign acts for these tests alone."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from viche_sdk.types import LegalBasis, Localized, Minima, Threshold, Unit, Workflow, collecting


def objects(path: Path) -> list[Any]:
    """A JSON array, or one object on each line."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(words: str) -> Localized:
    """The same words in every language: nobody reads them."""
    return Localized.of(en=words, uk=words, bg=words, ru=words)


def rules(
    name: str,
    version: str,
    valid_from: date,
    thresholds: Mapping[str, int],
    term: tuple[int, Unit],
    minima: Minima | None = None,
) -> Workflow:
    """A workflow with nothing but thresholds and the term for collecting."""
    basis = LegalBasis(text(name))
    return Workflow(
        name=name,
        version=version,
        title=text(name),
        summary=text(name),
        legal_basis=basis,
        valid_from=valid_from,
        thresholds=tuple(
            Threshold(threshold, signatures, text(threshold), minima, basis)
            for threshold, signatures in thresholds.items()
        ),
        clocks=(collecting(*term, legal_basis=basis),),
        residents_only=False,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What is published, what the rules give instead, and why."""

    published: int
    recomputed: int
    why: str


def differing(published: Mapping[str, int], recomputed: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The rows in which the two are not the same."""
    return {row: (number, recomputed[row]) for row, number in published.items() if number != recomputed[row]}


def expected(differences: Mapping[str, Difference]) -> dict[str, tuple[int, int]]:
    """What `differing` must find."""
    return {row: (each.published, each.recomputed) for row, each in differences.items()}


def named(groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Reasons by row, from the rows of each reason."""
    return {row: reason for reason, of_reason in groups.items() for row in of_reason}
