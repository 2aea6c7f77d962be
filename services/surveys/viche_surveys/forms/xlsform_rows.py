"""A definition as the rows of an XLSForm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Order, Page, Question, Text
from viche_surveys.forms.cel_to_xpath import Form, NotSaid, xpath
from viche_surveys.forms.report import Place
from viche_surveys.forms.words import NAMES

Row = dict[str, str]
_PIPED = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPES: Mapping[Kind, str] = {
    Kind.SINGLE: "select_one", Kind.LIKERT: "select_one", Kind.MULTIPLE: "select_multiple", Kind.RANKING: "rank",
    Kind.SCALE: "range", Kind.DATE: "date", Kind.TIME: "time", Kind.DATETIME: "dateTime", Kind.LOCATION: "geopoint",
    Kind.CONSENT: "acknowledge", Kind.NOTE: "note", Kind.CALCULATED: "calculate",
}  # fmt: skip
_COLUMNS = frozenset(
    {"list_name", "list name", "name", "label", "value", "caption", "image", "audio", "video", "media"}
)


@dataclass
class Sheets:
    """Rows of the three sheets; a row is a cell by its header."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: Row = field(default_factory=dict)


def sheets_of(definition: Definition, place: Place, *, with_xpath: bool = True) -> Sheets:
    """The sheets; without XPath, conditions are in none of these columns."""
    maker = _Maker(definition, place, _names(definition), with_xpath)
    first = definition.languages[0] if definition.languages else "en"
    maker.sheets.settings = {
        "form_title": _unbraced(definition.title.get(first, "")) or "survey",
        "form_id": "survey",
        "default_language": _column(first),
    }
    for page in definition.pages:
        maker.page(page)
    return maker.sheets


@dataclass
class _Maker:
    definition: Definition
    place: Place
    form: Form
    with_xpath: bool
    sheets: Sheets = field(default_factory=Sheets)
    lists: dict[tuple[Option, ...] | tuple[str, ...], str] = field(default_factory=dict)

    def page(self, page: Page) -> None:
        row = {"type": "begin group", "name": page.name, "appearance": "field-list"}
        self._add(row | self._texts("label", page.title) | self._condition("relevant", page.relevant, page.name))
        self._items(page.items)
        self._add({"type": "end group"})

    def _items(self, items: Sequence[Question | Group]) -> None:
        for item in items:
            if isinstance(item, Group):
                self._group(item)
            elif item.kind is Kind.MATRIX and item.options and item.rows:
                self._matrix(item)
            else:
                self._add(self._question(item))

    def _group(self, group: Group) -> None:
        control = "group" if group.repeat is None else "repeat"
        row: Row = {"type": f"begin {control}", "name": group.name}
        if group.repeat and group.repeat.minimum == group.repeat.maximum:
            row["repeat_count"] = str(group.repeat.maximum)
        row |= self._texts("label", group.label) | self._texts("hint", group.hint)
        self._add(row | self._condition("relevant", group.relevant, group.name))
        self._items(group.items)
        self._add({"type": f"end {control}"})

    def _matrix(self, question: Question) -> None:
        row: Row = {"type": "begin group", "name": question.name, "appearance": "table-list"}
        row |= self._texts("label", question.label) | self._texts("hint", question.hint)
        self._add(row | self._condition("relevant", question.relevant, question.name))
        type_ = "select_multiple" if question.is_multiple else "select_one"
        for each in question.rows:
            required = {"required": "yes"} if question.is_required else {}
            cells = {"type": f"{type_} {self._list(question)}", "name": each.code}
            self._add(cells | self._texts("label", each.label) | required)
        self._add({"type": "end group"})

    def _question(self, question: Question) -> Row:
        row: Row = {"type": self._type(question), "name": question.name}
        row |= self._texts("label", question.label) | self._texts("hint", question.hint)
        row |= self._condition("relevant", question.relevant, question.name)
        row |= self._condition("constraint", _bounded(question), question.name)
        row |= self._texts("constraint_message", question.constraint_message)
        row |= self._condition("choice_filter", question.option_filter, question.name)
        row |= self._condition("required", question.required_if, question.name)
        if question.is_required:
            row["required"] = "yes"
        if question.kind is Kind.CALCULATED:
            row["calculation"] = self._condition("c", question.expression, question.name).get("c") or "''"
        if question.kind is Kind.LIKERT:
            row["appearance"] = "likert"
        if question.is_long:
            row["appearance"] = "multiline"
        if row["type"] == "range":
            row["parameters"] = f"start={question.minimum:g} end={question.maximum:g} step={question.step or 1:g}"
        elif question.order is Order.RANDOM and question.options:
            row["parameters"] = "randomize=true"
        if (default := _default(question.default)) and question.kind not in (Kind.NOTE, Kind.CALCULATED):
            row["default"] = default
        return row

    def _type(self, question: Question) -> str:
        kind = question.kind
        if kind is Kind.NUMBER:
            return "integer" if question.step == 1 else "decimal"
        if kind is Kind.FILE:
            family = question.media_types[0].partition("/")[0] if question.media_types else ""
            return family if family in ("image", "audio", "video") else "file"
        if kind is Kind.SCALE:
            least, most, step = question.minimum, question.maximum, question.step or 1
            return "range" if least is not None and most is not None and 0 < step <= most - least else "decimal"
        written = _TYPES.get(kind, "text")
        if kind in (Kind.SINGLE, Kind.LIKERT, Kind.MULTIPLE, Kind.RANKING):
            return f"{written} {self._list(question)}" if question.options else "text"
        return written

    def _list(self, question: Question) -> str:
        """Its list of choices, which questions with the same options share."""
        key = tuple(repr(option) for option in question.options)
        if key not in self.lists:
            self.lists[key] = question.name
            for option in question.options:
                more = {name: value for name, value in option.attributes.items() if name not in _COLUMNS}
                row = {"list_name": question.name, "name": option.code}
                self.sheets.choices.append(row | self._texts("label", option.label) | more)
        return self.lists[key]

    def _texts(self, column: str, text: Text) -> Row:
        return {f"{column}::{_column(language)}": self._piped(words) for language, words in text.items() if words}

    def _piped(self, words: str) -> str:
        """`{name}` is `${name}`; another expression stands in brackets, since XLSForm can fill in names only."""
        parts: list[str] = []
        end = 0
        for match in _PIPED.finditer(words):
            parts.append(words[end : match.start()].replace("${", "$ {"))
            parts.append(self._filled(match))
            end = match.end()
        return "".join(parts) + words[end:].replace("${", "$ {")

    def _filled(self, match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        name = match[1].strip()
        return f"${{{name}}}" if _SIMPLE.fullmatch(name) and name in self.form.names else f"({name})"

    def _condition(self, column: str, source: str, name: str) -> Row:
        if not source or not self.with_xpath:
            return {}
        try:
            return {column: xpath(source, self.form)}
        except NotSaid:
            self.place.change("EXPRESSION_NOT_WRITTEN", name=name, expression=source[:200])
            return {}

    def _add(self, row: Row) -> None:
        self.sheets.survey.append(row)


def _names(definition: Definition) -> Form:
    def walk(items: Sequence[Question | Group]) -> Iterator[Question | Group]:
        for item in items:
            yield item
            if isinstance(item, Group):
                yield from walk(item.items)

    every = [item for page in definition.pages for item in walk(page.items)]
    matrices = [item for item in every if isinstance(item, Question) and item.kind is Kind.MATRIX]
    named = Counter([item.name for item in every] + [row.code for each in matrices for row in each.rows])
    return Form(
        names={item.name for item in every if named[item.name] == 1} - {each.name for each in matrices},
        repeats={item.name for item in every if isinstance(item, Group) and item.repeat},
        rows={f"{each.name}.{row.code}": row.code for each in matrices for row in each.rows if named[row.code] == 1},
    )


def _bounded(question: Question) -> str:
    """The constraint, with the least and the most of a number."""
    if question.kind is not Kind.NUMBER:
        return question.constraint
    bounds = [f"value >= {question.minimum:g}"] if question.minimum is not None else []
    if question.maximum is not None:
        bounds.append(f"value <= {question.maximum:g}")
    constraint = f"({question.constraint})" if question.constraint and bounds else question.constraint
    return " && ".join([*bounds, *([constraint] if constraint else [])])


def _default(value: object) -> str:
    match value:
        case bool() | None | dict():
            return ""
        case float():
            return repr(value).removesuffix(".0")
        case list() | tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)


def _column(language: str) -> str:
    return f"{NAMES.get(language.split('-')[0], language)} ({language})"


def _unbraced(words: str) -> str:
    return words.replace("{{", "{").replace("}}", "}")
