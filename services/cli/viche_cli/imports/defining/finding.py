"""From a file of answers to a survey and a mapping, with all that was guessed on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viche_cli.faults import Fault
from viche_cli.imports.answer_table import opened
from viche_cli.imports.defining import columns as columns_of
from viche_cli.imports.defining import guessing, writing
from viche_cli.imports.defining.columns import Column, Order
from viche_cli.imports.defining.layouts import layout_of
from viche_cli.imports.defining.writing import Asked
from viche_surveys.domain.checking import faults
from viche_surveys.domain.document import from_json
from viche_surveys.forms.words import guessed_language


@dataclass(frozen=True, slots=True)
class Found:
    """What a file of answers becomes.

    Attributes:
        said: what was guessed about the file as a whole.
    """

    file: Path
    rows: int
    said: Sequence[str]
    asked: Sequence[Asked]
    definition: Mapping[str, Any]
    mapping: str

    def as_document(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "file": str(self.file), "rows": self.rows, "guessed": list(self.said),
            "columns": [_column(each) for each in self.asked],
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """For people: each guess with its reason."""
        yield f"{self.file}: {self.rows} rows, {sum(bool(each.name) for each in self.asked)} questions"
        yield from (f"  {each}" for each in self.said)
        for each in self.asked:
            column = _column(each)
            where = ", ".join(map(str, column["columns"]))
            what = f"{column['kind']} {each.name}" if each.name else column["is"]
            yield f"  column {where}: {what} – {column['reason']}"


def find(file: Path, *, language: str = "", title: str = "") -> Found:
    """Reads the file once.

    Raises:
        Fault: it cannot be read, holds no answers, or no column tells them apart.
    """
    layout, said = layout_of(file)
    with opened(file, layout) as table:
        every = [Column(number, name or f"Column {number}") for number, name in enumerate(table.header.names, start=1)]
        grouped = list(guessing.groups(every))
        orders = {group[0].number: Order(tuple(each.number for each in group)) for _, group in grouped}
        rows = columns_of.read(table, every, [each for each in orders.values() if len(each.columns) > 1])
    if not rows:
        raise Fault(f"{file} holds no answers below its header.")
    id = guessing.id_of(every)
    if id is None:
        raise Fault(f"No column of {file} has another text in each row, and answers must be told apart: number them.")
    if dashes := sum((each.dashes for each in every), Counter[str]()):
        texts = ", ".join(f"{text!r} ({count})" for text, count in dashes.most_common())
        said.append(f"Cells that hold only this are taken for no answer: {texts}.")
    asked = writing.named(list(guessing.guesses(grouped, orders, id, guessing.when_of(every))))
    if not language:
        language = guessed_language(" ".join(each.name for each in every))
        said.append(f"Its texts are in the language {language}, by the letters of its header.")
    document = writing.definition(asked, language, title or file.stem)
    if not title:
        said.append("The title is the name of the file.")
    _check(document)
    return Found(file, rows, said, asked, document, writing.mapping(asked, layout, file.name))


def _check(document: Mapping[str, Any]) -> None:
    """What nobody can answer is not written."""
    found = list(faults(from_json(json.loads(json.dumps(document)))))
    if found:
        said = ", ".join(f"{each.place}: {each.reason}" for each in found[:10])
        raise Fault(f"No survey can be made of this file: {said}.")


def _column(asked: Asked) -> dict[str, Any]:
    guess = asked.guess
    return {
        "columns": [each.number for each in guess.columns],
        "is": "question" if asked.name else {"": "left out"}.get(guess.shape, guess.shape),
        "question": asked.name, "kind": guess.kind, "label": guess.label, "reason": guess.reason,
    }  # fmt: skip
