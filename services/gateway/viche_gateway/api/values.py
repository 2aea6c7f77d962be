"""From messages of the services to JSON values. An empty text that means "none" becomes null."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import identity_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.api import answers

STATES: Mapping[int, str] = {
    pb.PETITION_STATE_DRAFT: "draft",
    pb.PETITION_STATE_SUBMITTED: "submitted",
    pb.PETITION_STATE_OPEN: "open",
    pb.PETITION_STATE_THRESHOLD_REACHED: "threshold_reached",
    pb.PETITION_STATE_CLOSED: "closed",
    pb.PETITION_STATE_SPONSORING: "sponsoring",
    pb.PETITION_STATE_REJECTED: "rejected",
}
_AUTHORS = {pb.AUTHOR_KIND_ORGANISATION: "organisation", pb.AUTHOR_KIND_COMMITTEE: "committee"}
NOT_PUBLIC = ("draft", "sponsoring", "submitted")
PUBLIC_STATES: Mapping[str, int] = {name: state for state, name in STATES.items() if name not in NOT_PUBLIC}
ORDERS: Mapping[str, int] = {"recent": pb.PETITION_ORDER_RECENT, "count": pb.PETITION_ORDER_COUNT}
ASSURANCES: Mapping[int, str] = {
    identity_pb2.ASSURANCE_EMAIL: "email",
    identity_pb2.ASSURANCE_SUBSTANTIAL: "substantial",
    identity_pb2.ASSURANCE_HIGH: "high",
}
Value = dict[str, Any]


def moment(timestamp: Timestamp) -> str | None:
    """RFC 3339 in UTC with milliseconds; None when it is not set."""
    if not timestamp.seconds:
        return None
    return timestamp.ToDatetime(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def petition(item: pb.Petition) -> Value:
    """A petition."""
    return {
        "id": item.id,
        "number": item.number or None,
        "title": item.title,
        "background": item.background,
        "details": item.details,
        "language": item.language,
        "authority_id": item.authority_id or None,
        "state": STATES.get(item.state, "closed"),
        "author_name": item.author_name or None,
        "signature_count": item.signature_count,
        "votes_against_count": item.votes_against if item.terms.votes_against else None,
        "terms": _terms(item.terms) if item.HasField("terms") else None,
        "created_at": moment(item.created_at),
        "opened_at": moment(item.opened_at),
        "closes_at": moment(item.closes_at),
        "updated_at": moment(item.updated_at),
        "author": _author(item) if item.HasField("author") else None,
        "sponsorship": sponsorship(item.sponsorship) if item.HasField("sponsorship") else None,
        "rejection": _rejection(item) if item.HasField("rejection") else None,
        "answers": [answers.answer(item, each) for each in item.answers],
        "hearings": [answers.hearing(each) for each in item.hearings],
        "is_archived": item.is_archived,
        "source_url": item.source_url or None,
        "source_state": item.source_state or None,
        "source_name": item.source_name or None,
        "source_licence": item.source_licence or None,
        "version": item.version,
        "channels": [channel_count(each) for each in item.channels] or None,
        "removals": removals(item),
        "signing_pause": signing_pause(item),
    }


def signing_pause(item: pb.Petition) -> Value | None:
    """What keeps people from signing a petition that is open; None where they can."""
    if not item.HasField("signing_pause"):
        return None
    return {"until": moment(item.signing_pause.until_at), "reason": dict(item.signing_pause.reason.texts)}


def channel_count(item: pb.ChannelCount) -> Value:
    """Signatures that came in one way."""
    return {"channel": item.channel, "signature_count": item.signature_count}


def removals(item: pb.Petition) -> Value | None:
    """What was taken out of a petition's count; None where nothing was."""
    if not item.HasField("removals"):
        return None
    return {
        "signature_count": item.removals.signatures,
        "votes_against_count": item.removals.votes_against,
        "items": [
            {
                "reason": each.reason,
                "signature_count": each.signatures,
                "at": moment(each.at),
                "note": dict(each.note.texts),
                "is_restored": each.is_restored,
                "is_against": each.is_against,
            }
            for each in item.removals.items
        ],
        "reversals": [
            {
                "threshold": each.threshold,
                "reached_at": moment(each.reached_at),
                "reversed_at": moment(each.reversed_at),
                "signature_count": each.signatures,
            }
            for each in item.removals.reversals
        ],
    }


def sponsorship(item: pb.Sponsorship) -> dict[str, Any]:
    """Who supports a petition before it is checked."""
    return {"needed": item.needed, "count": item.count, "reached_at": moment(item.reached_at)}


def _author(item: pb.Petition) -> dict[str, Any]:
    organisation, committee = item.author.organisation, item.committee
    return {
        "kind": _AUTHORS.get(item.author.kind, "person"),
        "organisation": {
            "name": organisation.name,
            "register_number": organisation.register_number or None,
            "role": organisation.role or None,
        }
        if item.author.HasField("organisation")
        else None,
        "committee": {
            "size": committee.size,
            "members": [
                {"name": each.name, "territory_code": each.territory_code or None} for each in committee.members
            ],
            "founded_on": committee.founded_on or None,
            "founding_place": committee.founding_place or None,
        }
        if item.HasField("committee")
        else None,
    }


def _rejection(item: pb.Petition) -> Value:
    rejection, complaint = item.rejection, item.complaint
    return {
        "reason": rejection.reason,
        "title": dict(rejection.title.texts),
        "help": dict(rejection.help.texts),
        "note": rejection.note,
        "language": rejection.language,
        "rejected_at": moment(rejection.rejected_at),
        "duplicate_of": rejection.duplicate_of or None,
        "hides_text": rejection.hides_text,
        "complained_at": moment(complaint.made_at),
        "complaint_decided_at": moment(complaint.decided_at),
        "complaint_decision": complaint.decision or None,
    }


def _terms(terms: pb.Terms) -> Value:
    return {
        "workflow": terms.workflow,
        "workflow_version": terms.workflow_version,
        "thresholds": [_threshold(item) for item in terms.thresholds],
        "min_assurance": terms.min_assurance or "email",
        "territory_code": terms.territory_code or None,
        "signatures_per_mailbox": terms.signatures_per_mailbox,
        "open_days": terms.open_days,
        "votes_against": terms.votes_against,
        "signers_shown": terms.signers_shown,
        "legal_basis": dict(terms.legal_basis.texts),
    }


def _threshold(threshold: pb.Threshold) -> Value:
    return {
        "name": threshold.name,
        "signatures": threshold.signatures,
        "effect": dict(threshold.effect.texts),
        "reached_at": moment(threshold.reached_at),
    }


def page(found: pb.ListPetitionsResponse) -> Value:
    """A page of petitions."""
    return {
        "petitions": [petition(item) for item in found.petitions],
        "next_page_token": found.next_page_token or None,
        "total_size": found.total_size,
        "total_is_at_least": found.total_is_at_least,
    }


def territory_count(item: pb.TerritoryCount) -> Value:
    """The count of a territory."""
    return {
        "territory_code": item.territory_code or None,
        "signature_count": item.signature_count,
        "name": item.territory_name or None,
        "kind": item.kind or None,
    }


def count_point(point: pb.CountPoint) -> Value:
    """The count at the end of a minute."""
    return {"minute": moment(point.minute), "day": point.day or None, "signature_count": point.signature_count}


def authority(item: identity_pb2.Authority) -> Value:
    """An authority."""
    return {
        "id": item.id,
        "slug": item.slug,
        "parent_slug": item.parent_slug or None,
        "name": dict(item.name.texts),
        "territory_code": item.territory_code,
    }


def territory(item: identity_pb2.Territory) -> Value:
    """A territory."""
    return {"code": item.code, "parent_code": item.parent_code or None, "name": dict(item.name.texts)}


def workflow(item: pb.Workflow) -> Value:
    """Rules."""
    return {
        "name": item.name,
        "version": item.version,
        "title": dict(item.title.texts),
        "settings": [_setting(setting) for setting in item.settings],
        "legal_basis": dict(item.legal_basis.texts),
    }


def _setting(item: pb.WorkflowSetting) -> Value:
    return {"name": item.name, "title": dict(item.title.texts), "default_value": item.default_value or None}


def person(item: identity_pb2.Person) -> Value:
    """The signed-in person, without the id, which stays inside."""
    return {
        "email": item.email,
        "name": item.name or None,
        "residence_code": item.residence_code or None,
        "assurance": ASSURANCES.get(item.assurance),
        "language": item.language or None,
        "grants": [{"role": grant.role, "authority_id": grant.authority_id} for grant in item.grants],
    }
