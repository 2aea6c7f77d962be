"""What the console says of surveys: kinds, states, and what is wrong with a definition or a file."""

from collections.abc import Mapping

from flask_babel import gettext
from viche.surveys.v1 import surveys_pb2 as pb

from viche_gateway import sentences
from viche_gateway.console.surveys.findings import FINDINGS
from viche_gateway.sentences import N_

KINDS: Mapping[str, tuple[str, str]] = {
    "single": (N_("One answer of several"), N_("People choose one.")),
    "multiple": (N_("Several answers"), N_("People choose all that apply.")),
    "likert": (N_("How much somebody agrees"), N_("Answers that have an order, from one end to the other.")),
    "scale": (N_("Scale"), N_("A number between two ends, for instance from 1 to 5.")),
    "matrix": (N_("Table"), N_("The same answers for several rows.")),
    "ranking": (N_("Order"), N_("People put answers in an order.")),
    "number": (N_("Number"), N_("People write a number, for instance how many live with them.")),
    "text": (N_("Text"), N_("People answer in their own words.")),
    "date": (N_("Day"), N_("A day of the calendar.")),
    "time": (N_("Time of day"), N_("For instance 14:30.")),
    "datetime": (N_("Day and hour"), N_("For instance when something happened.")),
    "email": (N_("E-mail address"), N_("Tick that it may tell who somebody is, then it is kept apart.")),
    "phone": (N_("Telephone number"), N_("Tick that it may tell who somebody is, then it is kept apart.")),
    "territory": (N_("Place"), N_("A place of the region, chosen from a list.")),
    "location": (N_("Point on the map"), N_("People say where, for instance where a lamp is out.")),
    "file": (N_("File"), N_("A picture or a document.")),
    "consent": (N_("Consent"), N_("A box that is ticked.")),
    "note": (N_("Text to read"), N_("Nobody answers it.")),
    "calculated": (N_("Calculated value"), N_("It follows from other answers, and nobody sees it.")),
    "group": (N_("Group"), N_("Questions that belong together.")),
    "repeat": (N_("Group that is repeated"), N_("Answered once for each, for instance for each child.")),
    "page": (N_("Page"), N_("People see one page at a time. Without a title it has that of the survey.")),
    "quota": (
        N_("Limit"),
        N_("When so many such answers have come, no more of them are taken."),
    ),
    "about": (N_("Title, introduction, thanks"), N_("What people read before they begin and when they have answered.")),
}
STATES = {
    pb.SURVEY_STATE_DRAFT: N_("Draft"),
    pb.SURVEY_STATE_SCHEDULED: N_("Opens by itself"),
    pb.SURVEY_STATE_OPEN: N_("Takes answers"),
    pb.SURVEY_STATE_CLOSED: N_("Takes no answers any more"),
}
FAULTS: Mapping[str, str] = {
    "NO_LANGUAGE": N_("The survey has no language."),
    "BAD_LANGUAGE": N_("%(value)s is no code of a language."),
    "LANGUAGE_TWICE": N_("The language %(value)s is there twice."),
    "UNKNOWN_LANGUAGE": N_("There is a text in %(value)s, which is no language of this survey."),
    "TOO_MANY": N_("These are too many. There can be %(limit)s."),
    "TEXT_MISSING": N_("The text in the first language is missing."),
    "TEXT_TOO_LONG": N_("This text is too long. At most %(limit)s characters fit."),
    "EMPTY": N_("There is nothing in it yet."),
    "NO_QUESTIONS": N_("The survey asks nothing yet."),
    "BAD_NAME": N_("A name has letters of the Latin alphabet, digits and _ only, and begins with no digit."),
    "RESERVED_NAME": N_("Conditions use the word %(value)s for something else. Take another name."),
    "NAME_TWICE": N_("Something else is called %(value)s already."),
    "NESTED_TOO_DEEP": N_("A group can stand in a group, and no deeper."),
    "REPEAT_IN_REPEAT": N_("A group that is repeated cannot stand in another one."),
    "NO_OPTIONS": N_("There are no answers to choose from yet."),
    "NO_ROWS": N_("There are no rows yet."),
    "BAD_CODE": N_("The code %(value)s cannot be used: codes have no blanks, and those of rows are names."),
    "CODE_TWICE": N_("The code %(value)s is there twice."),
    "EXPRESSION_MISSING": N_("The expression is missing."),
    "NOT_FINITE": N_("This is no number."),
    "NO_NUMBER": N_("Write a number."),
    "BAD_RANGE": N_("This does not go together: at least %(least)s, at most %(most)s."),
    "UNKNOWN_LEVEL": N_("There are no places of level %(value)s: the list of places has levels 1 to %(most)s."),
    "BAD_STEP": N_("The step must be more than 0."),
    "ENDS_MISSING": N_("A scale needs its lowest and its highest value."),
    "NOT_A_DATE": N_("%(value)s is not written as a day or an hour."),
    "BAD_MEDIA_TYPE": N_("%(value)s is no kind of file. Write it like image/png or image/*."),
    "TOO_DEEP": N_("It is nested too deep."),
    "NOT_JSON": N_("This is no document of a survey."),
    "UNKNOWN_FORMAT": N_("This is no document of a survey."),
    "UNKNOWN_FIELD": N_("Surveys have no field %(value)s."),
    "WRONG_TYPE": N_("Another kind of value is expected here: %(value)s."),
    "UNKNOWN_VALUE": N_("%(value)s means nothing here."),
    "NAME_ANSWERED": N_("People have answered it as %(value)s, and results and files call it so. It keeps this name."),
    "BAD_DEFAULT": N_("This question takes no %(value)s as an answer, so it cannot be filled in at first."),
    "RENAME_UNCLEAR": N_("Which %(name)s is meant here cannot be told: %(text)s. Change it by hand first."),
    "RENAME_HIDDEN": N_("%(name)s is a variable here, so it cannot be the name of a question, too: %(text)s."),
}  # fmt: skip


def kind_words(kind: str) -> str:
    """What a kind of item is called."""
    return gettext(KINDS[kind][0]) if kind in KINDS else kind


def kind_hint(kind: str) -> str:
    """What a kind of item is for; may be empty."""
    return gettext(KINDS[kind][1]) if kind in KINDS and KINDS[kind][1] else ""


def state_words(survey: pb.Survey) -> str:
    """The state of a survey."""
    return gettext(STATES[survey.state]) if survey.state in STATES else ""


def fault_sentence(reason: str, values: Mapping[str, str]) -> str:
    """What is wrong with a definition."""
    if reason in FAULTS:
        return _filled(gettext(FAULTS[reason]), values)
    return sentences.sentence(reason, values)


def finding_sentence(reason: str, values: Mapping[str, str]) -> str:
    """What became of something in a file."""
    if reason in FINDINGS:
        return _filled(gettext(FINDINGS[reason]), values)
    return fault_sentence(reason, values)


def admission_words(settings: pb.SurveySettings) -> str:
    """Who may answer."""
    if settings.admission == pb.ADMISSION_LINK:
        return gettext("Who was given a link, once per link")
    if settings.admission == pb.ADMISSION_PERSON:
        return gettext("Everybody who signs in, once each")
    return gettext("Everybody")


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def _filled(text: str, values: Mapping[str, str]) -> str:
    said = _Values({name: value for name, value in values.items() if value})
    return text % said if "%(" in text else text
