"""Writes CEL: pieces that know how tightly they bind and what they give, so that brackets stand where they must."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How tightly an expression binds, the loosest first."""

    CHOICE = 0
    OR = 1
    AND = 2
    RELATION = 3
    SUM = 4
    PRODUCT = 5
    UNARY = 6
    WHOLE = 7


class Gives(StrEnum):
    """What an expression gives, as far as one can say beforehand."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    DATE = "date"
    LIST = "list"
    NUMBERS = "numbers"
    CONSENT = "consent"
    UNKNOWN = "unknown"


class NotSayable(ValueError):
    """A date with days added, where only CEL's own values can stand."""


@dataclass(frozen=True, slots=True)
class Cel:
    """An expression.

    Attributes:
        literal: the text or number that it is, if it is one.
        names: the variables that may be null, as they are written.
        shift: of a date plus so many days: the days; then `source` is the date alone.
    """

    source: str
    gives: Gives = Gives.UNKNOWN
    level: Level = Level.WHOLE
    literal: str | float | None = None
    names: tuple[str, ...] = ()
    shift: Cel | None = None

    def at(self, level: Level) -> str:
        """The source, in brackets unless it binds as tightly."""
        return self.source if self.level >= level else f"({self.source})"


def text(value: str) -> Cel:
    """A text in quotes."""
    return Cel(json.dumps(value, ensure_ascii=False), Gives.TEXT, literal=value)


def number(value: float) -> Cel:
    """A number."""
    written = repr(float(value)).removesuffix(".0")
    if "e" in written or abs(value) >= 1e15:
        written = repr(float(value))
    return Cel(written, Gives.NUMBER, Level.WHOLE if value >= 0 else Level.UNARY, literal=float(value))


def truth(value: bool) -> Cel:
    """true or false."""
    return Cel("true" if value else "false", Gives.TRUTH)


def name(written: str, gives: Gives) -> Cel:
    """A variable."""
    return Cel(written, gives, names=(written,))


def call(function: str, *arguments: Cel, gives: Gives) -> Cel:
    """A function of ours."""
    listed = ", ".join(each.source for each in arguments)
    return Cel(f"{function}({listed})", gives, names=_names(*arguments))


def member(function: str, subject: Cel, *arguments: Cel, gives: Gives) -> Cel:
    """A function that is written after what it is about: `x.matches(y)`."""
    listed = ", ".join(each.source for each in arguments)
    return Cel(f"{subject.at(Level.WHOLE)}.{function}({listed})", gives, names=_names(subject, *arguments))


def binary(operator: str, left: Cel, right: Cel, level: Level, gives: Gives) -> Cel:
    """Two sides with an operator in between; what repeats groups to the left."""
    beside = Level(min(level + 1, Level.WHOLE))
    first = beside if level is Level.RELATION else level
    return Cel(f"{left.at(first)} {operator} {right.at(beside)}", gives, level, names=_names(left, right))


def minus(value: Cel) -> Cel:
    """A number with the other sign."""
    if isinstance(value.literal, float):
        return number(-value.literal)
    return Cel(f"-{value.at(Level.UNARY)}", Gives.NUMBER, Level.UNARY, names=_names(value))


def written(source: str) -> Cel:
    """A condition that is CEL already, as loosely as its loosest operator outside of brackets binds."""
    plain, before = re.sub(r'"(?:\\.|[^"\\])*"', "", source), ""
    while plain != before:
        plain, before = re.sub(r"[(\[][^()\[\]]*[)\]]", "", plain), plain
    loosest = (("?", Level.CHOICE), ("||", Level.OR), ("&&", Level.AND))
    level = next((level for operator, level in loosest if operator in plain), Level.RELATION)
    return Cel(source, Gives.TRUTH, level)


def all_of(sources: Iterable[str]) -> str:
    """Conditions that must all hold, as one; empty ones do."""
    found = [written(each) for each in sources if each]
    return every(*found).source if found else ""


def every(*conditions: Cel) -> Cel:
    """All hold; those that always do are left out."""
    return _joined("&&", Level.AND, "true", conditions)


def some(*conditions: Cel) -> Cel:
    """One holds at least."""
    return _joined("||", Level.OR, "false", conditions)


def negated(condition: Cel) -> Cel:
    """It does not hold."""
    if condition.source.startswith("!") and condition.level is Level.UNARY:
        inner = condition.source[1:]
        if not inner.startswith("("):
            return Cel(inner, Gives.TRUTH, names=condition.names)
    if condition.source in ("true", "false"):
        return truth(condition.source == "false")
    return Cel(f"!{condition.at(Level.UNARY)}", Gives.TRUTH, Level.UNARY, names=condition.names)


def choice(condition: Cel, then: Cel, otherwise: Cel) -> Cel:
    """One or the other."""
    gives = then.gives if then.gives is otherwise.gives else Gives.UNKNOWN
    source = f"{condition.at(Level.OR)} ? {then.at(Level.OR)} : {otherwise.at(Level.CHOICE)}"
    return Cel(source, gives, Level.CHOICE, names=_names(condition, then, otherwise))


def answered(subject: Cel) -> Cel:
    """Whether there is an answer."""
    return call("answered", subject, gives=Gives.TRUTH)


def as_number(subject: Cel) -> Cel:
    """A number, of a text that is one."""
    if isinstance(subject.literal, str):
        try:
            return number(float(subject.literal))
        except ValueError:
            return call("number", subject, gives=Gives.NUMBER)
    return subject if subject.gives is Gives.NUMBER else call("number", subject, gives=Gives.NUMBER)


def as_text(subject: Cel) -> Cel:
    """What people read; an answer that is missing is an empty text."""
    if isinstance(subject.literal, str):
        return subject
    written = subject if subject.gives in (Gives.TEXT, Gives.DATE) else call("text", subject, gives=Gives.TEXT)
    return call("coalesce", written, text(""), gives=Gives.TEXT) if subject.names else written


def as_truth(subject: Cel) -> Cel:
    """A condition, as other tools make one of any value: not empty, not zero."""
    match subject.gives:
        case Gives.TRUTH:
            return subject
        case Gives.NUMBER if subject.literal is not None:
            return truth(bool(subject.literal))
        case Gives.NUMBER:
            return every(answered(subject), binary("!=", subject, number(0), Level.RELATION, Gives.TRUTH))
        case _ if isinstance(subject.literal, str):
            return truth(bool(subject.literal))
        case _:
            return answered(subject)


def equal(left: Cel, right: Cel, *, negate: bool = False) -> Cel:
    """Whether two values are the same, as tools mean it that know texts only.

    A comparison with an empty text asks whether there is an answer; a number is compared with a text as a number; a
    list of options is compared as a whole.
    """
    for one, other in ((left, right), (right, left)):
        if other.literal == "" and one.literal is None:
            return answered(one) if negate else negated(answered(one))
        if one.gives is Gives.LIST and isinstance(other.literal, str):
            codes = ", ".join(text(code).source for code in other.literal.split())
            pair = (one, Cel(f"[{codes}]", Gives.LIST))
            return binary("!=" if negate else "==", *pair, Level.RELATION, Gives.TRUTH)
        if one.gives is Gives.CONSENT and other.literal is not None:
            return negated(answered(one)) if negate else answered(one)
    if left.shift or right.shift:
        left, right = difference(left, right), number(0)
    elif Gives.NUMBER in (left.gives, right.gives):
        left, right = as_number(left), as_number(right)
    return binary("!=" if negate else "==", left, right, Level.RELATION, Gives.TRUTH)


def ordered(operator: str, left: Cel, right: Cel) -> Cel:
    """Less or more: of dates with days added, as days between them; of dates as they are written; else of numbers."""
    if Gives.DATE in (left.gives, right.gives):
        if left.shift is None and right.shift is None:
            return binary(operator, left, right, Level.RELATION, Gives.TRUTH)
        if left.shift is None and right.shift is not None:
            return binary(operator, difference(left, unshifted(right)), right.shift, Level.RELATION, Gives.TRUTH)
        return binary(operator, difference(left, right), number(0), Level.RELATION, Gives.TRUTH)
    return binary(operator, as_number(left), as_number(right), Level.RELATION, Gives.TRUTH)


def difference(left: Cel, right: Cel) -> Cel:
    """Days from one date to another, with the days that are added to either."""
    between = call("days_between", unshifted(right), unshifted(left), gives=Gives.NUMBER)
    if left.shift:
        between = binary("+", between, left.shift, Level.SUM, Gives.NUMBER)
    if right.shift:
        between = binary("-", between, right.shift, Level.SUM, Gives.NUMBER)
    return between


def shifted(day: Cel, days: Cel) -> Cel:
    """A date and so many days; only a comparison or a difference can take it."""
    more = binary("+", day.shift, days, Level.SUM, Gives.NUMBER) if day.shift else days
    return Cel(day.source, Gives.DATE, day.level, names=(*day.names, *days.names), shift=more)


def unshifted(day: Cel) -> Cel:
    """The date alone."""
    return Cel(day.source, Gives.DATE, day.level, names=day.names)


def guarded(comparison: Cel) -> Cel:
    """A comparison that is false, and not nothing, where an answer is missing: under a negation that matters."""
    asked = [answered(Cel(each)) for each in comparison.names]
    return every(*asked, comparison)


def _joined(operator: str, level: Level, neutral: str, conditions: tuple[Cel, ...]) -> Cel:
    kept = [each for each in conditions if each.source != neutral]
    if not kept:
        return truth(neutral == "true")
    if len(kept) == 1:
        return kept[0]
    source = f" {operator} ".join(each.at(level) for each in kept)
    return Cel(source, Gives.TRUTH, level, names=_names(*kept))


def _names(*parts: Cel) -> tuple[str, ...]:
    if any(part.shift for part in parts):
        raise NotSayable
    return tuple(dict.fromkeys(each for part in parts for each in part.names))
