"""The UK Parliament's list of petitions as a file: rows that can be taken over, and what is wrong with the others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from viche_cli.faults import Fault

LANGUAGE = "en"
STATES = ("open", "closed", "rejected")
MAX_NUMBER = 2**62


@dataclass(frozen=True, slots=True)
class Row:
    """A petition of the list; ``place`` counts from 1."""

    place: int
    number: int
    title: str
    state: str
    signatures: int
    created_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that does not go in, and why."""

    place: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class RowList:
    """What a file holds: rows that can be taken over, those that cannot, and how many it has in all."""

    rows: list[Row]
    refusals: list[Refusal]
    total: int


class _Bad(Exception):
    """What is wrong with a row, as a sentence."""

    def __init__(self, sentence: str, reason: str = "BAD_ROW") -> None:
        super().__init__(sentence)
        self.reason = reason


def read_list(path: Path) -> RowList:
    """The rows of a file, and those that cannot be read. A row that stands there twice is one row.

    Raises Fault when the file is no such list at all.
    """
    content = _load(path)
    found = RowList([], [], len(content))
    by_url: dict[str, Row] = {}
    by_number: dict[int, Row] = {}
    for place, raw in enumerate(content, start=1):
        try:
            row = _row(place, raw)
            if _is_new(row, by_url, by_number):
                found.rows.append(row)
        except _Bad as bad:
            found.refusals.append(Refusal(place, bad.reason, str(bad)))
    return found


def _is_new(row: Row, by_url: dict[str, Row], by_number: dict[int, Row]) -> bool:
    """Whether the file has not had this row yet; two that differ and claim the same are refused the second time."""
    before = by_url.setdefault(row.url, row)
    if before is not row:
        if _content(before) != _content(row):
            raise _Bad(f"its address {row.url} stands in row {before.place} already, with other values")
        return False
    owner = by_number.setdefault(row.number, row)
    if owner is not row:
        raise _Bad(f"its public number {row.number} stands in row {owner.place} already", "NUMBER_TAKEN")
    return True


def _load(path: Path) -> list[Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if not text.strip():
            raise Fault(f"{path} is empty: give the JSON file with the list of petitions.")
        content = json.loads(text)
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Fault(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Fault(f"{path} is not JSON{where}: give the file as it was downloaded.") from error
    if not isinstance(content, list):
        raise Fault(f"{path} does not hold a list of petitions but one {_kind(content)}: give the file with the list.")
    return content


def _row(place: int, raw: Any) -> Row:
    if not isinstance(raw, dict):
        raise _Bad(f"it is a {_kind(raw)} and not an object")
    signatures = raw.get("numberOfSignatures")
    if not isinstance(signatures, int) or isinstance(signatures, bool) or not 0 <= signatures < 2**40:
        raise _Bad(f"numberOfSignatures is {_shown(signatures)} and not a number of signatures")
    return Row(
        place=place,
        number=_number(_text(raw, "identifier")),
        title=" ".join(_text(raw, "label").split()),
        state=_state(raw.get("status")),
        signatures=signatures,
        created_at=_instant(_text(raw, "created")),
        url=_url(raw.get("_about")),
    )


def _text(raw: dict[str, Any], field: str) -> str:
    value = raw.get(field)
    text = value.get("_value") if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise _Bad(f"{field}._value is {_shown(text)} and not a text")
    if "\x00" in text:
        raise _Bad(f"{field}._value holds a NUL byte")
    return text.strip()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= MAX_NUMBER:
        raise _Bad(f"identifier._value is {_shown(text)} and not a public number")
    return int(text)


def _state(value: Any) -> str:
    if not isinstance(value, str) or value.strip().lower() not in STATES:
        raise _Bad(f"status is {_shown(value)} and none of {', '.join(STATES)}")
    return value.strip()


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _Bad(f"created._value is {_shown(text)} and not a date with time") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _url(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")) or len(value) > 500:
        raise _Bad(f"_about is {_shown(value)} and not an address")
    return value


def _content(row: Row) -> tuple[object, ...]:
    return (row.number, row.title, row.state, row.signatures, row.created_at)


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number"}
    return names.get(type(value), "null")


def _shown(value: Any) -> str:
    return "missing" if value is None else repr(value)[:60]
