"""Bounds, validators and default answers of SurveyJS."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.limits import FORMATS, is_instant
from viche_surveys.forms import cel
from viche_surveys.forms.scope import GIVES

if TYPE_CHECKING:
    from viche_surveys.forms.surveyjs import Json
    from viche_surveys.forms.surveyjs_questions import Making

MOST_POINTS = 11


def bounded(making: Making, question: Question, type_: str) -> Question | None:
    """The question with the least and the most that it takes."""
    element = making.element
    if type_ == "slider" and element.get("sliderType") == "range":
        making.at("sliderType").refuse("TYPE_NOT_TAKEN", name=element.get("name", ""), type="range slider")
        return None
    if question.kind is Kind.SCALE:
        question = _scale(making, question, type_)
    elif question.kind is Kind.NUMBER:
        step = _number(element.get("step"))
        question = replace(
            question, minimum=_number(element.get("min")), maximum=_number(element.get("max")), step=step
        )
    elif question.kind in FORMATS:
        least, most = (_instant(making, question.kind, each) for each in ("min", "max"))
        question = replace(question, earliest=least, latest=most)
    elif question.kind in (Kind.MULTIPLE, Kind.RANKING):
        least, most = (_whole(element.get(each)) for each in ("minSelectedChoices", "maxSelectedChoices"))
        question = replace(question, min_selected=least, max_selected=most)
    if question.kind is Kind.TEXT:
        question = replace(question, max_length=_whole(element.get("maxLength")))
    return _validated(making, question)


def with_default(making: Making, question: Question) -> Question:
    """The question with the answer that is filled in at first."""
    value = making.element.get("defaultValue")
    if value is None or question.kind in (Kind.NOTE, Kind.FILE):
        return question
    default: Any = None
    codes = {option.code for option in question.options}
    match question.kind:
        case Kind.NUMBER | Kind.SCALE:
            default = _number(value)
        case Kind.MULTIPLE | Kind.RANKING if isinstance(value, list):
            default = [_code(each) for each in value] if codes.issuperset(map(_code, value)) else None
        case Kind.SINGLE | Kind.LIKERT if _code(value) in codes:
            default = _code(value)
        case Kind.TEXT | Kind.EMAIL | Kind.PHONE if isinstance(value, str):
            default = value
        case Kind.DATE | Kind.TIME | Kind.DATETIME if isinstance(value, str):
            default = value if is_instant(question.kind, value) else None
        case Kind.MATRIX if isinstance(value, dict):
            rows = {row.code for row in question.rows}
            default = value if rows.issuperset(value) and codes.issuperset(map(str, value.values())) else None
    if default is None:
        making.at("defaultValue").refuse("DEFAULT_LEFT_OUT", value=str(value)[:100])
    return replace(question, default=default)


def _scale(making: Making, question: Question, type_: str) -> Question:
    element = making.element
    names = ("min", "max", "step") if type_ == "slider" else ("rateMin", "rateMax", "rateStep")
    least, most, step = (_number(element.get(name)) for name in names)
    count = _whole(element.get("rateCount"))
    least = least if least is not None else (0.0 if type_ == "slider" else 1.0)
    most = most if most is not None else 100.0 if type_ == "slider" else least + count - 1 if count else 5.0
    step = step or 1.0
    if step < 0 or most < least:
        making.at().fault("BAD_PARAMETERS", value=f"{least:g}, {most:g}, {step:g}")
        return question
    kind = Kind.SCALE if (most - least) / step < MOST_POINTS else Kind.NUMBER
    question = replace(question, kind=kind, minimum=least, maximum=most, step=step)
    if kind is Kind.NUMBER:
        return question
    return replace(
        question, low_label=making.text("minRateDescription"), high_label=making.text("maxRateDescription")
    )  # fmt: skip


def _validated(making: Making, question: Question) -> Question:
    constraints: list[str] = []
    message: dict[str, str] = {}
    for below, each in making.form.elements(making.element, making.pointer, "validators"):
        question, constraint = _applied(making, question, each, below)
        if constraint:
            constraints.append(constraint)
        message = message or making.form.text(each.get("text"), f"{below}/text", making.context)
    return replace(question, constraint=cel.all_of(constraints), constraint_message=message)


def _applied(making: Making, question: Question, validator: Json, place: str) -> tuple[Question, str]:
    """The question with what a validator asks for, and the constraint that it adds."""
    match str(validator.get("type", "")).removesuffix("validator"):
        case "numeric" if question.kind in (Kind.NUMBER, Kind.SCALE):
            least, most = _number(validator.get("minValue")), _number(validator.get("maxValue"))
            return replace(question, minimum=_or(least, question.minimum), maximum=_or(most, question.maximum)), ""
        case "numeric":
            parts = (
                [f"number(value) >= {cel.number(least).source}"]
                if (least := _number(validator.get("minValue"))) is not None
                else []
            )
            if (most := _number(validator.get("maxValue"))) is not None:
                parts.append(f"number(value) <= {cel.number(most).source}")
            return question, " && ".join(["answered(number(value))", *parts])
        case "text":
            least, most = _whole(validator.get("minLength")), _whole(validator.get("maxLength"))
            digits = validator.get("allowDigits") is False
            changed = replace(
                question, min_length=_or(least, question.min_length), max_length=_or(most, question.max_length)
            )
            return changed, '!value.matches("[0-9]")' if digits else ""
        case "answercount":
            least, most = _whole(validator.get("minCount")), _whole(validator.get("maxCount"))
            return replace(question, min_selected=least, max_selected=most), ""
        case "regex":
            flags = "(?i)" if validator.get("caseInsensitive") or validator.get("insensitive") else ""
            return question, f"value.matches({cel.text(flags + str(validator.get('regex', ''))).source})"
        case "email":
            return (replace(question, kind=Kind.EMAIL) if question.kind is Kind.TEXT else question), ""
        case "expression":
            own = (str(making.element.get("name")), GIVES.get(question.kind, cel.Gives.TEXT))
            return question, making.form.condition(
                validator.get("expression"), f"{place}/expression", making.context, own
            )
    making.form.at(f"{place}/type").fault("UNKNOWN_TYPE", type=validator.get("type", ""))
    return question, ""


def _instant(making: Making, kind: Kind, name: str) -> str:
    written = making.element.get(name)
    if written is None or written == "":
        return ""
    if isinstance(written, str) and is_instant(kind, written[:16] if kind is Kind.DATETIME else written):
        return written[:16]
    making.at(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=str(written)[:100])
    return ""


def _number(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value.strip()):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    found = _number(value)
    return int(found) if found and found > 0 else None


def _or(first: Any, second: Any) -> Any:
    return second if first is None else first


def _code(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
