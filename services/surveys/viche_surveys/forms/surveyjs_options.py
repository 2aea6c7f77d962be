"""Choices, ratings and tables of SurveyJS as options and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from viche_surveys.domain.definition import Kind, Option, Order, Question
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Level
from viche_surveys.forms.limesurvey_types import in_languages
from viche_surveys.forms.surveyjs import Context, Form, Json, codes_of
from viche_surveys.forms.surveyjs_types import NO, NONE, REFUSE, YES
from viche_surveys.forms.words import braced, code_of, name_of
from viche_surveys.forms.xlsform_questions import OTHER_LABELS


@dataclass(frozen=True, slots=True)
class Choosing:
    """A question with options while it is read."""

    form: Form
    element: Json
    pointer: str
    context: Context

    def choice(self, question: Question, type_: str) -> Question | None:
        """With its options; None if they are not in the form."""
        for name, reason in (("choicesByUrl", "OPTIONS_IN_FILE"), ("choicesFromQuestion", "OPTIONS_FROM_ANSWERS")):
            if self.element.get(name):
                self.form.at(f"{self.pointer}/{name}").refuse(reason, name=self.element.get("name", ""))
                self.form.variables[str(self.element.get("name"))] = None
                return None
        if type_ == "boolean":
            return replace(question, options=self._yes_and_no())
        listed = self.element.get("rateValues") if type_ == "rating" else self._listed()
        options, conditions = self._options(listed, "rateValues" if type_ == "rating" else "choices")
        options = (*options, *self._special())
        if not options:
            self.form.at(f"{self.pointer}/choices").fault("UNKNOWN_LIST", list=self.element.get("name", ""))
        order = self.element.get("choicesOrder")
        if order in ("asc", "desc"):
            self.form.at(f"{self.pointer}/choicesOrder").change(
                "ATTRIBUTE_CHANGED", attribute="choicesOrder", value="as written"
            )
        common = self.form.condition(
            self.element.get("choicesVisibleIf"), f"{self.pointer}/choicesVisibleIf", self.context
        )  # fmt: skip
        return replace(
            question, options=options, order=Order.RANDOM if order == "random" else Order.WRITTEN,
            allows_dont_know=bool(self.element.get("showDontKnowItem")),
            option_filter=cel.all_of([*conditions, common]),
        )  # fmt: skip

    def matrix(self, question: Question) -> Question | None:
        """A table; without rows it is one choice."""
        options, _ = self._options(self.element.get("columns"), "columns")
        rows, _ = self._options(self.element.get("rows"), "rows")
        if not options:
            self.form.at(f"{self.pointer}/columns").fault("UNKNOWN_LIST", list=self.element.get("name", ""))
        is_multiple = self.element.get("cellType") == "checkbox"
        order = Order.RANDOM if self.element.get("rowOrder") == "random" else Order.WRITTEN
        if not rows:
            kind = Kind.MULTIPLE if is_multiple else Kind.SINGLE
            return replace(question, kind=kind, options=options)
        rows = tuple(replace(each, code=name_of(each.code)) for each in rows)
        required = question.is_required or self.element.get("isAllRowRequired") or self.element.get("eachRowRequired")
        return replace(
            question, options=options, rows=rows, is_multiple=is_multiple, order=order, is_required=bool(required)
        )  # fmt: skip

    def _listed(self) -> Any:
        least, most, step = (self.element.get(each) for each in ("choicesMin", "choicesMax", "choicesStep"))
        if isinstance(least, int) and isinstance(most, int) and 0 <= most - least < 1000:
            return [*(self.element.get("choices") or []), *range(least, most + 1, max(1, int(step or 1)))]
        return self.element.get("choices")

    def _options(self, listed: Any, name: str) -> tuple[tuple[Option, ...], list[str]]:
        """Options, and the conditions under which single ones are shown."""
        found: list[Option] = []
        conditions: list[str] = []
        if listed is not None and not isinstance(listed, list):
            self.form.at(f"{self.pointer}/{name}").fault("WRONG_SHAPE", expected="a list")
            return (), []
        for index, each in enumerate(listed or []):
            item: Mapping[str, Any] = each if isinstance(each, Mapping) else {"value": each}
            place = f"{self.pointer}/{name}/{index}"
            written = _code(item.get("value", item.get("name", item.get("text", ""))))
            code = code_of(written, {option.code for option in found})
            if code != written:
                self.form.at(f"{place}/value").change("RENAMED", value=written, name=code)
            text = item.get("text", item.get("title"))
            label = self.form.text(text, f"{place}/text", self.context)
            first = self.form.languages[0]
            if first not in label:
                label = {first: braced(written) or code, **label}
            found.append(Option(code=code, label=label, is_exclusive=bool(item.get("isExclusive"))))
            if item.get("imageLink"):
                self.form.at(f"{place}/imageLink").refuse("MEDIA_LEFT_OUT", media="image")
            if shown := self.form.condition(item.get("visibleIf"), f"{place}/visibleIf", self.context):
                other = cel.binary("!=", Cel("option.code"), cel.text(code), Level.RELATION, cel.Gives.TRUTH)
                conditions.append(cel.some(other, cel.written(shown)).source)
        return tuple(found), conditions

    def _special(self) -> list[Option]:
        found: list[Option] = []
        for item, code, text, words in (
            ("None", "none", "noneText", NONE),
            ("Refuse", "refused", "refuseText", REFUSE),
            ("Other", "other", "otherText", OTHER_LABELS),
        ):
            if self.element.get(f"show{item}Item") or self.element.get(f"has{item}"):
                label = self.form.text(self.element.get(text), f"{self.pointer}/{text}")
                label = label or in_languages(words, self.form.languages)
                found.append(Option(code=code, label=label, is_exclusive=item != "Other", keeps_place=True))
        return found

    def _yes_and_no(self) -> tuple[Option, ...]:
        yes, no = codes_of(self.element)
        pairs = ((yes, "labelTrue", YES), (no, "labelFalse", NO))
        return tuple(
            Option(
                code=code_of(code),
                label=self.form.text(self.element.get(text), f"{self.pointer}/{text}")
                or in_languages(words, self.form.languages),
            )
            for code, text, words in pairs
        )


def _code(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
