"""Rows of a table as answers, and what keeps a row from being one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viche_cli.faults import Fault
from viche_cli.imports.answer_mapping import AnswerMapping, Asked, Submitted, Type
from viche_cli.imports.answer_table import Header, Line, Table

DONT_KNOW = {"dont_know": True}
STANDARD = {Type.DATE: "%Y-%m-%d", Type.TIME: "%H:%M", Type.DATETIME: "%Y-%m-%dT%H:%M"}
"""How moments are kept."""
YES = frozenset({"1", "true", "yes", "x"})
NO = frozenset({"0", "false", "no"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A row as an answer."""

    row: int
    id: str
    given_at: datetime | None
    answers: Mapping[str, Any]

    @property
    def answers_json(self) -> str:
        """As the service takes it."""
        return json.dumps(self.answers, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is no answer."""

    row: int
    reason: str
    message: str


class _Bad(Exception):
    """What is wrong with a cell."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def answers(table: Table, mapping: AnswerMapping) -> Iterator[Answer | RefusedRow]:
    """Answers in the order of the rows. Raises Fault when the mapping names columns that the table has not."""
    reading = _Reading(table.header, mapping)
    return (reading.row(line) for line in table)


class _Reading:
    def __init__(self, header: Header, mapping: AnswerMapping) -> None:
        self._mapping = mapping
        self._id = header.place(mapping.id)
        self._at = header.place(mapping.submitted.column) if mapping.submitted else 0
        self._places = [
            (asked, {key: header.place(column) for key, column in asked.columns.items()}) for asked in mapping.questions
        ]
        self._seen: set[str] = set()

    def row(self, line: Line) -> Answer | RefusedRow:
        """The answer in a row."""
        try:
            return Answer(line.number, self._identifier(line), self._given_at(line), dict(self._answered(line)))
        except _Bad as bad:
            return RefusedRow(line.number, bad.reason, str(bad))

    def _identifier(self, line: Line) -> str:
        id = line.cells[self._id]
        if not id:
            raise _Bad("NO_ID", "it has no id")
        if id in self._seen:
            raise _Bad("SAME_ID", f"another row before has its id {id}")
        self._seen.add(id)
        return id

    def _given_at(self, line: Line) -> datetime | None:
        where = self._mapping.submitted
        text = line.cells[self._at] if where else ""
        if where is None or text in self._mapping.empty:
            return None
        return _instant(text, where)

    def _answered(self, line: Line) -> Iterator[tuple[str, Any]]:
        for asked, places in self._places:
            cells = {key: line.cells[place] for key, place in places.items()}
            said = {key: text for key, text in cells.items() if text not in self._mapping.empty}
            try:
                value = _SHAPES[asked.shape](asked, said)
            except _Bad as bad:
                raise _Bad(bad.reason, f"{asked.name}: {bad}") from bad
            if value not in (None, [], {}):
                yield asked.name, value


def _one(asked: Asked, said: Mapping[str, str]) -> Any:
    text = said.get("")
    if text is None:
        return None
    if text in asked.dont_know:
        return DONT_KNOW
    if asked.separator:
        return [_code(asked, part.strip()) for part in text.split(asked.separator) if part.strip()]
    return _value(asked, text)


def _value(asked: Asked, text: str) -> Any:
    match asked.type:
        case Type.CODE:
            return _code(asked, text)
        case Type.TEXT:
            return text
        case Type.NUMBER:
            return _number(text)
        case Type.CONSENT:
            return _is_said(asked, text) or None
    return _moment(text, asked.format or STANDARD[asked.type]).strftime(STANDARD[asked.type])


def _several(asked: Asked, said: Mapping[str, str]) -> Any:
    return [code for code in asked.columns if code in said and (not asked.chosen or said[code] in asked.chosen)]


def _ranking(asked: Asked, said: Mapping[str, str]) -> Any:
    places = {code: _number(text) for code, text in said.items()}
    ranked = sorted(places, key=lambda code: places[code])
    if [places[code] for code in ranked] != list(range(1, len(ranked) + 1)):
        raise _Bad("NO_ORDER", f"{', '.join(said.values())} are not the places 1 to {len(said)}, each once")
    return ranked


def _matrix(asked: Asked, said: Mapping[str, str]) -> Any:
    """Rows whose text says "I don't know" are left out; if all do, the whole answer says so."""
    cells = {row: _code(asked, text) for row, text in said.items() if text not in asked.dont_know}
    return cells or (DONT_KNOW if said else None)


_SHAPES: Mapping[str, Callable[[Asked, Mapping[str, str]], Any]] = {
    "column": _one, "columns": _several, "places": _ranking, "rows": _matrix,
}  # fmt: skip


def _code(asked: Asked, text: str) -> str:
    if not asked.values:
        return text
    if text not in asked.values:
        raise _Bad("UNMAPPED", f"the mapping has no code for {text[:80]!r}")
    return asked.values[text]


def _is_said(asked: Asked, text: str) -> bool:
    yes = asked.chosen or YES
    if text.lower() not in {each.lower() for each in yes} | NO:
        raise _Bad("UNMAPPED", f"{text[:80]!r} is neither yes nor no")
    return text.lower() not in NO


def _number(text: str) -> int | float:
    try:
        number = float(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        raise _Bad("NOT_A_NUMBER", f"{text[:80]!r} is no number") from None


def _moment(text: str, format: str) -> datetime:
    try:
        return datetime.strptime(text, format)  # noqa: DTZ007 (a moment as somebody wrote it down)
    except ValueError:
        raise _Bad("NOT_A_MOMENT", f"{text[:80]!r} is not written as {format}") from None


def _instant(text: str, where: Submitted) -> datetime:
    try:
        at = _moment(text, where.format) if where.format else datetime.fromisoformat(text)
    except ValueError:
        raise _Bad("NOT_A_MOMENT", f"{text[:80]!r} is not written as 2026-03-01T14:30:00") from None
    try:
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(where.zone))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Fault(f"The mapping names no time zone: {where.zone}.") from error


def batches(found: Sequence[Answer], most: int, most_bytes: int) -> Iterator[Sequence[Answer]]:
    """Answers that travel together: so many, and so many bytes, but at least one."""
    start = size = 0
    for place, each in enumerate(found):
        length = len(each.answers_json.encode())
        if place > start and (place - start >= most or size + length > most_bytes):
            yield found[start:place]
            start, size = place, 0
        size += length
    if found:
        yield found[start:]
