"""The columns of an export, and how a response becomes a row.

===============  ====================================================================================
single, likert   one category
multiple         a flag for each option; answered means 0 or 1 in each of them
matrix           a category for each row, or a flag for each option of each row
ranking          a number for each option: its place from 1
location         latitude and longitude
file             its name, and the id by which it is found
repeats          all of these once per instance, GROUP_1_QUESTION, up to the longest answer of the export
===============  ====================================================================================

Repeats are columns, not a table of their own, because a response is one row in each format that way: CSV and SPSS
files hold one table.

"I don't know" is a value with a label in categories and flags. Other kinds have no room for it: it is missing there,
and only SPSS, whose numbers can be declared missing, still tells it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from viche_surveys.domain.definition import Definition, Text
from viche_surveys.exports import words
from viche_surveys.exports.asked import Asked, asked
from viche_surveys.exports.kinds import Here, Made, columns
from viche_surveys.exports.measures import Measures, Measuring
from viche_surveys.exports.names import Names
from viche_surveys.exports.table import Cell, FlagSet, Kind, Level, Row, Value, Variable

_DONT_KNOW = {"dont_know": True}


class Response(NamedTuple):
    """One response: facts, and what was answered by name of the question.

    Attributes:
        version: of the survey that was answered.
        submitted_at: in UTC; None: nobody knows (imported).
        partner_id: in whose page; "" for ours.
        answers: personal values are among them only where the export may have them.
    """

    id: str
    version: int
    submitted_at: datetime | None
    language: str
    channel: str
    partner_id: str
    territory_code: str
    assurance: str
    source: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Block:
    """The columns of one question, or of one instance of it in a repeat."""

    asked: Asked
    instance: int
    made: Made
    blank: tuple[None, ...]
    dont_know: tuple[Cell, ...]


class Plan:
    """What an export has in it.

    Args:
        versions: all that were answered, by number.
        with_personal: questions that are personal are columns too.
    """

    def __init__(self, versions: Mapping[int, Definition], *, with_personal: bool) -> None:
        newest = versions[max(versions)]
        self.languages = newest.languages
        self._asked = [each for each in asked(versions) if with_personal or not each.question.is_personal]

    def measuring(self, *, needs_widths: bool) -> Measuring:
        """What looks at all responses first, where that `is_needed`."""
        return Measuring(self._asked, needs_widths=needs_widths)

    def columns(self, measures: Measures | None = None, *, keeps_dont_know: bool = False) -> "Columns":
        """The columns.

        Args:
            keeps_dont_know: numbers have a value for it, which the format declares missing.
        """
        names, set_names = Names(), Names()
        facts = _facts(names)
        blocks: list[_Block] = []
        for each in self._asked:
            repeats = (measures or Measures()).longest.get(each.repeat, 0) if each.repeat else 1
            for instance in range(repeats):
                label, parts = self._told_apart(each, instance)
                here = Here(
                    each.question, label, parts, self.languages, names, set_names, measures or Measures(),
                    keeps_dont_know,
                )  # fmt: skip
                blocks.append(_block(each, instance, columns(here)))
        return Columns(facts, blocks)

    def _told_apart(self, each: Asked, instance: int) -> tuple[Text, tuple[str, ...]]:
        """Label of a question and the parts that names of its columns begin with, unlike those of other instances."""
        label = _plain(each.question.label) or dict.fromkeys(self.languages, each.question.name)
        parts = (each.question.name,)
        if each.repeat:
            label = {language: f"{text} ({instance + 1})" for language, text in label.items()}
            parts = (each.repeat, str(instance + 1), each.question.name)
        return label, (*parts, f"v{each.older}") if each.older else parts


@dataclass(frozen=True, slots=True)
class Columns:
    """Variables, and rows that have them."""

    facts: tuple[Variable, ...]
    blocks: list[_Block]
    variables: tuple[Variable, ...] = field(init=False)

    def __post_init__(self) -> None:
        made = (variable for block in self.blocks for variable in block.made.variables)
        object.__setattr__(self, "variables", (*self.facts, *made))

    @property
    def sets(self) -> tuple[FlagSet, ...]:
        """Flags that belong together."""
        return tuple(each for block in self.blocks for each in block.made.sets)

    def rows(self, responses: Sequence[Response]) -> list[Row]:
        """The rows of some responses."""
        return [self.row(each) for each in responses]

    def row(self, response: Response) -> Row:
        """The cells of a response, in the order of the variables."""
        row: list[Cell] = [
            response.id, response.version, response.submitted_at, response.language or None, response.channel,
            response.partner_id or None, response.territory_code or None, response.assurance or None,
            response.source or None,
        ]  # fmt: skip
        answers = response.answers
        for block in self.blocks:
            value = _value(block, answers, response.version)
            if value is None:
                row += block.blank
            elif value == _DONT_KNOW:
                row += block.dont_know
            else:
                row += block.made.read(value)
        return row


def _value(block: _Block, answers: Mapping[str, Any], version: int) -> Any:
    """The answer to the question of the block, if this version asked it so."""
    if version not in block.asked.versions:
        return None
    if not block.asked.repeat:
        return answers.get(block.asked.question.name)
    instances = answers.get(block.asked.repeat) or ()
    return instances[block.instance].get(block.asked.question.name) if block.instance < len(instances) else None


def _block(each: Asked, instance: int, made: Made) -> _Block:
    return _Block(
        each, instance, made, (None,) * len(made.variables), tuple(variable.dont_know for variable in made.variables)
    )


def _plain(text: Text) -> Text:
    """The text with the braces that stand for themselves; what is piped in stays as it was written."""
    return {language: said.replace("{{", "{").replace("}}", "}") for language, said in text.items()}


def _facts(names: Names) -> tuple[Variable, ...]:
    """Columns that every export begins with."""
    channels = tuple(Value(code, label) for code, label in words.CHANNELS.items())
    return (
        _fact(names, "response_id", words.RESPONSE, width_bytes=36),
        Variable(name=names.give("version"), kind=Kind.NUMBER, label=words.VERSION, level=Level.ORDINAL),
        Variable(name=names.give("submitted_at"), kind=Kind.INSTANT, label=words.SUBMITTED, level=Level.SCALE),
        _fact(names, "language", words.LANGUAGE, width_bytes=35),
        Variable(name=names.give("channel"), kind=Kind.CATEGORY, label=words.CHANNEL, values=channels),
        _fact(names, "partner_id", words.PARTNER, width_bytes=36),
        _fact(names, "territory", words.TERRITORY, width_bytes=40),
        _fact(names, "assurance", words.ASSURANCE, width_bytes=12),
        _fact(names, "source", words.SOURCE, width_bytes=400),
    )


def _fact(names: Names, name: str, label: Text, *, width_bytes: int) -> Variable:
    return Variable(name=names.give(name), kind=Kind.TEXT, label=label, width_bytes=width_bytes)
