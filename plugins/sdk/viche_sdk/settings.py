"""Figures that an authority sets for a workflow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.localized import Localized

Value = int | bool | str
"""A setting once read: a number, yes or no, or the value of a choice."""

_MOST_DIGITS = 18
_SHOWN_CHARACTERS = 80


class SettingKind(StrEnum):
    """What may be entered."""

    INT = "int"
    BOOL = "bool"
    CHOICE = "choice"


class SettingReason(StrEnum):
    """Why a setting is refused. Stable: catalogues of sentences are keyed by it."""

    MISSING = "MISSING"
    UNKNOWN = "UNKNOWN"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    TOO_SMALL = "TOO_SMALL"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_BOOLEAN = "NOT_A_BOOLEAN"
    NOT_A_CHOICE = "NOT_A_CHOICE"
    NOT_ASCENDING = "NOT_ASCENDING"
    NO_TERRITORY = "NO_TERRITORY"
    NO_LEVEL = "NO_LEVEL"
    NO_POPULATION = "NO_POPULATION"
    NO_OPENING_DAY = "NO_OPENING_DAY"
    NO_REGISTRATION_DAY = "NO_REGISTRATION_DAY"
    NOT_COMPUTABLE = "NOT_COMPUTABLE"


_SENTENCES: Mapping[SettingReason, str] = {
    SettingReason.MISSING: "must be set",
    SettingReason.UNKNOWN: "is not a setting of this workflow; it has: {limit}",
    SettingReason.NOT_A_NUMBER: "must be a whole number in digits, not {value!r}",
    SettingReason.TOO_SMALL: "must be at least {limit}, not {value}",
    SettingReason.TOO_LARGE: "must be at most {limit}, not {value}",
    SettingReason.NOT_A_BOOLEAN: "must be true or false, not {value!r}",
    SettingReason.NOT_A_CHOICE: "must be one of {limit}, not {value!r}",
    SettingReason.NOT_ASCENDING: "must be above {limit}, the threshold before it, not {value}",
    SettingReason.NO_TERRITORY: "needs the territory code of the authority, and it has none; give it one",
    SettingReason.NO_LEVEL: "needs the level of the authority, which is not known; set it",
    SettingReason.NO_POPULATION: "needs the population of the authority's territory, which is not known; set it",
    SettingReason.NO_OPENING_DAY: "needs the day of opening, which is not known",
    SettingReason.NO_REGISTRATION_DAY: "needs the day of registration, which is not known",
    SettingReason.NOT_COMPUTABLE: "cannot be computed by {value!r}: {limit}",
}


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One setting that was refused, and why."""

    setting: str
    reason: SettingReason
    value: str = ""
    limit: str = ""

    def __str__(self) -> str:
        """A sentence for logs and developers; people read the one of the gateway's catalogues."""
        return f"{self.setting} {_SENTENCES[self.reason].format(value=self.value, limit=self.limit)}"


class SettingsRefused(ValueError):
    """Settings that give no terms; names every problem at once."""

    def __init__(self, workflow: str, problems: Iterable[SettingProblem]) -> None:
        """Keep the problems for whoever shows them field by field."""
        self.workflow: str = workflow
        self.problems: tuple[SettingProblem, ...] = tuple(problems)
        super().__init__(f"settings of {workflow}: " + "; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class FromSetting:
    """Stands in a workflow for a figure that the authority sets."""

    setting: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may be chosen, and how it is called."""

    value: str
    title: Localized


@dataclass(frozen=True, slots=True)
class Setting:
    """A figure that an authority sets.

    `default` is written as an operator would write it ("250", "true", "email"); None means that it must be set, or,
    where it is `optional`, that the rule which takes it is left out as long as it is empty.
    `minimum` and `maximum` are for numbers, both included; `choices` are for choices.
    """

    name: str
    title: Localized
    help: Localized
    kind: SettingKind
    default: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[Choice, ...] = ()
    optional: bool = False

    @property
    def is_required(self) -> bool:
        """Whether it must be set, since nothing stands in for it."""
        return self.default is None and not self.optional

    def read(self, text: str) -> Value | SettingProblem:
        """The value that an operator wrote, or why it is refused: another kind, out of range, no such choice."""
        match self.kind:
            case SettingKind.INT:
                return self._read_number(text)
            case SettingKind.BOOL:
                return text == "true" if text in ("true", "false") else self._refuse(SettingReason.NOT_A_BOOLEAN, text)
            case SettingKind.CHOICE:
                values = [choice.value for choice in self.choices]
                return text if text in values else self._refuse(SettingReason.NOT_A_CHOICE, text, ", ".join(values))

    def _read_number(self, text: str) -> int | SettingProblem:
        if not (text.isascii() and text.isdigit()):
            return self._refuse(SettingReason.NOT_A_NUMBER, text)
        number = int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS
        if self.minimum is not None and number < self.minimum:
            return self._refuse(SettingReason.TOO_SMALL, text, str(self.minimum))
        if self.maximum is not None and number > self.maximum:
            return self._refuse(SettingReason.TOO_LARGE, text, str(self.maximum))
        return number

    def _refuse(self, reason: SettingReason, value: str, limit: str = "") -> SettingProblem:
        return SettingProblem(self.name, reason, value[:_SHOWN_CHARACTERS], limit)


def read_settings(
    declared: Iterable[Setting], given: Mapping[str, str]
) -> tuple[Mapping[str, Value], tuple[SettingProblem, ...]]:
    """Read what an authority has set; a blank counts as not set.

    Returns:
        The values of those that are good, defaults included, and the problems of all others. Optional settings that
        are empty are in neither.
    """
    by_name = {setting.name: setting for setting in declared}
    values: dict[str, Value] = {}
    known = ", ".join(by_name) or "none"
    problems = [SettingProblem(name, SettingReason.UNKNOWN, "", known) for name in sorted(set(given) - set(by_name))]
    for setting in by_name.values():
        text = given.get(setting.name, "") or setting.default
        if text is None and setting.optional:
            continue
        read = setting.read(text) if text is not None else SettingProblem(setting.name, SettingReason.MISSING)
        if isinstance(read, SettingProblem):
            problems.append(read)
        else:
            values[setting.name] = read
    return values, tuple(problems)
