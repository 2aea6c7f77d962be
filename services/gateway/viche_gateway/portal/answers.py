"""Official answers and hearings as a reader sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number, moment, now
from viche_gateway.regions import localized
from viche_gateway.sentences import N_
from viche_gateway.uploads import EXTENSIONS

DECISIONS: Mapping[int, str] = {
    pb.DECISION_ACCEPTED: N_("Accepted"),
    pb.DECISION_PARTLY_ACCEPTED: N_("Partly accepted"),
    pb.DECISION_DECLINED: N_("Declined"),
    pb.DECISION_EXPLAINED: N_("Explained"),
}
"""In one or two words, for tags and lists."""

DECIDED: Mapping[int, str] = {
    pb.DECISION_ACCEPTED: N_("The authority will do what the petition asks."),
    pb.DECISION_PARTLY_ACCEPTED: N_("The authority will do a part of what the petition asks."),
    pb.DECISION_DECLINED: N_("The authority will not do what the petition asks."),
    pb.DECISION_EXPLAINED: N_("The authority explains how things are; there was nothing to decide."),
}
"""In a sentence."""

_TONES = {pb.DECISION_ACCEPTED: "good", pb.DECISION_PARTLY_ACCEPTED: "warn", pb.DECISION_DECLINED: "bad"}
TAKEN_AS_APPEAL = "taken_as_appeal"


@dataclass(frozen=True, slots=True)
class Held:
    """A hearing as it stands: what was said last, and the instants for which it stood before, the first one first."""

    now: pb.Hearing
    held_at: datetime | None
    is_over: bool
    moved_from: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Appeal:
    """What became of a petition that has failed; ``at`` is None until an authority has taken it as an appeal."""

    effect: str
    basis: pb.LegalBasis
    at: datetime | None
    reference: str


def last_answer(petition: pb.Petition) -> pb.Answer | None:
    """The answer that holds; None where there is none."""
    return petition.answers[-1] if petition.answers else None


def earlier_answers(petition: pb.Petition) -> Sequence[pb.Answer]:
    """Those that were corrected, the newest first."""
    return list(reversed(petition.answers[:-1]))


def decision_text(answer: pb.Answer) -> str:
    """The decision in one or two words."""
    return gettext(DECISIONS[answer.decision]) if answer.decision in DECISIONS else ""


def decision_sentence(answer: pb.Answer) -> str:
    """The decision in a sentence."""
    return gettext(DECIDED[answer.decision]) if answer.decision in DECIDED else ""


def decision_tone(answer: pb.Answer) -> str:
    """The tone of the decision's tag, which only repeats what its words say."""
    return _TONES.get(answer.decision, "accent")


def file_text(document: pb.Document) -> str:
    """Type and size of a file, for instance "PDF, 1.2 MB"."""
    kind = EXTENSIONS.get(document.media_type, "").upper()
    if document.size_bytes >= 1_000_000:
        size = gettext("%(size)s MB", size=format_number(round(document.size_bytes / 1_000_000, 1)))
    else:
        size = gettext("%(size)s kB", size=format_number(max(1, round(document.size_bytes / 1000))))
    return f"{kind}, {size}" if kind else size


def hearings_of(petition: pb.Petition) -> tuple[Held, ...]:
    """The hearings of a petition in the order in which they were announced."""
    present = now()
    said: dict[int, list[pb.Hearing]] = {}
    for each in petition.hearings:
        said.setdefault(each.hearing, []).append(each)
    return tuple(_held(versions, present) for versions in said.values())


def _held(versions: Sequence[pb.Hearing], present: datetime) -> Held:
    last = versions[-1]
    held_at = moment(last.held_at)
    former = [at for each in versions if (at := moment(each.held_at)) and at != held_at]
    is_over = held_at is not None and held_at <= present
    return Held(last, held_at, is_over, tuple(dict.fromkeys(former)))


def appeal_of(petition: pb.Petition) -> Appeal | None:
    """What becomes of a petition that closed without reaching a threshold; None where nothing does."""
    is_reached = any(threshold.HasField("reached_at") for threshold in petition.terms.thresholds)
    if petition.state != pb.PETITION_STATE_CLOSED or is_reached or petition.terms.failure.becomes != "appeal":
        return None
    failure = petition.terms.failure
    basis = failure.legal_basis if failure.HasField("legal_basis") else petition.terms.basis
    taken = next((each for each in petition.happenings if each.event == TAKEN_AS_APPEAL), None)
    at, reference = (moment(taken.at), taken.detail) if taken else (None, "")
    return Appeal(localized(failure.effect.texts), basis, at, reference)


def closing_event_of(petition: pb.Petition) -> pb.ClosingEvent | None:
    """What outside closed a petition before its term; None where nothing did."""
    name = next((each.detail for each in petition.happenings if each.event == "closed" and each.detail), "")
    return next((each for each in petition.terms.closing_events if each.name == name), None) if name else None
