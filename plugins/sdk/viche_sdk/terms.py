"""The rules under which one petition collects, fixed when it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from viche_sdk.assurance import Assurance, SignersShown
from viche_sdk.basis import LegalBasis
from viche_sdk.channels import ONLINE, Channel, narrowed
from viche_sdk.clocks import COLLECT, COLLECT_TITLE
from viche_sdk.counting import Period, Unit
from viche_sdk.deadlines import Deadline
from viche_sdk.events import Event, Happening
from viche_sdk.fixed_clocks import FixedClock
from viche_sdk.life import USUAL, ClosingEvent, Failure, Stage
from viche_sdk.people import FixedCommittee
from viche_sdk.stored import (
    Stored,
    parsed,
    read_flag,
    read_list,
    read_localized,
    read_number,
    read_optional,
    read_text,
    reading,
    written,
)
from viche_sdk.thresholds import FixedThreshold, Progress


class BadTerms(ValueError):
    """A stored text does not hold terms."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of one petition; what the workflow or the authority changes later does not touch them.

    `resident_of` is the code of the territory where signers must live; empty means anywhere.
    `thresholds` ascend. `clocks` has the one called "collect". `calendar` is the ISO 3166 code of the calendar by which
    working days are counted; empty where none are. `min_assurance` is the least over the `channels`.
    `sponsors` is 0 where none are needed.
    """

    workflow: str
    version: str
    thresholds: tuple[FixedThreshold, ...]
    clocks: tuple[FixedClock, ...]
    min_assurance: Assurance
    resident_of: str
    signatures_per_mailbox: int
    legal_basis: LegalBasis
    signers_shown: SignersShown = SignersShown.NUMBER
    calendar: str = ""
    stages: tuple[Stage, ...] = USUAL
    channels: tuple[Channel, ...] = ()
    votes_against: bool = False
    author_counts: bool = False
    author_shown: bool = True
    sponsors: int = 0
    committee: FixedCommittee | None = None
    closing_events: tuple[ClosingEvent, ...] = ()
    failed: Failure = Failure()

    @property
    def open_days(self) -> int | None:
        """For how many full days signatures are collected; None where that is not counted in calendar days."""
        period = self.clock(COLLECT).period
        return period.length if period.unit is Unit.CALENDAR_DAY else None

    def closes_at(self, opened_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant at which collecting ends, an aware UTC time; the petition collects while now < closes_at."""
        return self.deadline(COLLECT, opened_at, zone).ends_at

    def clock(self, name: str) -> FixedClock:
        """The clock of that name.

        Raises:
            KeyError: these terms have none.
        """
        return {clock.name: clock for clock in self.clocks}[name]

    def starting_at(self, event: Happening) -> tuple[FixedClock, ...]:
        """The clocks that an event starts."""
        return tuple(clock for clock in self.clocks if clock.starts_at == event)

    def deadline(self, clock: str, started_at: datetime, zone: ZoneInfo, *, extended: bool = False) -> Deadline:
        """When a clock runs out that its event started at `started_at`; see `FixedClock.deadline`."""
        return self.clock(clock).deadline(started_at, zone, self.calendar, extended=extended)

    def progress(self, total: int, by_territory: Mapping[str, int]) -> tuple[Progress, ...]:
        """How far each threshold is; `by_territory` has the codes of the minima, smaller territories summed up."""
        return tuple(each.progress(total, by_territory) for each in self.thresholds)

    def reached(self, total: int, by_territory: Mapping[str, int]) -> tuple[str, ...]:
        """Names of the thresholds that validated signatures reach."""
        return tuple(each.threshold for each in self.progress(total, by_territory) if each.is_reached)

    def to_json(self) -> str:
        """One line of JSON that `from_json` reads; equal terms give equal text."""
        return written(self.content())

    def content(self) -> dict[str, object]:
        """What JSON takes. `open_days` is there for those who read terms before there were clocks."""
        return {
            "workflow": self.workflow,
            "version": self.version,
            "thresholds": [each.content() for each in self.thresholds],
            "clocks": [each.content() for each in self.clocks],
            "calendar": self.calendar,
            "min_assurance": str(self.min_assurance),
            "resident_of": self.resident_of,
            "signatures_per_mailbox": self.signatures_per_mailbox,
            "legal_basis": dict(self.legal_basis.act),
            "legal_article": self.legal_basis.article,
            "legal_url": self.legal_basis.url,
            "signers_shown": str(self.signers_shown),
            "stages": [str(stage) for stage in self.stages],
            "channels": [each.content() for each in self.channels],
            "votes_against": self.votes_against,
            "author_counts": self.author_counts,
            "author_shown": self.author_shown,
            "sponsors": self.sponsors,
            "committee": self.committee.content() if self.committee else None,
            "closing_events": [each.content() for each in self.closing_events],
            "failed": self.failed.content(),
            **({"open_days": self.open_days} if self.open_days else {}),
        }

    @classmethod
    def from_json(cls, stored: Stored) -> "Terms":
        """Read terms back, from text or from JSON already parsed.

        Keys that this version does not know are passed over, since a newer version may have written them.

        Raises:
            BadTerms: something is missing or of another kind.
        """
        with reading("terms", BadTerms):
            content = parsed(stored)
            return cls(
                workflow=read_text(content["workflow"]),
                version=read_text(content["version"]),
                thresholds=tuple(FixedThreshold.read(each) for each in read_list(content["thresholds"])),
                clocks=_read_clocks(content),
                min_assurance=Assurance(read_text(content["min_assurance"])),
                resident_of=read_text(content["resident_of"]),
                signatures_per_mailbox=read_number(content["signatures_per_mailbox"]),
                legal_basis=_read_basis(content),
                signers_shown=SignersShown(content.get("signers_shown", SignersShown.NUMBER)),
                calendar=read_text(content.get("calendar", "")),
                stages=tuple(Stage(read_text(each)) for each in read_list(content.get("stages", [*USUAL]))),
                channels=_read_channels(content),
                votes_against=read_flag(content.get("votes_against", False)),
                author_counts=read_flag(content.get("author_counts", False)),
                author_shown=read_flag(content.get("author_shown", True)),
                sponsors=read_number(content.get("sponsors", 0)),
                committee=read_optional(FixedCommittee.read, content.get("committee")),
                closing_events=tuple(ClosingEvent.read(each) for each in read_list(content.get("closing_events", []))),
                failed=read_optional(Failure.read, content.get("failed")) or Failure(),
            )


def _read_basis(content: Mapping[str, object]) -> LegalBasis:
    article, url = read_text(content.get("legal_article", "")), read_text(content.get("legal_url", ""))
    return LegalBasis(read_localized(content["legal_basis"]), article, url)


def _read_channels(content: Mapping[str, object]) -> tuple[Channel, ...]:
    if "channels" not in content:  # stored when the usual ones were all there are
        return narrowed(ONLINE, Assurance(read_text(content["min_assurance"])))
    return tuple(Channel.read(each) for each in read_list(content["channels"]))


def _read_clocks(content: Mapping[str, object]) -> tuple[FixedClock, ...]:
    if "clocks" not in content:  # stored when collecting was the only clock
        period = Period(read_number(content["open_days"]), Unit.CALENDAR_DAY)
        return (FixedClock(COLLECT, COLLECT_TITLE, period, Event.OPENED, Event.COLLECTION_ENDED),)
    clocks = tuple(FixedClock.read(each) for each in read_list(content["clocks"]))
    if COLLECT not in [clock.name for clock in clocks]:
        raise ValueError(f"there is no clock {COLLECT!r}")
    return clocks
