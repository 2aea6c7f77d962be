"""A petition with the keys of petition.parliament.uk, in their order; what has no counterpart is null or an empty list.

The lowest threshold stands where the UK has its response, the next where it has its debate.
Keys that the UK's site does not have are ours and come last.
"""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway.api.values import channel_count, moment, removals, signing_pause
from viche_gateway.context import settings
from viche_gateway.counting import shows_territories
from viche_gateway.publicdata import outcomes
from viche_gateway.publicdata.outcomes import Reading
from viche_gateway.regions import (
    authority_name,
    authority_slug,
    current_region,
    localized,
    summed_up,
    territory_name,
)

Value = dict[str, Any]
Counts = Iterable[pb.TerritoryCount]


def attributes(petition: pb.Petition) -> Value:
    """The attributes of a petition in a list."""
    is_closed = petition.state == pb.PETITION_STATE_CLOSED
    opened_at = moment(petition.opened_at)
    reading = Reading(localized, ZoneInfo(settings().timezone))
    return {
        "action": petition.title,
        "background": petition.background,
        "additional_details": petition.details,
        "committee_note": None,
        "state": outcomes.state(petition),
        "signature_count": petition.signature_count,
        "created_at": moment(petition.created_at),
        "updated_at": moment(petition.source.updated_at) or moment(petition.updated_at),
        "open_at": opened_at,  # its name until 2016
        "opened_at": opened_at,
        "closed_at": moment(petition.closes_at) if is_closed else None,
        **outcomes.instants(petition),
        "debate_scheduled_at": outcomes.debate_scheduled_at(petition),
        "scheduled_debate_date": outcomes.scheduled_debate_date(petition, reading),
        "creator_name": author(petition) if outcomes.state(petition) == "open" else None,
        "rejection": outcomes.rejection(petition),
        "government_response": outcomes.response(petition, reading),
        "debate": outcomes.debate(petition, reading),
        "departments": [],
        "topics": list(petition.source.topics),
        **_ours(petition),
    }


def author(petition: pb.Petition) -> str | None:
    """The name of the author, where the rules of the petition show it."""
    return (petition.author_name or None) if petition.terms.author_shown or petition.is_archived else None


def votes_against(petition: pb.Petition) -> int | None:
    """How many votes against count; None where the rules of the petition have none."""
    return petition.votes_against if petition.terms.votes_against else None


def listed(petition: pb.Petition) -> Value:
    """A petition in a list."""
    links = {"self": address(petition)}
    return {"type": _kind(petition), "id": petition.number, "links": links, "attributes": attributes(petition)}


def whole(petition: pb.Petition, territories: Counts) -> Value:
    """A petition by itself, with its counts by territory and its deadlines."""
    shown = list(territories) if shows_territories(petition) else []
    more = {
        **(_stated(shown) if petition.is_archived else _counted(petition, shown)),
        "signatures_by_region": [],
        "other_parliamentary_business": [],
        "signatures_by_territory": [_territory(item) for item in shown],
        "deadlines": [_deadline(item) for item in petition.deadlines],
        "signatures_by_channel": [channel_count(item) for item in petition.channels],
        "removals": removals(petition),
        "votes_against_by_channel": [
            {"channel": item.channel, "votes_against_count": item.signature_count} for item in petition.channels_against
        ],
    }
    data = {"type": _kind(petition), "id": petition.number, "attributes": attributes(petition) | more}
    return {"links": {"self": address(petition)}, "data": data}


def address(petition: pb.Petition) -> str:
    """The address of a petition as data."""
    folder = "/archived" if petition.is_archived else ""
    return f"{settings().public_url}{folder}/petitions/{petition.number}.json"


def page_address(petition: pb.Petition, public_url: str) -> str:
    """The address of its page."""
    return f"{public_url}/petitions/{petition.number}"


def _kind(petition: pb.Petition) -> str:
    return "archived-petition" if petition.is_archived else "petition"


def _stated(counts: list[pb.TerritoryCount]) -> Value:
    """As the source of an archived petition states them, in its order."""
    return {
        "signatures_by_country": [
            {"name": item.territory_name, "code": item.territory_code, "signature_count": item.signature_count}
            for item in counts
            if item.kind == "country"
        ],
        "signatures_by_constituency": [
            _constituency(item.territory_name, item.territory_code, item.signature_count, item.representative)
            for item in counts
            if item.kind == "constituency"
        ],
    }


def _counted(petition: pb.Petition, counts: list[pb.TerritoryCount]) -> Value:
    """Our constituencies are the territories right below that of the authority, each with all below it."""
    authority = current_region().authorities.get(petition.authority_id)
    sums = summed_up({item.territory_code: item.signature_count for item in counts if item.territory_code})
    below = [
        (code, sums[code])
        for code, territory in current_region().territories.items()
        if authority and authority.territory_code and territory.parent_code == authority.territory_code and code in sums
    ]
    below.sort(key=lambda item: -item[1])
    return {
        "signatures_by_country": [],
        "signatures_by_constituency": [_constituency(territory_name(code), code, count) for code, count in below],
    }


def _constituency(name: str, code: str, count: int, representative: str = "") -> Value:
    return {"name": name, "ons_code": code, "mp": representative or None, "signature_count": count}


def _territory(item: pb.TerritoryCount) -> Value:
    name = item.territory_name or (territory_name(item.territory_code) if item.territory_code else None)
    return {"code": item.territory_code or None, "name": name, "signature_count": item.signature_count}


def _ours(petition: pb.Petition) -> Value:
    reached = sorted(petition.terms.thresholds, key=lambda threshold: threshold.signatures)
    return {
        "closes_at": moment(petition.closes_at),
        "signing_pause": signing_pause(petition),
        "language": petition.language,
        "authority": _authority(petition.authority_id),
        "thresholds": [_threshold(threshold) for threshold in reached],
        "source_url": petition.source_url or None,
        "source": _source(petition) if petition.is_archived else None,
        "votes_against_count": votes_against(petition),
    }


def _authority(authority_id: str) -> Value | None:
    if not authority_id:
        return None
    try:
        return {"id": authority_id, "slug": authority_slug(authority_id), "name": authority_name(authority_id) or None}
    except DomainError:  # a list is worth having without names
        return {"id": authority_id, "slug": None, "name": None}


def _threshold(threshold: pb.Threshold) -> Value:
    reached_at = moment(threshold.reached_at)
    return {"name": threshold.name, "signatures": threshold.signatures, "reached_at": reached_at}


def _source(petition: pb.Petition) -> Value:
    stages = [{"event": each.event, "at": moment(each.at), "day": each.day or None} for each in petition.source.stages]
    return {
        "name": petition.source_name or None,
        "licence": petition.source_licence or None,
        "url": petition.source_url or None,
        "stages": stages,
    }


def _deadline(deadline: pb.Deadline) -> Value:
    return {
        "name": deadline.clock,
        "event": deadline.event,
        "started_at": moment(deadline.started_at),
        "ends_at": moment(deadline.ends_at),
        "last_day": deadline.last_day or None,
        "met_at": moment(deadline.met_at),
    }
