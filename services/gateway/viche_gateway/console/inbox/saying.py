"""Words for conversations."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext, pgettext
from viche.social.v1 import inbox_pb2 as pb

from viche_gateway.sentences import N_

STATES: Mapping[int, str] = {
    pb.THREAD_STATE_WAITING: N_("Waits for an answer"),
    pb.THREAD_STATE_ANSWERED: N_("Answered"),
    pb.THREAD_STATE_CLOSED: N_("Closed"),
}
KINDS: Mapping[int, str] = {
    pb.INBOX_KIND_COMMENT: N_("Comment"),
    pb.INBOX_KIND_MENTION: N_("Mention"),
    pb.INBOX_KIND_MESSAGE: N_("Private message"),
}
REASONS: Mapping[int, str] = {
    pb.CLOSED_BECAUSE_ANSWERED_ELSEWHERE: N_("Answered in another way, by telephone for instance"),
    pb.CLOSED_BECAUSE_NO_QUESTION: N_("Nobody asked anything: thanks, for instance"),
    pb.CLOSED_BECAUSE_SPAM: N_("Advertising, and the like"),
    pb.CLOSED_BECAUSE_LEFT: N_("It stays without an answer"),
    pb.CLOSED_BECAUSE_DELETED: N_("Whoever wrote it took it away"),
    pb.CLOSED_BECAUSE_BEFORE: N_("It was written long before the account was connected"),
}
CHOSEN: Mapping[str, int] = {
    "elsewhere": pb.CLOSED_BECAUSE_ANSWERED_ELSEWHERE,
    "no_question": pb.CLOSED_BECAUSE_NO_QUESTION,
    "spam": pb.CLOSED_BECAUSE_SPAM,
    "left": pb.CLOSED_BECAUSE_LEFT,
}
"""What an officer may say, by its name in the form."""
REPLIES: Mapping[int, str] = {
    pb.REPLY_STATE_WAITING: N_("Waits to be sent"),
    pb.REPLY_STATE_SENDING: N_("Is being sent"),
    pb.REPLY_STATE_PUBLISHED: N_("Is there"),
    pb.REPLY_STATE_REFUSED: N_("The platform did not take it"),
    pb.REPLY_STATE_BLOCKED: N_("Waits until the account is connected anew"),
    pb.REPLY_STATE_UNKNOWN: N_("Nobody knows whether it appeared"),
    pb.REPLY_STATE_CANCELLED: N_("Was not sent"),
}
REPLY_TONES: Mapping[int, str] = {
    pb.REPLY_STATE_PUBLISHED: "good",
    pb.REPLY_STATE_REFUSED: "bad",
    pb.REPLY_STATE_BLOCKED: "bad",
    pb.REPLY_STATE_UNKNOWN: "warn",
}
TONES: Mapping[int, str] = {
    pb.TONE_FRIENDLY: N_("Friendly"),
    pb.TONE_NEUTRAL: N_("Neither friendly nor angry"),
    pb.TONE_ANGRY: N_("Angry"),
}
TONE_NAMES: Mapping[str, int] = {
    "friendly": pb.TONE_FRIENDLY,
    "neutral": pb.TONE_NEUTRAL,
    "angry": pb.TONE_ANGRY,
}
TOPICS: Mapping[str, str] = {
    "roads": N_("Roads and bridges"),
    "transport": N_("Public transport"),
    "housing": N_("Houses and yards"),
    "utilities": N_("Water, heating, electricity"),
    "waste": N_("Waste and cleanliness"),
    "parks": N_("Parks and trees"),
    "education": N_("Schools and nurseries"),
    "health": N_("Health"),
    "support": N_("Social support"),
    "safety": N_("Safety"),
    "culture": N_("Culture and sport"),
    "services": N_("Documents and services"),
    "budget": N_("Money and taxes"),
    "decisions": N_("Decisions and elections"),
}
"""The topics that social proposes, and others that officers may choose."""
EVENTS: Mapping[str, str] = {
    "came": N_("Somebody wrote"),
    "edited": N_("Somebody changed what they wrote"),
    "deleted": N_("Somebody took away what they wrote"),
    "answered": N_("Wrote an answer"),
    "settled": N_("Said whether the answer has appeared"),
    "retried": N_("Sent the answer once more"),
    "claimed": N_("Took the conversation"),
    "assigned": N_("Gave the conversation to a colleague"),
    "released": N_("Gave the conversation back"),
    "noted": N_("Wrote a note"),
    "hidden": N_("Hid a comment"),
    "shown": N_("Showed a comment again"),
    "closed": N_("Closed the conversation"),
    "reopened": N_("Opened the conversation again"),
    "labelled": N_("Said what it is about"),
    "drafted": N_("Began a petition for this person"),
    "erased": N_("Let it be forgotten who wrote"),
}
_CANNOT: Mapping[str, str] = {
    "ABSENT": N_("This platform lets no program answer. Answer there, then close the conversation here."),
    "DISCONNECTED": N_("The account is not connected any more, so nothing can be answered from here."),
    "FORGOTTEN": N_("What was written is forgotten, so there is nothing to answer."),
    "DELETED": N_("Whoever wrote it took it away, so there is nothing to answer."),
}


def words(catalogue: Mapping[int, str], value: int) -> str:
    """What a value is called; empty for one without words."""
    return gettext(catalogue[value]) if value in catalogue else ""


def state_words(state: int) -> str:
    """Where a conversation is; other things that are closed are of another gender in some languages."""
    return pgettext("conversation", "Closed") if state == pb.THREAD_STATE_CLOSED else words(STATES, state)


def topic_words(topic: str) -> str:
    """What a topic is called; itself where it is none of ours."""
    return gettext(TOPICS[topic]) if topic in TOPICS else topic


def event_words(what: str) -> str:
    """What was done."""
    return gettext(EVENTS[what]) if what in EVENTS else what


def cannot_words(reason: str) -> str:
    """Why nothing can be answered from here."""
    return gettext(_CANNOT.get(reason, _CANNOT["ABSENT"]))


def reasons() -> Sequence[tuple[str, str]]:
    """What an officer may close a conversation for."""
    return [(name, gettext(REASONS[value])) for name, value in CHOSEN.items()]


def topics() -> Sequence[tuple[str, str]]:
    """The topics, by what they are called."""
    return sorted(((name, gettext(said)) for name, said in TOPICS.items()), key=lambda pair: pair[1].casefold())


def tones() -> Sequence[tuple[str, str]]:
    """How something may be said."""
    return [(name, gettext(TONES[value])) for name, value in TONE_NAMES.items()]


def name_of(names: Mapping[str, int], value: int) -> str:
    """The name in a form that stands for a value; empty where there is none."""
    return next((name for name, each in names.items() if each == value), "")
