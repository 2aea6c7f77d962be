"""Figures of a workflow, and what they come to for one petition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from viche_sdk.expressions import Expression, NotComputable, evaluated
from viche_sdk.settings import FromSetting, SettingProblem, SettingReason, Value
from viche_sdk.situation import UNKNOWN, Situation

Figure = int | FromSetting | Expression
"""A number: a constant where the law fixes it, or set by the authority, or an expression over the situation."""

Claim = bool | FromSetting | Expression
"""Yes or no, in the same three ways."""


@dataclass(slots=True)
class Reckoning:
    """Turns the figures of a workflow into numbers, and collects what is wrong with them on the way.

    While there are problems, what it returns stands in for a number and means nothing.
    """

    situation: Situation
    values: Mapping[str, Value]
    problems: list[SettingProblem] = field(default_factory=list)

    def is_left_out(self, *figures: Figure | None) -> bool:
        """Whether one of them takes an optional setting that is empty."""
        return any(isinstance(each, FromSetting) and each.setting not in self.values for each in figures)

    def number(self, name: str, figure: Figure, most: int | None = None) -> int:
        """A whole number of 1 or more.

        Args:
            name: of the rule, for problems that are not those of a setting.
            figure: where it comes from.
            most: a larger one is refused.
        """
        value = self._value(name, figure)
        if not isinstance(value, int) or isinstance(value, bool):
            return self._refuse(SettingProblem(name_of(figure, name), SettingReason.NOT_A_NUMBER, str(value)))
        if value < 1:
            return self._refuse(SettingProblem(name_of(figure, name), SettingReason.TOO_SMALL, str(value), "1"))
        if most is not None and value > most:
            return self._refuse(SettingProblem(name_of(figure, name), SettingReason.TOO_LARGE, str(value), str(most)))
        return value

    def claim(self, name: str, claim: Claim) -> bool:
        """Yes or no."""
        value = self._value(name, claim)
        if not isinstance(value, bool):
            self._refuse(SettingProblem(name_of(claim, name), SettingReason.NOT_A_BOOLEAN, str(value)))
        return bool(value)

    def text(self, text: str | FromSetting) -> str:
        """A text, or the value of a choice; empty where the choice is left out."""
        return str(self.values.get(text.setting, "")) if isinstance(text, FromSetting) else text

    def refuse(self, problems: Iterable[SettingProblem]) -> None:
        """Notes problems that were found elsewhere."""
        self.problems.extend(problems)

    def _value(self, name: str, figure: Figure | Claim) -> object:
        if isinstance(figure, FromSetting):
            return self.values[figure.setting]
        if not isinstance(figure, Expression):
            return figure
        try:
            return evaluated(figure, self.situation.facts(), self.values)
        except NotComputable as fault:
            reason = UNKNOWN.get(fault.unknown, SettingReason.NOT_COMPUTABLE)
            self.problems.append(SettingProblem(name, reason, figure.source, str(fault)))
            return 1

    def _refuse(self, problem: SettingProblem) -> int:
        self.problems.append(problem)
        return 1


def name_of(figure: object, otherwise: str) -> str:
    """The setting that a figure takes, or the name of the rule."""
    return figure.setting if isinstance(figure, FromSetting) else otherwise
