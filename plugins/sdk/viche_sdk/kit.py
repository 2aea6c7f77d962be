"""What the conformance kit looks at in one workflow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from viche_sdk.deadlines import Deadline
from viche_sdk.figure_checks import settings_taken
from viche_sdk.golden import Figures, GoldenCase
from viche_sdk.localized import REQUIRED_LANGUAGES
from viche_sdk.settings import Setting, SettingKind, SettingReason, SettingsRefused
from viche_sdk.simulation import simulate
from viche_sdk.terms import BadTerms, Terms
from viche_sdk.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Check:
    """One claim about a plugin; `fault` says what is wrong and what to do, and is empty when the claim holds."""

    claim: str
    fault: str = ""

    @property
    def passed(self) -> bool:
        """Whether the claim holds."""
        return not self.fault

    def __str__(self) -> str:
        """One line of the list that a failed test prints."""
        return f"  ok    {self.claim}" if self.passed else f"  FAIL  {self.claim}: {self.fault}"


def checks_of_workflow(workflow: Workflow, golden: Sequence[GoldenCase]) -> Iterator[Check]:
    """Texts, validity, golden cases, bad settings and storage of one workflow."""
    here = f"workflow {workflow.name} {workflow.version}"
    yield from _texts(here, workflow)
    yield _legal_bases(here, workflow)
    yield Check(f"{here}: has a golden case", "" if golden else "add a GoldenCase with its source")
    for case in golden:
        faults = "; ".join(case.differences(workflow))
        yield Check(f"{here}: golden case {case.name!r} ({case.source})", faults)
    good = next((case for case in golden if isinstance(case.expected, Figures)), None)
    if good is None:
        return
    yield Check(f"{here}: terms survive storage", _storage_fault(workflow, good))
    yield Check(f"{here}: its deadlines can be counted and survive storage", _deadlines_fault(workflow, good))
    for setting in workflow.settings:
        for text, reason in _bad_values(setting):
            claim = f"{here}: setting {setting.name} refuses {text!r} as {reason}"
            yield Check(claim, _refusal_fault(workflow, good, {setting.name: text}, reason))
    claim = f"{here}: a setting of another name is refused"
    yield Check(claim, _refusal_fault(workflow, good, {"no_such_setting": "1"}, SettingReason.UNKNOWN))


def _texts(here: str, workflow: Workflow) -> Iterator[Check]:
    for language in REQUIRED_LANGUAGES:
        missing = [place for place, text in workflow.texts() if text.missing((language,))]
        yield Check(f"{here}: every text is there in {language}", f"write {', '.join(missing)}" if missing else "")


def _legal_bases(here: str, workflow: Workflow) -> Check:
    without = [
        rule.place
        for rule in workflow.rules()
        if not rule.legal_basis and not any(settings_taken(figure) for figure in rule.figures)
    ]
    claim = f"{here}: every rule has a legal basis or takes its figure from a setting"
    return Check(claim, f"give a LegalBasis to {', '.join(without)}" if without else "")


def _deadlines_fault(workflow: Workflow, case: GoldenCase) -> str:
    first_day = datetime.combine(workflow.valid_from, time(12), tzinfo=UTC)
    try:
        course = simulate(
            workflow,
            case.situation,
            case.settings,
            opened_at=case.opened_at or first_day,
            zone=case.zone or ZoneInfo("UTC"),
            until={clock.starts_at: first_day for clock in workflow.clocks} | dict(case.events),
        )
        again = [Deadline.from_json(deadline.to_json()) for deadline in course.deadlines]
    except (SettingsRefused, ValueError, OverflowError) as fault:
        return str(fault)
    return "" if tuple(again) == course.deadlines else f"counted {course.deadlines}, read back {again}"


def _storage_fault(workflow: Workflow, case: GoldenCase) -> str:
    try:
        terms = workflow.terms(case.settings, case.situation)
        again = Terms.from_json(terms.to_json())
    except (SettingsRefused, BadTerms) as fault:
        return str(fault)
    return "" if again == terms else f"stored {terms}, read back {again}"


def _bad_values(setting: Setting) -> Iterator[tuple[str, SettingReason]]:
    """Values that the setting must refuse, and as what."""
    match setting.kind:
        case SettingKind.INT:
            yield "many", SettingReason.NOT_A_NUMBER
            yield "-1", SettingReason.NOT_A_NUMBER
            if setting.minimum:
                yield str(setting.minimum - 1), SettingReason.TOO_SMALL
            if setting.maximum is not None:
                yield str(setting.maximum + 1), SettingReason.TOO_LARGE
        case SettingKind.BOOL:
            yield "maybe", SettingReason.NOT_A_BOOLEAN
        case SettingKind.CHOICE:
            yield "none-of-these", SettingReason.NOT_A_CHOICE
    if setting.is_required:
        yield "", SettingReason.MISSING


def _refusal_fault(workflow: Workflow, good: GoldenCase, changed: Mapping[str, str], reason: SettingReason) -> str:
    try:
        workflow.terms({**good.settings, **changed}, good.situation)
    except SettingsRefused as refused:
        found = {problem.setting: problem.reason for problem in refused.problems}
        return "" if all(found.get(name) is reason for name in changed) else f"refused otherwise: {refused}"
    return "it was accepted"
