"""Words of events for officers: states, what keeps one from being published, what became of registrations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from viche.social.v1 import public_events_pb2 as pb

from viche_gateway.console.texts import SEPARATOR
from viche_gateway.context import settings
from viche_gateway.sentences import N_

PHASES: Mapping[int, str] = {
    pb.EVENT_PHASE_DRAFT: N_("Draft"),
    pb.EVENT_PHASE_COMING: N_("Coming"),
    pb.EVENT_PHASE_PAST: N_("Past"),
    pb.EVENT_PHASE_CANCELLED: N_("Does not take place"),
}
_TONES: Mapping[int, str] = {pb.EVENT_PHASE_COMING: "good", pb.EVENT_PHASE_CANCELLED: "bad"}
REGISTRATIONS: Mapping[int, str] = {
    pb.REGISTRATION_STATE_PENDING: N_("Not confirmed yet"),
    pb.REGISTRATION_STATE_REGISTERED: N_("Comes"),
    pb.REGISTRATION_STATE_WAITING: N_("Waits for a place"),
    pb.REGISTRATION_STATE_CANCELLED: N_("Given back"),
    pb.REGISTRATION_STATE_REMOVED: N_("Removed"),
    pb.REGISTRATION_STATE_EXPIRED: N_("Not confirmed in time"),
}
_MISSING: Mapping[str, str] = {
    "title": N_("Write a title."),
    "summary": N_("Say in a few sentences what it is about."),
    "starts": N_("Say when it begins."),
    "place": N_("Say where it is, or how one takes part online."),
}
_REASONS: Mapping[str, str] = {
    "REQUIRED": N_("Something is missing here."),
    "NOT_A_TIME": N_("This is no day and hour."),
    "TIME_SKIPPED": N_("There is no such hour on that day: clocks are put forward then."),
    "IN_THE_PAST": N_("It would begin in the past."),
    "ENDS_BEFORE_START": N_("It would end before it begins."),
    "TOO_LATE": N_("Registering would end after the beginning."),
    "UNKNOWN_TIME_ZONE": N_("Choose a time zone from the list."),
    "BAD_LINK": N_("The address must begin with https:// or http://."),
    "BAD_PLACE": N_("These are no coordinates of a place."),
    "TOO_SMALL": N_("This number is too small."),
    "TOO_LARGE": N_("This number is too large."),
}
_STEP_OF: Mapping[str, str] = {
    "kind": "kind", "title": "text", "summary": "text", "starts": "time", "ends": "time", "time_zone": "time",
    "place": "place", "online_url": "online", "agenda": "agenda", "materials": "materials", "contact": "contact",
    "registration": "registration", "reminder_hours": "registration",
}  # fmt: skip
_FIELD_OF: Mapping[str, str] = {
    "starts": "day", "ends": "ends", "place.latitude": "coordinates", "registration.until": "until_day",
    "registration.capacity": "capacity", "registration.most_seats": "most_seats", "reminder_hours": "reminder",
}  # fmt: skip
_TEXTS = {"title": "title", "summary": "summary", "place": "place"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps an event from being published: the words, and the step and field where it can be mended."""

    words: str
    step: str
    field: str

    def link(self, event_id: str) -> str:
        """Where it can be mended."""
        return url_for("console.event_step", event_id=event_id, step=self.step, back="preview", _anchor=self.field)


def troubles(event: pb.Event) -> Sequence[Trouble]:
    """What keeps an event from being published."""
    return [_trouble(each) for each in event.problems]


def faults_of(event: pb.Event, step: str) -> dict[str, str]:
    """Sentences by field of a step for what keeps the event from being published."""
    return {each.field: each.words for each in troubles(event) if each.step == step}


def step_titles() -> Mapping[str, str]:
    """What each step is called."""
    return {
        "kind": gettext("What it is"),
        "text": gettext("Title and summary"),
        "time": gettext("When"),
        "place": gettext("Where"),
        "online": gettext("Online"),
        "agenda": gettext("Agenda"),
        "materials": gettext("Materials"),
        "contact": gettext("Whom to ask"),
        "registration": gettext("Registration"),
    }


def phase_words(phase: int) -> str:
    """Where an event is in its life."""
    return gettext(PHASES[phase]) if phase in PHASES else ""


def tone(phase: int) -> str:
    """Of the tag with the phase; empty for a quiet one."""
    return _TONES.get(phase, "")


def registration_words(state: int) -> str:
    """What became of a registration."""
    return gettext(REGISTRATIONS[state]) if state in REGISTRATIONS else ""


def reminder_words(hours: int) -> str:
    """When people are reminded."""
    return {
        0: gettext("Never"),
        2: gettext("2 hours before"),
        24: gettext("A day before"),
        48: gettext("2 days before"),
        168: gettext("A week before"),
    }.get(hours, gettext("%(hours)s hours before", hours=hours))


def _trouble(problem: pb.EventProblem) -> Trouble:
    part = problem.field.partition(".")[0]
    words = _MISSING.get(problem.field, "") if problem.reason == "REQUIRED" else ""
    said = gettext(words or _REASONS.get(problem.reason, N_("This cannot be published as it is.")))
    return Trouble(said, _STEP_OF.get(part, "text"), _field(problem.field))


def _field(field: str) -> str:
    first = settings().default_language
    if field in _TEXTS:
        return f"{field}{SEPARATOR}{first}"
    if field.startswith("materials."):
        _, row, name = field.split(".")
        return f"url_{row}" if name == "url" else f"title_{row}{SEPARATOR}{first}"
    return _FIELD_OF.get(field, field)
