"""SPSS system files (.sav), written case by case with bytecode compression; `sav_dictionary.py` is what is before."""

import os
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, BinaryIO

from viche_surveys.exports.sav_dictionary import BIAS, CASES_AT, MAX_SEGMENT, Placed, cut, dictionary, placed
from viche_surveys.exports.table import Kind, Row, Table

# the day from which SPSS counts seconds: the first one of the Gregorian calendar is the next
EPOCH = datetime(1582, 10, 14, tzinfo=UTC)
DAY_S = 86_400
# codes of the compression: 1 to 251 are the integers from 1 - BIAS to 251 - BIAS
_END, _RAW, _SPACES, _SYSMIS = b"\xfc", 0xFD, 0xFE, 0xFF
_CODES: dict[Any, int] = {None: _SYSMIS, **{code - BIAS: code for code in range(1, 252)}}
_DOUBLE = struct.Struct("<d").pack

# gives the codes and the bytes of one cell
Encode = Callable[[Any], tuple[bytes, bytes]]


class SavWriter:
    """Writes a system file; its number of cases is written into its head at the end."""

    def __init__(self, out: BinaryIO, table: Table) -> None:
        places = placed(table.variables)
        self._out = out
        self._start = out.tell()
        self._cases = 0
        self._encoders = [_encoder(each) for each in places]
        self._filling = bytes(-sum(each.elements for each in places) % 8)
        out.write(dictionary(table, places))

    def add(self, rows: Sequence[Row]) -> None:
        """Writes some cases."""
        self._cases += len(rows)
        self._out.write(b"".join(map(self._case, rows)))

    def end(self) -> None:
        """Writes the mark of the end and how many cases there are."""
        self._out.write(_END + bytes(7))
        self._out.seek(self._start + CASES_AT)
        self._out.write(struct.pack("<i", self._cases))
        self._out.seek(0, os.SEEK_END)

    def _case(self, row: Row) -> bytes:
        codes, data = bytearray(), bytearray()
        for encode, value in zip(self._encoders, row, strict=True):
            if encode is not None:
                of_cell, content = encode(value)
                codes += of_cell
                data += content
            elif (code := _CODES.get(value)) is not None:
                codes.append(code)
            else:
                codes.append(_RAW)
                data += _DOUBLE(value)
        return _woven(codes + self._filling, data)


def _woven(codes: bytearray, data: bytearray) -> bytes:
    """Eight codes, then the bytes that they announce, and so on. Codes of 0 are filling, which readers leave out."""
    woven: list[bytes | bytearray] = []
    at, left = 0, codes.count(_RAW)
    for start in range(0, len(codes), 8):
        if not left:
            woven.append(codes[start:])
            break
        raw = codes.count(_RAW, start, start + 8)
        woven.append(codes[start : start + 8])
        woven.append(data[at : at + 8 * raw])
        at += 8 * raw
        left -= raw
    return b"".join(woven)


def seconds(value: Any) -> float | None:
    """Seconds since the epoch; of a time of day those since midnight."""
    match value:
        case None:
            return None
        case datetime():
            return ((value if value.tzinfo else value.replace(tzinfo=UTC)) - EPOCH).total_seconds()
        case date():
            return float((value - EPOCH.date()).days * DAY_S)
        case time():
            return float(value.hour * 3600 + value.minute * 60 + value.second)
    return float(value)


def _encoder(place: Placed) -> Encode | None:
    """None for numbers, which `_case` encodes itself."""
    if place.width:
        return _text(place)
    return _moment if place.variable.kind in (Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.INSTANT) else None


def _moment(value: Any) -> tuple[bytes, bytes]:
    number = seconds(value)
    code = _CODES.get(number)
    return (bytes([_RAW]), _DOUBLE(number)) if code is None else (bytes([code]), b"")


def _text(place: Placed) -> Encode:
    elements, width, is_very_long = place.elements, place.width, place.width > MAX_SEGMENT
    missing = (bytes([_SPACES]) * elements, b"")
    # codes of the cells of `used` pieces of eight bytes
    codes = [bytes([_RAW]) * used + bytes([_SPACES]) * (elements - used) for used in range(min(elements, 64) + 1)]

    def encode(value: str | None) -> tuple[bytes, bytes]:
        if not value:
            return missing
        raw = cut(value, width)
        if is_very_long:
            raw = _segmented(raw)
        used = -(-len(raw) // 8)
        of_cell = codes[used] if used < len(codes) else bytes([_RAW]) * used + bytes([_SPACES]) * (elements - used)
        return of_cell, raw.ljust(used * 8)

    return encode


def _segmented(raw: bytes) -> bytes:
    """The bytes as segments hold them: each but the last one full, and filled to a multiple of eight."""
    return b" ".join(raw[at : at + MAX_SEGMENT] for at in range(0, len(raw), MAX_SEGMENT))
