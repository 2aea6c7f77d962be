"""SignersService: the public list of signers."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.petitions.v1 import signers_pb2 as pb
from viche.petitions.v1 import signers_pb2_grpc

from viche_chassis import pages
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.messages import timestamp
from viche_petitions import signer_names
from viche_petitions.domain.errors import PetitionNotFound
from viche_petitions.domain.petition import SHOWN
from viche_petitions.domain.signers import NamesNotPublic, shows_names
from viche_petitions.signer_names import FIRST, Listed, SignerNames
from viche_petitions.store import rows
from viche_petitions.store.signer_names import Line, Place

USUAL_PAGE = 50
MOST = 1_000
AFTER, BEFORE = "after", "before"


class SignersServicer(signers_pb2_grpc.SignersServiceServicer):
    """Who signed, where the rules publish it.

    Args:
        zone: of the authorities.
    """

    def __init__(self, pool: Pool, names: SignerNames, zone: ZoneInfo) -> None:
        self._pool = pool
        self._names = names
        self._zone = zone

    async def ListSignerNames(self, request: pb.ListSignerNamesRequest, context: Any) -> pb.ListSignerNamesResponse:
        petition_id = UUID(request.petition_id)
        size = pages.page_size(request.page_size, USUAL_PAGE, MOST)
        side, place = self._start(request)
        async with reading(self._pool) as conn:
            await _check_public(conn, petition_id)
            if side == BEFORE and (found := await signer_names.before(conn, petition_id, place, size)).lines:
                return self._answer(found, has_previous=found.has_more, has_next=True)
            place = place if side == AFTER else FIRST  # whoever was before is not there any more
            found = await signer_names.after(conn, petition_id, place, size)
        return self._answer(found, has_previous=place != FIRST, has_next=found.has_more)

    def _start(self, request: pb.ListSignerNamesRequest) -> tuple[str, Place]:
        known = pages.read_page_token(request.page_token, (_side, datetime.fromisoformat, UUID))
        if known is not None:
            return known[0], Place(known[1], known[2])
        return AFTER, self._begin_of(request.from_day) if request.from_day else FIRST

    def _begin_of(self, day: str) -> Place:
        try:
            begins_at = datetime.combine(date.fromisoformat(day), time(), self._zone)
            return Place(begins_at.astimezone(UTC), UUID(int=0))
        except (ValueError, OverflowError) as error:
            raise InvalidFields(invalid("from_day", "BAD_DATE")) from error

    def _answer(self, found: Listed, *, has_previous: bool, has_next: bool) -> pb.ListSignerNamesResponse:
        lines = found.lines
        return pb.ListSignerNamesResponse(
            names=map(self._message, lines),
            next_page_token=_token(AFTER, lines[-1]) if lines and has_next else "",
            previous_page_token=_token(BEFORE, lines[0]) if lines and has_previous else "",
        )

    def _message(self, line: Line) -> pb.SignerName:
        return pb.SignerName(
            name=self._names.open(line.name, line.signature_id),
            signed_at=timestamp(line.signed_at),
            day=line.signed_at.astimezone(self._zone).date().isoformat(),
            name_from=line.name_from,
        )


async def _check_public(conn: Connection, petition_id: UUID) -> None:
    found = await rows.get(conn, petition_id)
    if found is None or found.is_archived or found.state not in SHOWN:
        raise PetitionNotFound()
    if not shows_names(found.terms):
        raise NamesNotPublic()


def _token(side: str, line: Line) -> str:
    return pages.page_token(side, line.signed_at.isoformat(), line.signature_id)


def _side(value: object) -> str:
    if value not in (AFTER, BEFORE):
        raise ValueError(value)
    return str(value)
