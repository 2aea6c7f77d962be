"""Figures that follow from the situation of an authority, in CEL, the Common Expression Language.

They are evaluated once, when a petition opens: afterwards its terms hold numbers.
"""

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from viche_sdk.settings import Value
from viche_sdk.situation import UNKNOWN

if TYPE_CHECKING:
    from cel import Program

FUNCTIONS = ("percent", "contains", "endsWith", "matches", "size", "startsWith")
"""Functions that expressions may call. There is none that makes doubles, since 0.07 * 100.0 exceeds 7."""

_LARGEST = 2**63 - 1
_LITERAL = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")
_SETTING = re.compile(r"(?<![\w.])settings\b(?:\s*\.\s*([A-Za-z_]\w*))?")


class NotComputable(ValueError):
    """An expression has no value here; `unknown` names the fact that is missing, if it is that."""

    def __init__(self, message: str, unknown: str = "") -> None:
        """Keep the missing fact for whoever says what to do."""
        self.unknown: str = unknown
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Expression:
    """A figure in CEL: `Expression("level == 'national' ? 100000 : percent(population, 5)")`.

    The facts of a `Situation` are in scope by name, and settings as `settings.NAME`.
    `percent(number, share)` is exact and rounded up: 0.2 percent of 1,001 are 3.
    """

    source: str


def compiled(expression: Expression) -> "Program":
    """The expression, ready to be evaluated.

    Raises:
        ValueError: it is not CEL.
    """
    return _compiled(expression.source)


def settings_of(expression: Expression) -> tuple[str, ...]:
    """Names of the settings that it takes, in their order; an empty name for `settings` without one."""
    without_texts = _LITERAL.sub("''", expression.source)
    return tuple(dict.fromkeys(match[1] or "" for match in _SETTING.finditer(without_texts)))


def evaluated(expression: Expression, facts: Mapping[str, str | int], settings: Mapping[str, Value]) -> object:
    """What the expression gives.

    Args:
        expression: the figure.
        facts: what is known of the situation, by name.
        settings: values that the authority has set.

    Raises:
        NotComputable: a fact that it needs is not known, or it divides by zero, overflows, mixes types.
    """
    import cel

    asked: list[str] = []
    context = cel.Context({**facts, "settings": dict(settings)}, {"percent": percent})
    context.set_variable_resolver(asked.append)  # returns None: the name stays undefined
    try:
        return compiled(expression).execute(context)
    except Exception as fault:  # CEL has no error type of its own
        unknown = next((name for name in asked if name in UNKNOWN and name not in facts), "")
        raise NotComputable(str(fault).split(". ")[0], unknown) from fault


def percent(*given: object) -> int | None:
    """So many percent of a number, exactly as the share is written, rounded up to a whole number.

    Returns:
        None when it is not called with a whole number and a share, both not negative: CEL prints what functions raise.
    """
    match given:
        case (int() as number, int() | float() as share) if bool not in map(type, given) and math.isfinite(share):
            exact = number * Fraction(repr(share)) / 100
            return math.ceil(exact) if 0 <= exact <= _LARGEST else None
    return None


@functools.lru_cache(maxsize=1024)
def _compiled(source: str) -> "Program":
    import cel  # takes half a second, and most workflows have no expression

    return cel.compile(source)
