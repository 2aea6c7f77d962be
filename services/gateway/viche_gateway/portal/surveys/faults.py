"""What is wrong with an answer, said beside its field. The figures in the sentences are the question's own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext
from viche.surveys.v1 import answers_pb2 as pb

from viche_gateway import sentences
from viche_gateway.formats import format_number, full_day
from viche_gateway.sentences import N_

MISSING: Mapping[int, str] = {
    pb.QUESTION_KIND_SINGLE: N_("Choose one of the answers."),
    pb.QUESTION_KIND_LIKERT: N_("Choose one of the answers."),
    pb.QUESTION_KIND_SCALE: N_("Choose a number."),
    pb.QUESTION_KIND_MULTIPLE: N_("Choose at least one of the answers."),
    pb.QUESTION_KIND_MATRIX: N_("Choose an answer in every row."),
    pb.QUESTION_KIND_RANKING: N_("Give the options their places."),
    pb.QUESTION_KIND_NUMBER: N_("Write a number."),
    pb.QUESTION_KIND_DATE: N_("Write a day."),
    pb.QUESTION_KIND_TIME: N_("Write a time of day."),
    pb.QUESTION_KIND_DATETIME: N_("Write a day and a time of day."),
    pb.QUESTION_KIND_EMAIL: N_("Write an e-mail address."),
    pb.QUESTION_KIND_PHONE: N_("Write a telephone number."),
    pb.QUESTION_KIND_TERRITORY: N_("Choose a place."),
    pb.QUESTION_KIND_LOCATION: N_("Give the latitude and the longitude of the place."),
    pb.QUESTION_KIND_FILE: N_("Choose a file."),
    pb.QUESTION_KIND_CONSENT: N_("Tick the box if you agree. Without that we cannot take your answers."),
}
"""What is said where an answer is missing, by the kind of the question."""

FAULTS: Mapping[str, str] = {
    "REQUIRED": N_("Write an answer."),
    "HIDDEN_ANSWERED": N_("By your other answers this is not asked. Leave it empty."),
    "NOT_A_NUMBER": N_("Write a number in digits, for instance 12 or 3.5."),
    "TOO_SMALL": N_("This must be %(minimum)s or more."),
    "TOO_LARGE": N_("This must be %(maximum)s or less."),
    "WRONG_STEP": N_("Write a number in steps of %(step)s."),
    "NOT_OFFERED": N_("Choose from what is offered here. By your other answers, that may have changed."),
    "TOO_FEW": N_("Choose at least %(min_selected)s."),
    "TOO_MANY": N_("Choose at most %(max_selected)s."),
    "EXCLUSIVE": N_("Choose either “%(exclusive)s” or other answers, not both."),
    "SAME_PLACE_TWICE": N_("Two options have the same place. Give each place once."),
    "NOT_A_DATE": N_("Write a day of the calendar, for instance 27 3 2026."),
    "TOO_EARLY": N_("This must be %(earliest)s or later."),
    "TOO_LATE": N_("This must be %(latest)s or earlier."),
    "NOT_A_TIME": N_("Write a time of day, for instance 14:30."),
    "NOT_AN_EMAIL": N_("This is not an e-mail address. Write it like name@example.org."),
    "NOT_A_PHONE": N_("This is not a telephone number. Write it like +380 44 123 4567."),
    "UNKNOWN_TERRITORY": N_("Choose a place from the list."),
    "WRONG_LEVEL": N_("Choose a place from the list: this one is larger or smaller than what is asked for."),
    "NOT_A_PLACE": N_("Write the latitude from -90 to 90 and the longitude from -180 to 180."),
    "TOO_SHORT": N_("This is too short. Write at least %(min_length)s characters."),
    "TOO_LONG": N_("This is too long. At most %(max_length)s characters fit."),
    "CONSTRAINT": N_("This does not fit with your other answers."),
    "FILE_UNKNOWN": N_("This file is not here any more. Choose it once more."),
    "UNKNOWN_QUESTION": N_("The survey does not ask this."),
    "WRONG_SHAPE": N_("We could not read this answer. Give it once more."),
    "FILE_TOO_LARGE": N_("This file is too large. At most %(max_size)s MB are taken."),
    "FILE_TYPE_REFUSED": N_("This question does not take files of this kind, whatever the name says."),
    "EMPTY_FILE": N_("This file is empty."),
}
"""Reasons of AnswerFault, and what can be wrong with a file that comes with a page."""

LOCAL: Mapping[int, Sequence[str]] = {
    pb.QUESTION_KIND_MULTIPLE: ("TOO_FEW", "TOO_MANY", "EXCLUSIVE"),
    pb.QUESTION_KIND_RANKING: ("TOO_FEW", "TOO_MANY", "SAME_PLACE_TWICE"),
    pb.QUESTION_KIND_NUMBER: ("NOT_A_NUMBER", "TOO_SMALL", "TOO_LARGE"),
    pb.QUESTION_KIND_TEXT: ("TOO_SHORT", "TOO_LONG"),
    pb.QUESTION_KIND_EMAIL: ("NOT_AN_EMAIL",),
}
"""What the script looks for before a page is sent, beside what is missing and constraints."""
MOST_FILE_BYTES = 20_000_000
USUAL_FILE_BYTES = 10_000_000
"""What the service takes where a question names no bound."""


def sentence_of(view: pb.QuestionView, reason: str, values: Mapping[str, str], message: str = "") -> str:
    """What a person is told; for a constraint, the survey's own sentence where it has one."""
    if reason == "CONSTRAINT" and (own := message or view.constraint_message):
        return own
    text = MISSING.get(view.kind, FAULTS[reason]) if reason == "REQUIRED" else FAULTS.get(reason)
    if text is None:
        return sentences.sentence(reason, values)
    return gettext(text) % _Said({**_figures(view), **_own(values)}) if "%(" in text else gettext(text)


def local_sentences(view: pb.QuestionView) -> dict[str, str]:
    """What the script may have to say of a question, by reason."""
    reasons = ["REQUIRED", *LOCAL.get(view.kind, ())]
    if view.constraint:
        reasons.append("CONSTRAINT")
    return {reason: sentence_of(view, reason, {}) for reason in reasons}


class _Said(dict[str, str]):
    """Values; one that nobody gave becomes a dash instead of an error page."""

    def __missing__(self, key: str) -> str:
        return "–"


def _figures(view: pb.QuestionView) -> dict[str, str]:
    numbers = ("minimum", "maximum", "step", "min_selected", "max_selected", "min_length", "max_length")
    said = {name: format_number(getattr(view, name)) for name in numbers if view.HasField(name)}
    said |= {name: _when(getattr(view, name)) for name in ("earliest", "latest") if getattr(view, name)}
    said["max_size"] = format_number(most_bytes(view) // 1_000_000 or 1)
    said["exclusive"] = next((option.label for option in view.options if option.is_exclusive), "–")
    return said


def most_bytes(view: pb.QuestionView) -> int:
    """The largest file that a question takes here."""
    return min(view.max_size_bytes or USUAL_FILE_BYTES, MOST_FILE_BYTES)


def _own(values: Mapping[str, str]) -> dict[str, str]:
    """Figures that the service said and the question does not have."""
    return {name: value for name, value in values.items() if value}


def _when(text: str) -> str:
    """A bound of dates or times as a person says it; what is no day is a time already."""
    try:
        return full_day(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{full_day(instant.date())}, {instant:%H:%M}"
