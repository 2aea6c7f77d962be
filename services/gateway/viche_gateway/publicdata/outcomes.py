"""What became of petitions: answers, debates, rejections; the one place that knows where these facts are.

An archived petition has them from its source. Of one of our own everything that :class:`Petition` does not tell is
null.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from viche.petitions.v1 import archive_pb2 as archive
from viche.petitions.v1 import opendata_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.api.values import moment

Value = dict[str, Any]
_COLLECTING = (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED)
_STATES: Mapping[int, str] = {**dict.fromkeys(_COLLECTING, "open"), pb.PETITION_STATE_REJECTED: "rejected"}
# keys of the UK for what happened when, by the event here and by the step that a source of an archive dates
_HAPPENED = {"rejected_at": "rejected", "moderation_threshold_reached_at": "sponsored",
             "government_response_at": "answered"}  # fmt: skip
_STAGES = {
    "rejected_at": "rejected",
    "moderation_threshold_reached_at": "moderation_threshold_reached",
    "response_threshold_reached_at": "response_threshold_reached",
    "government_response_at": "government_response",
    "debate_threshold_reached_at": "debate_threshold_reached",
    "debate_outcome_at": "debate_outcome",
}


@dataclass(frozen=True, slots=True)
class Facet:
    """What a ``state`` in the address stands for. ``is_empty``: no petition here can be in it yet."""

    states: tuple[int, ...] = ()
    order: int = opendata_pb2.PUBLIC_ORDER_UNSPECIFIED
    reached: bool = False
    source_states: tuple[str, ...] = ()
    source_has: str = ""
    is_empty: bool = False


FACETS: Mapping[str, Facet] = {
    "all": Facet(),
    "recent": Facet(_COLLECTING, opendata_pb2.PUBLIC_ORDER_RECENT),
    "open": Facet(_COLLECTING),
    "closed": Facet((pb.PETITION_STATE_CLOSED,)),
    "rejected": Facet((pb.PETITION_STATE_REJECTED,), opendata_pb2.PUBLIC_ORDER_RECENT),
    "awaiting_response": Facet(reached=True, order=opendata_pb2.PUBLIC_ORDER_REACHED),
    "with_response": Facet(is_empty=True),
    "awaiting_debate": Facet(is_empty=True),
    "debated": Facet(is_empty=True),
    "not_debated": Facet(is_empty=True),
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
    happened = {each.event: moment(each.at) for each in petition.happenings}
    by_number = sorted(petition.terms.thresholds, key=lambda threshold: threshold.signatures)
    reached = [moment(threshold.reached_at) for threshold in by_number]
    return {
        **dict.fromkeys(_STAGES),
        **{key: happened.get(event) for key, event in _HAPPENED.items()},
        "response_threshold_reached_at": reached[0] if reached else None,
        "debate_threshold_reached_at": reached[1] if len(reached) > 1 else None,
    }


def scheduled_debate_date(petition: pb.Petition) -> str | None:
    """The day of the debate to come."""
    stages = [stage for stage in petition.source.stages if stage.event == "scheduled_debate"]
    return (stages[0].day or (moment(stages[0].at) or "")[:10] or None) if stages else None


def rejection(petition: pb.Petition) -> Value | None:
    """Why it was rejected."""
    if not petition.source.HasField("rejection"):
        return None
    found = petition.source.rejection
    return {"code": found.code, "details": found.details or None}


def response(petition: pb.Petition) -> Value | None:
    """The official answer."""
    found = _answer(petition)
    if found is None:
        return None
    return {
        "responded_on": found.responded_on or None,
        "summary": found.summary or None,
        "details": found.details or None,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def response_url(petition: pb.Petition) -> str:
    """Where the official answer stands; empty where there is none."""
    found = _answer(petition)
    return found.url if found else ""


def debate(petition: pb.Petition) -> Value | None:
    """The debate about it."""
    if not petition.source.HasField("debate"):
        return None
    found = petition.source.debate
    return {
        "debated_on": found.debated_on or None,
        "transcript_url": found.transcript_url or None,
        "video_url": found.video_url or None,
        "debate_pack_url": found.debate_pack_url or None,
        "public_engagement_url": None,
        "debate_summary_url": None,
        "overview": found.overview or None,
    }


def _answer(petition: pb.Petition) -> archive.SourceResponse | None:
    return petition.source.response if petition.source.HasField("response") else None
