"""Between values of the domain and messages."""

from collections.abc import Iterable, Iterator

from google.protobuf.json_format import ParseDict
from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_petitions.domain.deadlines import NotedDeadline
from viche_petitions.domain.petition import Petition, State
from viche_petitions.servicer import rules
from viche_petitions.servicer.values import timestamp

STATES = {
    State.DRAFT: pb.PETITION_STATE_DRAFT,
    State.SPONSORING: pb.PETITION_STATE_SPONSORING,
    State.SUBMITTED: pb.PETITION_STATE_SUBMITTED,
    State.OPEN: pb.PETITION_STATE_OPEN,
    State.THRESHOLD_REACHED: pb.PETITION_STATE_THRESHOLD_REACHED,
    State.CLOSED: pb.PETITION_STATE_CLOSED,
    State.REJECTED: pb.PETITION_STATE_REJECTED,
}


def petition_message(
    petition: Petition, deadlines: Iterable[NotedDeadline] = (), *, for_officers: bool = False
) -> pb.Petition:
    """A petition. Its author is never in it.

    Args:
        deadlines: of the petition, in the order in which they end.
        for_officers: whether it has the clocks and deadlines, too, that are for officers only.
    """
    return pb.Petition(
        id=str(petition.id), number=petition.number or 0, title=petition.title, background=petition.background,
        details=petition.details, language=petition.language,
        authority_id=str(petition.authority_id) if petition.authority_id else "",
        state=STATES[petition.state], author_name=petition.author_name, signature_count=petition.signature_count,
        terms=_terms_of(petition, for_officers), deadlines=_deadlines_of(petition, deadlines, for_officers),
        created_at=timestamp(petition.created_at), opened_at=timestamp(petition.opened_at),
        closes_at=timestamp(petition.closes_at), updated_at=timestamp(petition.updated_at),
        is_archived=petition.is_archived, source_url=petition.source_url, version=petition.version,
        source_state=petition.source_state, source_name=petition.source_name, source_licence=petition.source_licence,
        source=_source_of(petition), imported_at=timestamp(petition.imported_at),
        submitted_at=timestamp(petition.submitted_at),
        happenings=(pb.Happening(event=each.event, at=timestamp(each.at)) for each in petition.happenings),
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
            yield rules.deadline_message(clock, each.deadline, each.met_at)
