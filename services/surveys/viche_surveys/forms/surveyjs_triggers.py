"""Triggers of SurveyJS, as far as a survey without steps can say them.

A trigger acts once, when its expression becomes true; here conditions always hold, both ways. "complete" hides the
pages after the last one that it asks for. What sets a value that nobody answers is a calculated value: null where no
trigger holds, and of several the last. What changes an answer of a person does not come over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from viche_surveys.domain.definition import Group, Kind, Page, Question
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel
from viche_surveys.forms.report import Place
from viche_surveys.forms.scope import Untranslatable
from viche_surveys.forms.surveyjs_expressions import Names, decided, names_of, translated

if TYPE_CHECKING:
    from viche_surveys.forms.surveyjs import Form

Json = Mapping[str, Any]
_NULL = Cel("null")
_OPERATORS = {
    "equal": "=", "notequal": "<>", "greater": ">", "less": "<", "greaterorequal": ">=", "lessorequal": "<=",
    "contains": "contains", "notcontains": "notcontains", "anyof": "anyof", "allof": "allof",
}  # fmt: skip
_ALONE = ("empty", "notempty")


def know(form: Form, triggers: Sequence[Any]) -> None:
    """Names of values that triggers set and nobody answers, before any expression is read."""
    for each in triggers:
        written = str(each.get("setToName") or "") if isinstance(each, dict) else ""
        if written and written not in form.variables and each.get("type") in _SETTING:
            name = form.free(written)
            form.names[_key(written)] = name
            form.variables[written] = Cel(name, names=(name,))


def applied(form: Form, pages: list[Page], triggers: Sequence[Any]) -> list[Page]:
    """The pages with what triggers say; the rest is in the report."""
    values: dict[str, tuple[Cel, set[str], Place]] = {}
    if not pages:
        return pages
    for index, trigger in enumerate(triggers):
        place = form.at(f"/triggers/{index}")
        type_ = str(trigger.get("type", "")) if isinstance(trigger, dict) else ""
        written = str(trigger.get("setToName") or "") if isinstance(trigger, dict) else ""
        try:
            if type_ == "complete":
                pages = _ended(form, pages, trigger, place)
                continue
            if type_ in _SETTING and _key(written) in form.names:
                before, earlier, _ = values.get(written, (_NULL, set(), place))
                condition, asked = _condition(form, trigger)
                value = _SETTING[type_](form, trigger)
                values[written] = (cel.choice(condition, value, before), {*earlier, *asked, *value.names}, place)
                continue
        except Untranslatable as fault:
            place.refuse(fault.reason, **fault.values, expression=str(trigger.get("expression", ""))[:200])
        place.refuse("TRIGGER_LEFT_OUT", type=type_)
    for written, (value, asked, place) in values.items():
        made = Question(name=form.names[_key(written)], kind=Kind.CALCULATED, expression=value.source)
        pages = _after(pages, asked, made)
        place.change("ATTRIBUTE_CHANGED", attribute="setToName", value=f"{made.name} is calculated anew all the time")
    return pages


def _after(pages: Sequence[Page], asked: set[str], made: Question) -> list[Page]:
    """The pages with a calculated value right after the last item that it asks for."""
    last = _last(pages, asked)
    items = pages[last].items
    place = max((index for index, item in enumerate(items) if asked & _names([item])), default=-1) + 1
    page = replace(pages[last], items=(*items[:place], made, *items[place:]))
    return [*pages[:last], page, *pages[last + 1 :]]


def _ended(form: Form, pages: list[Page], trigger: Json, place: Place) -> list[Page]:
    condition, asked = _condition(form, trigger)
    last = _last(pages, asked)
    goes_on = cel.negated(condition).source
    place.change("ATTRIBUTE_CHANGED", attribute="complete", value=f"{len(pages) - last - 1} pages after it are hidden")
    return [
        page if index <= last else replace(page, relevant=cel.all_of([page.relevant, goes_on]))
        for index, page in enumerate(pages)
    ]


def _condition(form: Form, trigger: Json) -> tuple[Cel, set[str]]:
    """When it acts, and the questions that it asks for."""
    source = str(trigger.get("expression") or "") or _of_old(trigger)
    found = decided(source, Names(form.variables, {}, form.booleans))
    return found, {form.names_in_cel(each) for each in names_of(source)}


def _of_old(trigger: Json) -> str:
    """The expression of a trigger that has a name, an operator and a value."""
    operator = str(trigger.get("operator") or "equal")
    name = str(trigger.get("name") or "")
    if not name or (operator not in _OPERATORS and operator not in _ALONE):
        raise Untranslatable("EXPRESSION_SYNTAX", text=operator, at="1")
    if operator in _ALONE:
        return f"{{{name}}} {operator}"
    return f"{{{name}}} {_OPERATORS[operator]} {_literal(trigger.get('value'))}"


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (bool, int, float)) else json.dumps(str(value))


def _value_set(form: Form, trigger: Json) -> Cel:
    value = trigger.get("setValue")
    if isinstance(value, bool):
        return cel.truth(value)
    if isinstance(value, (int, float)):
        return cel.number(float(value))
    if isinstance(value, str):
        return cel.text(value)
    raise Untranslatable("EXPRESSION_NOT_TAKEN", function="setValue")


def _value_copied(form: Form, trigger: Json) -> Cel:
    return translated(f"{{{trigger.get('fromName') or ''}}}", Names(form.variables, {}, form.booleans))


def _value_run(form: Form, trigger: Json) -> Cel:
    return translated(str(trigger.get("runExpression") or ""), Names(form.variables, {}, form.booleans))


_SETTING = {"setvalue": _value_set, "copyvalue": _value_copied, "runexpression": _value_run}
"""Triggers that set a value, and how it is said."""


def _last(pages: Sequence[Page], asked: set[str]) -> int:
    return max((index for index, page in enumerate(pages) if asked & _names(page.items)), default=0)


def _names(items: Sequence[Question | Group]) -> set[str]:
    found = {item.name for item in items}
    return found.union(*(_names(item.items) for item in items if isinstance(item, Group)))


def _key(written: str) -> str:
    return f"/triggers/{written}"
