"""Reads survey definitions of SurveyJS (JSON).

Panels are groups; panels and rows that people add are repeats; a table of different questions is a group with a group
per row, its questions `TABLE_ROW_COLUMN`. What is shown only where it is enabled takes the condition of both.
Calculated values stand on the page of the last question that they ask for; so do values that triggers set
(`surveyjs_triggers.py`). Places are JSON Pointers (RFC 6901).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from viche_surveys.domain.definition import Definition, Group, Kind, Page, Question
from viche_surveys.forms import surveyjs_triggers as triggers
from viche_surveys.forms.cel import Cel, Gives
from viche_surveys.forms.report import Findings, Place, Report
from viche_surveys.forms.scope import GIVES, Untranslatable
from viche_surveys.forms.shape import fitting
from viche_surveys.forms.surveyjs_expressions import Names, condition, names_of, translated
from viche_surveys.forms.surveyjs_texts import by_language, languages_of
from viche_surveys.forms.surveyjs_types import INPUTS, KINDS, LEFT_OUT_OF_SURVEY
from viche_surveys.forms.words import free, name_of, piped, plain_text

FORMAT = "surveyjs"
MAX_DEPTH = 40
_FILLED = re.compile(r"\{([^{}\n]+)\}")
Json = Mapping[str, Any]


def read(filename: str, document: object) -> Report:
    """The form in a JSON document."""
    findings = Findings()
    if not isinstance(document, dict) or not any(isinstance(document.get(each), list) for each in _CONTENT):
        Place(findings, "/").fault("NOT_A_SURVEY", what=_what(document))
        return findings.report(None, FORMAT)
    definition = Form(document, findings).definition(filename.rpartition("/")[2].rpartition(".")[0])
    return findings.report(definition, FORMAT)


_CONTENT = ("pages", "elements", "questions")


def _what(document: object) -> str:
    if isinstance(document, dict) and "json-schema.org" in str(document.get("$schema", "")):
        return f"a JSON Schema ({str(document.get('title', ''))[:60] or 'without a title'})"
    return "a JSON document"


@dataclass(frozen=True, slots=True)
class Context:
    """Where a question stands.

    Attributes:
        near: names of the panel or row that repeats.
        depth: how deep it is nested.
    """

    near: Mapping[str, Cel | None] = field(default_factory=dict)
    depth: int = 0


class Form:
    """One form while it is read."""

    def __init__(self, document: Json, findings: Findings) -> None:
        self.document = document
        self.findings = findings
        self.taken: set[str] = set()
        self.variables: dict[str, Cel | None] = {}
        self.booleans: dict[str, tuple[str, str]] = {}
        self.names: dict[str, str] = {}
        self.languages, guessed = languages_of(document)
        if guessed:
            self.at("/").change("LANGUAGE_GUESSED", language=self.languages[0])

    def definition(self, fallback: str) -> Definition:
        """The whole form."""
        pages = self._listed()
        self._know_all(pages)
        made = [page for place, each in pages if (page := self._page(place, each)) is not None]
        made = self._with_calculated(made)
        made = triggers.applied(self, made, listed(self.document.get("triggers")))
        self._leave_out()
        if not made and not self.findings.faults:
            self.at("/").fault("NO_QUESTIONS")
        title = self.text(self.document.get("title"), "/title") or {self.languages[0]: fallback}
        if self.document.get("questionsOnPageMode") == "singlePage" and len(made) > 1:
            made = [replace(made[0], title={}, relevant="", items=tuple(_as_group(page) for page in made))]
        return Definition(
            languages=self.languages, title=title, pages=tuple(made),
            introduction=self.text(self.document.get("description"), "/description"),
            thanks=self.text(self.document.get("completedHtml"), "/completedHtml"),
        )  # fmt: skip

    def at(self, pointer: str) -> Place:
        """A place in the file."""
        return Place(self.findings, pointer)

    def free(self, name: str) -> str:
        """A name that nobody has yet."""
        found = free(name_of(name), self.taken)
        self.taken.add(found)
        return found

    def named(self, element: Json, place: str) -> str:
        """The name of an element in the definition."""
        return self.names[place] if place in self.names else self.free(str(element.get("name") or "item"))

    def text(self, value: object, place: str, context: Context | None = None) -> dict[str, str]:
        """A text in all languages: without formatting, and with what is filled in as CEL."""
        found: dict[str, str] = {}
        for language, source in by_language(value, self.languages[0]).items():
            words, has_more = plain_text(source)
            if has_more:
                self.at(place).change("HTML_AS_TEXT")
            found[language] = piped(words, _FILLED, lambda match: self._filled(match[0], place, context))
        return {language: found[language] for language in self.languages if found.get(language)}

    def condition(self, source: object, place: str, context: Context, own: tuple[str, Gives] | None = None) -> str:
        """A condition in CEL; left out, and said so, where that cannot be."""
        return self._said(source, place, lambda names: condition(str(source), names), context, own)

    def value(self, source: object, place: str, context: Context) -> str:
        """An expression in CEL; "" where that cannot be."""
        return self._said(source, place, lambda names: translated(str(source), names).source, context, None)

    def _said(
        self, source: object, place: str, make: Callable[[Names], str], context: Context,
        own: tuple[str, Gives] | None,
    ) -> str:  # fmt: skip
        if not isinstance(source, str) or not source.strip():
            return ""
        name, gives = own or ("", Gives.UNKNOWN)
        try:
            return make(Names(self.variables, context.near, self.booleans, name, gives))
        except Untranslatable as fault:
            note = self.at(place).fault if fault.is_fault else self.at(place).refuse
            note(fault.reason, **fault.values, expression=source[:200])
            return ""

    def _filled(self, source: str, place: str, context: Context | None) -> str | None:
        try:
            return translated(source, Names(self.variables, context.near if context else {})).source
        except Untranslatable as fault:
            if fault.reason not in ("EXPRESSION_UNKNOWN_NAME", "EXPRESSION_SYNTAX"):
                self.at(place).refuse(fault.reason, **fault.values, expression=source[:200])
            return None

    def _listed(self) -> list[tuple[str, Json]]:
        pages = self.document.get("pages")
        if isinstance(pages, list):
            return [
                (f"/pages/{index}", each)
                for index, each in enumerate(pages)
                if self._is_object(each, f"/pages/{index}")
            ]
        return [("", self.document)]

    def _is_object(self, value: object, place: str) -> bool:
        if isinstance(value, dict):
            return True
        self.at(place).fault("WRONG_SHAPE", expected="an object")
        return False

    def elements(self, parent: Json, place: str, key: str = "") -> Iterator[tuple[str, Json]]:
        """Elements of a page or panel with their places."""
        name = key or next((each for each in ("elements", "questions") if each in parent), "elements")
        listed = parent.get(name, [])
        if not isinstance(listed, list):
            self.at(f"{place}/{name}").fault("WRONG_SHAPE", expected="a list")
            return
        for index, each in enumerate(listed):
            if self._is_object(each, f"{place}/{name}/{index}"):
                yield f"{place}/{name}/{index}", each

    def _know_all(self, pages: Sequence[tuple[str, Json]]) -> None:
        """Names of everything, before any expression is read."""
        for place, page in pages:
            for below, element in self.elements(page, place):
                self._know(element, below, 0)
        for index, each in enumerate(listed(self.document.get("calculatedValues"))):
            if isinstance(each, dict) and each.get("name"):
                name = self.free(str(each["name"]))
                self.names[f"/calculatedValues/{index}"] = name
                self.variables[str(each["name"])] = Cel(name, names=(name,))
        triggers.know(self, listed(self.document.get("triggers")))

    def _know(self, element: Json, place: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.at(place).fault("TOO_DEEP")
            return
        written, type_ = str(element.get("name") or ""), str(element.get("type") or "text")
        if not written:
            self.at(f"{place}/name").fault("NAME_MISSING")
        name = self.free(written or "item")
        if written and name != written:
            self.at(f"{place}/name").change("RENAMED", value=written, name=name)
        self.names[place] = name
        gives = gives_of(element, type_)
        known = type_ in KINDS or type_.endswith("dynamic")
        self.variables.setdefault(written, Cel(name, gives, names=(name,)) if known else None)
        self.variables.setdefault(f"{written}-Comment", Cel(f"{name}_comment", Gives.TEXT, names=(f"{name}_comment",)))
        if type_ == "boolean":
            self.booleans[name] = codes_of(element)
        if type_ == "panel":
            for below, each in self.elements(element, place):
                self._know(each, below, depth + 1)

    def _page(self, place: str, page: Json) -> Page | None:
        from viche_surveys.forms.surveyjs_questions import Making

        context = Context()
        items: list[Question | Group] = []
        for below, element in self.elements(page, place):
            items += [fitting(each, self.at(below)) for each in Making(self, element, below, context).items()]
        for name in ("enableIf", "requiredIf", "questionsOrder", "questionOrder", "timeLimit"):
            if page.get(name):
                self.at(f"{place}/{name}").refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=str(page[name])[:100])
        if not items:
            return None
        if place:
            if note := self.text(page.get("description"), f"{place}/description"):
                items.insert(0, Question(name=self.free("about"), kind=Kind.NOTE, label=note))
            return Page(
                name=self.free(str(page.get("name") or "page")), title=self.text(page.get("title"), f"{place}/title"),
                relevant="false" if page.get("visible") is False
                else self.condition(page.get("visibleIf"), f"{place}/visibleIf", context), items=tuple(items),
            )  # fmt: skip
        return Page(name=self.free("page"), items=tuple(items))

    def _with_calculated(self, pages: list[Page]) -> list[Page]:
        """Each calculated value on the page of the last question that it asks for."""
        for index, each in enumerate(listed(self.document.get("calculatedValues"))):
            place = f"/calculatedValues/{index}"
            if not isinstance(each, dict) or not each.get("name"):
                self.at(place).fault("WRONG_SHAPE", expected="an object with a name")
                continue
            expression = self.value(each.get("expression"), f"{place}/expression", Context())
            if not expression or not pages:
                self.at(place).refuse("CALCULATION_LEFT_OUT", name=each["name"])
                continue
            asked = {self.names_in_cel(name) for name in names_of(str(each["expression"]))}
            last = max((n for n, page in enumerate(pages) if asked & _names(page.items)), default=0)
            made = Question(name=self.names[place], kind=Kind.CALCULATED, expression=expression)
            pages[last] = replace(pages[last], items=(*pages[last].items, made))
        return pages

    def names_in_cel(self, written: str) -> str:
        """What the first part of a name is in the definition."""
        found = self.variables.get(written) or self.variables.get(written.partition(".")[0])
        return found.source if found else ""

    def _leave_out(self) -> None:
        for name in sorted(LEFT_OUT_OF_SURVEY & self.document.keys()):
            if self.document[name]:
                value = str(self.document[name])[:100]
                self.at(f"/{name}").refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=value)


def listed(value: object) -> list[Any]:
    """A list; of anything else an empty one."""
    return value if isinstance(value, list) else []


def codes_of(element: Json) -> tuple[str, str]:
    """Codes of yes and no of a question that has these two only."""
    return str(element.get("valueTrue", "true")), str(element.get("valueFalse", "false"))


def gives_of(element: Json, type_: str) -> Gives:
    if type_ in ("paneldynamic", "matrixdynamic"):
        return Gives.LIST
    kind = KINDS.get(type_, Kind.MATRIX)
    if type_ == "text":
        kind = INPUTS.get(str(element.get("inputType", "text")), Kind.TEXT)
    if type_ == "imagepicker" and element.get("multiSelect"):
        kind = Kind.MULTIPLE
    if type_ == "rating" and element.get("rateValues"):
        kind = Kind.LIKERT
    return GIVES.get(kind, Gives.TEXT)


def _names(items: Sequence[Question | Group]) -> set[str]:
    found = {item.name for item in items}
    return found.union(*(_names(item.items) for item in items if isinstance(item, Group)))


def _as_group(page: Page) -> Group:
    return Group(name=f"{page.name}_", label=page.title, relevant=page.relevant, items=page.items)
