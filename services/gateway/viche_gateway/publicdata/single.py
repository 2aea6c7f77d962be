"""One petition, its count alone, and its count over time."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from flask import Response
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.api import values
from viche_gateway.api.petitions import NoSuchPetition, changed_at
from viche_gateway.context import services, settings
from viche_gateway.publicdata import answers, asking, shapes

AGE_S = 5
_NOT_PUBLIC = (pb.PETITION_STATE_DRAFT, pb.PETITION_STATE_SPONSORING, pb.PETITION_STATE_SUBMITTED)
Point = tuple[str, int]


@access.public(max_age_s=AGE_S)
def petition(number: int) -> Response:
    """One petition; an archived one, too, since addresses that were given out stay good."""
    return _whole(_public(number))


@access.public(max_age_s=AGE_S)
def archived_petition(number: int) -> Response:
    """One archived petition."""
    found = _public(number)
    if not found.is_archived:
        raise NoSuchPetition()
    return _whole(found)


@access.public(max_age_s=AGE_S)
def count(number: int) -> Response:
    """The count alone, for those who ask often."""
    found = _public(number)
    body = {
        "signature_count": found.signature_count,
        "votes_against_count": shapes.votes_against(found),
        "number": number,
        "updated_at": values.moment(found.updated_at),
    }
    return answers.document(body, changed_at(found.updated_at))


@access.public(max_age_s=AGE_S)
def history(number: int) -> Response:
    """The count over time, at the end of each minute or day in which it moved; with ``side`` of votes against."""
    unit, points = _points(number)
    key = _key()
    entries = [{unit: at, key: count} for at, count in points]
    return answers.document({"number": number, "by": unit, "time_zone": _zone(unit), "history": entries})


@access.public(max_age_s=AGE_S)
def history_table(number: int) -> Response:
    """The same as a table."""
    unit, points = _points(number)
    return answers.table(f"petition-{number}-history.csv", [(unit, _key()), *points])


def _public(number: int) -> pb.Petition:
    """The petition, unless it waits again, which it does with its number once its rejection was taken back."""
    found = services().petitions.by_number(number)
    if found.state in _NOT_PUBLIC:
        raise NoSuchPetition()
    return found


def _whole(found: pb.Petition) -> Response:
    territories = services().petitions.tally(found.id).territories
    return answers.document(shapes.whole(found, territories), changed_at(found.updated_at))


def _points(number: int) -> tuple[str, list[Point]]:
    """The unit, and the count at the end of each; of an archived petition sources know days alone."""
    by = asking.choice("by", "minute", "day")
    points = services().petitions.history(_public(number).id, is_against=_is_against())
    if by == "day" or any(point.day for point in points):
        return "day", list(_by_day(points))
    return "minute", [(values.moment(point.minute) or "", point.signature_count) for point in points]


def _is_against() -> bool:
    return asking.choice("side", "for", "against") == "against"


def _key() -> str:
    return "votes_against_count" if _is_against() else "signature_count"


def _by_day(points: Sequence[pb.CountPoint]) -> Iterator[Point]:
    zone = ZoneInfo(settings().timezone)
    ends: dict[str, int] = {}
    for point in points:
        day = point.day or point.minute.ToDatetime(tzinfo=UTC).astimezone(zone).date().isoformat()
        ends[day] = point.signature_count
    return iter(ends.items())


def _zone(unit: str) -> str:
    return "UTC" if unit == "minute" else settings().timezone
