"""A petition's life as a reader sees it: where it is, what comes next, and the words for both."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number, full_date, last_day, moment, percent, weekday
from viche_gateway.portal import happened
from viche_gateway.portal.archived import steps_of
from viche_gateway.regions import localized
from viche_gateway.sentences import N_

_ANY = datetime.min.replace(tzinfo=UTC)
_LABELS = {
    pb.PETITION_STATE_DRAFT: N_("Draft"),
    pb.PETITION_STATE_SUBMITTED: N_("Waits for a check"),
    pb.PETITION_STATE_OPEN: N_("Collecting signatures"),
    pb.PETITION_STATE_THRESHOLD_REACHED: N_("Goal reached, still open"),
    pb.PETITION_STATE_CLOSED: N_("Closed"),
    pb.PETITION_STATE_SPONSORING: N_("Looks for supporters"),
    pb.PETITION_STATE_REJECTED: N_("Rejected"),
}
COLLECTING = (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; ``is_done`` tells past from to come."""

    title: str
    date: datetime | None
    note: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """The threshold that a petition is on its way to, or the last one that it has reached.

    ``missing`` signatures and ``territories_missing`` territories with their minimum stand between.
    """

    signatures: int
    effect: str
    missing: int
    percent: int
    is_reached: bool
    territories_missing: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """What a line of a list says of a petition's progress."""

    is_open: bool
    goal: Goal | None
    closes_at: datetime | None


def life_of(petition: pb.Petition) -> Life:
    """The life of a petition."""
    return Life(
        is_open=petition.state in COLLECTING and not petition.is_archived,
        goal=_goal(petition),
        closes_at=moment(petition.closes_at),
    )


def title_of(petition: pb.Petition) -> str:
    """Its title, or its number where a rejection hides the title."""
    return petition.title or gettext("Petition %(number)s", number=petition.number)


def state_label(petition: pb.Petition) -> str:
    """The state in one or two words."""
    if petition.is_archived:
        return gettext("Archive")
    label = _LABELS.get(petition.state)
    return gettext(label) if label else ""


def state_tone(petition: pb.Petition) -> str:
    """The tone of the state's tag, which only repeats what its words say."""
    if petition.is_archived:
        return "quiet"
    tones = {pb.PETITION_STATE_OPEN: "accent", pb.PETITION_STATE_THRESHOLD_REACHED: "good"}
    return tones.get(petition.state, "quiet")


def _goal(petition: pb.Petition) -> Goal | None:
    thresholds = sorted(petition.terms.thresholds, key=lambda threshold: threshold.signatures)
    if not thresholds:
        return None
    count = petition.signature_count
    ahead = [threshold for threshold in thresholds if not is_reached(threshold, count)]
    return goal_of(ahead[0] if ahead else thresholds[-1], count)


def goal_of(threshold: pb.Threshold, count: int) -> Goal:
    """How far ``count`` signatures are on the way to a threshold."""
    done = is_reached(threshold, count)
    return Goal(
        signatures=threshold.signatures,
        effect=localized(threshold.effect.texts),
        missing=max(0, threshold.signatures - count),
        percent=percent(count, threshold.signatures),
        is_reached=done,
        territories_missing=0 if done else max(0, threshold.minima.territories - threshold.territories_reached),
    )


def is_reached(threshold: pb.Threshold, count: int) -> bool:
    """Whether a threshold is reached: once it was, or as soon as the total and the minima are there."""
    if threshold.HasField("reached_at"):
        return True
    return count >= threshold.signatures and threshold.territories_reached >= threshold.minima.territories


def timeline_of(petition: pb.Petition) -> list[Step]:
    """What has happened to a petition, and what is to come."""
    if petition.is_archived:
        return [Step(*step) for step in steps_of(petition)]
    steps: list[Step] = []
    if created := moment(petition.created_at):
        steps.append(Step(gettext("Started"), created, "", True))
    if opened := moment(petition.opened_at):
        note = gettext("From this day people can sign.")
        steps.append(Step(gettext("Opened for signatures"), opened, note, True))
    steps += [_threshold_step(petition, threshold) for threshold in petition.terms.thresholds]
    steps += [Step(*line) for line in happened.lines_of(petition)]
    if closes := moment(petition.closes_at):
        steps.append(_closing_step(petition, closes))
    if petition.state not in COLLECTING:
        steps = [step for step in steps if step.is_done or step.date]  # a goal that is out of reach is not to come
    return sorted(steps, key=lambda step: (not step.is_done, step.date is not None, step.date or _ANY))


def _threshold_step(petition: pb.Petition, threshold: pb.Threshold) -> Step:
    count = format_number(threshold.signatures)
    title = ngettext("%(count)s signature", "%(count)s signatures", threshold.signatures, count=count)
    reached = moment(threshold.reached_at)
    return Step(title, reached, localized(threshold.effect.texts), reached is not None)


def _closing_step(petition: pb.Petition, closes: datetime) -> Step:
    if petition.state in COLLECTING:
        last = last_day(closes)
        note = gettext(
            "You can sign until the end of %(weekday)s, %(date)s.", weekday=weekday(last), date=full_date(last)
        )
        return Step(gettext("Closes"), last, note, False)
    note = gettext("No signatures were taken after %(date)s.", date=full_date(last_day(closes)))
    note = " ".join(filter(None, (happened.closing_note(petition), note)))
    return Step(gettext("Closed"), last_day(closes), note, True)
