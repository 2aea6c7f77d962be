"""Functions that expressions may call, beside CEL's own operators and macros.

Each is total: what it cannot make sense of gives None, and nothing is ever raised, since CEL prints what is raised.
Values are None, bool, float, str, list and dict, as `expressions.py` makes them; numbers are doubles.
`static/src/expressions.js` of the gateway has the same functions, held to these by `tests/unit/surveys`.
"""

import functools
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Day
from decimal import Decimal
from typing import TypeGuard

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9:.Z+-]*)?")
_BLANKS = " \t\r\n"
_EXACT = 2.0**53
_MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Function:
    """A function and how many arguments it takes; `x.f(y)` is `f(x, y)`."""

    call: Callable[..., object]
    least: int
    most: int


def answered(x: object) -> bool:
    """Whether there is an answer: anything but null, an empty text and an empty list."""
    return x is not None and x != "" and x != [] and x != {}


def selected(x: object, code: object) -> bool:
    """Whether a choice is that option, or a list of choices has it. A number is compared as it is written."""
    wanted = text(code)
    chosen = x if isinstance(x, list) else [x]
    return wanted is not None and any(text(each) == wanted for each in chosen if not isinstance(each, list))


def count(x: object) -> float:
    """How many answers: options chosen, instances of a repeat, answered rows of a matrix; 1 for any other answer."""
    if isinstance(x, list | dict):
        return float(sum(each is not None for each in (x.values() if isinstance(x, dict) else x)))
    return float(answered(x))


def sum_of(items: object) -> float | None:
    """The sum of a list's numbers; nulls are left out, and there is none where anything else is in it."""
    if not isinstance(items, list):
        return None
    numbers = [each for each in items if _is_number(each)]
    if len(numbers) + items.count(None) != len(items):
        return None
    return _finite(functools.reduce(operator.add, numbers, 0.0))


def least(*items: object) -> object:
    """The least of a list of numbers or of texts (dates, for example), or of several arguments; nulls are left out."""
    return _extreme(min, items)


def greatest(*items: object) -> object:
    """The greatest of the same."""
    return _extreme(max, items)


def number(x: object) -> float | None:
    """A text as a number, with a dot before its fraction; true is 1 and false 0."""
    if isinstance(x, str):
        written = x.strip(_BLANKS)
        return _finite(float(written)) if _NUMBER.fullmatch(written) else None
    return float(x) if isinstance(x, bool) else _finite(x)


def text(x: object) -> str | None:
    """A value as people read it: numbers without exponent or ".0", lists joined with commas."""
    if isinstance(x, list):
        return ", ".join(written for each in x if (written := text(each)) is not None)
    if isinstance(x, bool):
        return "true" if x else "false"
    if isinstance(x, float):
        return _written(x) if math.isfinite(x) else None
    return x if isinstance(x, str) else None


def coalesce(*items: object) -> object:
    """The first argument that is not null."""
    return next((each for each in items if each is not None), None)


def rounded(x: object, digits: object = 0.0) -> float | None:
    """The number with so many decimal digits (0 to 15), halves away from zero, as it is written: 1.005 gives 1.01."""
    if not _is_number(x) or not _is_number(digits) or digits not in range(_MAX_DIGITS + 1):
        return None
    shifted = _shifted(abs(x), int(digits))
    if shifted >= _EXACT:
        return x
    whole = math.floor(shifted)
    whole += shifted - whole >= 0.5
    return math.copysign(_shifted(float(whole), -int(digits)), x) + 0.0


def floor(x: object) -> float | None:
    """The greatest whole number that is not above it."""
    return float(math.floor(x)) if _is_number(x) else None


def mod(x: object, y: object) -> float | None:
    """What is left of `x` divided by `y`, with the sign of `x`, as XPath has it. CEL's `%` is for integers alone."""
    return math.fmod(x, y) + 0.0 if _is_number(x) and _is_number(y) and y else None


def date(x: object) -> str | None:
    """The day of a date or of a date with time, as YYYY-MM-DD."""
    day = _day(x)
    return day.isoformat() if day else None


def days_between(a: object, b: object) -> float | None:
    """Days from `a` to `b`, negative where `b` is the earlier."""
    first, second = _day(a), _day(b)
    return float(second.toordinal() - first.toordinal()) if first and second else None


def years_between(a: object, b: object) -> float | None:
    """Full years from `a` to `b`, an age for example: who was born on 29 February is older from 1 March."""
    first, second = _day(a), _day(b)
    if not first or not second:
        return None
    return _years(first, second) if first <= second else 0.0 - _years(second, first)


def size(x: object) -> float | None:
    """Characters (code points) of a text, or entries of a list or map."""
    return float(len(x)) if isinstance(x, str | list | dict) else None


def contains(x: object, part: object) -> bool | None:
    """Whether a text has the other in it."""
    return part in x if isinstance(x, str) and isinstance(part, str) else None


def starts_with(x: object, part: object) -> bool | None:
    """Whether a text begins with the other."""
    return x.startswith(part) if isinstance(x, str) and isinstance(part, str) else None


def ends_with(x: object, part: object) -> bool | None:
    """Whether a text ends with the other."""
    return x.endswith(part) if isinstance(x, str) and isinstance(part, str) else None


def at(x: object, key: object) -> object:
    """What `x.key` and `x[key]` give: null where there is nothing. "I don't know" is nothing."""
    if isinstance(x, dict) and isinstance(key, str):
        return known(x.get(key))
    if isinstance(x, list) and _is_number(key) and 0 <= key < len(x) and key == math.floor(key):
        return x[int(key)]
    return None


def walked(x: object) -> object:
    """What macros go through: a list, or the keys of a map in their order."""
    return sorted(x) if isinstance(x, dict) else x if isinstance(x, list) else None


def present(x: object) -> bool:
    """What `has(x.key)` gives."""
    return x is not None


def known(x: object) -> object:
    """The answer, and null for "I don't know"."""
    return None if isinstance(x, Mapping) and x.get("dont_know") is True else x


FUNCTIONS: Mapping[str, Function] = {
    "answered": Function(answered, 1, 1),
    "selected": Function(selected, 2, 2),
    "count": Function(count, 1, 1),
    "sum": Function(sum_of, 1, 1),
    "min": Function(least, 1, 32),
    "max": Function(greatest, 1, 32),
    "number": Function(number, 1, 1),
    "text": Function(text, 1, 1),
    "coalesce": Function(coalesce, 1, 32),
    "round": Function(rounded, 1, 2),
    "floor": Function(floor, 1, 1),
    "mod": Function(mod, 2, 2),
    "date": Function(date, 1, 1),
    "days_between": Function(days_between, 2, 2),
    "years_between": Function(years_between, 2, 2),
    "size": Function(size, 1, 1),
    "contains": Function(contains, 2, 2),
    "startsWith": Function(starts_with, 2, 2),
    "endsWith": Function(ends_with, 2, 2),
}
"""Those that depend on their arguments alone; `today()` and `position()` depend on when and where."""


def _is_number(x: object) -> TypeGuard[float]:
    return isinstance(x, float) and math.isfinite(x)


def _finite(x: object) -> float | None:
    return x + 0.0 if _is_number(x) else None


def _extreme(choose: Callable[..., object], items: tuple[object, ...]) -> object:
    listed = items[0] if len(items) == 1 and isinstance(items[0], list) else items
    among = [each for each in listed if each is not None]
    if not among or not (all(map(_is_number, among)) or all(isinstance(each, str) for each in among)):
        return None
    return choose(among)


def _written(x: float) -> str:
    digits = format(Decimal(repr(x + 0.0)), "f")
    return digits.removesuffix(".0")


def _shifted(x: float, places: int) -> float:
    """`x` times ten to the power of `places`, exactly as it is written."""
    mantissa, _, exponent = repr(x).partition("e")
    return float(f"{mantissa}e{int(exponent or 0) + places}")


def _day(x: object) -> Day | None:
    match = _DAY.fullmatch(x) if isinstance(x, str) else None
    try:
        return Day.fromisoformat(match[1]) if match else None
    except ValueError:  # 30 February
        return None


def _years(earlier: Day, later: Day) -> float:
    return float(later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day)))
