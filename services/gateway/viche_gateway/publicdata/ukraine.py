"""The two tables that annex 34 of resolution 835 (in the structure of January 2025) asks a Ukrainian authority for.

Columns and their order are the annex's. What is not known stands empty.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Response
from viche.identity.v1 import identity_pb2
from viche.petitions.v1 import opendata_pb2, signers_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.clients.opendata import Wanted
from viche_gateway.context import services, settings
from viche_gateway.publicdata import answers, asking, outcomes, shapes
from viche_gateway.publicdata.outcomes import Reading
from viche_gateway.regions import current_region

TABLE_AGE_S = 60
PETITIONS = (
    "uid", "kind", "title", "url", "text", "authorityName", "authorityId", "authorityCattutc", "startDate", "count",
    "creator", "status", "answerDate", "answerUrl", "answerText",
)  # fmt: skip
VOTINGS = ("motionUid", "voterName", "motionTitle", "date")
_LANGUAGE = "uk"
_KATOTTG = re.compile(r"UA\d{17}")
_COLLECTED = (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED, pb.PETITION_STATE_CLOSED)
Row = tuple[object, ...]
NamesOf = Callable[[str], Iterator[signers_pb2.SignerName]]


@access.public(max_age_s=TABLE_AGE_S)
def petitions() -> Response:
    """Petitions; with ``authority`` those to one authority."""
    wanted = Wanted(states=_COLLECTED, origin=pb.PETITION_ORIGIN_OWN, authority_id=asking.authority_id())
    place = _Place(settings().public_url, settings().timezone, current_region().authorities)
    return answers.whole_table(
        "petitions.csv",
        lambda: services().opendata.all(wanted, with_texts=True),
        lambda petitions: _petition_rows(petitions, place),
    )


@access.public(max_age_s=TABLE_AGE_S)
def votings() -> Response:
    """Signatures, one a row; with ``authority`` those of petitions to one authority."""
    authority_id = asking.authority_id()
    names = services().signers.all
    return answers.whole_table(
        "votings.csv",
        lambda: services().opendata.signing_days(authority_id),
        lambda petitions: _voting_rows(petitions, names),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """What rows need of this instance."""

    public_url: str
    timezone: str
    authorities: Mapping[str, identity_pb2.Authority]


def _petition_rows(petitions: Iterator[pb.Petition], place: _Place) -> Iterator[Row]:
    yield PETITIONS
    reading = Reading(_ukrainian, ZoneInfo(place.timezone))
    for each in petitions:
        url = shapes.page_address(each, place.public_url)
        authority = _authority_cells(place.authorities.get(each.authority_id))
        yield (*_text_cells(each, url), *authority, *_life_cells(each, url, reading))


def _text_cells(petition: pb.Petition, url: str) -> Row:
    text = "\n\n".join(part for part in (petition.background, petition.details) if part)
    return petition.number, "", petition.title, url, text


def _authority_cells(authority: identity_pb2.Authority | None) -> Row:
    """Name, number in the register of organisations (not known here), and code of the territory if it is one."""
    if authority is None:
        return "", "", ""
    code = authority.territory_code
    return _ukrainian(authority.name.texts), "", code if _KATOTTG.fullmatch(code) else ""


def _life_cells(petition: pb.Petition, url: str, reading: Reading) -> Row:
    answer = outcomes.response(petition, reading) or {}
    text = "\n\n".join(part for part in (answer.get("summary"), answer.get("details")) if part)
    return (
        reading.day(petition.opened_at),
        petition.signature_count,
        shapes.author(petition),
        _status(petition),
        answer.get("responded_on"),
        outcomes.response_url(petition, url),
        text,
    )


def _status(petition: pb.Petition) -> str:
    """The annex's words for examples, and plain ones for what it does not name."""
    if petition.answers:
        return "з відповіддю"
    if any(threshold.HasField("reached_at") for threshold in petition.terms.thresholds):
        return "на розгляді"
    return "триває збір підписів" if petition.state == pb.PETITION_STATE_OPEN else "збір підписів завершено"


def _ukrainian(texts: Mapping[str, str]) -> str:
    """The Ukrainian text, else any."""
    return texts.get(_LANGUAGE) or next(iter(texts.values()), "")


def _voting_rows(petitions: Iterator[opendata_pb2.SigningDays], names_of: NamesOf) -> Iterator[Row]:
    """A row for each signature; with its name where the rules publish names and this one was not erased."""
    yield VOTINGS
    for each in petitions:
        names = _Names(names_of(each.named_petition_id) if each.named_petition_id else iter(()))
        for day in each.days:
            for _ in range(day.signatures):
                yield each.number, names.next_of(day.day), each.title, day.day


class _Names:
    """Names in the order of signing, taken day by day."""

    def __init__(self, names: Iterator[signers_pb2.SignerName]) -> None:
        self._names = names
        self._next = next(names, None)

    def next_of(self, day: str) -> str:
        """The next name of a day; empty where there is none left. Days come in order."""
        while self._next is not None and self._next.day < day:
            self._next = next(self._names, None)
        if self._next is None or self._next.day != day:
            return ""
        found, self._next = self._next.name, next(self._names, None)
        return found
