"""The parts of a workflow, enumerated: its texts, its figures, its rules and where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from viche_sdk.assurance import Assurance, SignersShown
from viche_sdk.basis import LegalBasis
from viche_sdk.clocks import COLLECT
from viche_sdk.figure_checks import Place
from viche_sdk.figures import Claim, Figure
from viche_sdk.localized import Localized
from viche_sdk.settings import SettingKind

if TYPE_CHECKING:
    from viche_sdk.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, where it comes from, and its figures."""

    place: str
    legal_basis: LegalBasis | None
    figures: tuple[Figure | Claim, ...] = ()


def rules_of(workflow: "Workflow") -> Iterator[Rule]:
    """Every rule that comes from an act, or from what an authority sets."""
    for threshold in workflow.thresholds:
        yield Rule(f"threshold {threshold.name}", threshold.legal_basis, (threshold.signatures,))
    for clock in workflow.clocks:
        yield Rule(f"clock {clock.name}", clock.legal_basis, (clock.length,))
    if workflow.sponsors:
        yield Rule("sponsors", workflow.sponsors.legal_basis, (workflow.sponsors.needed,))
    if workflow.committee:
        yield Rule("committee", workflow.committee.legal_basis, (workflow.committee.members_min,))
    if workflow.moderation:
        yield Rule("moderation", workflow.moderation.legal_basis)
    if workflow.complaint:
        yield Rule("complaint", workflow.complaint.legal_basis)
    for event in workflow.closing_events:
        yield Rule(f"closing event {event.name}", event.legal_basis)
    if workflow.failed.effect:
        yield Rule("failed", workflow.failed.legal_basis)


def texts_of(workflow: "Workflow") -> Iterator[tuple[str, Localized]]:
    """Every text that people read, after its place in the workflow."""
    yield from (("title", workflow.title), ("summary", workflow.summary), ("legal_basis", workflow.legal_basis.act))
    for rule in rules_of(workflow):
        if rule.legal_basis:
            yield f"legal_basis of {rule.place}", rule.legal_basis.act
    for place, text in (
        *_texts_of_thresholds_and_clocks(workflow),
        *_texts_of_checks(workflow),
        *_texts_of_ends(workflow),
        *((f"vocabulary {name}", word) for name, word in workflow.vocabulary.words() if "." not in name),
        *_texts_of_settings(workflow),
    ):
        if text is not None:
            yield place, text


def places_of(workflow: "Workflow") -> Iterator[Place]:
    """Every figure, after its place."""
    number, claim, choice = SettingKind.INT, SettingKind.BOOL, SettingKind.CHOICE
    for threshold in workflow.thresholds:
        yield Place(f"threshold {threshold.name}", threshold.signatures, number)
        if threshold.minima:
            yield Place(f"territories of threshold {threshold.name}", threshold.minima.territories, number)
    yield from _places_of_clocks(workflow)
    if workflow.sponsors:
        yield Place("sponsors", workflow.sponsors.needed, number)
    if workflow.committee:
        committee = workflow.committee
        for name in ("members_min", "members_max", "territories_min"):
            if getattr(committee, name) is not None:
                yield Place(f"{name} of committee", getattr(committee, name), number)
    yield Place("calendar", workflow.calendar, choice, may_be_empty=True)
    yield Place("signatures_per_mailbox", workflow.signatures_per_mailbox, number)
    for name in ("residents_only", "votes_against", "author_counts", "author_shown"):
        yield Place(name, getattr(workflow, name), claim)
    yield Place("min_assurance", workflow.min_assurance, choice, Assurance)
    yield Place("signers_shown", workflow.signers_shown, choice, SignersShown)


def _places_of_clocks(workflow: "Workflow") -> Iterator[Place]:
    for clock in workflow.clocks:
        yield Place(f"clock {clock.name}", clock.length, SettingKind.INT, may_be_empty=clock.name != COLLECT)
        if clock.extension:
            place = f"extension of clock {clock.name}"
            yield Place(place, clock.extension.length, SettingKind.INT, may_be_empty=True)
            if clock.extension.most_total is not None:
                place = f"most_total of clock {clock.name}"
                yield Place(place, clock.extension.most_total, SettingKind.INT, may_be_empty=True)


def _texts_of_thresholds_and_clocks(workflow: "Workflow") -> Iterator[tuple[str, Localized | None]]:
    for threshold in workflow.thresholds:
        yield f"effect of threshold {threshold.name}", threshold.effect
    for clock in workflow.clocks:
        yield f"title of clock {clock.name}", clock.title
        yield f"notice of clock {clock.name}", clock.notice
        yield f"extension of clock {clock.name}", clock.extension.by if clock.extension else None


def _texts_of_checks(workflow: "Workflow") -> Iterator[tuple[str, Localized | None]]:
    for reason in workflow.moderation.reasons if workflow.moderation else ():
        yield f"title of reason {reason.code}", reason.title
        yield f"help of reason {reason.code}", reason.help
    yield "complaint", workflow.complaint.to if workflow.complaint else None


def _texts_of_ends(workflow: "Workflow") -> Iterator[tuple[str, Localized | None]]:
    for event in workflow.closing_events:
        yield f"title of closing event {event.name}", event.title
        yield f"effect of closing event {event.name}", event.effect
    yield "effect of failed", workflow.failed.effect


def _texts_of_settings(workflow: "Workflow") -> Iterator[tuple[str, Localized]]:
    for setting in workflow.settings:
        yield f"title of setting {setting.name}", setting.title
        yield f"help of setting {setting.name}", setting.help
        for choice in setting.choices:
            yield f"choice {choice.value} of setting {setting.name}", choice.title
