"""What has to be known of all answers before the first row is written: how long lists and texts get."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from viche_surveys.domain.definition import Kind
from viche_surveys.exports.asked import Asked

TEXTS = frozenset({Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.TERRITORY, Kind.FILE, Kind.CALCULATED})


@dataclass(slots=True)
class Measures:
    """Grows with each answer that is taken.

    Attributes:
        longest: instances of a repeat, by its name.
        widths: bytes of the longest text, by question.
        results: what a calculated value was, by question: of the types bool, float and str.
    """

    longest: dict[str, int] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    results: dict[str, set[type]] = field(default_factory=dict)


class Measuring:
    """Measures answers.

    Args:
        needs_widths: whether the format has to know how wide texts get.
    """

    def __init__(self, questions: Iterable[Asked], *, needs_widths: bool) -> None:
        self.measures = Measures()
        self._repeats = {each.repeat for each in questions if each.repeat}
        self._kinds = {
            (each.repeat, each.question.name): each.question.kind
            for each in questions
            if each.question.kind is Kind.CALCULATED or (needs_widths and each.question.kind in TEXTS)
        }

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to measure."""
        return bool(self._repeats or self._kinds)

    def take(self, answers: Mapping[str, Any]) -> None:
        """Takes one response into account."""
        for repeat in self._repeats:
            instances = answers.get(repeat) or ()
            self.measures.longest[repeat] = max(self.measures.longest.get(repeat, 0), len(instances))
        for (repeat, name), kind in self._kinds.items():
            for where in answers.get(repeat) or () if repeat else (answers,):
                self._measure(name, kind, where.get(name))

    def _measure(self, name: str, kind: Kind, value: Any) -> None:
        if kind is Kind.FILE and isinstance(value, dict):
            value = value.get("name")
        if kind is Kind.CALCULATED and value is not None:
            self.measures.results.setdefault(name, set()).add(result_type(value))
            value = result_text(value)
        if isinstance(value, str):
            width = len(value) if value.isascii() else len(value.encode())
            self.measures.widths[name] = max(self.measures.widths.get(name, 0), width)


def result_type(value: Any) -> type:
    """What a calculated value is: bool, float or, all else, str."""
    return bool if isinstance(value, bool) else float if isinstance(value, int | float) else str


def result_text(value: Any) -> str:
    """A calculated value as a text, where others of them are texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return ", ".join(map(result_text, value)) if isinstance(value, list) else str(value)
