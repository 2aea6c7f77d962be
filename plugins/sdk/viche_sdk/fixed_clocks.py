"""The clocks of one petition, with the lengths that were fixed when it opened."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from viche_sdk.basis import LegalBasis
from viche_sdk.calendars import WorkingDays, working_days
from viche_sdk.counting import Period, Unit, day_of, days_off, end_of, last_day
from viche_sdk.deadlines import Deadline, read_period, write_period
from viche_sdk.events import Event, Happening, event_named
from viche_sdk.localized import Localized
from viche_sdk.stored import read_flag, read_localized, read_number, read_object, read_optional, read_text


@dataclass(frozen=True, slots=True)
class FixedExtension:
    """By how much a clock may be prolonged once, by whom, whether people are told, and how long the whole may last.

    `most_total` is counted from the start of the clock, in the unit of `period`; None sets no limit.
    """

    period: Period
    by: Localized
    notice: bool
    most_total: int | None = None


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A term of one petition: how long, from which event on, and which event ends it in time."""

    name: str
    title: Localized
    period: Period
    starts_at: Happening
    ends_with: Event | None = None
    extension: FixedExtension | None = None
    notice: Localized | None = None
    legal_basis: LegalBasis | None = None
    public: bool = True

    def deadline(self, started_at: datetime, zone: ZoneInfo, calendar: str = "", *, extended: bool = False) -> Deadline:
        """When the clock runs out: at the end of its last day where the authority is.

        The day of the event is not counted, so that nobody gets less than the term promised; a day is a day of the
        wall calendar, however many hours daylight saving gives it.

        Args:
            started_at: when its event happened; aware.
            zone: of the authority.
            calendar: ISO 3166 code of the calendar by which working days are counted.
            extended: whether it has been prolonged.

        Raises:
            ValueError: `started_at` is naive, working days are counted without a calendar, or a clock that cannot
                be extended should be.
            UnknownCalendar: nothing is known about the calendar.
        """
        extension = self.extension if extended else None
        if extended and extension is None:
            raise ValueError(f"clock {self.name} cannot be extended")
        first = day_of(started_at, zone)
        counts_working_days = Unit.WORKING_DAY in (self.period.unit, extension and extension.period.unit)
        working = working_days(calendar) if counts_working_days and calendar else None
        last, at_most = last_day(first, self.period, working), None
        skipped = _skipped(first, last, self.period, working)
        if extension:
            before, (last, at_most) = last, _extended(first, last, extension, working)
            skipped += _skipped(before, last, extension.period, working)
        return Deadline(
            clock=self.name,
            event=self.starts_at,
            started_at=started_at.astimezone(UTC),
            period=self.period,
            ends_at=end_of(last, zone),
            zone=zone.key,
            extended_by=extension.period if extension else None,
            at_most=at_most,
            calendar=working.version if working else None,
            skipped=skipped,
            legal_basis=self.legal_basis,
        )

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "name": self.name,
            "title": dict(self.title),
            "period": write_period(self.period),
            "starts_at": str(self.starts_at),
            "ends_with": str(self.ends_with) if self.ends_with else None,
            "extension": _write_extension(self.extension) if self.extension else None,
            "notice": dict(self.notice) if self.notice else None,
            "legal_basis": self.legal_basis.content() if self.legal_basis else None,
            "public": self.public,
        }

    @classmethod
    def read(cls, value: object) -> "FixedClock":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        ends_with = read_optional(read_text, stored.get("ends_with"))
        return cls(
            name=read_text(stored["name"]),
            title=read_localized(stored["title"]),
            period=read_period(stored["period"]),
            starts_at=event_named(read_text(stored["starts_at"])),
            ends_with=Event(ends_with) if ends_with else None,
            extension=read_optional(_read_extension, stored.get("extension")),
            notice=read_optional(read_localized, stored.get("notice")),
            legal_basis=read_optional(LegalBasis.read, stored.get("legal_basis")),
            public=read_flag(stored.get("public", True)),
        )


def _extended(
    first: date, last: date, extension: FixedExtension, working: WorkingDays | None
) -> tuple[date, Period | None]:
    """The last day of a prolonged clock, never before that of the clock itself, and the limit where it cuts in."""
    prolonged = last_day(last, extension.period, working)
    if extension.most_total is None:
        return prolonged, None
    most = Period(extension.most_total, extension.period.unit)
    limit = last_day(first, most, working)
    return (prolonged, None) if prolonged <= limit else (max(last, limit), most)


def _skipped(first: date, last: date, counted: Period, working: WorkingDays | None) -> tuple[date, ...]:
    """The days off that were passed over; none where every day counts."""
    return tuple(days_off(first, last, working)) if working and counted.unit is Unit.WORKING_DAY else ()


def _write_extension(extension: FixedExtension) -> dict[str, object]:
    return {
        "period": write_period(extension.period),
        "by": dict(extension.by),
        "notice": extension.notice,
        "most_total": extension.most_total,
    }


def _read_extension(value: object) -> FixedExtension:
    stored = read_object(value)
    return FixedExtension(
        read_period(stored["period"]),
        read_localized(stored["by"]),
        read_flag(stored["notice"]),
        read_optional(read_number, stored.get("most_total")),
    )
