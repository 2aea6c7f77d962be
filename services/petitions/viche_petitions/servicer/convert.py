"""Between values of the domain and messages."""

from collections.abc import Iterable, Iterator

from google.protobuf.json_format import ParseDict
from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.messages import timestamp
from viche_petitions.domain.authors import AuthorKind, Member
from viche_petitions.domain.deadlines import NotedDeadline
from viche_petitions.domain.pauses import Stop
from viche_petitions.domain.petition import Petition, State
from viche_petitions.domain.rejections import Complaint, Rejection
from viche_petitions.domain.sponsors import most_sponsors
from viche_petitions.servicer import counted, rules
from viche_petitions.servicer.answer_messages import answer_message, happening_message, hearing_message

STATES = {
    State.DRAFT: pb.PETITION_STATE_DRAFT,
    State.SPONSORING: pb.PETITION_STATE_SPONSORING,
    State.SUBMITTED: pb.PETITION_STATE_SUBMITTED,
    State.OPEN: pb.PETITION_STATE_OPEN,
    State.THRESHOLD_REACHED: pb.PETITION_STATE_THRESHOLD_REACHED,
    State.CLOSED: pb.PETITION_STATE_CLOSED,
    State.REJECTED: pb.PETITION_STATE_REJECTED,
}

AUTHOR_KINDS = {
    AuthorKind.PERSON: pb.AUTHOR_KIND_PERSON,
    AuthorKind.ORGANISATION: pb.AUTHOR_KIND_ORGANISATION,
    AuthorKind.COMMITTEE: pb.AUTHOR_KIND_COMMITTEE,
}


def petition_message(
    petition: Petition,
    deadlines: Iterable[NotedDeadline] = (),
    *,
    for_officers: bool = False,
    for_author: bool = False,
    members: Iterable[Member] = (),
) -> pb.Petition:
    """A petition. Its author is never in it.

    Args:
        deadlines: of the petition, in the order in which they end.
        for_officers: whether it has the clocks and deadlines, too, that are for officers only.
        for_author: whether its author reads it. Authors and officers see what a rejection hides from everybody else.
        members: of its committee, those who are to be seen.
    """
    is_insider = for_officers or for_author
    is_counted = petition.is_archived or petition.opened_at is not None  # sponsors alone are no public count
    if petition.text_hidden and not is_insider:
        petition = petition.concealed()
    return pb.Petition(
        id=str(petition.id), number=petition.number or 0, title=petition.title, background=petition.background,
        details=petition.details, language=petition.language,
        authority_id=str(petition.authority_id) if petition.authority_id else "",
        state=STATES[petition.state], author_name=petition.author_name,
        signature_count=petition.signature_count if is_counted else 0,
        terms=_terms_of(petition, for_officers), deadlines=_deadlines_of(petition, deadlines, for_officers),
        created_at=timestamp(petition.created_at), opened_at=timestamp(petition.opened_at),
        closes_at=timestamp(petition.closes_at), updated_at=timestamp(petition.updated_at),
        is_archived=petition.is_archived, source_url=petition.source_url, version=petition.version,
        source_state=petition.source_state, source_name=petition.source_name, source_licence=petition.source_licence,
        source=_source_of(petition), imported_at=timestamp(petition.imported_at),
        submitted_at=timestamp(petition.submitted_at),
        happenings=map(happening_message, petition.happenings),
        answers=map(answer_message, petition.answers), hearings=map(hearing_message, petition.hearings),
        rejection=rejection_message(petition.rejection), complaint=complaint_message(petition.complaint, is_insider),
        sponsorship=_sponsorship(petition), author=_author(petition), committee=_committee(petition, members),
        removals=counted.removals_message(petition.removals),
        channels=counted.channels_message(petition.channels if is_counted else ()),
        votes_against=petition.votes_against if is_counted else 0,
        channels_against=counted.channels_message(petition.channels_against if is_counted else ()),
        signing_pause=signing_pause_message(petition.signing_stop),
    )  # fmt: skip


def signing_pause_message(stop: Stop | None) -> pb.SigningPause | None:
    """What keeps people from signing now."""
    if stop is None:
        return None
    return pb.SigningPause(until_at=timestamp(stop.until_at), reason=pb.LocalizedText(texts=dict(stop.reason)))


def rejection_message(rejection: Rejection | None) -> pb.Rejection | None:
    """A rejection as everybody may read it."""
    if rejection is None:
        return None
    rule, reason = rejection.rule, rejection.rule.reason
    return pb.Rejection(
        reason=reason.code, title=rules.localized(reason.title), help=rules.localized(reason.help),
        note=rejection.note, language=rejection.language, rejected_at=timestamp(rejection.rejected_at),
        duplicate_of=rejection.duplicate_of or 0, hides_text=reason.hides_text,
        complaint_to=rules.localized(rule.complaint_to) if rule.complaint_to else None,
    )  # fmt: skip


def complaint_message(complaint: Complaint | None, is_insider: bool) -> pb.Complaint | None:
    """A complaint; what its author wrote is for insiders."""
    if complaint is None:
        return None
    message = pb.Complaint(text=complaint.text if is_insider else "", made_at=timestamp(complaint.made_at))
    if decision := complaint.decision:
        message.MergeFrom(
            pb.Complaint(
                decided_at=timestamp(decision.decided_at), is_upheld=decision.is_upheld, decision=decision.text,
                language=decision.language,
            )
        )  # fmt: skip
    return message


def _sponsorship(petition: Petition) -> pb.Sponsorship | None:
    needed = petition.terms.sponsors if petition.terms else 0
    if not needed:
        return None
    return pb.Sponsorship(
        needed=needed, count=petition.sponsors, most=most_sponsors(needed), reached_at=timestamp(petition.sponsored_at)
    )


def _author(petition: Petition) -> pb.PetitionAuthor | None:
    if petition.is_archived:
        return None
    author, organisation = petition.authorship, None
    if author.kind is AuthorKind.ORGANISATION:
        known = author.organisation
        organisation = pb.Organisation(
            name=known.name, register_number=known.register_number, role=known.role,
            confirmed_at=timestamp(known.confirmed_at),
        )  # fmt: skip
    return pb.PetitionAuthor(kind=AUTHOR_KINDS[author.kind], organisation=organisation)


def _committee(petition: Petition, members: Iterable[Member]) -> pb.InitiativeCommittee | None:
    author = petition.authorship
    if author.kind is not AuthorKind.COMMITTEE:
        return None
    return pb.InitiativeCommittee(
        members=(pb.CommitteeMember(name=each.name, territory_code=each.territory_code) for each in members),
        founded_on=author.founding.on.isoformat() if author.founding.on else "",
        founding_place=author.founding.place, size=petition.committee_size,
    )  # fmt: skip


def _source_of(petition: Petition) -> archive_pb2.SourceFacts | None:
    if petition.source_facts is None:
        return None
    return ParseDict(petition.source_facts, archive_pb2.SourceFacts(), ignore_unknown_fields=True)


def _terms_of(petition: Petition, for_officers: bool) -> pb.Terms | None:
    if petition.terms is None:
        return None
    progress = petition.terms.progress(petition.signature_count, petition.by_territory)
    return rules.terms_message(petition.terms, petition.reached, progress, for_officers=for_officers)


def _deadlines_of(petition: Petition, deadlines: Iterable[NotedDeadline], for_officers: bool) -> Iterator[pb.Deadline]:
    clocks = {clock.name: clock for clock in petition.terms.clocks} if petition.terms else {}
    for each in deadlines:
        clock = clocks.get(each.deadline.clock)  # rules that changed before the opening may have it no more
        if clock and (clock.public or for_officers):
            yield rules.deadline_message(clock, each.deadline, each.met_at, each.prolonged)
