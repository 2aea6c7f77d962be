"""The columns of each kind of question, and how an answer is read into them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from viche_surveys.domain.definition import Kind, Option, Question, Text, localized
from viche_surveys.exports import table, words
from viche_surveys.exports.measures import Measures, result_text
from viche_surveys.exports.names import Names
from viche_surveys.exports.table import Cell, FlagSet, Level, Value, Variable

# what survey data call "don't know" in numbers: the first that is no answer, the last where none is known to be none
DONT_KNOW_NUMBERS = (-8, -98, -998, -9998, -9_999_999)
DONT_KNOW_TEXT = "DK"
MAX_INTEGER = 2**31 - 1
MAX_DECIMALS = 6

Read = Callable[[Any], Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Made:
    """Columns, and what makes the cells of an answer that is there."""

    variables: tuple[Variable, ...]
    read: Read
    sets: tuple[FlagSet, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """Where a question stands.

    Attributes:
        label: of the question, told from other instances of it.
        parts: what names of its columns begin with.
        set_names: names of sets of flags, which are told apart from each other alone.
        keeps_dont_know: numbers have a value for "I don't know".
    """

    question: Question
    label: Text
    parts: tuple[str, ...]
    languages: tuple[str, ...]
    names: Names
    set_names: Names
    measures: Measures = field(default_factory=Measures)
    keeps_dont_know: bool = False

    def variable(self, kind: table.Kind, *codes: str, label: Text | None = None, **more: Any) -> Variable:
        """A column of this question."""
        return Variable(
            name=self.names.give(*self.parts, *codes),
            kind=kind,
            label=self.label if label is None else joined(self.label, label, self.languages),
            question=self.question.name,
            asked=self.label if label is not None else {},
            is_personal=self.question.is_personal,
            **more,
        )

    def named(self, option: Option) -> Text:
        """The label of an option, or its code."""
        return option.label or dict.fromkeys(self.languages, option.code)

    def texts(self, *codes: str, label: Text | None = None, width: int | None = None) -> Variable:
        """A column of texts."""
        width = self.measures.widths.get(self.question.name, 1) if width is None else width
        return self.variable(table.Kind.TEXT, *codes, label=label, width_bytes=width)


def columns(here: Here) -> Made:
    """The columns of the question."""
    return _MAKERS.get(here.question.kind, _texts)(here)


def joined(first: Text, second: Text, languages: tuple[str, ...]) -> Text:
    """Two texts as one, in each of the languages."""
    said = ((each, localized(first, each, languages), localized(second, each, languages)) for each in languages)
    return {language: " – ".join(filter(None, (one, other))) for language, one, other in said}


def _category(here: Here) -> Made:
    variable, cells = _categories(here)
    return Made((variable,), lambda code: (cells.get(code, code),))


def _categories(here: Here, *codes: str, label: Text | None = None) -> tuple[Variable, dict[Any, Cell]]:
    """A column of codes, and the cells of codes that do not stand as they are: integers."""
    question = here.question
    numbers = _integers(question.options)
    cells: dict[Any, Cell] = dict(numbers or {})
    values = [Value(cells.get(option.code, option.code), here.named(option)) for option in question.options]  # pyright: ignore[reportArgumentType]
    dont_know = None
    if question.allows_dont_know:
        dont_know = _free_number(list(numbers.values())) if numbers else _free_text(question.options)
        values.append(Value(dont_know, words.DONT_KNOW))
    level = Level.ORDINAL if question.kind is Kind.LIKERT else Level.NOMINAL
    variable = here.variable(
        table.Kind.CATEGORY, *codes, label=label, level=level, values=tuple(values), dont_know=dont_know
    )
    return variable, cells


def _flags(here: Here, *codes: str, label: Text | None = None) -> Made:
    options = here.question.options
    about = here.label if label is None else joined(here.label, label, here.languages)
    dont_know = DONT_KNOW_NUMBERS[0] if here.question.allows_dont_know else None
    values = _flag_values(words.NOT_CHOSEN, words.CHOSEN, dont_know)
    variables = tuple(
        here.variable(
            table.Kind.FLAG,
            *codes,
            each.code,
            label=here.named(each) if label is None else joined(label, here.named(each), here.languages),
            values=values,
            dont_know=dont_know,
        )
        for each in options
    )
    known = [option.code for option in options]
    name = here.set_names.give(*here.parts, *codes)
    sets = (FlagSet(name, about, tuple(each.name for each in variables)),) if len(variables) > 1 else ()
    return Made(variables, lambda chosen: [1 if code in chosen else 0 for code in known], sets)


def _matrix(here: Here) -> Made:
    rows = here.question.rows
    if here.question.is_multiple:
        flags = [_flags(here, row.code, label=here.named(row)) for row in rows]
        pairs = [(row.code, each.read, (None,) * len(each.variables)) for row, each in zip(rows, flags, strict=True)]
        return Made(
            tuple(variable for each in flags for variable in each.variables),
            lambda value: [
                cell for code, read, blank in pairs for cell in (read(value[code]) if code in value else blank)
            ],
            tuple(each for made in flags for each in made.sets),
        )
    made = [(row.code, *_categories(here, row.code, label=here.named(row))) for row in rows]

    def read(value: dict[str, Any]) -> list[Cell]:
        return [cells.get(value.get(row), value.get(row)) for row, _, cells in made]

    return Made(tuple(variable for _, variable, _ in made), read)


def _ranking(here: Here) -> Made:
    options = here.question.options
    variables = tuple(
        here.variable(table.Kind.NUMBER, each.code, label=here.named(each), level=Level.ORDINAL, **_number(here, 1))
        for each in options
    )

    def read(value: list[str]) -> list[Cell]:
        places = {code: place for place, code in enumerate(value, 1)}
        return [places.get(option.code) for option in options]

    return Made(variables, read)


def _scale(here: Here) -> Made:
    question = here.question
    ends = ((question.minimum, question.low_label), (question.maximum, question.high_label))
    values = tuple(Value(number, label) for number, label in ends if number is not None and label)
    more = _number(here, question.minimum, values)
    return Made((here.variable(table.Kind.NUMBER, level=Level.ORDINAL, **more, decimals=_decimals(question)),), _alone)


def _numbers(here: Here) -> Made:
    more = _number(here, here.question.minimum)
    places = _decimals(here.question)
    return Made((here.variable(table.Kind.NUMBER, level=Level.SCALE, **more, decimals=places),), _alone)


def _number(here: Here, least: float | None, values: tuple[Value, ...] = ()) -> dict[str, Any]:
    if not (here.keeps_dont_know and here.question.allows_dont_know):
        return {"values": values}
    number = next((each for each in DONT_KNOW_NUMBERS if least is not None and each < least), DONT_KNOW_NUMBERS[-1])
    return {"values": (*values, Value(number, words.DONT_KNOW)), "dont_know": number}


def _texts(here: Here) -> Made:
    return Made((here.texts(),), _alone)


def _dates(here: Here) -> Made:
    return _moments(here, table.Kind.DATE, date.fromisoformat)


def _times(here: Here) -> Made:
    return _moments(here, table.Kind.TIME, time.fromisoformat)


def _datetimes(here: Here) -> Made:
    return _moments(here, table.Kind.DATETIME, datetime.fromisoformat)


def _moments(here: Here, kind: table.Kind, parse: Callable[[str], Cell]) -> Made:
    return Made((here.variable(kind, level=Level.SCALE),), lambda value: (parse(value),))


def _location(here: Here) -> Made:
    ends = (("lat", words.LATITUDE), ("lon", words.LONGITUDE))
    variables = tuple(
        here.variable(
            table.Kind.NUMBER, code, label=label, level=Level.SCALE, decimals=MAX_DECIMALS, **_number(here, -180)
        )
        for code, label in ends
    )
    return Made(variables, lambda value: (value["lat"], value["lon"]))


def _file(here: Here) -> Made:
    variables = (here.texts(), here.texts("id", label=words.FILE_ID, width=36))
    return Made(variables, lambda value: (value.get("name"), value["id"]))


def _consent(here: Here) -> Made:
    dont_know = DONT_KNOW_NUMBERS[0] if here.question.allows_dont_know else None
    values = _flag_values(words.NO, words.YES, dont_know)
    return Made((here.variable(table.Kind.FLAG, values=values, dont_know=dont_know),), lambda value: (int(value),))


def _calculated(here: Here) -> Made:
    """Numbers, flags or texts: what they have been in all answers so far."""
    results = here.measures.results.get(here.question.name, set())
    if results == {float}:
        return Made((here.variable(table.Kind.NUMBER, level=Level.SCALE, decimals=2),), _alone)
    if results == {bool}:
        return _consent(here)
    return Made((here.texts(),), lambda value: (result_text(value),))


_MAKERS: dict[Kind, Callable[[Here], Made]] = {
    Kind.SINGLE: _category,
    Kind.LIKERT: _category,
    Kind.MULTIPLE: _flags,
    Kind.MATRIX: _matrix,
    Kind.RANKING: _ranking,
    Kind.SCALE: _scale,
    Kind.NUMBER: _numbers,
    Kind.DATE: _dates,
    Kind.TIME: _times,
    Kind.DATETIME: _datetimes,
    Kind.LOCATION: _location,
    Kind.FILE: _file,
    Kind.CONSENT: _consent,
    Kind.CALCULATED: _calculated,
}


def _alone(value: Any) -> tuple[Cell]:
    return (value,)


def _flag_values(no: Text, yes: Text, dont_know: int | None) -> tuple[Value, ...]:
    values = (Value(0, no), Value(1, yes))
    return values if dont_know is None else (*values, Value(dont_know, words.DONT_KNOW))


def _integers(options: tuple[Option, ...]) -> dict[str, int] | None:
    """Codes as numbers, if all of them are integers as these are written."""
    try:
        numbers = {option.code: int(option.code) for option in options}
    except ValueError:
        return None
    is_plain = all(str(number) == code and abs(number) <= MAX_INTEGER for code, number in numbers.items())
    return numbers if numbers and is_plain else None


def _free_number(taken: Sequence[int]) -> int:
    return next(each for each in (*DONT_KNOW_NUMBERS, min(taken) - 1) if each not in taken)


def _free_text(options: tuple[Option, ...]) -> str:
    taken = {option.code for option in options}
    found = DONT_KNOW_TEXT
    while found in taken:
        found += "_"
    return found


def _decimals(question: Question) -> int:
    """Places after the point that the step has; two where there is none."""
    if question.step is None:
        return 0 if question.kind is Kind.SCALE else 2
    return min(MAX_DECIMALS, len(f"{question.step:.6f}".rstrip("0").partition(".")[2]))
