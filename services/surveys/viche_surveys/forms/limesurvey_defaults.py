"""Answers that LimeSurvey fills in at first: they come over where they are answers, not expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from viche_surveys.domain.defaults import default_faults
from viche_surveys.domain.definition import Group, Kind, Question
from viche_surveys.forms.limesurvey_file import Entry, Export
from viche_surveys.forms.words import name_of

if TYPE_CHECKING:
    from viche_surveys.forms.limesurvey import Form


@dataclass(frozen=True, slots=True)
class Default:
    """What is filled in for a question, or for one of its subquestions.

    Attributes:
        special: "other" where it is the text beside an option.
        texts: by language; "" is all.
    """

    part_id: str
    special: str
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """In the first language."""
        return next((each for each in self.texts.values() if each), "")


def defaults_of(export: Export) -> Mapping[str, Sequence[Default]]:
    """By id of the question."""
    words: dict[str, dict[str, str]] = {}
    for row in export.sections.get("defaultvalue_l10ns", ()):
        words.setdefault(row.get("dvid", ""), {})[row.get("language", "")] = row.get("defaultvalue", "")
    found: dict[str, dict[tuple[str, str], dict[str, str]]] = {}
    for row in export.sections.get("defaultvalues", ()):
        texts = words.get(row.get("dvid", ""), {row.get("language", ""): row.get("defaultvalue", "")})
        key = (row.get("sqid", "0"), row.get("specialtype", ""))
        found.setdefault(row.get("qid", ""), {}).setdefault(key, {}).update(texts)
    return {
        qid: [Default(part, special, texts) for (part, special), texts in each.items()] for qid, each in found.items()
    }


def filled(
    form: Form, entry: Entry, items: Iterable[Question | Group], defaults: Sequence[Default]
) -> Iterator[Question | Group]:
    """What a question became, with what is filled in at first."""
    left = [each for each in defaults if each.text]
    parts = {each.get("qid"): each for each in entry.below}
    for item in items:
        yield _with(form, entry, item, parts, left) if left else item
    for each in left:
        _refuse(form, entry, each)


def _with(
    form: Form, entry: Entry, item: Question | Group, parts: Mapping[str, Entry], left: list[Default]
) -> Question | Group:
    if isinstance(item, Group):
        return replace(item, items=tuple(_with(form, entry, each, parts, left) for each in item.items))
    own = [each for each in left if not each.special and _is_of(item, entry, parts.get(each.part_id), each)]
    value = _value(item, own, parts)
    question = replace(item, default=value)
    if value is None or list(default_faults("", question)):
        return item
    for each in own:
        left.remove(each)
        if len(set(filter(None, each.texts.values()))) > 1:
            form.place(f"question {entry.get('title')}, default").change(
                "ATTRIBUTE_CHANGED", attribute="default", value=f"in all languages: {each.text[:80]}"
            )
    return question


def _is_of(item: Question, entry: Entry, part: Entry | None, default: Default) -> bool:
    name = entry.get("name")
    if part is None:
        return default.part_id in ("", "0") and item.name == name
    return item.name == (name if item.kind is Kind.MULTIPLE else f"{name}_{name_of(part.get('title'))}")


def _value(item: Question, own: Sequence[Default], parts: Mapping[str, Entry]) -> Any:
    """In the shape of the kind; None where it is no answer."""
    texts = [each.text for each in own]
    if not own or any("{" in text for text in texts):
        return None
    match item.kind:
        case Kind.MULTIPLE:
            return [parts[each.part_id].get("title") for each in own if each.part_id in parts and each.text == "Y"]
        case Kind.NUMBER | Kind.SCALE:
            try:
                return float(texts[0].replace(",", "."))
            except ValueError:
                return None
        case Kind.SINGLE | Kind.LIKERT | Kind.TEXT | Kind.EMAIL | Kind.PHONE | Kind.DATE | Kind.TIME | Kind.DATETIME:
            return texts[0]
    return None


def _refuse(form: Form, entry: Entry, default: Default) -> None:
    form.place(f"question {entry.get('title')}, default").refuse("DEFAULT_LEFT_OUT", value=default.text[:100])
