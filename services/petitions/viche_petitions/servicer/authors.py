"""Who starts a petition, as requests say it."""

from datetime import date

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import InvalidFields, invalid
from viche_petitions.domain.authors import AuthorKind, Authorship, Founding, Member, Organisation
from viche_petitions.domain.drafts import clean_line

KINDS = {
    pb.AUTHOR_KIND_PERSON: AuthorKind.PERSON,
    pb.AUTHOR_KIND_ORGANISATION: AuthorKind.ORGANISATION,
    pb.AUTHOR_KIND_COMMITTEE: AuthorKind.COMMITTEE,
}


def read_authorship(request: pb.CreatePetitionRequest | pb.UpdatePetitionRequest) -> Authorship | None:
    """What a request says of the author; None where it says nothing.

    Raises:
        InvalidFields: the day of the founding is none.
    """
    kind = KINDS.get(request.author_kind)
    if kind is None:
        return None
    organisation, committee = request.organisation, request.committee
    return Authorship(
        kind,
        Organisation(
            clean_line(organisation.name), clean_line(organisation.register_number), clean_line(organisation.role)
        ),
        Founding(_day(committee.founded_on), clean_line(committee.founding_place)),
        tuple(Member(clean_line(each.name), each.territory_code) for each in committee.members),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidFields(invalid("committee.founded_on", "BAD_DATE", value=text)) from error
