"""Cases whose outcome is known: from the act, a charter, or a published result."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from viche_sdk.assurance import Assurance
from viche_sdk.events import Happening
from viche_sdk.minima import Minima
from viche_sdk.settings import SettingReason, SettingsRefused
from viche_sdk.simulation import simulate
from viche_sdk.situation import Situation
from viche_sdk.terms import Terms
from viche_sdk.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Outcome:
    """So many signatures, in total and by territory, and the thresholds that they reach."""

    total: int
    reached: tuple[str, ...]
    by_territory: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """What must come out; None where the source is silent.

    `minima` are by threshold. `deadlines` have the last day of each clock that the source speaks of; they need
    `opened_at` and `zone` of the case.
    """

    thresholds: Mapping[str, int]
    open_days: int | None = None
    min_assurance: Assurance | None = None
    resident_of: str | None = None
    signatures_per_mailbox: int | None = None
    minima: Mapping[str, Minima] | None = None
    deadlines: Mapping[str, date] | None = None
    outcomes: tuple[Outcome, ...] = ()
    votes_against: bool | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Which settings, or which facts a rule lacks, must be refused, and why."""

    reasons: Mapping[str, SettingReason]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One authority in its situation, with its settings, and what must come out.

    `source` is where the outcome can be looked up: an address, or act and article.
    `workflow` may be empty in a plugin that brings only one. Of several versions, the one in force when the case is
    registered, or else opens, is meant, or the newest where it does not say.
    `events` says when events happened; the others happen at the end of their clocks.
    """

    name: str
    source: str
    settings: Mapping[str, str]
    expected: Figures | Refused
    situation: Situation = Situation()
    workflow: str = ""
    opened_at: datetime | None = None
    zone: ZoneInfo | None = None
    events: Mapping[Happening, datetime] = field(default_factory=dict)

    @property
    def ruled_on(self) -> date | None:
        """The day whose version of the rules holds, where the authority is; None when the case does not say."""
        if self.situation.registered_on:
            return self.situation.registered_on
        if self.opened_at and self.zone:
            return self.opened_at.astimezone(self.zone).date()
        return self.situation.opened_on

    def differences(self, workflow: Workflow) -> Iterator[str]:
        """What comes out differently from what is expected; nothing when the case holds."""
        if not self.source.strip():
            yield "it names no source"
        try:
            terms = workflow.terms(self.settings, self.situation)
        except SettingsRefused as refused:
            yield from self._differences_of_refusal(refused)
            return
        if isinstance(self.expected, Refused):
            yield f"it was accepted, expected a refusal for {_shown(self.expected.reasons)}"
            return
        yield from _differences_of_terms(terms, self.expected)
        if self.expected.deadlines is not None:
            yield from self._differences_of_deadlines(workflow, self.expected.deadlines)

    def _differences_of_refusal(self, refused: SettingsRefused) -> Iterator[str]:
        if not isinstance(self.expected, Refused):
            yield str(refused)
            return
        found = {problem.setting: problem.reason for problem in refused.problems}
        if found != dict(self.expected.reasons):
            yield f"refused for {_shown(found)}, expected {_shown(self.expected.reasons)}"

    def _differences_of_deadlines(self, workflow: Workflow, expected: Mapping[str, date]) -> Iterator[str]:
        if self.opened_at is None or self.zone is None:
            yield "it has deadlines: say opened_at and zone"
            return
        course = simulate(
            workflow, self.situation, self.settings, opened_at=self.opened_at, zone=self.zone, until=self.events
        )
        found = {deadline.clock: deadline for deadline in course.deadlines}
        for clock, day in expected.items():
            if clock not in found:
                yield f"clock {clock} does not start, expected it to end with {day}"
            elif found[clock].last_day != day:
                yield f"clock {clock} ends with {found[clock].last_day}, expected {day} ({found[clock].explain()})"


def _differences_of_terms(terms: Terms, expected: Figures) -> Iterator[str]:
    for what, given, wanted in (
        ("thresholds", {each.name: each.signatures for each in terms.thresholds}, dict(expected.thresholds)),
        ("open_days", terms.open_days, expected.open_days),
        ("min_assurance", terms.min_assurance, expected.min_assurance),
        ("resident_of", terms.resident_of, expected.resident_of),
        ("signatures_per_mailbox", terms.signatures_per_mailbox, expected.signatures_per_mailbox),
        ("minima", *_minima(terms, expected)),
        ("votes_against", terms.votes_against, expected.votes_against),
    ):
        if wanted is not None and given != wanted:
            yield f"{what} is {given}, expected {wanted}"
    for outcome in expected.outcomes:
        reached = terms.reached(outcome.total, outcome.by_territory)
        if reached != outcome.reached:
            yield f"{outcome.total} signatures reach {_listed(reached)}, expected {_listed(outcome.reached)}"


def _minima(terms: Terms, expected: Figures) -> tuple[object, object]:
    """Minima as they are and as they must be; the latter None where the source is silent."""
    given = {each.name: each.minima for each in terms.thresholds if each.minima}
    wanted = expected.minima
    return (
        {name: (each.territories, dict(each.per_territory)) for name, each in given.items()},
        wanted and {name: (each.territories, dict(each.per_territory)) for name, each in wanted.items()},
    )


def _shown(reasons: Mapping[str, SettingReason]) -> str:
    return ", ".join(f"{setting} ({reason})" for setting, reason in sorted(reasons.items())) or "nothing"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
