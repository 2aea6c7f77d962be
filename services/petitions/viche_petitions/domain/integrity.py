"""What keeps counts true: address blocks, sheets of paper, and decisions to take signatures out of the count."""

import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_petitions.domain.errors import ChannelNotAllowed, OtherTerritory
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.domain.signing import reached_thresholds
from viche_sdk.types import ChannelKind, Terms

PAPER = "paper"
CHANNELS = ("person", "email", PAPER)
MOST_ON_PAPER = 10_000
MAX_REFERENCE = 60
MAX_NOTE = 500
_BLOCK = {socket.AF_INET: 24, socket.AF_INET6: 48}


class Reason(StrEnum):
    """Why signatures are taken out of the count; everybody may read it."""

    DUPLICATE = "duplicate"
    AUTOMATED = "automated"
    BOUGHT = "bought"
    NOT_ELIGIBLE = "not_eligible"
    PAPER_WITHDRAWN = "paper_withdrawn"
    OTHER = "other"


class Kind(StrEnum):
    """What signatures become that are taken out of the count. Of ``FRAUDULENT`` ones the signers are told nothing."""

    INVALIDATED = "invalidated"
    FRAUDULENT = "fraudulent"


class Progress(StrEnum):
    """How far a decision is carried out."""

    RUNNING = "running"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SignatureFilter:
    """Which signatures of a petition; what is empty lets all through. ``until`` itself is left out.

    An empty territory code means signatures without a territory. With ``is_against`` votes against are meant.
    """

    channel: str = ""
    territory_codes: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    network: str = ""
    mail_domain: str = ""
    paper_batch_id: UUID | None = None
    signature_ids: tuple[UUID, ...] = ()
    is_against: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it means all signatures, or all votes against."""
        return not any(getattr(self, each.name) for each in fields(self) if each.name != "is_against")

    @property
    def side(self) -> Side:
        """Whether it means signatures or votes against."""
        return side_of(self.is_against)

    def content(self) -> dict[str, object]:
        """As it is stored: only what is given."""
        return {name: _plain(value) for name, value in asdict(self).items() if value}

    @classmethod
    def read(cls, content: Mapping[str, object]) -> "SignatureFilter":
        """From what is stored."""
        values: dict[str, object] = dict(content)
        for name in ("since", "until"):
            if name in values:
                values[name] = datetime.fromisoformat(str(values[name]))
        if "paper_batch_id" in values:
            values["paper_batch_id"] = UUID(str(values["paper_batch_id"]))
        for name, kind in (("territory_codes", str), ("signature_ids", UUID)):
            if name in values:
                values[name] = tuple(kind(each) for each in values[name])  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
        values["is_against"] = bool(values.get("is_against"))
        return cls(**values)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True, slots=True)
class Sheets:
    """Sheets of paper with signatures. ``residence`` has the territories of the signers, outermost first."""

    reference: str
    signatures: int
    residence: tuple[str, ...]
    received_on: str
    note: str

    @property
    def territory_code(self) -> str:
        """The innermost territory; empty where it is not known."""
        return self.residence[-1] if self.residence else ""


def network_block(network: str) -> str:
    """The block of an address or network that traces keep: an IPv4 /24 or an IPv6 /48; empty for anything else.

    By hand, since it runs for every signature, and ``ipaddress`` takes ten times as long.
    """
    address, _, length = network.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kept = _BLOCK[family]
    try:
        packed = socket.inet_pton(family, address)
        if length and int(length) < kept:
            return ""
    except (OSError, ValueError):
        return ""
    block = packed[: kept // 8] + bytes(len(packed) - kept // 8)
    return f"{socket.inet_ntop(family, block)}/{kept}"


def check_filter(which: SignatureFilter) -> None:
    """Refuses a filter that cannot be meant.

    Raises:
        InvalidFields: naming its fields.
    """
    found = list(_faults_of_filter(which))
    if found:
        raise InvalidFields(*found)


def _faults_of_filter(which: SignatureFilter) -> Iterator[FieldViolation]:
    if which.is_empty:
        yield invalid("filter", "REQUIRED")
    if which.channel and which.channel not in CHANNELS:
        yield invalid("channel", "UNKNOWN_VALUE", choices=", ".join(CHANNELS))
    if which.is_against and which.paper_batch_id:
        yield invalid("paper_batch_id", "UNKNOWN_VALUE", choices="")
    if which.since and which.until and which.since >= which.until:
        yield invalid("until", "TOO_EARLY")


def check_decision(reason: str, note: Mapping[str, str]) -> None:
    """Refuses a reason that is none, or one that says nothing.

    Raises:
        InvalidFields: naming its fields.
    """
    if reason not in list(Reason):
        raise InvalidFields(invalid("reason", "REQUIRED"))
    if reason == Reason.OTHER and not any(text.strip() for text in note.values()):
        raise InvalidFields(invalid("note", "REQUIRED"))
    longest = max(map(len, note.values()), default=0)
    if longest > MAX_NOTE:
        raise InvalidFields(invalid("note", "TOO_LONG", limit=MAX_NOTE, length=longest))


def check_sheets(sheets: Sheets, terms: Terms, opened_on: date, today: date) -> date:
    """Lets sheets be counted under the terms of a petition that collects.

    Args:
        opened_on, today: where the authority is; nobody can hand in sheets before or after.

    Returns:
        the day on which they were handed in.

    Raises:
        ChannelNotAllowed: nobody may sign it on paper.
        OtherTerritory: the signers live elsewhere.
        InvalidFields: naming what else is wrong.
    """
    if ChannelKind.PAPER not in [channel.kind for channel in terms.channels]:
        raise ChannelNotAllowed(channel=PAPER)
    received_on = _day(sheets.received_on)
    found = list(_faults_of_sheets(sheets, received_on, opened_on, today))
    if found or received_on is None:
        raise InvalidFields(*found)
    if terms.resident_of and terms.resident_of not in sheets.residence:
        raise OtherTerritory(territory_code=terms.resident_of)
    return received_on


def _faults_of_sheets(
    sheets: Sheets, received_on: date | None, opened_on: date, today: date
) -> Iterator[FieldViolation]:
    if not 1 <= sheets.signatures <= MOST_ON_PAPER:
        yield invalid("signatures", "OUT_OF_RANGE", least=1, most=MOST_ON_PAPER)
    if not sheets.reference:
        yield invalid("reference", "REQUIRED")
    elif len(sheets.reference) > MAX_REFERENCE:
        yield invalid("reference", "TOO_LONG", limit=MAX_REFERENCE, length=len(sheets.reference))
    if len(sheets.note) > MAX_NOTE:
        yield invalid("note", "TOO_LONG", limit=MAX_NOTE, length=len(sheets.note))
    if received_on is None:
        yield invalid("received_on", "BAD_DATE")
    elif not opened_on <= received_on <= today:
        yield invalid("received_on", "NOT_WHILE_OPEN")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-01") else None
    except ValueError:
        return None


def fallen_thresholds(
    terms: Terms, signatures: int, by_territory: Mapping[str, int], reached: Iterable[str]
) -> list[str]:
    """Those of the ``reached`` thresholds that a count does not reach any more, in the order of the terms."""
    holding = reached_thresholds(terms, signatures, by_territory)
    noted = set(reached)
    return [each.name for each in terms.thresholds if each.name in noted and each.name not in holding]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [str(each) for each in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)
