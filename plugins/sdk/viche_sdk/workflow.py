"""The rules of a kind of petition, as data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from viche_sdk import checks
from viche_sdk.assurance import Assurance, SignersShown
from viche_sdk.basis import LegalBasis
from viche_sdk.clock_checks import faults_of_calendar, faults_of_clocks
from viche_sdk.clocks import COLLECT, Clock
from viche_sdk.figure_checks import Place, faults_of_figures, values_of
from viche_sdk.figures import Claim, Figure, Reckoning, name_of
from viche_sdk.localized import Localized
from viche_sdk.settings import (
    FromSetting,
    Setting,
    SettingKind,
    SettingProblem,
    SettingReason,
    SettingsRefused,
    read_settings,
)
from viche_sdk.situation import Situation
from viche_sdk.terms import Terms
from viche_sdk.thresholds import FixedThreshold, Threshold


class InvalidWorkflow(ValueError):
    """A workflow contradicts itself; names every fault at once and says what to do."""

    def __init__(self, workflow: str, faults: tuple[str, ...]) -> None:
        """Keep the faults for reports."""
        self.workflow: str = workflow
        self.faults: tuple[str, ...] = faults
        super().__init__(f"workflow {workflow!r}: " + "; ".join(faults))


@dataclass(frozen=True, slots=True)
class Workflow:
    """How petitions of one kind open, collect and reach thresholds. A value, checked when it is made.

    A figure is a constant where the law fixes it, `FromSetting("name")` where the authority sets it, or an
    `Expression` where it depends on the authority; after the opening it is a number in the petition's `Terms`.

    Args:
        name: a slug that never changes, for instance "petition-local".
        version: digits and dots, for instance "1" or "2.1"; a new one for every change that touches terms.
        title: how people call this kind of petition.
        summary: in a sentence or two, who asks whom for what.
        legal_basis: the act and article that the rules come from.
        valid_from: first day on which petitions open under this version.
        thresholds: at least one, ascending.
        clocks: the terms; one is called "collect".
        settings: what an authority can or must set; each is used somewhere.
        calendar: ISO 3166 code of the calendar by which working days are counted; empty where none are.
        min_assurance: how surely signers must be known.
        residents_only: whether signers must live in the territory of the authority.
        signatures_per_mailbox: how many people may sign from one mailbox.
        signers_shown: what everybody may see about those who signed.

    Raises:
        InvalidWorkflow: it contradicts itself.
    """

    name: str
    version: str
    title: Localized
    summary: Localized
    legal_basis: LegalBasis
    valid_from: date
    thresholds: tuple[Threshold, ...]
    clocks: tuple[Clock, ...]
    settings: tuple[Setting, ...] = ()
    calendar: str | FromSetting = ""
    min_assurance: Assurance | FromSetting = Assurance.EMAIL
    residents_only: Claim = True
    signatures_per_mailbox: Figure = 1
    signers_shown: SignersShown = SignersShown.NUMBER

    def __post_init__(self) -> None:
        """Refuse a workflow that contradicts itself."""
        faults = tuple(_faults_of(self))
        if faults:
            raise InvalidWorkflow(self.name, faults)

    def texts(self) -> Iterator[tuple[str, Localized]]:
        """Every text that people read, after its place in the workflow."""
        yield from (("title", self.title), ("summary", self.summary))
        for place, basis in self.legal_bases():
            if basis:
                yield f"legal_basis of {place}" if place else "legal_basis", basis.act
        for threshold in self.thresholds:
            yield f"effect of threshold {threshold.name}", threshold.effect
        for clock in self.clocks:
            yield f"title of clock {clock.name}", clock.title
            if clock.notice:
                yield f"notice of clock {clock.name}", clock.notice
            if clock.extension:
                yield f"extension of clock {clock.name}", clock.extension.by
        for setting in self.settings:
            yield f"title of setting {setting.name}", setting.title
            yield f"help of setting {setting.name}", setting.help
            for choice in setting.choices:
                yield f"choice {choice.value} of setting {setting.name}", choice.title

    def legal_bases(self) -> Iterator[tuple[str, LegalBasis | None]]:
        """Where each rule comes from, after its place; None where it says nothing of its own."""
        yield "", self.legal_basis
        for threshold in self.thresholds:
            yield f"threshold {threshold.name}", threshold.legal_basis
        for clock in self.clocks:
            yield f"clock {clock.name}", clock.legal_basis

    def terms(self, settings: Mapping[str, str], situation: Situation) -> Terms:
        """The figures of a petition that opens now.

        Args:
            settings: what the authority has set, by name; a blank counts as not set.
            situation: what is known about the authority.

        Raises:
            SettingsRefused: settings are missing, unknown, of another kind or out of range, or a fact that a figure
                needs is not known; all problems are named.
        """
        values, problems = read_settings(self.settings, settings)
        if problems:
            raise SettingsRefused(self.name, problems)
        reckoning = Reckoning(situation, values)
        terms = self._fixed(reckoning)
        if reckoning.problems:
            raise SettingsRefused(self.name, reckoning.problems)
        return terms

    def _fixed(self, reckoning: Reckoning) -> Terms:
        thresholds = tuple(each.fixed(reckoning) for each in self.thresholds)
        if not reckoning.problems:
            reckoning.refuse(self._not_ascending(thresholds))
        clocks = tuple(fixed for each in self.clocks if (fixed := each.fixed(reckoning)))
        return Terms(
            workflow=self.name,
            version=self.version,
            thresholds=thresholds,
            clocks=clocks,
            calendar=reckoning.text(self.calendar),
            min_assurance=Assurance(reckoning.text(self.min_assurance)),
            resident_of=self._resident_of(reckoning),
            signatures_per_mailbox=reckoning.number("signatures_per_mailbox", self.signatures_per_mailbox),
            legal_basis=self.legal_basis,
            signers_shown=self.signers_shown,
        )

    def _resident_of(self, reckoning: Reckoning) -> str:
        code = reckoning.situation.territory_code
        if not reckoning.claim("residents_only", self.residents_only):
            return ""
        if not code:
            name = name_of(self.residents_only, "residents_only")
            reckoning.refuse([SettingProblem(name, SettingReason.NO_TERRITORY)])
        return code

    def _not_ascending(self, fixed: Sequence[FixedThreshold]) -> Iterator[SettingProblem]:
        """Figures that are each good and do not go together."""
        before = 0
        for threshold, given in zip(self.thresholds, fixed, strict=True):
            if given.signatures <= before:
                name = name_of(threshold.signatures, threshold.name)
                yield SettingProblem(name, SettingReason.NOT_ASCENDING, str(given.signatures), str(before))
            before = given.signatures


def _faults_of(workflow: Workflow) -> Iterator[str]:
    yield from checks.faults_of_identity(workflow.name, workflow.version)
    thresholds = [threshold.name for threshold in workflow.thresholds]
    yield from checks.faults_of_names("setting", [setting.name for setting in workflow.settings])
    yield from checks.faults_of_names("threshold", thresholds)
    yield from checks.faults_of_names("clock", [clock.name for clock in workflow.clocks])
    yield from checks.faults_of_texts(workflow.texts())
    for setting in workflow.settings:
        yield from checks.faults_of_setting(setting)
    yield from faults_of_figures(list(_places_of(workflow)), workflow.settings)
    yield from checks.faults_of_thresholds(workflow.thresholds)
    yield from faults_of_clocks(workflow.clocks, thresholds)
    settings = {setting.name: setting for setting in workflow.settings}
    yield from faults_of_calendar(workflow.clocks, values_of(workflow.calendar, settings))


def _places_of(workflow: Workflow) -> Iterator[Place]:
    number, claim, choice = SettingKind.INT, SettingKind.BOOL, SettingKind.CHOICE
    for threshold in workflow.thresholds:
        yield Place(f"threshold {threshold.name}", threshold.signatures, number)
        if threshold.minima:
            yield Place(f"territories of threshold {threshold.name}", threshold.minima.territories, number)
    for clock in workflow.clocks:
        yield Place(f"clock {clock.name}", clock.length, number, may_be_empty=clock.name != COLLECT)
        if clock.extension:
            yield Place(f"extension of clock {clock.name}", clock.extension.length, number, may_be_empty=True)
            if clock.extension.most_total is not None:
                name = f"most_total of clock {clock.name}"
                yield Place(name, clock.extension.most_total, number, may_be_empty=True)
    yield Place("calendar", workflow.calendar, choice)
    yield Place("signatures_per_mailbox", workflow.signatures_per_mailbox, number)
    yield Place("residents_only", workflow.residents_only, claim)
    yield Place("min_assurance", workflow.min_assurance, choice, Assurance)
