"""One element of a SurveyJS form as questions and groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from viche_surveys.domain.definition import Group, Kind, Question, Repeat
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel
from viche_surveys.forms.limesurvey_types import COMMENTS, in_languages
from viche_surveys.forms.report import Place
from viche_surveys.forms.scope import GIVES
from viche_surveys.forms.surveyjs import Context, Form, Json
from viche_surveys.forms.surveyjs_bounds import bounded, with_default
from viche_surveys.forms.surveyjs_options import Choosing
from viche_surveys.forms.surveyjs_types import CHANGED, CONTAINERS, INPUTS, INPUTS_AS_TEXT, KINDS, LEFT_OUT, REFUSED
from viche_surveys.forms.words import name_of

MOST_INSTANCES = 200
INSTANCES = 20
_PICTURE = ("image/png",)


@dataclass(frozen=True, slots=True)
class Making:
    """One element while it is read."""

    form: Form
    element: Json
    pointer: str
    context: Context

    def at(self, field: str = "") -> Place:
        """The place of the element, or of one of its properties."""
        return self.form.at(f"{self.pointer}/{field}" if field else self.pointer)

    def items(self) -> Iterator[Question | Group]:
        """What the element becomes; nothing if it is refused."""
        type_ = str(self.element.get("type") or "text")
        if type_ not in KINDS and type_ not in CONTAINERS:
            if type_ in REFUSED:
                self.at("type").refuse("TYPE_NOT_TAKEN", name=self.element.get("name", ""), type=type_)
            else:
                self.at("type").fault("UNKNOWN_TYPE", type=type_)
            return
        self._leave_out()
        if type_ in CONTAINERS:
            yield from self._container(type_)
            return
        question = self._question(type_)
        if question is not None:
            yield question
            yield from self._beside(question)

    @property
    def name(self) -> str:
        """In the definition."""
        return self.form.named(self.element, self.pointer)

    def text(self, field: str) -> dict[str, str]:
        """A text of the element."""
        return self.form.text(self.element.get(field), f"{self.pointer}/{field}", self.context)

    def relevance(self) -> str:
        """Shown, and enabled."""
        element = self.element
        if element.get("visible") is False and not element.get("visibleIf"):
            return "false"
        parts: list[str] = []
        for field in ("visibleIf", "enableIf"):
            if found := self.form.condition(element.get(field), f"{self.pointer}/{field}", self.context):
                parts.append(found)
                if field == "enableIf":
                    self.at(field).change("ENABLED_AS_SHOWN")
        return cel.all_of(parts)

    def _question(self, type_: str) -> Question | None:
        kind = self._kind(type_)
        if type_ in CHANGED:
            self.at("type").change("TYPE_CHANGED", name=self.element.get("name", ""), type=type_, kind=kind.value)
        title = self.text("html") if type_ == "html" else self.text("title")
        if not title and kind is not Kind.CALCULATED:
            title = self.form.text(str(self.element.get("name", "")), self.pointer)
        question = Question(
            name=self.name, kind=kind, label=title, hint=self.text("description"), relevant=self.relevance(),
            is_required=self.element.get("isRequired") is True,
            required_if=self.form.condition(
                self.element.get("requiredIf"), f"{self.pointer}/requiredIf", self.context
            ), is_long=type_ == "comment",
        )  # fmt: skip
        if type_ == "image":
            self.at("imageLink").refuse("MEDIA_LEFT_OUT", media="image")
        if kind is Kind.CALCULATED:
            return self._calculated(question)
        if kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING, Kind.LIKERT, Kind.MATRIX):
            choosing = Choosing(self.form, self.element, self.pointer, self.context)
            found = choosing.matrix(question) if kind is Kind.MATRIX else choosing.choice(question, type_)
            if found is None:
                return None
            question = found
        if kind is Kind.FILE:
            question = replace(question, media_types=self._media_types(type_), max_size_bytes=self._size())
        question = bounded(self, question, type_)
        return with_default(self, question) if question else None

    def _kind(self, type_: str) -> Kind:
        if type_ == "text":
            written = str(self.element.get("inputType", "text"))
            if written in INPUTS_AS_TEXT:
                self.at("inputType").change("ATTRIBUTE_CHANGED", attribute="inputType", value=f"{written}: a text")
            return INPUTS.get(written, Kind.TEXT)
        if type_ == "imagepicker" and self.element.get("multiSelect"):
            return Kind.MULTIPLE
        if type_ == "rating" and self.element.get("rateValues"):
            return Kind.LIKERT
        return KINDS[type_]

    def _calculated(self, question: Question) -> Question | None:
        expression = self.form.value(self.element.get("expression"), f"{self.pointer}/expression", self.context)
        if expression:
            return replace(question, expression=expression, is_required=False)
        self.at("expression").refuse("CALCULATION_LEFT_OUT", name=self.element.get("name", ""))
        return None

    def _media_types(self, type_: str) -> tuple[str, ...]:
        if type_ == "signaturepad":
            return _PICTURE
        from viche_surveys.forms.limesurvey_attributes import media_types

        written = str(self.element.get("acceptedTypes", ""))
        if self.element.get("allowMultiple"):
            self.at("allowMultiple").refuse("ATTRIBUTE_LEFT_OUT", attribute="allowMultiple", value="true")
        given = re.findall(r"[a-z]+/[a-z0-9.+*-]+", written)
        return tuple(given) + media_types(" ".join(re.findall(r"\.([A-Za-z0-9]+)", written)) if not given else "")

    def _size(self) -> int | None:
        written = self.element.get("maxSize")
        return int(written) if isinstance(written, int | float) and written > 0 else None

    def _beside(self, question: Question) -> Iterator[Question]:
        languages = self.form.languages
        if any(option.code == "other" for option in question.options) and self._has("Other"):
            label = (
                self.form.text(self.element.get("otherText"), f"{self.pointer}/otherText") or question.options[-1].label
            )
            yield Question(
                name=self.form.free(f"{question.name}_other"), kind=Kind.TEXT, label=label,
                relevant=f'selected({question.name}, "other")',
            )  # fmt: skip
        if self.element.get("showCommentArea") or self.element.get("hasComment"):
            label = self.text("commentText") or in_languages(COMMENTS, languages)
            name = self.form.free(f"{question.name}_comment")
            yield Question(name=name, kind=Kind.TEXT, label=label, relevant=question.relevant, is_long=True)

    def _has(self, item: str) -> bool:
        return bool(self.element.get(f"show{item}Item") or self.element.get(f"has{item}"))

    def _container(self, type_: str) -> Iterator[Group]:
        items: list[Question | Group] = []
        repeat: Repeat | None = None
        if type_ in ("paneldynamic", "matrixdynamic"):
            if self.context.near or self.context.depth:
                self.at("type").refuse("REPEAT_IN_REPEAT", name=self.element.get("name", ""))
                return
            items, repeat = self._instances(type_)
        elif type_ == "panel":
            items = [item for below, each in self.form.elements(self.element, self.pointer)
                     for item in Making(self.form, each, below, self.context).items()]  # fmt: skip
        elif type_ == "multipletext":
            items = list(self._texts())
        else:
            items = list(self._table())
        if not items:
            self.at().refuse("EMPTY_GROUP", name=self.element.get("name", ""))
            return
        yield Group(
            name=self.name, label=self.text("title"), hint=self.text("description"), relevant=self.relevance(),
            items=tuple(items), repeat=repeat,
        )  # fmt: skip

    def _instances(self, type_: str) -> tuple[list[Question | Group], Repeat]:
        panel = type_ == "paneldynamic"
        elements = list(self.form.elements(self.element, self.pointer, "templateElements" if panel else "columns"))
        near = self._near(elements)
        inside = Context(near, self.context.depth + 1)
        items = [
            item
            for below, each in elements
            for item in Making(self.form, each if panel else _column(self.element, each), below, inside).items()
        ]
        least, most = ("minPanelCount", "maxPanelCount") if panel else ("minRowCount", "maxRowCount")
        minimum, maximum = (_count(self.element.get(each)) for each in (least, most))
        maximum = min(maximum or INSTANCES, MOST_INSTANCES)
        return items, Repeat(minimum=min(minimum or 0, maximum), maximum=maximum)

    def _near(self, elements: Sequence[tuple[str, Json]]) -> dict[str, Cel | None]:
        """Names in a panel or row, which only questions beside them can ask for."""
        from viche_surveys.forms.surveyjs import gives_of

        near: dict[str, Cel | None] = {}
        for below, each in elements:
            written = str(each.get("name") or "")
            if not written:
                self.form.at(f"{below}/name").fault("NAME_MISSING")
            name = self.form.free(written or "item")
            if written and name != written:
                self.form.at(f"{below}/name").change("RENAMED", value=written, name=name)
            self.form.names[below] = name
            type_ = str(each.get("type") or each.get("cellType") or "text")
            near[written] = Cel(name, gives_of(each, type_), names=(name,))
        return near

    def _texts(self) -> Iterator[Question]:
        """Several texts: a question each, `QUESTION_ITEM`."""
        for below, each in self.form.elements(self.element, self.pointer, "items"):
            written = str(each.get("name") or "")
            self.form.names[below] = self.form.free(f"{self.name}_{name_of(written)}")
            element = {"title": written, **each, "type": "text"}
            for item in Making(self.form, element, below, self.context).items():
                if isinstance(item, Question):
                    yield item
            own = Cel(self.form.names[below], GIVES.get(Kind.TEXT, cel.Gives.TEXT), names=(self.form.names[below],))
            self.form.variables[f"{self.element.get('name')}.{written}"] = own

    def _table(self) -> Iterator[Group]:
        """A table of different questions: a group per row."""
        rows = self.element.get("rows") or []
        columns = list(self.form.elements(self.element, self.pointer, "columns"))
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            code = str(row.get("value", "") if isinstance(row, dict) else row)
            text = row.get("text", code) if isinstance(row, dict) else code
            items: list[Question | Group] = []
            near: dict[str, Cel | None] = {}
            for below, column in columns:
                name = self.form.free(f"{self.name}_{name_of(code)}_{name_of(str(column.get('name') or 'column'))}")
                near[str(column.get("name"))] = Cel(name, names=(name,))
                self.form.names[f"{below}#{index}"] = name
                self.form.variables[f"{self.element.get('name')}.{code}.{column.get('name')}"] = near[
                    str(column.get("name"))
                ]
            for below, column in columns:
                element = _column(self.element, column)
                items += Making(self.form, element, f"{below}#{index}", Context(near, self.context.depth + 1)).items()
            if items:
                label = self.form.text(text, f"{self.pointer}/rows/{index}")
                yield Group(name=self.form.free(f"{self.name}_{name_of(code)}"), label=label, items=tuple(items))

    def _leave_out(self) -> None:
        for name in sorted(LEFT_OUT & self.element.keys()):
            if self.element[name]:
                value = str(self.element[name])[:100]
                self.at(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=value)
        if self.element.get("readOnly"):
            self.at("readOnly").refuse("ATTRIBUTE_LEFT_OUT", attribute="readOnly", value="true")


def _column(table: Json, column: Json) -> dict[str, Any]:
    """A column as a question; its type and its choices may be the table's."""
    type_ = column.get("cellType") or table.get("cellType") or "dropdown"
    found: dict[str, Any] = {**column, "type": "dropdown" if type_ == "default" else type_}
    if "choices" not in found and found["type"] in ("dropdown", "radiogroup", "checkbox", "tagbox"):
        found["choices"] = table.get("choices", [])
    return found


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value >= 0 else None
