"""Shapes of what the API answers, for its document; the answers are made by :mod:`viche_gateway.api.values`."""

from typing import Any

from marshmallow import Schema, fields

from viche_gateway.api.answers import AnswerShape, HearingShape
from viche_gateway.api.values import ASSURANCES, STATES
from viche_gateway.counting import REASONS


def _said(what: str, **kwargs: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": what, **kwargs}}


def _texts(what: str) -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.String(), **_said(f"{what}: BCP 47 language to text."))


def _moment(what: str, *, nullable: bool = False) -> fields.DateTime:
    return fields.DateTime(allow_none=nullable, **_said(f"{what}. RFC 3339, UTC."))


class ThresholdShape(Schema):
    """A number of signatures at which something happens."""

    name = fields.String(**_said("Stable name within the rules."))
    signatures = fields.Integer(**_said("How many validated signatures it takes.", minimum=0))
    effect = _texts("What happens then")
    reached_at = _moment("When it was reached", nullable=True)


class TermsShape(Schema):
    """The rules under which a petition collects; fixed when it opens."""

    workflow = fields.String(**_said("Name of the rules."))
    workflow_version = fields.String(**_said("Their version."))
    thresholds = fields.List(fields.Nested(ThresholdShape), **_said("What happens at which number."))
    min_assurance = fields.String(**_said("How surely a signer must be known.", enum=list(ASSURANCES.values())))
    territory_code = fields.String(allow_none=True, **_said("Where signers must live; null: anywhere."))
    signatures_per_mailbox = fields.Integer(**_said("How many people may sign from one mailbox."))
    open_days = fields.Integer(**_said("Full days that it stays open."))
    votes_against = fields.Boolean(**_said("People may also vote against."))
    signers_shown = fields.String(
        **_said("What everybody sees of signers.", enum=["number", "territories", "names", ""])
    )  # fmt: skip
    legal_basis = _texts("The rule's source")


class ChannelCountShape(Schema):
    """Validated signatures that came in one way."""

    channel = fields.String(**_said("How people signed.", enum=["person", "email", "paper"]))
    signature_count = fields.Integer(**_said("How many."))


class RemovalShape(Schema):
    """A decision to take signatures out of the count, or to put them back."""

    reason = fields.String(**_said("Why.", enum=list(REASONS)))
    signature_count = fields.Integer(**_said("How many have been removed or put back."))
    at = _moment("When that was decided")
    note = _texts("More about it")
    is_restored = fields.Boolean(**_said("They count again."))
    is_against = fields.Boolean(**_said("They are votes against."))


class ReversalShape(Schema):
    """A threshold that the count fell under again."""

    threshold = fields.String(**_said("Its name within the rules."))
    reached_at = _moment("When it had been reached")
    reversed_at = _moment("When that was taken back")
    signature_count = fields.Integer(**_said("Validated signatures that were left."))


class RemovalsShape(Schema):
    """Signatures that were taken out of the count. The sum may be more than the items have."""

    signature_count = fields.Integer(**_said("How many in all, those put back left out."))
    votes_against_count = fields.Integer(**_said("The same of votes against."))
    items = fields.List(fields.Nested(RemovalShape), **_said("Decisions in their order."))
    reversals = fields.List(fields.Nested(ReversalShape), **_said("Thresholds that were not reached any more."))


class RejectionShape(Schema):
    """Why a petition was rejected before it opened."""

    reason = fields.String(**_said("Code of the reason in its rules."))
    title = _texts("The reason as it was worded then")
    help = _texts("What its author can do")
    note = fields.String(**_said("What the author was told."))
    language = fields.String(**_said("BCP 47 language of the note."))
    rejected_at = _moment("When")
    duplicate_of = fields.Integer(allow_none=True, **_said("Number of the petition that asks for the same."))
    hides_text = fields.Boolean(**_said("Its text is not shown because of the reason."))
    complained_at = _moment("When its author complained", nullable=True)
    complaint_decided_at = _moment("When the complaint was decided", nullable=True)
    complaint_decision = fields.String(allow_none=True, **_said("What was decided about the complaint."))


class OrganisationShape(Schema):
    """An organisation that starts a petition."""

    name = fields.String(**_said("As it is registered."))
    register_number = fields.String(allow_none=True, **_said("In the register of organisations."))
    role = fields.String(allow_none=True, **_said("What the person is there who acts for it."))


class MemberShape(Schema):
    """A member of an initiative committee."""

    name = fields.String(**_said("As published."))
    territory_code = fields.String(allow_none=True, **_said("Where they live."))


class CommitteeShape(Schema):
    """An initiative committee."""

    size = fields.Integer(**_said("How many members it has."))
    members = fields.List(fields.Nested(MemberShape), **_said("Empty until the petition opens, and in lists."))
    founded_on = fields.Date(allow_none=True, **_said("The day of its founding meeting."))
    founding_place = fields.String(allow_none=True, **_said("Where that was."))


class AuthorShape(Schema):
    """Who starts a petition."""

    kind = fields.String(**_said("What they are.", enum=["person", "organisation", "committee"]))
    organisation = fields.Nested(OrganisationShape, allow_none=True, **_said("Null where it is none."))
    committee = fields.Nested(CommitteeShape, allow_none=True, **_said("Null where it is none."))


class SigningPauseShape(Schema):
    """Signing is paused, for instance for an election; terms run on."""

    until = _moment("When it goes on")
    reason = _texts("Why")


class SponsorshipShape(Schema):
    """Who supports a petition before it is checked."""

    needed = fields.Integer(**_said("How many it needs."))
    count = fields.Integer(**_said("How many it has."))
    reached_at = _moment("When it had as many as it needs", nullable=True)


class SupportShape(Schema):
    """A support, which counts as a signature once the petition opens."""

    id = fields.UUID(**_said("UUID of the signature."))
    sponsorship = fields.Nested(SponsorshipShape, **_said("With the new count."))


class PetitionShape(Schema):
    """A petition."""

    id = fields.UUID(**_said("UUID; names drafts, which have no number."))
    number = fields.Integer(allow_none=True, **_said("Public number; null before it opens or is rejected."))
    title = fields.String(**_said("What is asked, in one line."))
    background = fields.String(**_said("Why, in plain text with paragraphs."))
    details = fields.String(**_said("More, if any."))
    language = fields.String(**_said("BCP 47 language of the texts."))
    authority_id = fields.UUID(allow_none=True, **_said("Whom it is addressed to; null in an archive."))
    state = fields.String(**_said("Where it is in its life.", enum=list(STATES.values())))
    author_name = fields.String(allow_none=True, **_said("As published; null when not public."))
    signature_count = fields.Integer(**_said("Validated signatures; in an archive as its source stated them."))
    votes_against_count = fields.Integer(
        allow_none=True, **_said("Votes against that count; null where the rules have none.")
    )  # fmt: skip
    terms = fields.Nested(TermsShape, allow_none=True, **_said("Null for drafts and archives."))
    created_at = _moment("When it was started", nullable=True)
    opened_at = _moment("When it opened", nullable=True)
    closes_at = _moment("When it closes or has closed", nullable=True)
    updated_at = _moment("When it was last changed, counts included", nullable=True)
    author = fields.Nested(AuthorShape, allow_none=True, **_said("Who starts it; null in archives."))
    sponsorship = fields.Nested(SponsorshipShape, allow_none=True, **_said("Null where it needs no supporters."))
    rejection = fields.Nested(RejectionShape, allow_none=True, **_said("Null where it is not rejected, and in lists."))
    answers = fields.List(fields.Nested(AnswerShape), **_said("The official answer and its corrections, in order."))
    hearings = fields.List(fields.Nested(HearingShape), **_said("What was said of hearings, in order; not in lists."))
    is_archived = fields.Boolean(**_said("Taken over from another system and read-only."))
    source_url = fields.String(allow_none=True, **_said("Where an archived one comes from."))
    source_state = fields.String(allow_none=True, **_said("Its state in the words of its source."))
    source_name = fields.String(allow_none=True, **_said("Who published an archived one."))
    source_licence = fields.String(allow_none=True, **_said("The licence under which its source published it."))
    version = fields.Integer(**_said("Counts changes of a draft; a change names the version that it changes."))
    channels = fields.List(
        fields.Nested(ChannelCountShape), allow_none=True, **_said("By how people signed; null in lists and archives.")
    )
    removals = fields.Nested(
        RemovalsShape, allow_none=True, **_said("What was taken out of the count; null in lists and where nothing was.")
    )
    signing_pause = fields.Nested(
        SigningPauseShape, allow_none=True, **_said("Nobody can sign now, though it is open; null where people can.")
    )


class PetitionPageShape(Schema):
    """A page of petitions."""

    petitions = fields.List(fields.Nested(PetitionShape), **_said("In the order asked for."))
    next_page_token = fields.String(allow_none=True, **_said("For the next page; null on the last one."))
    total_size = fields.Integer(**_said("How many there are in all, of matches at most 1000; up to 10 seconds old."))
    total_is_at_least = fields.Boolean(**_said("Whether there are more than total_size."))


class TerritoryCountShape(Schema):
    """Signatures of one territory: validated ones, or as the source of an archived petition states them."""

    territory_code = fields.String(allow_none=True, **_said("Null where none was given; in an archive the source's."))
    signature_count = fields.Integer(**_said("Validated signatures; in an archive as its source stated them."))
    name = fields.String(allow_none=True, **_said("As the source of an archived petition has it, else null."))
    kind = fields.String(allow_none=True, **_said("What an archived petition's source divides by, else null."))


class TallyShape(Schema):
    """Validated signatures by territory of residence."""

    number = fields.Integer(**_said("Public number of the petition."))
    signature_count = fields.Integer(**_said("All of them; in an archive as its source stated it."))
    territories = fields.List(fields.Nested(TerritoryCountShape), **_said("Most first."))
    channels = fields.List(fields.Nested(ChannelCountShape), **_said("Most first; empty in an archive."))


class CountPointShape(Schema):
    """The count at the end of a minute."""

    minute = _moment("Start of the minute, or of the day where no more is known")
    day = fields.Date(allow_none=True, **_said("The day where no more is known, in archives; else null."))
    signature_count = fields.Integer(**_said("Validated signatures at its end."))


class HistoryShape(Schema):
    """The count over time."""

    number = fields.Integer(**_said("Public number of the petition."))
    points = fields.List(fields.Nested(CountPointShape), **_said("Only minutes in which it moved, in order."))


class AuthorityShape(Schema):
    """An institution that people turn to."""

    id = fields.UUID(**_said("UUID."))
    slug = fields.String(**_said("Stable short name."))
    parent_slug = fields.String(allow_none=True, **_said("Of the authority above; null at the top."))
    name = _texts("Its name")
    territory_code = fields.String(**_said("The territory that it serves."))


class AuthoritiesShape(Schema):
    """The tree of authorities."""

    authorities = fields.List(fields.Nested(AuthorityShape), **_said("Parents before children."))


class TerritoryShape(Schema):
    """A territorial unit of the official codifier."""

    code = fields.String(**_said("Code of the codifier."))
    parent_code = fields.String(allow_none=True, **_said("Of the unit above; null at the top."))
    name = _texts("Its name")


class TerritoriesShape(Schema):
    """The codifier."""

    territories = fields.List(fields.Nested(TerritoryShape), **_said("Parents before children."))


class WorkflowSettingShape(Schema):
    """A figure that an authority sets."""

    name = fields.String(**_said("Stable name."))
    title = _texts("For people")
    default_value = fields.String(allow_none=True, **_said("When none is set; null: it must be set."))


class WorkflowShape(Schema):
    """Rules that a plugin brings."""

    name = fields.String(**_said("Stable name."))
    version = fields.String(**_said("Their version."))
    title = _texts("For people")
    settings = fields.List(fields.Nested(WorkflowSettingShape), **_said("What an authority can or must give."))
    legal_basis = _texts("The rule's source")


class WorkflowsShape(Schema):
    """The rules that this instance has."""

    workflows = fields.List(fields.Nested(WorkflowShape), **_said("By name."))


class GrantShape(Schema):
    """A role that one holds."""

    role = fields.String(**_said("For instance officer or operator."))
    authority_id = fields.UUID(**_said("Where it holds, and in everything below."))


class PersonShape(Schema):
    """The signed-in person."""

    email = fields.String(**_said("The address that was confirmed."))
    name = fields.String(allow_none=True, **_said("Null until given."))
    residence_code = fields.String(allow_none=True, **_said("Territory of residence; null until given."))
    assurance = fields.String(allow_none=True, **_said("How surely the person is known."))
    language = fields.String(allow_none=True, **_said("BCP 47 language of mails."))
    grants = fields.List(fields.Nested(GrantShape), **_said("Roles that hold now."))


class SessionShape(Schema):
    """A session that has just begun."""

    session_token = fields.String(**_said("Secret: goes into `Authorization: Bearer` of later calls."))
    token_type = fields.String(**_said("Always Bearer.", enum=["Bearer"]))
    expires_at = _moment("When the session ends by itself")


class SignatureShape(Schema):
    """A signature that is counted."""

    id = fields.UUID(**_said("UUID of the signature."))
    petition_number = fields.Integer(**_said("Public number of the petition."))


class FaultShape(Schema):
    """One field that cannot be taken as it is."""

    field = fields.String(**_said("Name of the field."))
    place = fields.String(data_key="in", **_said("Where it stands.", enum=["body", "query", "header"]))
    pointer = fields.String(metadata={"description": "Where in the body: a JSON pointer as URI fragment (RFC 6901)."})
    reason = fields.String(**_said("Stable reason."))
    detail = fields.String(**_said("The same for people."))


class ProblemShape(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(**_said("Address of the reason's explanation.", format="uri-reference"))
    title = fields.String(**_said("The reason in words, in English."))
    status = fields.Integer(**_said("HTTP status."))
    detail = fields.String(**_said("A sentence in the language of Accept-Language."))
    reason = fields.String(**_said("Stable reason in capitals."))
    errors = fields.List(
        fields.Nested(FaultShape), metadata={"description": "All fields at fault, if it is about any."}
    )
    trace_id = fields.String(**_said("Names the request in our logs."))
