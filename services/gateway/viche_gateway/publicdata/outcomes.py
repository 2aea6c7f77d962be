"""What became of petitions: answers, debates, rejections; the one place that knows where these facts are.

An archived petition has them from its source, one of our own from its officers. What nobody tells is null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import opendata_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.api.values import moment

Value = dict[str, Any]
_COLLECTING = (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED)
_STATES: Mapping[int, str] = {**dict.fromkeys(_COLLECTING, "open"), pb.PETITION_STATE_REJECTED: "rejected"}
# keys of the UK for what happened when, by the step that a source of an archive dates
_STAGES = {
    "rejected_at": "rejected",
    "moderation_threshold_reached_at": "moderation_threshold_reached",
    "response_threshold_reached_at": "response_threshold_reached",
    "government_response_at": "government_response",
    "debate_threshold_reached_at": "debate_threshold_reached",
    "debate_outcome_at": "debate_outcome",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts in several languages and days are read.

    Args:
        pick: the text for the reader, from those by language.
        zone: in which days begin and end.
    """

    pick: Callable[[Mapping[str, str]], str]
    zone: ZoneInfo

    def day(self, at: Timestamp) -> str | None:
        """The day of an instant; None when it is not set."""
        return at.ToDatetime(tzinfo=UTC).astimezone(self.zone).date().isoformat() if at.seconds else None


@dataclass(frozen=True, slots=True)
class Facet:
    """What a ``state`` in the address stands for. ``is_empty``: no petition can be in it."""

    states: tuple[int, ...] = ()
    order: int = opendata_pb2.PUBLIC_ORDER_UNSPECIFIED
    reached: bool = False
    source_states: tuple[str, ...] = ()
    source_has: str = ""
    outcome: int = opendata_pb2.OUTCOME_UNSPECIFIED
    is_empty: bool = False


FACETS: Mapping[str, Facet] = {
    "all": Facet(),
    "recent": Facet(_COLLECTING, opendata_pb2.PUBLIC_ORDER_RECENT),
    "open": Facet(_COLLECTING),
    "closed": Facet((pb.PETITION_STATE_CLOSED,)),
    "rejected": Facet((pb.PETITION_STATE_REJECTED,), opendata_pb2.PUBLIC_ORDER_RECENT),
    "awaiting_response": Facet(
        reached=True, outcome=opendata_pb2.OUTCOME_UNANSWERED, order=opendata_pb2.PUBLIC_ORDER_REACHED
    ),
    "with_response": Facet(outcome=opendata_pb2.OUTCOME_ANSWERED),
    "awaiting_debate": Facet(outcome=opendata_pb2.OUTCOME_HEARING_AHEAD),
    "debated": Facet(outcome=opendata_pb2.OUTCOME_HEARD),
    "not_debated": Facet(is_empty=True),  # nobody here decides against a hearing
    "reached": Facet((pb.PETITION_STATE_THRESHOLD_REACHED,)),  # ours
}
"""Those of the UK's site, and our own; a petition is open as long as it collects."""

ARCHIVED_FACETS: Mapping[str, Facet] = {
    "all": Facet(),
    "published": Facet(source_states=("open", "closed")),
    "open": Facet(source_states=("open",)),
    "closed": Facet(source_states=("closed",)),
    "rejected": Facet(source_states=("rejected",)),
    "with_response": Facet(source_has="response"),
    "debated": Facet(source_has="debate"),
}


def state(petition: pb.Petition) -> str:
    """The word for its state; an archived petition keeps the word of its source."""
    return petition.source_state or _STATES.get(petition.state, "closed")


def instants(petition: pb.Petition) -> Value:
    """When what happened; null where it did not, or where only its day is known."""
    if petition.is_archived:
        dated = {stage.event: moment(stage.at) for stage in petition.source.stages}
        return {key: dated.get(event) for key, event in _STAGES.items()}
    by_number = sorted(petition.terms.thresholds, key=lambda threshold: threshold.signatures)
    reached = [moment(threshold.reached_at) for threshold in by_number]
    heard = _heard(petition)
    return {
        "rejected_at": moment(petition.rejection.rejected_at),
        "moderation_threshold_reached_at": moment(petition.sponsorship.reached_at),
        "response_threshold_reached_at": reached[0] if reached else None,
        "government_response_at": moment(petition.answers[0].published_at) if petition.answers else None,
        "debate_threshold_reached_at": reached[1] if len(reached) > 1 else None,
        "debate_outcome_at": moment(heard.published_at) if heard else None,
    }


def debate_scheduled_at(petition: pb.Petition) -> str | None:
    """When the hearing to come was announced first."""
    ahead = _ahead(petition)
    said = [each for each in petition.hearings if ahead and each.hearing == ahead.hearing]
    return moment(said[0].published_at) if said else None


def scheduled_debate_date(petition: pb.Petition, reading: Reading) -> str | None:
    """The day of the debate to come."""
    if ahead := _ahead(petition):
        return reading.day(ahead.held_at)
    stages = [stage for stage in petition.source.stages if stage.event == "scheduled_debate"]
    return (stages[0].day or reading.day(stages[0].at)) if stages else None


def rejection(petition: pb.Petition) -> Value | None:
    """Why it was rejected."""
    if petition.HasField("rejection"):
        return {"code": petition.rejection.reason, "details": petition.rejection.note or None}
    if petition.source.HasField("rejection"):
        return {"code": petition.source.rejection.code, "details": petition.source.rejection.details or None}
    return None


def response(petition: pb.Petition, reading: Reading) -> Value | None:
    """The official answer: its last version, with the day of the first."""
    if not petition.answers:
        return _stated_response(petition)
    first, last = petition.answers[0], petition.answers[-1]
    return {
        "responded_on": reading.day(first.published_at),
        "summary": reading.pick(last.summary.texts) or None,
        "details": reading.pick(last.reasons.texts) or None,
        "created_at": moment(first.published_at),
        "updated_at": moment(last.published_at),
    }


def response_url(petition: pb.Petition, page_address: str) -> str:
    """Where the official answer stands; empty where there is none."""
    return page_address if petition.answers else petition.source.response.url


def debate(petition: pb.Petition, reading: Reading) -> Value | None:
    """The hearing or debate about it, once it is said what came of it."""
    heard = _heard(petition)
    if heard is None:
        return _stated_debate(petition)
    return _debate(
        reading.day(heard.held_at), heard.transcript_url, heard.video_url, "", reading.pick(heard.outcome.texts)
    )


def _stated_response(petition: pb.Petition) -> Value | None:
    if not petition.source.HasField("response"):
        return None
    found = petition.source.response
    return {
        "responded_on": found.responded_on or None,
        "summary": found.summary or None,
        "details": found.details or None,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def _stated_debate(petition: pb.Petition) -> Value | None:
    if not petition.source.HasField("debate"):
        return None
    found = petition.source.debate
    return _debate(found.debated_on, found.transcript_url, found.video_url, found.debate_pack_url, found.overview)


def _debate(debated_on: str | None, transcript_url: str, video_url: str, pack_url: str, overview: str) -> Value:
    return {
        "debated_on": debated_on or None,
        "transcript_url": transcript_url or None,
        "video_url": video_url or None,
        "debate_pack_url": pack_url or None,
        "public_engagement_url": None,
        "debate_summary_url": None,
        "overview": overview or None,
    }


def _heard(petition: pb.Petition) -> pb.Hearing | None:
    """The last hearing of which it is said what came of it."""
    return next((each for each in reversed(_hearings(petition)) if each.outcome.texts), None)


def _ahead(petition: pb.Petition) -> pb.Hearing | None:
    """The first hearing of which nothing is said yet."""
    return next((each for each in _hearings(petition) if not each.outcome.texts), None)


def _hearings(petition: pb.Petition) -> list[pb.Hearing]:
    """What was said last of each hearing that was not cancelled, in their order."""
    last = {each.hearing: each for each in petition.hearings}
    return [each for each in last.values() if not each.is_cancelled]
