"""When a clock has run out, and how that day was found."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from viche_sdk.basis import LegalBasis
from viche_sdk.calendars import CalendarVersion
from viche_sdk.counting import Period, Unit, day_of
from viche_sdk.events import Happening, event_named, explained
from viche_sdk.stored import (
    Stored,
    parsed,
    read_list,
    read_number,
    read_object,
    read_optional,
    read_text,
    reading,
    written,
)


class BadDeadline(ValueError):
    """A stored text does not hold a deadline."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of one clock of one petition, with all that explains it.

    `event` started the clock at `started_at`; the term is `period`, prolonged by `extended_by` where somebody did, but
    to no more than `at_most` in all where that limit cuts the extension short.
    `skipped` are the days in between that were no working days by `calendar`, where working days were counted.
    `zone` is the IANA zone of the authority; the term is over at `ends_at`, an aware UTC time.
    """

    clock: str
    event: Happening
    started_at: datetime
    period: Period
    ends_at: datetime
    zone: str
    extended_by: Period | None = None
    at_most: Period | None = None
    calendar: CalendarVersion | None = None
    skipped: tuple[date, ...] = ()
    legal_basis: LegalBasis | None = None

    @property
    def last_moment(self) -> datetime:
        """The last second in which it is still kept; what happens by the clock running out happens then."""
        return self.ends_at - timedelta(seconds=1)

    @property
    def last_day(self) -> date:
        """The last day on which it is still kept, where the authority is."""
        return day_of(self.last_moment, ZoneInfo(self.zone))

    def explain(self) -> str:
        """How the day was found, in English, for logs and the command line; people read the portal's catalogues."""
        started_on = day_of(self.started_at, ZoneInfo(self.zone))
        parts = [f"{self.clock}: {self.period} from {started_on}, when {explained(self.event)}"]
        if self.extended_by:
            limit = f", to {self.at_most} in all" if self.at_most else ""
            parts.append(f"extended by {self.extended_by}{limit}")
        if self.calendar:
            days = ", ".join(map(str, self.skipped)) or "none"
            parts.append(f"days off in between: {days} ({self.calendar.code}, {self.calendar.source})")
        parts.append(f"ends with {self.last_day} in {self.zone}")
        if self.legal_basis:
            parts.append(str(self.legal_basis))
        return "; ".join(parts)

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "clock": self.clock,
            "event": str(self.event),
            "started_at": self.started_at.isoformat(),
            "period": write_period(self.period),
            "ends_at": self.ends_at.isoformat(),
            "zone": self.zone,
            "extended_by": write_period(self.extended_by) if self.extended_by else None,
            "at_most": write_period(self.at_most) if self.at_most else None,
            "calendar": {"code": self.calendar.code, "source": self.calendar.source} if self.calendar else None,
            "skipped": [day.isoformat() for day in self.skipped],
            "legal_basis": self.legal_basis.content() if self.legal_basis else None,
        }

    def to_json(self) -> str:
        """One line of JSON that `from_json` reads; equal deadlines give equal text."""
        return written(self.content())

    @classmethod
    def from_json(cls, stored: Stored) -> "Deadline":
        """Read a deadline back, passing over keys that a newer version may have written.

        Raises:
            BadDeadline: something is missing or of another kind.
        """
        with reading("deadline", BadDeadline):
            content = parsed(stored)
            return cls(
                clock=read_text(content["clock"]),
                event=event_named(read_text(content["event"])),
                started_at=_instant(content["started_at"]),
                period=read_period(content["period"]),
                ends_at=_instant(content["ends_at"]),
                zone=read_text(content["zone"]),
                extended_by=read_optional(read_period, content.get("extended_by")),
                at_most=read_optional(read_period, content.get("at_most")),
                calendar=read_optional(_calendar, content.get("calendar")),
                skipped=tuple(date.fromisoformat(read_text(day)) for day in read_list(content.get("skipped", []))),
                legal_basis=read_optional(LegalBasis.read, content.get("legal_basis")),
            )


def write_period(period: Period) -> dict[str, object]:
    """What JSON takes."""
    return {"length": period.length, "unit": str(period.unit)}


def read_period(value: object) -> Period:
    """Read a period back.

    Raises:
        KeyError, TypeError, ValueError: it is of another kind.
    """
    content = read_object(value)
    return Period(read_number(content["length"]), Unit(read_text(content["unit"])))


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(read_text(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant.astimezone(UTC)


def _calendar(value: object) -> CalendarVersion:
    content = read_object(value)
    return CalendarVersion(read_text(content["code"]), read_text(content["source"]))
