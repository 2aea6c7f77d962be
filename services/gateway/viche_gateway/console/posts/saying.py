"""Words for posts: kinds, states, what became of them, and what keeps them from going out."""

from collections.abc import Mapping

from flask_babel import gettext
from viche.social.v1 import editions_pb2
from viche.social.v1 import posts_pb2 as pb

from viche_gateway.console.channels.saying import CAPABILITIES
from viche_gateway.formats import format_number
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.sentences import N_

STATES: Mapping[int, str] = {
    pb.POST_STATE_DRAFT: N_("Draft"),
    pb.POST_STATE_SUBMITTED: N_("Waits for approval"),
    pb.POST_STATE_RETURNED: N_("Given back"),
    pb.POST_STATE_SCHEDULED: N_("Waits for its time"),
    pb.POST_STATE_OUT: N_("Out"),
    pb.POST_STATE_WITHDRAWN: N_("Withdrawn"),
}
_TONES: Mapping[int, str] = {
    pb.POST_STATE_SUBMITTED: "accent",
    pb.POST_STATE_RETURNED: "warn",
    pb.POST_STATE_SCHEDULED: "accent",
    pb.POST_STATE_OUT: "good",
    pb.POST_STATE_WITHDRAWN: "bad",
}
_EDITIONS: Mapping[int, tuple[str, str]] = {
    editions_pb2.EDITION_STATE_DRAFT: (N_("Being written"), ""),
    editions_pb2.EDITION_STATE_SUBMITTED: (N_("Waits for approval"), "accent"),
    editions_pb2.EDITION_STATE_RETURNED: (N_("Given back"), "warn"),
}
_CORRECTIONS: Mapping[int, tuple[str, str, str]] = {
    pb.CORRECTION_STATE_WAITING: (
        N_("Being corrected"), "accent", N_("The corrected words take the place of the old ones by themselves.")
    ),
    pb.CORRECTION_STATE_REFUSED: (
        N_("Correction refused"), "bad",
        N_("The old words are still there. Try again, change them there by hand, or publish a post that corrects it."),
    ),
    pb.CORRECTION_STATE_IMPOSSIBLE: (
        N_("Not corrected there"), "warn",
        N_("This platform does not let programs change what is out. Publish a post that corrects it, or change it there"
           " by hand."),
    ),
}  # fmt: skip
_DELIVERIES: Mapping[int, tuple[str, str, str]] = {
    pb.DELIVERY_STATE_WAITING: (N_("Waits"), "", N_("It goes out by itself.")),
    pb.DELIVERY_STATE_SENDING: (
        N_("Being sent"), "", N_("We wait for the platform to say that it is there, or look for it.")
    ),
    pb.DELIVERY_STATE_PENDING: (N_("The platform works on it"), "", N_("We ask again by ourselves.")),
    pb.DELIVERY_STATE_PUBLISHED: (N_("Published"), "good", ""),
    pb.DELIVERY_STATE_REFUSED: (
        N_("Refused"), "bad",
        N_("Nothing has appeared. Mend what the platform names, then send it once more, or write another post."),
    ),
    pb.DELIVERY_STATE_BLOCKED: (
        N_("Waits for the account"), "warn",
        N_("The account is paused or must be connected anew. After that it goes out by itself."),
    ),
    pb.DELIVERY_STATE_UNKNOWN: (
        N_("Nobody knows"), "bad",
        N_("It was sent, and the platform has not said whether it appeared. Look there, then say it here."),
    ),
    pb.DELIVERY_STATE_BY_HAND: (N_("To be posted by hand"), "accent", N_("No program may post there. Do these steps.")),
    pb.DELIVERY_STATE_CANCELLED: (N_("Not sent"), "", N_("It will not be sent.")),
    pb.DELIVERY_STATE_WITHDRAWN: (N_("Taken away"), "", N_("It is not on the platform any more.")),
}  # fmt: skip
_ERRORS: Mapping[str, str] = {
    "AuthExpired": N_("The platform does not let us in any more: the account must be connected anew."),
    "PermissionDenied": N_("The account may not do this: connect it anew, and allow all that is asked for."),
    "RateLimited": N_("The platform wants us to wait. We go on by ourselves."),
    "QuotaOrBudget": N_("What the platform allows, or what was paid for, is used up. We try again later."),
    "InvalidContent": N_("The platform does not take this content."),
    "PolicyRejected": N_("The rules of the platform forbid it."),
    "NotFound": N_("It is not there, or not any more."),
    "Unsupported": N_("The platform has no way for this."),
    "Transient": N_("The platform did not answer. For certain nothing was published then."),
    "OutcomeUnknown": N_("The platform did not say whether it worked."),
}
PROBLEMS: Mapping[str, str] = {
    "NO_CHANNELS": N_("Choose at least one account."),
    "NO_TEXT": N_("Write a text."),
    "NO_TEXT_IN_LANGUAGE": N_("There is no text in the language of this account: %(value)s."),
    "NO_SOURCE": N_("Posts of this kind state facts. Name at least one source."),
    "SOURCE_INCOMPLETE": N_("Each source needs what is claimed and what that rests on."),
    "LINK_NOT_WEB": N_("The link must begin with https:// or http://."),
    "NOTHING_CORRECTED": N_("Say which post this corrects."),
    "NO_POLL": N_("Write the question and its answers."),
    "NO_PICTURE": N_("News in pictures need a picture."),
    "NO_VIDEO": N_("A post of this kind needs a video."),
    "CHANNEL_NOT_CONNECTED": N_("This account is not connected any more. Take it out, or connect it."),
    "CANNOT": N_("Programs cannot do this here, or the account does not allow it: %(value)s."),
    "FILES_NOT_REACHED": N_(
        "This platform fetches files from the internet, and cannot reach those of this site. Ask those who run it."
    ),
    "TEXT_TOO_LONG": N_("The text is too long: %(value)s of %(limit)s."),
    "TEXT_MISSING": N_("Write a text, or add a picture."),
    "FORBIDDEN_CHARACTERS": N_("This platform does not take these characters: %(value)s"),
    "TITLE_MISSING": N_("This platform wants a title."),
    "TITLE_TOO_LONG": N_("The title is too long: %(value)s of %(limit)s."),
    "NO_IMAGES": N_("This platform takes no pictures."),
    "NO_VIDEOS": N_("This platform takes no videos."),
    "NO_POLLS": N_("This platform has no polls."),
    "MEDIA_MISSING": N_("This platform needs files: at least %(limit)s."),
    "TOO_MANY_FILES": N_("These are too many files: %(value)s of %(limit)s."),
    "FILE_TOO_LARGE": N_("A file is too large: %(value)s of %(limit)s bytes."),
    "FILE_TYPE": N_("This platform does not take files of the type %(value)s. It takes: %(limit)s."),
    "TOO_MANY_PIXELS": N_("A picture has too many pixels: %(value)s of %(limit)s."),
    "VIDEO_TOO_LONG": N_("The video is too long: %(value)s of %(limit)s seconds."),
    "MIXED_MEDIA": N_("This platform takes either pictures or a video in one post."),
    "ALT_MISSING": N_("Say what is to be seen on each picture, for those who cannot see it."),
    "ALT_TOO_LONG": N_("What is said of a picture is too long: %(value)s of %(limit)s."),
    "TOO_FEW_OPTIONS": N_("The poll needs at least %(limit)s answers."),
    "TOO_MANY_OPTIONS": N_("The poll has too many answers: %(value)s of %(limit)s."),
    "QUESTION_TOO_LONG": N_("The question is too long: %(value)s of %(limit)s."),
    "OPTION_TOO_LONG": N_("An answer of the poll is too long: %(value)s of %(limit)s."),
    "POLL_TOO_SHORT": N_("The poll must be open for longer here."),
    "POLL_TOO_LONG": N_("The poll cannot be open for so long here."),
    "POLL_MULTIPLE": N_("Here people can choose one answer only."),
    "POLL_WITH_MEDIA": N_("Here a poll cannot have pictures."),
}
_HARD: Mapping[str, str] = {
    "LONG_SENTENCE": N_("This sentence is long. Make two of it."),
    "LONG_WORD": N_("This word is long. Perhaps there is a shorter one."),
    "OFFICIALESE": N_("This is the language of offices."),
}


def state_words(state: int) -> str:
    """Where a post is in its life."""
    return gettext(STATES[state]) if state in STATES else ""


def tone(state: int) -> str:
    """Of the tag with the state; empty for a quiet one."""
    return _TONES.get(state, "")


def edition_words(state: int) -> str:
    """Where a correction is that is being written."""
    return gettext(_EDITIONS[state][0]) if state in _EDITIONS else ""


def edition_tone(state: int) -> str:
    """Of the tag with that."""
    return _EDITIONS[state][1] if state in _EDITIONS else ""


def correction_words(delivery: pb.Delivery) -> tuple[str, str, str]:
    """What becomes of a correction at an account: in few words, the tone, and what to do; empty where none is out."""
    words, tone, to_do = _CORRECTIONS.get(delivery.correction, ("", "", ""))
    return (gettext(words), tone, gettext(to_do)) if words else ("", "", "")


def delivery_words(delivery: pb.Delivery) -> str:
    """What became of it, in few words."""
    return gettext(_DELIVERIES[delivery.state][0]) if delivery.state in _DELIVERIES else ""


def delivery_tone(delivery: pb.Delivery) -> str:
    """Of the tag with what became of it."""
    return _DELIVERIES[delivery.state][1] if delivery.state in _DELIVERIES else ""


def trouble_words(delivery: pb.Delivery) -> str:
    """Why a delivery needs a person, in few words."""
    return correction_words(delivery)[0] or delivery_words(delivery)


def what_to_do(delivery: pb.Delivery) -> str:
    """What that means and what to do; empty where nothing is to be said."""
    said = _DELIVERIES[delivery.state][2] if delivery.state in _DELIVERIES else ""
    return gettext(said) if said else ""


def error_words(delivery: pb.Delivery) -> str:
    """What went wrong last; empty where nothing did."""
    return gettext(_ERRORS[delivery.error]) if delivery.error in _ERRORS else delivery.error


def problem_words(problem: pb.PostProblem) -> str:
    """Something that keeps a post from going out."""
    text = gettext(PROBLEMS.get(problem.reason, N_("This cannot go out as it is.")))
    return text % {"value": _value(problem), "limit": _figure(problem.limit)} if "%(" in text else text


def hard_words(reason: str) -> str:
    """Why a place in a text is hard to read."""
    return gettext(_HARD[reason]) if reason in _HARD else ""


def readability_words(score: int) -> str:
    """How easy a text is, from 0 (hard) to 100 (easy)."""
    if score >= 60:
        return gettext("easy to read")
    return gettext("takes some effort to read") if score >= 30 else gettext("hard to read")


def _value(problem: pb.PostProblem) -> str:
    if problem.reason == "CANNOT" and problem.value in CAPABILITIES:
        return gettext(CAPABILITIES[problem.value])
    return language_name(problem.value) if problem.reason == "NO_TEXT_IN_LANGUAGE" else _figure(problem.value)


def _figure(text: str) -> str:
    return format_number(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else text
