"""What columns ask: each guess with its reason, in words for whoever looks at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from viche_cli.imports.answer_table import BETWEEN
from viche_cli.imports.defining.columns import SEPARATORS, Column, Order

MOST_OPTIONS = 30
MOST_OF_MATRIX = 12
LEAST_PER_OPTION = 3
LONG = 100
"""Characters; texts that are longer get several lines."""
_IN_BRACKETS = re.compile(r"(.+?)\s*\[([^\[\]]+)\]")
_WHEN = ("timestamp", "submitted", "submitdate", "позначка часу", "отметка времени", "клеймо за време", "дата подання")
_OF_ROWS = ("id", "no", "№", "number", "номер")


@dataclass(frozen=True, slots=True)
class Guess:
    """A question, or what a column is instead.

    Attributes:
        shape: as in a mapping: "column", "columns", "places", "rows"; "id", "submitted", or "" for what is left out.
        parts: what each column of several is called.
        options: texts that are the answers, most frequent first; of one cell or of each row.
    """

    columns: Sequence[Column]
    label: str
    kind: str
    reason: str
    shape: str = "column"
    parts: Sequence[str] = ()
    options: Sequence[str] = ()
    separator: str = ""
    format: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


def groups(columns: Sequence[Column]) -> Iterator[tuple[str, Sequence[Column]]]:
    """Neighbours that are named alike, "STEM / PART" or "STEM [PART]", with their stem; the others alone."""
    found: list[tuple[str, list[Column]]] = []
    for column in columns:
        stem = _split(column.name)[0]
        if found and stem and found[-1][0] == stem:
            found[-1][1].append(column)
        else:
            found.append((stem, [column]))
    yield from found


def _split(name: str) -> tuple[str, str]:
    stem, between, part = name.partition(BETWEEN)
    if between:
        return stem, part
    match = _IN_BRACKETS.fullmatch(name)
    return (match[1], match[2]) if match else ("", name)


def guesses(
    grouped: Sequence[tuple[str, Sequence[Column]]], orders: Mapping[int, Order], id: Column, when: Column | None
) -> Iterator[Guess]:
    """What each column or group of columns asks, in their order.

    Args:
        orders: by the number of the first column of a group.
    """
    for stem, columns in grouped:
        if len(columns) > 1 and id not in columns and when not in columns:
            together = _together(stem, columns, orders[columns[0].number])
            if together is not None:
                yield together
                continue
        for column in columns:
            yield _alone(column, stem if len(columns) == 1 else "", id, when)


def _together(stem: str, columns: Sequence[Column], order: Order) -> Guess | None:
    parts = [_split(each.name)[1] for each in columns]
    texts = list(dict.fromkeys(text for each in columns for text in each.texts))
    if not texts:
        return None
    if all(len(each.texts) <= 1 for each in columns):
        reason = f"{len(columns)} neighbouring columns are called alike, and each holds one text or nothing"
        return Guess(columns, stem, "multiple", reason, "columns", parts)
    if order.holds:
        reason = f"in all {order.rows} rows that say anything here, {len(columns)} columns hold 1, 2, 3 …, each once"
        return Guess(columns, stem, "ranking", reason, "places", parts)
    if len(texts) <= MOST_OF_MATRIX and not any(each.has_more_texts for each in columns):
        reason = f"{len(columns)} neighbouring columns are called alike and hold the same {len(texts)} texts"
        return Guess(columns, stem, "matrix", reason, "rows", parts, texts)
    return None


def _alone(column: Column, stem: str, id: Column, when: Column | None) -> Guess:
    label = stem or column.name
    if column is id:
        return Guess([column], label, "", "every row has another text here, so it tells answers apart", "id")
    if column is when:
        format = column.formats[0][1]
        reason = f"its name says when an answer was given, and all {column.filled} cells are written as {format}"
        return Guess([column], label, "", reason, "submitted", format=format)
    if not column.filled:
        return Guess([column], label, "", "no row says anything here, so it is left out", "")
    return next(each for guess in _IN_TURN if (each := guess(column, label)))


def _number(column: Column, label: str) -> Guess | None:
    if not column.are_numbers:
        return None
    reason = f"all {column.filled} cells are numbers, from {column.least:g} to {column.most:g}; no bounds are set"
    return Guess([column], label, "number", reason, more={"step": 1} if column.are_whole else {})


def _moment(column: Column, label: str) -> Guess | None:
    if not column.formats:
        return None
    kind, format = column.formats[0]
    reason = f"all {column.filled} cells are written as {format}"
    if others := [each for _, each in column.formats[1:]]:
        reason += f"; they could be {' or '.join(others)} as well"
    return Guess([column], label, kind, reason, format=format)


def _mailbox(column: Column, label: str) -> Guess | None:
    if not column.are_mailboxes:
        return None
    reason = f"all {column.filled} cells are e-mail addresses; it is personal"
    return Guess([column], label, "email", reason, more={"is_personal": True})


def _single(column: Column, label: str) -> Guess | None:
    count = len(column.texts)
    if column.has_more_texts or count > MOST_OPTIONS or column.filled < LEAST_PER_OPTION * count:
        return None
    reason = f"{column.filled} cells hold {count} different texts"
    return Guess([column], label, "single", reason, options=_by_frequency(column.texts))


def _several(column: Column, label: str) -> Guess | None:
    for separator in SEPARATORS:
        parts = column.parts.get(separator)
        if not parts or len(parts) > MOST_OPTIONS:
            continue
        is_joined = sum(parts.values()) > column.filled
        if is_joined and (column.has_more_texts or len(parts) < len(column.texts)) and min(parts.values()) > 1:
            reason = f"cells hold several of {len(parts)} texts with {separator!r} between them"
            options = _by_frequency(parts)
            return Guess([column], label, "multiple", reason, options=options, separator=separator)
    return None


def _text(column: Column, label: str) -> Guess:
    count = f"more than {len(column.texts)}" if column.has_more_texts else str(len(column.texts))
    reason = f"{column.filled} cells hold {count} different texts, of up to {column.longest} characters"
    reason += "; mark it personal in the survey if it may tell who somebody is"
    return Guess([column], label, "text", reason, more={"is_long": True} if column.longest > LONG else {})


_IN_TURN = (_number, _moment, _mailbox, _several, _single, _text)


def id_of(columns: Sequence[Column]) -> Column | None:
    """The column that tells rows apart: the first that is called so, else the first."""
    unique = [each for each in columns if each.is_unique]
    called = [each for each in unique if any(word in _OF_ROWS for word in re.split(r"[\W_]+", each.name.lower()))]
    named = [each for each in unique if each.name.lower().endswith("id")]
    return next(iter([*called, *named, *unique]), None)


def when_of(columns: Sequence[Column]) -> Column | None:
    """The column that says when an answer was given."""
    return next(
        (
            each for each in columns
            if any(word in each.name.lower() for word in _WHEN) and any(kind == "datetime" for kind, _ in each.formats)
            and each.filled
        ), None,
    )  # fmt: skip


def _by_frequency(texts: Mapping[str, int]) -> list[str]:
    return sorted(texts, key=lambda text: -texts[text])
