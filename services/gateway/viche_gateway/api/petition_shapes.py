"""Shapes of petitions and counts for the document of the API; :mod:`viche_gateway.api.values` makes the answers."""

from marshmallow import Schema, fields

from viche_gateway.api.answers import AnswerShape, HearingShape
from viche_gateway.api.saying import moment, said, texts
from viche_gateway.api.values import ASSURANCES, STATES
from viche_gateway.counting import REASONS


class ThresholdShape(Schema):
    """A number of signatures at which something happens."""

    name = fields.String(**said("Stable name within the rules."))
    signatures = fields.Integer(**said("How many validated signatures it takes.", minimum=0))
    effect = texts("What happens then")
    reached_at = moment("When it was reached", nullable=True)


class TermsShape(Schema):
    """The rules under which a petition collects; fixed when it opens."""

    workflow = fields.String(**said("Name of the rules."))
    workflow_version = fields.String(**said("Their version."))
    thresholds = fields.List(fields.Nested(ThresholdShape), **said("What happens at which number."))
    min_assurance = fields.String(**said("How surely a signer must be known.", enum=list(ASSURANCES.values())))
    territory_code = fields.String(allow_none=True, **said("Where signers must live; null: anywhere."))
    signatures_per_mailbox = fields.Integer(**said("How many people may sign from one mailbox."))
    open_days = fields.Integer(**said("Full days that it stays open."))
    votes_against = fields.Boolean(**said("People may also vote against."))
    signers_shown = fields.String(
        **said("What everybody sees of signers.", enum=["number", "territories", "names", ""])
    )  # fmt: skip
    legal_basis = texts("The rule's source")


class ChannelCountShape(Schema):
    """Validated signatures that came in one way."""

    channel = fields.String(**said("How people signed.", enum=["person", "email", "paper"]))
    signature_count = fields.Integer(**said("How many."))


class RemovalShape(Schema):
    """A decision to take signatures out of the count, or to put them back."""

    reason = fields.String(**said("Why.", enum=list(REASONS)))
    signature_count = fields.Integer(**said("How many have been removed or put back."))
    at = moment("When that was decided")
    note = texts("More about it")
    is_restored = fields.Boolean(**said("They count again."))
    is_against = fields.Boolean(**said("They are votes against."))


class ReversalShape(Schema):
    """A threshold that the count fell under again."""

    threshold = fields.String(**said("Its name within the rules."))
    reached_at = moment("When it had been reached")
    reversed_at = moment("When that was taken back")
    signature_count = fields.Integer(**said("Validated signatures that were left."))


class RemovalsShape(Schema):
    """Signatures that were taken out of the count. The sum may be more than the items have."""

    signature_count = fields.Integer(**said("How many in all, those put back left out."))
    votes_against_count = fields.Integer(**said("The same of votes against."))
    items = fields.List(fields.Nested(RemovalShape), **said("Decisions in their order."))
    reversals = fields.List(fields.Nested(ReversalShape), **said("Thresholds that were not reached any more."))


class RejectionShape(Schema):
    """Why a petition was rejected before it opened."""

    reason = fields.String(**said("Code of the reason in its rules."))
    title = texts("The reason as it was worded then")
    help = texts("What its author can do")
    note = fields.String(**said("What the author was told."))
    language = fields.String(**said("BCP 47 language of the note."))
    rejected_at = moment("When")
    duplicate_of = fields.Integer(allow_none=True, **said("Number of the petition that asks for the same."))
    hides_text = fields.Boolean(**said("Its text is not shown because of the reason."))
    complained_at = moment("When its author complained", nullable=True)
    complaint_decided_at = moment("When the complaint was decided", nullable=True)
    complaint_decision = fields.String(allow_none=True, **said("What was decided about the complaint."))


class OrganisationShape(Schema):
    """An organisation that starts a petition."""

    name = fields.String(**said("As it is registered."))
    register_number = fields.String(allow_none=True, **said("In the register of organisations."))
    role = fields.String(allow_none=True, **said("What the person is there who acts for it."))


class MemberShape(Schema):
    """A member of an initiative committee."""

    name = fields.String(**said("As published."))
    territory_code = fields.String(allow_none=True, **said("Where they live."))


class CommitteeShape(Schema):
    """An initiative committee."""

    size = fields.Integer(**said("How many members it has."))
    members = fields.List(fields.Nested(MemberShape), **said("Empty until the petition opens, and in lists."))
    founded_on = fields.Date(allow_none=True, **said("The day of its founding meeting."))
    founding_place = fields.String(allow_none=True, **said("Where that was."))


class AuthorShape(Schema):
    """Who starts a petition."""

    kind = fields.String(**said("What they are.", enum=["person", "organisation", "committee"]))
    organisation = fields.Nested(OrganisationShape, allow_none=True, **said("Null where it is none."))
    committee = fields.Nested(CommitteeShape, allow_none=True, **said("Null where it is none."))


class SigningPauseShape(Schema):
    """Signing is paused, for instance for an election; terms run on."""

    until = moment("When it goes on")
    reason = texts("Why")


class SponsorshipShape(Schema):
    """Who supports a petition before it is checked."""

    needed = fields.Integer(**said("How many it needs."))
    count = fields.Integer(**said("How many it has."))
    reached_at = moment("When it had as many as it needs", nullable=True)


class SupportShape(Schema):
    """A support, which counts as a signature once the petition opens."""

    id = fields.UUID(**said("UUID of the signature."))
    sponsorship = fields.Nested(SponsorshipShape, **said("With the new count."))


class PetitionShape(Schema):
    """A petition."""

    id = fields.UUID(**said("UUID; names drafts, which have no number."))
    number = fields.Integer(allow_none=True, **said("Public number; null before it opens or is rejected."))
    title = fields.String(**said("What is asked, in one line."))
    background = fields.String(**said("Why, in plain text with paragraphs."))
    details = fields.String(**said("More, if any."))
    language = fields.String(**said("BCP 47 language of the texts."))
    authority_id = fields.UUID(allow_none=True, **said("Whom it is addressed to; null in an archive."))
    state = fields.String(**said("Where it is in its life.", enum=list(STATES.values())))
    author_name = fields.String(allow_none=True, **said("As published; null when not public."))
    signature_count = fields.Integer(**said("Validated signatures; in an archive as its source stated them."))
    votes_against_count = fields.Integer(
        allow_none=True, **said("Votes against that count; null where the rules have none.")
    )  # fmt: skip
    terms = fields.Nested(TermsShape, allow_none=True, **said("Null for drafts and archives."))
    created_at = moment("When it was started", nullable=True)
    opened_at = moment("When it opened", nullable=True)
    closes_at = moment("When it closes or has closed", nullable=True)
    updated_at = moment("When it was last changed, counts included", nullable=True)
    author = fields.Nested(AuthorShape, allow_none=True, **said("Who starts it; null in archives."))
    sponsorship = fields.Nested(SponsorshipShape, allow_none=True, **said("Null where it needs no supporters."))
    rejection = fields.Nested(RejectionShape, allow_none=True, **said("Null where it is not rejected, and in lists."))
    answers = fields.List(fields.Nested(AnswerShape), **said("The official answer and its corrections, in order."))
    hearings = fields.List(fields.Nested(HearingShape), **said("What was said of hearings, in order; not in lists."))
    is_archived = fields.Boolean(**said("Taken over from another system and read-only."))
    source_url = fields.String(allow_none=True, **said("Where an archived one comes from."))
    source_state = fields.String(allow_none=True, **said("Its state in the words of its source."))
    source_name = fields.String(allow_none=True, **said("Who published an archived one."))
    source_licence = fields.String(allow_none=True, **said("The licence under which its source published it."))
    version = fields.Integer(**said("Counts changes of a draft; a change names the version that it changes."))
    channels = fields.List(
        fields.Nested(ChannelCountShape), allow_none=True, **said("By how people signed; null in lists and archives.")
    )
    removals = fields.Nested(
        RemovalsShape, allow_none=True, **said("What was taken out of the count; null in lists and where nothing was.")
    )
    signing_pause = fields.Nested(
        SigningPauseShape, allow_none=True, **said("Nobody can sign now, though it is open; null where people can.")
    )


class PetitionPageShape(Schema):
    """A page of petitions."""

    petitions = fields.List(fields.Nested(PetitionShape), **said("In the order asked for."))
    next_page_token = fields.String(allow_none=True, **said("For the next page; null on the last one."))
    total_size = fields.Integer(**said("How many there are in all, of matches at most 1000; up to 10 seconds old."))
    total_is_at_least = fields.Boolean(**said("Whether there are more than total_size."))


class TerritoryCountShape(Schema):
    """Signatures of one territory: validated ones, or as the source of an archived petition states them."""

    territory_code = fields.String(allow_none=True, **said("Null where none was given; in an archive the source's."))
    signature_count = fields.Integer(**said("Validated signatures; in an archive as its source stated them."))
    name = fields.String(allow_none=True, **said("As the source of an archived petition has it, else null."))
    kind = fields.String(allow_none=True, **said("What an archived petition's source divides by, else null."))


class TallyShape(Schema):
    """Validated signatures by territory of residence."""

    number = fields.Integer(**said("Public number of the petition."))
    signature_count = fields.Integer(**said("All of them; in an archive as its source stated it."))
    territories = fields.List(fields.Nested(TerritoryCountShape), **said("Most first."))
    channels = fields.List(fields.Nested(ChannelCountShape), **said("Most first; empty in an archive."))


class CountPointShape(Schema):
    """The count at the end of a minute."""

    minute = moment("Start of the minute, or of the day where no more is known")
    day = fields.Date(allow_none=True, **said("The day where no more is known, in archives; else null."))
    signature_count = fields.Integer(**said("Validated signatures at its end."))


class HistoryShape(Schema):
    """The count over time."""

    number = fields.Integer(**said("Public number of the petition."))
    points = fields.List(fields.Nested(CountPointShape), **said("Only minutes in which it moved, in order."))
