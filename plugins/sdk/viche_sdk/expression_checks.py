"""What is wrong with an expression, found by evaluating it in many situations before any petition opens.

The library that evaluates CEL knows no types before it runs, so every expression is tried out: at every level, at
populations around each number that is written in it, at the ends of the range of each setting.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from viche_sdk.expressions import FUNCTIONS, Expression, compiled, evaluated, settings_of
from viche_sdk.settings import Setting, SettingKind, Value
from viche_sdk.situation import UNKNOWN, Level

_MOST_TRIALS = 2_000
_LARGEST_POPULATION = 10_000_000_000
_NUMBER = re.compile(r"(?<![\w.])\d{1,12}(?![\w.])")
_TEXT = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
_LEVEL = re.compile(r"(?:\blevel\s*[!=]=\s*[\"'](\w*)[\"']|[\"'](\w*)[\"']\s*[!=]=\s*level\b)")

Trial = tuple[Mapping[str, str | int], Mapping[str, Value]]
"""Facts and settings to try an expression with."""


def faults_of_expression(
    place: str, expression: Expression, settings: Mapping[str, Setting], kind: SettingKind
) -> Iterator[str]:
    """Everything that is wrong with it, each in a sentence.

    Args:
        place: where it stands.
        expression: the figure.
        settings: those declared, by name.
        kind: what it must give, a number or yes or no.
    """
    here = f"{place}: expression {expression.source!r}"
    try:
        names = compiled(expression).references()
    except ValueError as fault:
        yield f"{here} is not CEL: {str(fault).splitlines()[0]}"
        return
    faults = [*_names(here, names), *_settings(here, expression, settings), *_levels(here, expression)]
    yield from faults
    if not faults:
        yield from _trials(here, expression, settings, names["variables"], kind)


def _names(here: str, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name in names["variables"]:
        if name not in UNKNOWN and name != "settings":
            yield f"{here} uses {name}, which is none of {', '.join((*UNKNOWN, 'settings.NAME'))}"
    for name in names["functions"]:
        if name[0].isalpha() and name not in FUNCTIONS:
            yield f"{here} calls {name}, which is none of {', '.join(FUNCTIONS)}"


def _settings(here: str, expression: Expression, settings: Mapping[str, Setting]) -> Iterator[str]:
    for name in settings_of(expression):
        if not name:
            yield f"{here} uses settings as a whole; write settings.NAME"
        elif name not in settings:
            yield f"{here} takes setting {name!r}, which is not declared; add it to settings"


def _levels(here: str, expression: Expression) -> Iterator[str]:
    for match in _LEVEL.finditer(expression.source):
        if (match[1] or match[2]) not in list(Level):
            yield f"{here} compares level with {match[1] or match[2]!r}; levels are {', '.join(Level)}"


def _trials(
    here: str, expression: Expression, settings: Mapping[str, Setting], used: Sequence[str], kind: SettingKind
) -> Iterator[str]:
    is_good = False
    for facts, values in _situations(expression, settings, used):
        shown = ", ".join(f"{name} is {value}" for name, value in {**facts, **values}.items()) or "always"
        try:
            given = evaluated(expression, facts, values)
        except ValueError as fault:
            if isinstance(fault.__cause__, ArithmeticError):  # depends on the numbers, so it is told when they are set
                continue
            yield f"{here} fails where {shown}: {fault}"
            return
        if isinstance(given, bool) is not (kind is SettingKind.BOOL) or not isinstance(given, int):
            wanted = "true or false" if kind is SettingKind.BOOL else "a whole number"
            yield f"{here} must give {wanted}, and gives {_cel(given)} where {shown}"
            return
        is_good = is_good or kind is SettingKind.BOOL or given >= 1
    if not is_good:
        yield f"{here} never gives a number of 1 or more"


def _situations(expression: Expression, settings: Mapping[str, Setting], used: Sequence[str]) -> Iterator[Trial]:
    numbers = sorted({int(text) for text in _NUMBER.findall(expression.source)})
    texts = sorted({double or single for double, single in _TEXT.findall(expression.source)})
    facts = [name for name in UNKNOWN if name in used]
    taken = settings_of(expression)
    choices = [
        *(_tried_facts(name, numbers, texts) for name in facts),
        *(_tried_settings(settings[name], numbers) for name in taken),
    ]
    for values in itertools.islice(itertools.product(*choices), _MOST_TRIALS):
        known = dict(zip(facts, values, strict=False))
        set_ = {name: value for name, value in zip(taken, values[len(facts) :], strict=True) if value is not None}
        yield known, set_


def _tried_facts(name: str, numbers: Sequence[int], texts: Sequence[str]) -> list[str | int]:
    match name:
        case "level":
            return list(map(str, Level))
        case "population":
            return [1, 1_000, *_around(numbers), _LARGEST_POPULATION]
        case "territory_code":
            return ["UA80000000000093317", *texts]
        case _:
            return ["1990-01-01", *texts, "2090-12-31"]


def _tried_settings(setting: Setting, numbers: Sequence[int]) -> list[Value | None]:
    tried: list[Value | None] = [None] if setting.optional else []
    match setting.kind:
        case SettingKind.INT:
            low, high = setting.minimum or 0, setting.maximum or 0
            return [*tried, low, *(number for number in _around(numbers) if low < number < high), high]
        case SettingKind.BOOL:
            return [*tried, True, False]
        case SettingKind.CHOICE:
            return [*tried, *(choice.value for choice in setting.choices)]


def _around(numbers: Sequence[int]) -> list[int]:
    return [number + step for number in numbers for step in (-1, 0, 1) if number + step >= 1]


def _cel(value: object) -> str:
    if value is None:
        return "null, as percent() does of anything but a whole number and a share"
    return str(value).lower() if isinstance(value, bool) else repr(value)
