"""One row of an XLSForm as a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from viche_surveys.domain.definition import WITH_OPTIONS, Kind, Option, Order, Question
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Gives
from viche_surveys.forms.languages import Languages
from viche_surveys.forms.scope import GIVES, Scope, Untranslatable, Variable
from viche_surveys.forms.xlsform_book import Row
from viche_surveys.forms.xlsform_kinds import Plan
from viche_surveys.forms.xlsform_options import Choices, Lists
from viche_surveys.forms.xlsform_tree import Leaf, Names
from viche_surveys.forms.xpath import condition, translated

MOST_POINTS = 11
"""A range of more points is a number."""
YES = frozenset({"yes", "true", "true()", "1"})
NO = frozenset({"", "no", "false", "false()", "0"})
OTHER = "other"
OTHER_LABELS = {"en": "Other", "uk": "Інше", "bg": "Друго", "ru": "Другое"}
OTHER_QUESTIONS = {"en": "Please specify", "uk": "Уточніть", "bg": "Посочете", "ru": "Уточните"}
_SHOWN = frozenset({"field-list", "table-list", "likert", "multiline", "label", "list-nolabel"})
"""Words of an appearance that have a meaning of ours."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What reading a question takes: lists, languages and names of its form."""

    lists: Lists
    languages: Languages
    names: Names

    def question(self, leaf: Leaf, repeat: str = "") -> list[Question]:
        """The question, and the text question of its "other"; nothing if it does not come over."""
        if not isinstance(leaf.plan, Plan):
            leaf.row.at("type").refuse(leaf.plan.reason, name=leaf.written)
            return []
        made = _Making(self, leaf.row, leaf.name, leaf.plan, repeat)
        question = made.question()
        if question is None:
            return []
        return [question, made.other(question)] if leaf.plan.has_other else [question]

    def relevance(self, row: Row, repeat: str, own: str = "") -> str:
        """The condition of a row."""
        return self.condition(row, ("bind", "relevant"), Scope(self.names.variables, own, repeat=repeat))

    def condition(self, row: Row, tokens: tuple[str, ...], scope: Scope) -> str:
        """A condition of a row; left out, and said so, where it cannot be put into CEL."""
        source = row.get(*tokens)
        if not source or source.lower() in YES:
            return ""
        if source.lower() in NO:
            return "false"
        return self._noted(row, tokens, scope, lambda: condition(source, scope)) or ""

    def expression(self, row: Row, tokens: tuple[str, ...], scope: Scope) -> str:
        """An expression of a row; "" where it cannot be put into CEL."""
        return self._noted(row, tokens, scope, lambda: translated(row.get(*tokens), scope).source) or ""

    def _noted(self, row: Row, tokens: tuple[str, ...], scope: Scope, make: Callable[[], str]) -> str | None:
        try:
            found = make()
        except Untranslatable as fault:
            note = row.at(*tokens).fault if fault.is_fault else row.at(*tokens).refuse
            note(fault.reason, **fault.values, expression=row.get(*tokens)[:200])
            return None
        for reason, value in scope.notes:
            row.at(*tokens).change(reason, value=value)
        scope.notes.clear()
        return found


@dataclass(frozen=True, slots=True)
class _Making:
    asking: Asking
    row: Row
    name: str
    plan: Plan
    repeat: str

    def question(self) -> Question | None:
        row, plan, texts = self.row, self.plan, self.asking.languages
        if plan.kind in WITH_OPTIONS and not self._has_list():
            return None
        if plan.change:
            row.at("type").change(plan.change, type=row.get("type"))
        expression = self._calculation()
        if plan.kind is Kind.CALCULATED and not expression:
            row.at("type").refuse("CALCULATION_LEFT_OUT", name=self.name)
            self.asking.names.variables[row.get("name")] = Variable("")
            return None
        self._leave_out()
        choices = self._choices()
        required = row.get("bind", "required")
        question = Question(
            name=self.name, kind=plan.kind, label=self._label(), hint=texts.text(row, "hint"),
            relevant=self.asking.relevance(row, self.repeat, self.name), constraint=self._constraint(),
            constraint_message=texts.text(row, "bind", "jr:constraintMsg"),
            is_required=required.lower() in YES,
            required_if="" if required.lower() in YES | NO else self._condition("bind", "required"),
            options=choices.options, option_filter=self._filter(choices), step=plan.step, minimum=plan.minimum,
            maximum=plan.maximum, unit=texts.plain(plan.unit), media_types=plan.media_types, expression=expression,
            is_long="multiline" in row.get("control", "appearance").split() or bool(self._parameters().get("rows")),
            order=Order.RANDOM if self._parameters().get("randomize") == "true" else Order.WRITTEN,
        )  # fmt: skip
        if plan.kind is Kind.SCALE:
            question = self._scale(question)
        return self._with_default(question)

    def other(self, question: Question) -> Question:
        """The text that says what "other" is."""
        languages = self.asking.languages
        name = self.asking.names.other(f"{self.name}_other")
        labels = {each: OTHER_QUESTIONS.get(each.split("-")[0], OTHER_QUESTIONS["en"]) for each in languages.tags}
        return Question(name=name, kind=Kind.TEXT, label=labels, relevant=f'selected({question.name}, "{OTHER}")')

    def _has_list(self) -> bool:
        if self.asking.lists.has(self.plan.list_name, is_external=self.plan.is_external):
            return True
        self.row.at("type").fault("UNKNOWN_LIST", list=self.plan.list_name)
        return False

    def _label(self) -> dict[str, str]:
        label = self.asking.languages.text(self.row, "label")
        if label or self.plan.kind is Kind.CALCULATED:
            return label
        self.row.at("label").change("LABEL_FROM_NAME", name=self.row.get("name"))
        return self.asking.languages.plain(self.row.get("name") or self.name)

    def _condition(self, *tokens: str) -> str:
        scope = Scope(self.asking.names.variables, self.name, self._gives(), self.repeat)
        return self.asking.condition(self.row, tokens, scope)

    def _constraint(self) -> str:
        scope = Scope(self.asking.names.variables, "value", self._gives(), self.repeat)
        return self.asking.condition(self.row, ("bind", "constraint"), scope)

    def _gives(self) -> Gives:
        return GIVES.get(self.plan.kind, Gives.TEXT)

    def _calculation(self) -> str:
        if self.plan.kind is not Kind.CALCULATED or self.plan.expression:
            return self.plan.expression
        scope = Scope(self.asking.names.variables, "", repeat=self.repeat)
        if self.row.get("bind", "calculate"):
            return self.asking.expression(self.row, ("bind", "calculate"), scope)
        default = self.row.get("default")
        return cel.text(default).source if default else ""

    def _choices(self) -> Choices:
        if self.plan.kind not in WITH_OPTIONS:
            return Choices(())
        found = self.asking.lists.read(
            self.plan.list_name, self.row.get("choice_filter"), is_external=self.plan.is_external
        )
        if self.plan.is_external:
            self.row.at("type").change("EXTERNAL_CHOICES_TAKEN_IN", list=self.plan.list_name)
        if not self.plan.has_other or any(option.code == OTHER for option in found.options):
            return found
        labels = {each: OTHER_LABELS.get(each.split("-")[0], "Other") for each in self.asking.languages.tags}
        return replace(found, options=(*found.options, Option(code=OTHER, label=labels, keeps_place=True)))

    def _filter(self, choices: Choices) -> str:
        """Where a choice stands several times in its list, the filter may hold for any of the times."""
        variables, tokens = self.asking.names.variables, ("choice_filter",)
        filters = [
            self.asking.condition(
                self.row, tokens, Scope(variables, self.name, self._gives(), self.repeat, fields=fields)
            )
            for fields in (choices.fields, *choices.more)
        ]
        if not filters[0] or len(filters) == 1:
            return filters[0]
        again = [
            cel.every(
                *(cel.answered(cel.Cel(f"option.{name}")) for name in fields.values() if name != "code"),
                cel.written(each),
            )
            for fields, each in zip(choices.more, filters[1:], strict=True)
        ]
        return cel.some(cel.written(filters[0]), *again).source

    def _parameters(self) -> Mapping[str, str]:
        from pyxform.errors import PyXFormError
        from pyxform.parsing.parameters import parse

        try:
            return parse(raw_parameters=self.row.get("parameters"), row_number=self.row.number)
        except PyXFormError:
            self.row.at("parameters").fault("BAD_PARAMETERS", value=self.row.get("parameters")[:100])
            return {}

    def _scale(self, question: Question) -> Question:
        given = self._parameters()
        try:
            least, most, step = (float(given.get(key, default)) for key, default in _RANGE)
        except ValueError:
            self.row.at("parameters").fault("BAD_PARAMETERS", value=self.row.get("parameters")[:100])
            return question
        if step <= 0 or least > most:
            self.row.at("parameters").fault("BAD_PARAMETERS", value=self.row.get("parameters")[:100])
            return question
        if (most - least) / step >= MOST_POINTS:
            question = replace(question, kind=Kind.NUMBER)
        question = replace(question, minimum=least, maximum=most, step=step)
        labels = given.get("tick_labelset")
        if not labels or question.kind is not Kind.SCALE:
            return question
        ticks = {option.code: option.label for option in self.asking.lists.read(labels).options}
        return replace(question, low_label=ticks.get(_written(least), {}), high_label=ticks.get(_written(most), {}))

    def _with_default(self, question: Question) -> Question:
        from pyxform.utils import default_is_dynamic

        written = self.row.get("default")
        if not written or question.kind in (Kind.CALCULATED, Kind.NOTE):
            return question
        if question.kind not in _DEFAULTS or default_is_dynamic(written, self.row.get("type")):
            self.row.at("default").refuse("DEFAULT_LEFT_OUT", value=written[:100])
            return question
        try:
            default = _DEFAULTS[question.kind](written)
        except ValueError:
            self.row.at("default").fault("BAD_DEFAULT", value=written[:100])
            return question
        codes = {option.code for option in question.options}
        if codes and not codes.issuperset(default if isinstance(default, list) else [default]):
            self.row.at("default").fault("BAD_DEFAULT", value=written[:100])
            return question
        return replace(question, default=default)

    def _leave_out(self) -> None:
        """Says what has no counterpart."""
        row = self.row
        for tokens, reason in _LEFT_OUT:
            if row.texts(*tokens):
                row.at(*tokens).refuse(reason)
        for kind in ("image", "big-image", "audio", "video"):
            if row.texts("media", kind):
                row.at("media", kind).refuse("MEDIA_LEFT_OUT", media=kind)
        look = [word for word in row.get("control", "appearance").split() if word not in _SHOWN]
        if look:
            row.at("control", "appearance").change("APPEARANCE_LEFT_OUT", value=" ".join(look))
        if "seed" in self._parameters():
            row.at("parameters").change("SEED_IS_OURS", value=self._parameters()["seed"])


_RANGE = (("start", "1"), ("end", "10"), ("step", "1"))
_LEFT_OUT = (
    (("guidance_hint",), "GUIDANCE_LEFT_OUT"),
    (("bind", "jr:requiredMsg"), "REQUIRED_MESSAGE_LEFT_OUT"),
    (("trigger",), "TRIGGER_LEFT_OUT"),
    (("intent",), "INTENT_LEFT_OUT"),
    (("bind", "entities:saveto"), "ENTITY_LEFT_OUT"),
)


def _number(written: str) -> float:
    return float(written)


def _instant(written: str) -> str:
    return written.replace(" ", "T")[:16]


_DEFAULTS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.NUMBER: _number,
    Kind.SCALE: _number,
    Kind.TEXT: str,
    Kind.PHONE: str,
    Kind.SINGLE: str,
    Kind.LIKERT: str,
    Kind.MULTIPLE: str.split,
    Kind.RANKING: str.split,
    Kind.DATE: lambda written: _instant(written)[:10],
    Kind.TIME: lambda written: written[:5],
    Kind.DATETIME: _instant,
}


def _written(number: float) -> str:
    return repr(number).removesuffix(".0")
