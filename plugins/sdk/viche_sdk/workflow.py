"""The rules of a kind of petition, as data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from viche_sdk import checks
from viche_sdk.anatomy import Rule, places_of, rules_of, texts_of
from viche_sdk.assurance import Assurance, SignersShown
from viche_sdk.basis import LegalBasis
from viche_sdk.channels import ONLINE, Channel, faults_of_channels, least_of, narrowed
from viche_sdk.clock_checks import faults_of_calendar, faults_of_clocks
from viche_sdk.clocks import Clock
from viche_sdk.figure_checks import faults_of_figures, values_of
from viche_sdk.figures import Claim, Figure, Reckoning, name_of
from viche_sdk.life import USUAL, ClosingEvent, Failure, Stage
from viche_sdk.life_checks import faults_of_life
from viche_sdk.localized import Localized
from viche_sdk.people import Committee, Complaint, Moderation, Sponsors, Vocabulary
from viche_sdk.settings import (
    FromSetting,
    Setting,
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
        valid_from: first day on which petitions are registered under this version, or open where that is the same.
        thresholds: at least one, ascending.
        clocks: the terms; one is called "collect".
        settings: what an authority can or must set; each is used somewhere.
        calendar: ISO 3166 code of the calendar by which working days are counted; empty where none are. Where it takes
            an optional setting that is empty, terms in working days count all days.
        stages: those of the usual life that it has.
        channels: the ways to sign.
        min_assurance: how surely signers must be known on every channel; those that cannot give it are left out.
        residents_only: whether signers must live in the territory of the authority.
        signatures_per_mailbox: how many people may sign from one mailbox.
        votes_against: whether people may also vote against.
        author_counts: whether the author counts as the first signer.
        author_shown: whether everybody may see the author's name.
        signers_shown: what everybody may see about those who signed.
        sponsors: how many must support a draft before it is checked; None where nobody must.
        committee: who must stand behind a petition; None where one person is enough.
        moderation: within which clock a draft is checked, and for which reasons it may be rejected.
        complaint: to whom an author may complain about a rejection.
        closing_events: what closes petitions before their time.
        failed: what becomes of a petition that has not reached its threshold.
        vocabulary: words that differ from the portal's.

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
    stages: tuple[Stage, ...] = USUAL
    channels: tuple[Channel, ...] = ONLINE
    min_assurance: Assurance | FromSetting = Assurance.EMAIL
    residents_only: Claim = True
    signatures_per_mailbox: Figure = 1
    votes_against: Claim = False
    author_counts: Claim = False
    author_shown: Claim = True
    signers_shown: SignersShown | FromSetting = SignersShown.NUMBER
    sponsors: Sponsors | None = None
    committee: Committee | None = None
    moderation: Moderation | None = None
    complaint: Complaint | None = None
    closing_events: tuple[ClosingEvent, ...] = ()
    failed: Failure = Failure()
    vocabulary: Vocabulary = Vocabulary()

    def __post_init__(self) -> None:
        """Refuse a workflow that contradicts itself."""
        faults = tuple(_faults_of(self))
        if faults:
            raise InvalidWorkflow(self.name, faults)

    def texts(self) -> Iterator[tuple[str, Localized]]:
        """Every text that people read, after its place in the workflow."""
        return texts_of(self)

    def rules(self) -> Iterator[Rule]:
        """Every rule that comes from an act, or from what an authority sets."""
        return rules_of(self)

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
        calendar = reckoning.text(self.calendar)
        channels = narrowed(self.channels, Assurance(reckoning.text(self.min_assurance)))
        return Terms(
            workflow=self.name,
            version=self.version,
            thresholds=thresholds,
            clocks=tuple(fixed for each in self.clocks if (fixed := each.fixed(reckoning, calendar))),
            calendar=calendar,
            stages=self.stages,
            channels=channels,
            min_assurance=least_of(channels),
            resident_of=self._resident_of(reckoning),
            signatures_per_mailbox=reckoning.number("signatures_per_mailbox", self.signatures_per_mailbox),
            legal_basis=self.legal_basis,
            votes_against=reckoning.claim("votes_against", self.votes_against),
            author_counts=reckoning.claim("author_counts", self.author_counts),
            author_shown=reckoning.claim("author_shown", self.author_shown),
            signers_shown=SignersShown(reckoning.text(self.signers_shown)),
            sponsors=reckoning.number("sponsors", self.sponsors.needed) if self.sponsors else 0,
            committee=self.committee.fixed(reckoning) if self.committee else None,
            closing_events=self.closing_events,
            failed=self.failed,
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
    yield from checks.faults_of_identity(workflow.name, workflow.version, workflow.valid_from)
    thresholds = [threshold.name for threshold in workflow.thresholds]
    yield from checks.faults_of_names("setting", [setting.name for setting in workflow.settings])
    yield from checks.faults_of_names("threshold", thresholds)
    yield from checks.faults_of_names("clock", [clock.name for clock in workflow.clocks])
    yield from checks.faults_of_names("closing event", [event.name for event in workflow.closing_events])
    reasons = workflow.moderation.reasons if workflow.moderation else ()
    yield from checks.faults_of_names("reason", [reason.code for reason in reasons])
    yield from checks.faults_of_texts(workflow.texts())
    for setting in workflow.settings:
        yield from checks.faults_of_setting(setting)
    yield from faults_of_figures(list(places_of(workflow)), workflow.settings)
    yield from checks.faults_of_thresholds(workflow.thresholds)
    yield from faults_of_clocks(workflow.clocks, thresholds)
    settings = {setting.name: setting for setting in workflow.settings}
    yield from faults_of_calendar(workflow.clocks, values_of(workflow.calendar, settings))
    yield from faults_of_channels(workflow.channels, values_of(workflow.min_assurance, settings))
    yield from faults_of_life(workflow)
