"""Cases whose outcome is known: from the act, a charter, or a published result."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viche_sdk.assurance import Assurance
from viche_sdk.settings import SettingReason, SettingsRefused
from viche_sdk.situation import Situation
from viche_sdk.terms import Terms
from viche_sdk.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Figures:
    """What the terms must say; None where the source is silent."""

    thresholds: Mapping[str, int]
    open_days: int
    min_assurance: Assurance | None = None
    resident_of: str | None = None
    signatures_per_mailbox: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Which settings must be refused, and why."""

    reasons: Mapping[str, SettingReason]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One authority in its situation, with its settings, and what must come out.

    `source` is where the outcome can be looked up: an address, or act and article.
    `workflow` may be empty in a plugin that brings only one.
    """

    name: str
    source: str
    settings: Mapping[str, str]
    expected: Figures | Refused
    situation: Situation = Situation()
    workflow: str = ""

    def differences(self, workflow: Workflow) -> Iterator[str]:
        """What comes out differently from what is expected; nothing when the case holds."""
        if not self.source.strip():
            yield "it names no source"
        try:
            terms = workflow.terms(self.settings, self.situation)
        except SettingsRefused as refused:
            yield from self._differences_of_refusal(refused)
        else:
            yield from self._differences_of_terms(terms)

    def _differences_of_refusal(self, refused: SettingsRefused) -> Iterator[str]:
        if not isinstance(self.expected, Refused):
            yield str(refused)
            return
        found = {problem.setting: problem.reason for problem in refused.problems}
        if found != dict(self.expected.reasons):
            yield f"refused for {_shown(found)}, expected {_shown(self.expected.reasons)}"

    def _differences_of_terms(self, terms: Terms) -> Iterator[str]:
        if isinstance(self.expected, Refused):
            yield f"it was accepted, expected a refusal for {_shown(self.expected.reasons)}"
            return
        found = {each.name: each.signatures for each in terms.thresholds}
        for what, given, wanted in (
            ("thresholds", found, dict(self.expected.thresholds)),
            ("open_days", terms.open_days, self.expected.open_days),
            ("min_assurance", terms.min_assurance, self.expected.min_assurance),
            ("resident_of", terms.resident_of, self.expected.resident_of),
            ("signatures_per_mailbox", terms.signatures_per_mailbox, self.expected.signatures_per_mailbox),
        ):
            if wanted is not None and given != wanted:
                yield f"{what} is {given}, expected {wanted}"


def _shown(reasons: Mapping[str, SettingReason]) -> str:
    return ", ".join(f"{setting} ({reason})" for setting, reason in sorted(reasons.items())) or "nothing"
