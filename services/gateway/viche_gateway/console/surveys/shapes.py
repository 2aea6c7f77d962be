"""The fields that can be said about questions, groups, pages, limits and surveys, and which of them each kind has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from viche_gateway.sentences import N_


class Shape(StrEnum):
    """How a field is written, and what stands in the document."""

    NAME = "name"
    TEXT = "text"  # by language, one line
    LONG = "long"  # by language, several lines
    LINES = "lines"  # by language, an option per line
    FILLED = "filled"  # an answer, in the shape of the question's kind
    CODES = "codes"  # codes of options for which something holds
    EXPRESSION = "expression"
    PLAIN = "plain"
    FLAG = "flag"
    SHUFFLED = "shuffled"
    NUMBER = "number"
    WHOLE = "whole"
    MEGABYTES = "megabytes"
    WORDS = "words"  # several words with blanks between
    LEVELS = "levels"  # of places, each a number; numbers with blanks between in a form's value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; ``label`` and ``hint`` are translated when they are shown."""

    name: str
    shape: Shape
    label: str
    hint: str = ""

    @property
    def is_localized(self) -> bool:
        """Whether there is one for each language."""
        return self.shape in (Shape.TEXT, Shape.LONG, Shape.LINES)


_ALL = (
    Field("title", Shape.TEXT, N_("Title")),
    Field("introduction", Shape.LONG, N_("Introduction"), N_("What it is about, and what becomes of the answers.")),
    Field("thanks", Shape.LONG, N_("Thanks"), N_("What people read when they have answered.")),
    Field("label", Shape.TEXT, N_("What people read"), N_("{age} in a text gives way to the answer to age.")),
    Field("hint", Shape.TEXT, N_("Hint"), N_("A short help below it. You can leave it empty.")),
    Field("message", Shape.LONG, N_("What people read when it is full")),
    Field(
        "options",
        Shape.LINES,
        N_("Answers to choose from"),
        N_("One on a line: code | what people read. You can leave the code out; then we make one."),
    ),
    Field("rows", Shape.LINES, N_("Rows"), N_("One on a line: code | what people read.")),
    Field("low_label", Shape.TEXT, N_("What the lowest value means")),
    Field("high_label", Shape.TEXT, N_("What the highest value means")),
    Field("unit", Shape.TEXT, N_("Unit"), N_("For instance km. You can leave it empty.")),
    Field(
        "constraint_message",
        Shape.TEXT,
        N_("What people are told when their answer is not taken"),
        N_("Only where you say under Conditions which answers are taken."),
    ),
    Field(
        "default",
        Shape.FILLED,
        N_("Filled in at first"),
        N_(
            "People can change it. Write a code of an answer, several with blanks between, or the number, the day or "
            "the text itself. Usually it is left empty: what is filled in already sways people."
        ),
    ),
    Field("is_required", Shape.FLAG, N_("It must be answered")),
    Field("allows_dont_know", Shape.FLAG, N_("People can say that they do not know")),
    Field(
        "is_personal",
        Shape.FLAG,
        N_("The answer may tell who somebody is"),
        N_("It is kept apart and sealed, and is in no result."),
    ),
    Field("is_multiple", Shape.FLAG, N_("Several answers in a row are possible")),
    Field("is_long", Shape.FLAG, N_("People write several lines")),
    Field("order", Shape.SHUFFLED, N_("In another order for each person")),
    Field(
        "exclusive",
        Shape.CODES,
        N_("Answers that are chosen alone"),
        N_("Codes with blanks between, for instance none."),
    ),
    Field(
        "keeps_place",
        Shape.CODES,
        N_("Answers that stay in their place when the others are mixed"),
        N_("Codes with blanks between, for instance other."),
    ),
    Field("minimum", Shape.NUMBER, N_("Lowest value")),
    Field("maximum", Shape.NUMBER, N_("Highest value")),
    Field("step", Shape.NUMBER, N_("Step"), N_("1 takes whole numbers only.")),
    Field("min_selected", Shape.WHOLE, N_("Fewest to choose")),
    Field("max_selected", Shape.WHOLE, N_("Most to choose")),
    Field("min_length", Shape.WHOLE, N_("Fewest characters")),
    Field("max_length", Shape.WHOLE, N_("Most characters")),
    Field(
        "earliest",
        Shape.PLAIN,
        N_("Earliest"),
        N_("A day like 2026-03-01, an hour like 14:30, or both like 2026-03-01T14:30."),
    ),
    Field("latest", Shape.PLAIN, N_("Latest")),
    Field(
        "levels",
        Shape.LEVELS,
        N_("Which places are taken"),
        N_("Tick none to take every place."),
    ),
    Field(
        "media_types",
        Shape.WORDS,
        N_("Kinds of files that are taken"),
        N_("With blanks between, for instance image/* application/pdf. Empty takes what the portal takes."),
    ),
    Field("max_size_bytes", Shape.MEGABYTES, N_("Largest file, in MB")),
    Field(
        "expression", Shape.EXPRESSION, N_("How it is calculated"), N_("For instance number(income) / number(people).")
    ),
    Field(
        "relevant",
        Shape.EXPRESSION,
        N_("Asked only if"),
        N_('For instance age >= 18.0 or selected(transport, "bus"). Empty: always.'),
    ),
    Field(
        "required_if",
        Shape.EXPRESSION,
        N_("Must be answered only if"),
        N_("Where this holds, even if it may be left out otherwise."),
    ),
    Field(
        "constraint",
        Shape.EXPRESSION,
        N_("An answer is taken only if"),
        N_("value stands for the answer, for instance value > 0."),
    ),
    Field(
        "option_filter",
        Shape.EXPRESSION,
        N_("An answer is offered only if"),
        N_(
            'For instance option.code != "bus". What stands on a line behind a second | can '
            'be used, too: with district=north, option.district is "north".'
        ),
    ),
    Field(
        "condition", Shape.EXPRESSION, N_("Which answers are counted"), N_('For instance selected(district, "north").')
    ),
    Field("limit", Shape.WHOLE, N_("How many at most")),
    Field("repeat_minimum", Shape.WHOLE, N_("At least so many times")),
    Field("repeat_maximum", Shape.WHOLE, N_("At most so many times")),
    Field(
        "name",
        Shape.NAME,
        N_("Name"),
        N_("Conditions and files with answers call it so: letters, digits and _ only."),
    ),
)
BY_NAME: Mapping[str, Field] = {each.name: each for each in _ALL}
SEVERAL = frozenset({"multiple", "ranking"})
"""Kinds whose answers are several codes."""
NUMBERS = frozenset({"number", "scale"})
"""Kinds whose answers are numbers."""
_UNFILLED = frozenset({"matrix", "location", "file", "consent"})
_ASKED = ("is_required", "allows_dont_know", "is_personal")
_CONDITIONS = ("relevant", "required_if", "constraint")
CONDITIONS = frozenset({*_CONDITIONS, "option_filter"})
"""Fields that most questions leave empty; forms show them folded."""
_CHOICE = ("options", "option_filter", "order", "exclusive", "keeps_place")
_LEAST_MOST = ("min_selected", "max_selected")
_OF_KIND: Mapping[str, Sequence[str]] = {
    "single": _CHOICE,
    "multiple": (*_CHOICE, *_LEAST_MOST),
    "matrix": ("rows", "options", "is_multiple", "order"),
    "ranking": (*_CHOICE, *_LEAST_MOST),
    "scale": ("minimum", "maximum", "step", "low_label", "high_label"),
    "likert": ("options",),
    "number": ("minimum", "maximum", "step", "unit"),
    "text": ("is_long", "min_length", "max_length"),
    "date": ("earliest", "latest"),
    "time": ("earliest", "latest"),
    "datetime": ("earliest", "latest"),
    "email": (),
    "phone": (),
    "territory": ("levels",),
    "location": (),
    "file": ("media_types", "max_size_bytes"),
    "consent": (),
    "note": (),
    "calculated": ("expression",),
}
KINDS = tuple(_OF_KIND)
_OF_OTHERS: Mapping[str, Sequence[str]] = {
    "page": ("title", "relevant", "name"),
    "group": ("label", "hint", "relevant", "order", "name"),
    "repeat": ("label", "hint", "repeat_minimum", "repeat_maximum", "relevant", "order", "name"),
    "quota": ("condition", "limit", "message", "name"),
    "about": ("title", "introduction", "thanks"),
}


def kind_of(item: Mapping[str, Any]) -> str:
    """What an item of a page is: the kind of a question, "group" or "repeat"."""
    if "items" in item:
        return "repeat" if item.get("repeat") is not None else "group"
    return str(item.get("kind", ""))


def fields_of(kind: str) -> list[Field]:
    """The fields of a kind of item, in the order in which a form shows them."""
    if kind in _OF_OTHERS:
        return [BY_NAME[name] for name in _OF_OTHERS[kind]]
    own = _OF_KIND.get(kind, ())
    if kind == "note":
        wanted: tuple[str, ...] = ("label", "hint", "relevant", "name")
    elif kind == "calculated":
        wanted = ("label", *own, "relevant", "is_personal", "name")
    else:
        filled = () if kind in _UNFILLED else ("default",)
        wanted = ("label", "hint", *own, *filled, *_ASKED, *_CONDITIONS, "constraint_message", "name")
    return [BY_NAME[name] for name in wanted]
