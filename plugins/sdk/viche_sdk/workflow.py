"""The rules of a kind of petition, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from viche_sdk import checks
from viche_sdk.checks import Figure
from viche_sdk.localized import Localized
from viche_sdk.settings import (
    FromSetting,
    Setting,
    SettingKind,
    SettingProblem,
    SettingReason,
    SettingsRefused,
    Value,
    read_settings,
)
from viche_sdk.terms import Assurance, FixedThreshold, SignersShown, Terms


class InvalidWorkflow(ValueError):
    """A workflow contradicts itself; names every fault at once and says what to do."""

    def __init__(self, workflow: str, faults: tuple[str, ...]) -> None:
        """Keep the faults for reports."""
        self.workflow: str = workflow
        self.faults: tuple[str, ...] = faults
        super().__init__(f"workflow {workflow!r}: " + "; ".join(faults))


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of signatures, and what happens when it is reached."""

    name: str
    signatures: int | FromSetting
    effect: Localized


@dataclass(frozen=True, slots=True)
class Workflow:
    """How petitions of one kind open, collect and reach thresholds. A value, checked when it is made.

    A figure is a constant where the law fixes it, or `FromSetting("name")` where the authority sets it.

    Args:
        name: a slug that never changes, for instance "petition-local".
        version: digits and dots, for instance "1" or "2.1"; a new one for every change that touches terms.
        title: how people call this kind of petition.
        summary: in a sentence or two, who asks whom for what.
        legal_basis: the act and article that the rules come from.
        valid_from: first day on which petitions open under this version.
        thresholds: at least one, ascending.
        open_days: full days for collecting signatures.
        settings: what an authority can or must set; each is used somewhere.
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
    legal_basis: Localized
    valid_from: date
    thresholds: tuple[Threshold, ...]
    open_days: int | FromSetting
    settings: tuple[Setting, ...] = ()
    min_assurance: Assurance | FromSetting = Assurance.EMAIL
    residents_only: bool | FromSetting = True
    signatures_per_mailbox: int | FromSetting = 1
    signers_shown: SignersShown = SignersShown.NUMBER

    def __post_init__(self) -> None:
        """Refuse a workflow that contradicts itself."""
        faults = tuple(_faults_of(self))
        if faults:
            raise InvalidWorkflow(self.name, faults)

    def texts(self) -> Iterator[tuple[str, Localized]]:
        """Every text that people read, after its place in the workflow."""
        yield from (("title", self.title), ("summary", self.summary), ("legal_basis", self.legal_basis))
        for threshold in self.thresholds:
            yield f"effect of threshold {threshold.name}", threshold.effect
        for setting in self.settings:
            yield f"title of setting {setting.name}", setting.title
            yield f"help of setting {setting.name}", setting.help
            for choice in setting.choices:
                yield f"choice {choice.value} of setting {setting.name}", choice.title

    def terms(self, settings: Mapping[str, str], territory_code: str) -> Terms:
        """The figures of a petition that opens now.

        Args:
            settings: what the authority has set, by name; a blank counts as not set.
            territory_code: code of the authority's territory; may be empty.

        Raises:
            SettingsRefused: settings are missing, unknown, of another kind or out of range; all of them are named.
        """
        values, problems = read_settings(self.settings, settings)
        if not problems:
            problems = tuple(self._contradictions(values, territory_code))
        if problems:
            raise SettingsRefused(self.name, problems)
        return Terms(
            workflow=self.name,
            version=self.version,
            thresholds=tuple(
                FixedThreshold(each.name, int(_figure(each.signatures, values)), each.effect)
                for each in self.thresholds
            ),
            open_days=int(_figure(self.open_days, values)),
            min_assurance=Assurance(_figure(self.min_assurance, values)),
            resident_of=territory_code if _figure(self.residents_only, values) else "",
            signatures_per_mailbox=int(_figure(self.signatures_per_mailbox, values)),
            legal_basis=self.legal_basis,
            signers_shown=self.signers_shown,
        )

    def _contradictions(self, values: Mapping[str, Value], territory_code: str) -> list[SettingProblem]:
        """Settings that are each good and do not go together."""
        problems: list[SettingProblem] = []
        if _figure(self.residents_only, values) and not territory_code:
            name = _setting_name(self.residents_only, "residents_only")
            problems.append(SettingProblem(name, SettingReason.NO_TERRITORY))
        before = 0
        for threshold in self.thresholds:
            number = int(_figure(threshold.signatures, values))
            if number <= before:
                name = _setting_name(threshold.signatures, threshold.name)
                problems.append(SettingProblem(name, SettingReason.NOT_ASCENDING, str(number), str(before)))
            before = number
        return problems


def _faults_of(workflow: Workflow) -> Iterator[str]:
    yield from checks.faults_of_identity(workflow.name, workflow.version)
    yield from checks.faults_of_names("setting", [setting.name for setting in workflow.settings])
    yield from checks.faults_of_names("threshold", [threshold.name for threshold in workflow.thresholds])
    yield from checks.faults_of_texts(workflow.texts())
    for setting in workflow.settings:
        yield from checks.faults_of_setting(setting)
    yield from checks.faults_of_figures(_figures_of(workflow), workflow.settings)
    yield from checks.faults_of_thresholds([threshold.signatures for threshold in workflow.thresholds])


def _figures_of(workflow: Workflow) -> list[Figure]:
    return [
        *(Figure(f"threshold {each.name}", each.signatures, SettingKind.INT) for each in workflow.thresholds),
        Figure("open_days", workflow.open_days, SettingKind.INT),
        Figure("signatures_per_mailbox", workflow.signatures_per_mailbox, SettingKind.INT),
        Figure("residents_only", workflow.residents_only, SettingKind.BOOL),
        Figure("min_assurance", workflow.min_assurance, SettingKind.CHOICE),
    ]


def _figure(figure: Value | FromSetting, values: Mapping[str, Value]) -> Value:
    return values[figure.setting] if isinstance(figure, FromSetting) else figure


def _setting_name(figure: Value | FromSetting, otherwise: str) -> str:
    return figure.setting if isinstance(figure, FromSetting) else otherwise
