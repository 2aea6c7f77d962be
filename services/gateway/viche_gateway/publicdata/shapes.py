"""A petition with the keys of petition.parliament.uk; what has no counterpart here is null or an empty list.

``state`` is "open" while a petition collects, also after a threshold; an archived one keeps the word of its source.
The lowest threshold stands where the UK has its response, the next where it has its debate; all of them are in
``thresholds``, which is ours.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.api.values import moment
from viche_gateway.regions import territory_name

_STATES: Mapping[int, str] = {
    pb.PETITION_STATE_OPEN: "open",
    pb.PETITION_STATE_THRESHOLD_REACHED: "open",
    pb.PETITION_STATE_CLOSED: "closed",
}
# parts of the UK's procedure: our workflows have no such steps, so these are always null
_NO_COUNTERPART = (
    "rejected_at",
    "moderation_threshold_reached_at",
    "government_response_at",
    "scheduled_debate_date",
    "debate_outcome_at",
    "rejection",
    "government_response",
    "debate",
    "committee_note",
)
Value = dict[str, Any]


def attributes(petition: pb.Petition) -> Value:
    """The attributes of a petition in a list."""
    opened_at = moment(petition.opened_at)
    reached = sorted(petition.terms.thresholds, key=lambda threshold: threshold.signatures)
    reached_at = [moment(threshold.reached_at) for threshold in reached]
    is_closed = petition.state == pb.PETITION_STATE_CLOSED
    return {
        "action": petition.title,
        "background": petition.background,
        "additional_details": petition.details,
        "state": petition.source_state or _STATES.get(petition.state, "closed"),
        "signature_count": petition.signature_count,
        "created_at": moment(petition.created_at),
        "updated_at": moment(petition.updated_at),
        "open_at": opened_at,
        "opened_at": opened_at,
        "closed_at": moment(petition.closes_at) if is_closed else None,
        "response_threshold_reached_at": reached_at[0] if reached_at else None,
        "debate_threshold_reached_at": reached_at[1] if len(reached_at) > 1 else None,
        "creator_name": petition.author_name or None,
        **dict.fromkeys(_NO_COUNTERPART),
        "closes_at": moment(petition.closes_at),
        "thresholds": [_threshold(threshold) for threshold in reached],
        "source_url": petition.source_url or None,
    }


def listed(petition: pb.Petition, public_url: str) -> Value:
    """A petition in a list."""
    links = {"self": f"{public_url}/petitions/{petition.number}.json"}
    return {"type": "petition", "id": petition.number, "links": links, "attributes": attributes(petition)}


def whole(petition: pb.Petition, territories: Iterable[pb.TerritoryCount], public_url: str) -> Value:
    """A petition by itself, with its counts by territory."""
    counts = {
        "signatures_by_country": [],
        "signatures_by_constituency": [_territory(item) for item in territories if item.territory_code],
    }
    data = {"type": "petition", "id": petition.number, "attributes": attributes(petition) | counts}
    return {"links": {"self": f"{public_url}/petitions/{petition.number}.json"}, "data": data}


def _threshold(threshold: pb.Threshold) -> Value:
    reached_at = moment(threshold.reached_at)
    return {"name": threshold.name, "signatures": threshold.signatures, "reached_at": reached_at}


def _territory(item: pb.TerritoryCount) -> Value:
    code = item.territory_code
    return {"name": territory_name(code), "ons_code": code, "mp": None, "signature_count": item.signature_count}
