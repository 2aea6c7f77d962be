"""Conditions, constraints and calculations of a survey, in CEL, the Common Expression Language.

Names of questions are its variables; what is missing, hidden or "I don't know" is null. Numbers are doubles, division
by zero gives infinity or no number, as in XPath. What cannot be evaluated (null in arithmetic, a text compared with a
number) has no value: None. The portal evaluates the same expressions in the browser (`static/src/expressions.js`);
`tests/unit/surveys/expressions.json` holds both to the same answers.
"""

import functools
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from viche_surveys.domain.cel_source import MAX_LENGTH, OURS, Fault, Reason, Token, place, read
from viche_surveys.domain.functions import FUNCTIONS, at, known, present, walked
from viche_surveys.domain.patterns import unread

if TYPE_CHECKING:
    from cel import Program

__all__ = ["Fault", "Reason", "evaluate", "faults", "holds", "references"]

_PARSER = re.compile(r"ERROR: <input>:([0-9]+):([0-9]+): (?:Syntax error: )?([^\n]*)")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A program, the names that it asks for and the functions that it calls."""

    program: "Program"
    names: tuple[str, ...]
    functions: Mapping[str, Callable[..., object]]
    asks_where: bool


def evaluate(source: str, names: Mapping[str, object], *, today: date, position: int | None = None) -> object:
    """What the expression gives.

    Args:
        source: the expression.
        names: answers by name, as an answer document has them; in a repeat those of the instance over the others;
            `value` in a constraint, `option` in a filter.
        today: the day that `today()` gives.
        position: which instance of a repeat it is, from 1.

    Returns:
        None, bool, float, str, list or dict; None where it cannot be evaluated, and of a draft's that does not compile.
    """
    import cel

    compiled = _compiled(source)
    if compiled is None:
        return None
    functions = dict(compiled.functions)
    if compiled.asks_where:
        functions[f"today{OURS}"] = today.isoformat
        functions[f"position{OURS}"] = lambda: None if position is None else float(position)
    variables = {name: _value(names.get(name)) for name in compiled.names}
    try:
        return _result(compiled.program.execute(cel.Context(variables, functions)))
    except Exception:  # CEL has no error type of its own
        return None


def holds(
    source: str, names: Mapping[str, object], *, otherwise: bool, today: date, position: int | None = None
) -> bool:
    """Whether a condition is true; an empty one is.

    Args:
        source: the condition.
        names: as `evaluate` takes them.
        otherwise: what a condition comes to that gives neither true nor false: False for relevance and filters,
            True for a constraint.
        today: the day that `today()` gives.
        position: which instance of a repeat it is, from 1.
    """
    if not source:
        return True
    value = evaluate(source, names, today=today, position=position)
    return value if isinstance(value, bool) else otherwise


def references(source: str) -> tuple[str, ...]:
    """Names that the expression asks for, each once, in their order; without the variables of macros."""
    return tuple(dict.fromkeys(token.text for token in read(source).names))


def faults(source: str, known_names: Collection[str]) -> list[Fault]:
    """Everything that is wrong with an expression, in the order of its places; nothing if it is empty.

    Args:
        source: the expression.
        known_names: names that it may ask for.
    """
    if len(source) > MAX_LENGTH:
        return [Fault(Reason.TOO_LONG, str(MAX_LENGTH), *place(source, MAX_LENGTH))]
    if not source:
        return []
    reading = read(source)
    if any(fault.reason is Reason.TOO_DEEP for fault in reading.faults):
        return reading.faults
    if syntax := _syntax_faults(source):
        return syntax
    for token in reading.names:
        if token.text not in known_names:
            reading.fault(Reason.UNKNOWN_NAME, token.text, token.start)
    for token in reading.patterns:
        if part := _unread(token):
            reading.fault(Reason.PATTERN, part, token.start)
    return sorted(reading.faults, key=lambda fault: (fault.line, fault.column)) or _syntax_faults(reading.rewritten)


def _syntax_faults(source: str) -> list[Fault]:
    """The first thing that the parser stumbles over: what it says after that follows from it."""
    import cel

    try:
        cel.compile(source)
    except ValueError as error:
        if said := _PARSER.search(str(error)):
            return [Fault(Reason.SYNTAX, said[3].split(" expecting {")[0], int(said[1]), int(said[2]))]
        return [Fault(Reason.SYNTAX, str(error))]
    return []


def _unread(literal: Token) -> str:
    """The part of a pattern that cannot be read by us, or all of it if Rust cannot."""
    import cel

    pattern = str(cel.evaluate(literal.text))
    if part := unread(pattern):
        return part
    try:
        cel.evaluate(f"''.matches({literal.text})")
    except Exception:  # CEL has no error type of its own
        return pattern
    return ""


@functools.lru_cache(maxsize=4096)
def _compiled(source: str) -> _Compiled | None:
    import cel  # takes a third of a second, and few processes need it

    reading = read(source)
    try:
        cel.compile(source)
        program = cel.compile(reading.rewritten)
    except ValueError:
        return None
    asked = {**_INTERNAL, **{f"{name}{OURS}": function.call for name, function in FUNCTIONS.items()}}
    called = program.functions()
    return _Compiled(
        program,
        tuple(dict.fromkeys(token.text for token in reading.names)),
        {name: asked[name] for name in called if name in asked},
        bool(reading.functions & {"today", "position"}),
    )


_INTERNAL: Mapping[str, Callable[..., object]] = {
    f"at{OURS}": at,
    f"walked{OURS}": walked,
    f"has{OURS}": present,
}


def _value(answer: object) -> object:
    """An answer as an expression has it: numbers are doubles, "I don't know" is null."""
    match known(answer):
        case bool() | str() | None as plain:
            return plain
        case int() | float() as number:
            return _double(number)
        case Mapping() as parts:
            return {str(name): _value(part) for name, part in parts.items()}
        case list() | tuple() as items:
            return [_value(item) for item in items]
        case other:
            raise TypeError(f"{type(other).__name__} is no answer")


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # JSON has whole numbers of any length
        return math.inf if number > 0 else -math.inf


def _result(value: object) -> object:
    """A value that can be kept: no infinity, no zero below zero."""
    match value:
        case float():
            return value + 0.0 if math.isfinite(value) else None
        case list():
            return [_result(item) for item in value]
        case dict():
            return {name: _result(part) for name, part in value.items()}
        case _:
            return value
