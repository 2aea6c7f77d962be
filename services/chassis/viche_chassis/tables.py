"""Lines of a CSV table (RFC 4180) whose cells a spreadsheet takes for data and never for a formula.

UTF-8 without a byte order mark: that is what programs read first (RFC 4180 knows none, W3C's CSV on the Web advises
against it).
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# what a spreadsheet begins a formula with, the wide forms of East Asian keyboards among them (OWASP, CSV injection)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD = "'"


def cell(value: object) -> object:
    """The value as it stands in a table: None is empty, and a text that would be a formula begins with an apostrophe.

    Numbers stay numbers, a negative one too.
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return _GUARD + value
    return value


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Each row as a line with its end; nothing is kept."""
    table = csv.writer(_Line())
    for row in rows:
        yield table.writerow([cell(value) for value in row])


class _Line:
    """Gives back what is written, which ``writerow`` then returns."""

    def write(self, text: str) -> Any:
        return text
