"""The dictionary of an SPSS system file: what stands before the cases.

The format is the one that the developers' guide of GNU PSPP describes ("System File Format"), whose words are used
here; little-endian, UTF-8, records in the order that it asks for.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from viche_surveys.domain.definition import Text
from viche_surveys.exports.table import Kind, Level, Table, Variable

MAX_WIDTH = 32_767
# a string up to this width is one variable; a wider one is made of segments
MAX_SEGMENT = 255
# bytes of a very long string's width that a segment stands for, though it holds MAX_SEGMENT of them
SEGMENT_STEP = 252
SHORT_STRING = 8
MAX_LABEL = 255
MAX_VALUE_LABEL = 120
MAX_FILE_LABEL = 64
BIAS = 100
CASES_AT = 80
SYSMIS = struct.pack("<Q", 0xFFEFFFFFFFFFFFFF)
_HIGHEST = struct.pack("<Q", 0x7FEFFFFFFFFFFFFF)
_LOWEST = struct.pack("<Q", 0xFFEFFFFFFFFFFFFE)
_PRODUCT = b"@(#) SPSS DATA FILE Viche"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MEASURES = {Level.NOMINAL: 1, Level.ORDINAL: 2, Level.SCALE: 3}
# type, width and places of the formats in which values are shown
_SHOWN = {
    Kind.DATE: (39, 10, 0),  # SDATE10: 2026/11/23
    Kind.TIME: (21, 5, 0),  # TIME5: 09:30
    Kind.DATETIME: (22, 17, 0),  # DATETIME17: 23-NOV-2026 09:30
    Kind.INSTANT: (22, 20, 0),  # DATETIME20: 23-NOV-2026 09:30:15
}
_A, _F = 1, 5


@dataclass(frozen=True, slots=True)
class Placed:
    """A variable with its place in the file.

    Attributes:
        short_name: of at most eight bytes, by which the records know it.
        index: of its first variable record, from 1.
        width: of a string in bytes; 0 is a number.
    """

    variable: Variable
    short_name: str
    index: int
    width: int

    @property
    def segments(self) -> list[int]:
        """Widths of the strings that it is made of; [0] for a number."""
        if self.width <= MAX_SEGMENT:
            return [self.width]
        count = -(-self.width // SEGMENT_STEP)
        return [MAX_SEGMENT] * (count - 1) + [self.width - (count - 1) * SEGMENT_STEP]

    @property
    def elements(self) -> int:
        """Pieces of eight bytes that a case has for it."""
        return sum(_elements(width) for width in self.segments)


def placed(variables: Sequence[Variable]) -> list[Placed]:
    """The variables in their places."""
    found: list[Placed] = []
    index = 1
    for number, variable in enumerate(variables, 1):
        found.append(Placed(variable, f"V{number}", index, _width(variable)))
        index += found[-1].elements
    return found


def dictionary(table: Table, places: Sequence[Placed]) -> bytes:
    """Everything before the first case; the number of cases, at `CASES_AT`, is still unknown."""
    parts = [_header(table, places), *_variables(table, places), *_value_labels(table, places)]
    parts += [
        _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001)),
        _extension(4, 8, SYSMIS + _HIGHEST + _LOWEST),
        _extension(7, 1, _sets(table, places)),
        _extension(11, 4, _display(places)),
        _extension(13, 1, "\t".join(f"{each.short_name}={each.variable.name}" for each in places).encode()),
        _extension(14, 1, _very_long(places)),
        _extension(20, 1, b"UTF-8"),
        _extension(21, 1, _long_value_labels(table, places)),
        _extension(22, 1, _long_missing(places)),
        struct.pack("<2i", 999, 0),
    ]
    return b"".join(parts)


def cut(text: str, limit: int) -> bytes:
    """The text in UTF-8 as far as it fits into so many bytes; no character is broken."""
    raw = text.encode("utf-8", "replace")
    return raw if len(raw) <= limit else raw[:limit].decode("utf-8", "ignore").encode()


def _width(variable: Variable) -> int:
    if not variable.is_text:
        return 0
    if variable.kind is Kind.CATEGORY:
        return max((len(str(value.code).encode()) for value in variable.values), default=1)
    return min(max(variable.width_bytes, 1), MAX_WIDTH)


def _elements(width: int) -> int:
    return max(1, -(-width // 8))


def _header(table: Table, places: Sequence[Placed]) -> bytes:
    made: datetime = table.made_at
    return struct.pack(
        "<4s60siiiiid9s8s64s3x", b"$FL2", _PRODUCT.ljust(60), 2, sum(_elements(each.segments[0]) for each in places),
        1, 0, -1, float(BIAS), f"{made.day:02} {_MONTHS[made.month - 1]} {made.year % 100:02}".encode(),
        made.strftime("%H:%M:%S").encode(), cut(table.said(table.title), MAX_FILE_LABEL).ljust(MAX_FILE_LABEL),
    )  # fmt: skip


def _variables(table: Table, places: Sequence[Placed]) -> Iterator[bytes]:
    segment_number = 0
    for each in places:
        for number, width in enumerate(each.segments):
            segment_number += number > 0
            name = each.short_name if number == 0 else f"S{segment_number}"
            yield _record(each.variable, width, name, _said(table, each.variable.label, MAX_LABEL))
            rest = struct.pack("<6i8s", 2, -1, 0, 0, 0, 0, b" " * 8)
            yield rest * (_elements(width) - 1)


def _record(variable: Variable, width: int, name: str, label: bytes) -> bytes:
    look = _look(variable, width)
    missing = _missing(variable, width)
    head = struct.pack("<6i8s", 2, width, 1 if label else 0, len(missing) // 8, look, look, name.encode().ljust(8))
    return head + (struct.pack("<i", len(label)) + _filled(label, 4, b"\0") if label else b"") + missing


def _look(variable: Variable, width: int) -> int:
    if width:
        type_, shown, places = _A, width, 0
    else:
        type_, shown, places = _SHOWN.get(variable.kind, (_F, 12 if variable.kind is Kind.NUMBER else 8, 0))
        places = variable.decimals or places
    return type_ << 16 | shown << 8 | places


def _missing(variable: Variable, width: int) -> bytes:
    if variable.dont_know is None or width > SHORT_STRING:
        return b""
    return _value(variable.dont_know, width)


def _value(code: str | int | float, width: int) -> bytes:
    return str(code).encode().ljust(SHORT_STRING) if width else struct.pack("<d", code)


def _value_labels(table: Table, places: Sequence[Placed]) -> Iterator[bytes]:
    """Labels of numbers and short strings. Variables that have the same labels share a record."""
    shared: dict[tuple[tuple[bytes, bytes], ...], list[int]] = {}
    for each in places:
        if each.variable.values and each.width <= SHORT_STRING:
            labels = tuple(
                (_value(value.code, each.width), _said(table, value.label, MAX_VALUE_LABEL))
                for value in each.variable.values
            )
            shared.setdefault(labels, []).append(each.index)
    for labels, indexes in shared.items():
        yield struct.pack("<2i", 3, len(labels))
        for value, label in labels:
            yield value + _filled(bytes([len(label)]) + label, 8, b" ")
        yield struct.pack(f"<{len(indexes) + 2}i", 4, len(indexes), *indexes)


def _sets(table: Table, places: Sequence[Placed]) -> bytes:
    """Multiple dichotomy sets whose counted value is 1."""
    short = {each.variable.name: each.short_name.lower() for each in places}
    written = b""
    for each in table.sets:
        label = _said(table, each.label, MAX_LABEL)
        names = " ".join(short[name] for name in each.variables)
        written += f"${each.name}=D1 1 {len(label)} ".encode() + label + f" {names}\n".encode()
    return written


def _display(places: Sequence[Placed]) -> bytes:
    return b"".join(
        struct.pack("<3i", _MEASURES[each.variable.level], min(max(width, 8), 40), 0 if width else 1)
        for each in places
        for width in each.segments
    )


def _very_long(places: Sequence[Placed]) -> bytes:
    wide = (each for each in places if each.width > MAX_SEGMENT)
    return b"".join(f"{each.short_name}={each.width:05}".encode() + b"\0\t" for each in wide)


def _long_value_labels(table: Table, places: Sequence[Placed]) -> bytes:
    written = b""
    for each in places:
        if each.width <= SHORT_STRING or not each.variable.values:
            continue
        written += _sized(each.variable.name.encode()) + struct.pack("<2i", each.width, len(each.variable.values))
        for value in each.variable.values:
            written += _sized(str(value.code).encode().ljust(each.width))
            written += _sized(_said(table, value.label, MAX_VALUE_LABEL))
    return written


def _long_missing(places: Sequence[Placed]) -> bytes:
    return b"".join(
        _sized(each.variable.name.encode()) + b"\1" + _sized(_value(each.variable.dont_know, each.width))
        for each in places
        if each.width > SHORT_STRING and each.variable.dont_know is not None
    )


def _extension(subtype: int, size: int, content: bytes) -> bytes:
    """A record that readers may skip; none where there is nothing to say."""
    return struct.pack("<4i", 7, subtype, size, len(content) // size) + content if content else b""


def _said(table: Table, text: Text, limit: int) -> bytes:
    return cut(" ".join(table.said(text).split()), limit)


def _sized(content: bytes) -> bytes:
    return struct.pack("<i", len(content)) + content


def _filled(content: bytes, multiple: int, filling: bytes) -> bytes:
    return content + filling * (-len(content) % multiple)
