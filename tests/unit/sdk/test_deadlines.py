"""A term ends at midnight where the authority is, and its deadline says how the day was found."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sdk.workflows import text
from viche_sdk.calendars import working_days
from viche_sdk.types import (
    BadDeadline,
    CalendarVersion,
    Deadline,
    Event,
    FixedClock,
    FixedExtension,
    LegalBasis,
    Period,
    Reached,
    Unit,
    UnknownCalendar,
)

KYIV = "Europe/Kyiv"
BASIS = LegalBasis(text("Act"), "7")


def clock(length: int, unit: Unit = Unit.CALENDAR_DAY, **differences: Any) -> FixedClock:
    """A clock that starts when a petition opens."""
    return replace(
        FixedClock("collect", text(), Period(length, unit), Event.OPENED, legal_basis=BASIS), **differences
    )  # fmt: skip


def extension(length: int, unit: Unit, most_total: int | None = None) -> FixedExtension:
    """A prolongation by somebody."""
    return FixedExtension(Period(length, unit), text("the superior"), True, most_total)


def at(instant: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "opened_at", "open_days", "closes"),
    [
        # an ordinary term, in winter (UTC+2) and in summer (UTC+3)
        (KYIV, "2026-01-10T10:00", 5, "2026-01-15T22:00"),
        (KYIV, "2026-07-10T10:00", 5, "2026-07-15T21:00"),
        # opened late in the evening of UTC, already the next day in Kyiv
        (KYIV, "2026-01-10T22:30", 1, "2026-01-12T22:00"),
        # opened at midnight: the day that begins is the day of opening
        (KYIV, "2026-01-10T22:00", 1, "2026-01-12T22:00"),
        # clocks go forward on 29 March 2026: a day of 23 hours is a day
        (KYIV, "2026-03-28T10:00", 1, "2026-03-29T21:00"),
        (KYIV, "2026-03-01T10:00", 45, "2026-04-15T21:00"),
        # clocks go back on 25 October 2026: a day of 25 hours is a day
        (KYIV, "2026-10-24T10:00", 1, "2026-10-25T22:00"),
        (KYIV, "2026-10-01T10:00", 60, "2026-11-30T22:00"),
        # over the end of a leap February
        (KYIV, "2028-02-28T10:00", 1, "2028-02-29T22:00"),
        # where clocks jump over midnight, the day ends at the jump
        ("Africa/Cairo", "2023-04-26T10:00", 1, "2023-04-27T22:00"),
        # where midnight comes twice, the day ends at the first
        ("America/Havana", "2026-10-30T10:00", 1, "2026-11-01T04:00"),
        # west of Greenwich
        ("America/New_York", "2026-01-10T03:00", 1, "2026-01-11T05:00"),
        ("UTC", "2026-01-10T10:00", 30, "2026-02-10T00:00"),
    ],
)
def test_a_term_ends_with_its_last_full_day(zone: str, opened_at: str, open_days: int, closes: str) -> None:
    assert clock(open_days).deadline(at(opened_at), ZoneInfo(zone)).ends_at == at(closes)


@given(
    st.integers(0, 3_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(1, 730),
    st.sampled_from([KYIV, "Europe/Sofia", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_nobody_gets_less_than_the_days_promised(opened_at: datetime, open_days: int, zone: str) -> None:
    deadline = clock(open_days).deadline(opened_at, ZoneInfo(zone))

    local = deadline.ends_at.astimezone(ZoneInfo(zone))
    opened_on = opened_at.astimezone(ZoneInfo(zone)).date()
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert (local.date() - opened_on).days == open_days + 1
    assert (deadline.last_day - opened_on).days == open_days
    assert deadline.ends_at.tzinfo is UTC


def test_the_zone_of_the_given_instant_does_not_matter() -> None:
    opened_at = at("2026-01-10T10:00")

    assert clock(5).deadline(opened_at.astimezone(ZoneInfo("Asia/Tokyo")), ZoneInfo(KYIV)) == clock(5).deadline(
        opened_at, ZoneInfo(KYIV)
    )


@pytest.mark.parametrize(
    ("opened_on", "months", "last_day"),
    [
        ("2026-01-10", 3, date(2026, 4, 10)),
        ("2026-01-31", 1, date(2026, 2, 28)),
        ("2028-01-31", 1, date(2028, 2, 29)),
        ("2026-08-31", 3, date(2026, 11, 30)),
        ("2026-11-30", 3, date(2027, 2, 28)),
        ("2026-12-15", 12, date(2027, 12, 15)),
        ("2028-02-29", 12, date(2029, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(opened_on: str, months: int, last_day: date) -> None:
    deadline = clock(months, Unit.MONTH).deadline(at(f"{opened_on}T10:00"), ZoneInfo(KYIV))

    assert deadline.last_day == last_day


@pytest.mark.parametrize(
    ("started_on", "length", "last_day", "skipped"),
    [
        # Thursday before Easter 2026, a holiday from Friday to Monday in Bulgaria
        ("2026-04-09", 2, date(2026, 4, 15), ["2026-04-10", "2026-04-11", "2026-04-12", "2026-04-13"]),
        # on a Friday: the weekend comes first
        ("2026-01-16", 1, date(2026, 1, 19), ["2026-01-17", "2026-01-18"]),
        # on a Saturday: Sunday is skipped, Saturday itself was never counted
        ("2026-01-17", 1, date(2026, 1, 19), ["2026-01-18"]),
    ],
)
def test_working_days_pass_over_weekends_and_holidays(
    started_on: str, length: int, last_day: date, skipped: list[str]
) -> None:
    deadline = clock(length, Unit.WORKING_DAY).deadline(at(f"{started_on}T10:00"), ZoneInfo("Europe/Sofia"), "BG")

    assert (deadline.last_day, [day.isoformat() for day in deadline.skipped]) == (last_day, skipped)


def test_holidays_are_working_days_in_ukraine_under_martial_law() -> None:
    """Labour Code of Ukraine, article 73, is not applied: 24 August 2026, a Monday, is a working day."""
    deadline = clock(1, Unit.WORKING_DAY).deadline(at("2026-08-21T10:00"), ZoneInfo(KYIV), "UA")

    assert deadline.last_day == date(2026, 8, 24)


def test_a_saturday_made_a_working_day_counts() -> None:
    """27 April 2024 in Russia stood in for the Monday after it."""
    deadline = clock(1, Unit.WORKING_DAY).deadline(at("2024-04-26T10:00"), ZoneInfo("Europe/Moscow"), "RU")

    assert deadline.last_day == date(2024, 4, 27)


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    monday_in_july = date(2026, 7, 13)  # the twelfth, a Sunday, is observed on it

    assert [working_days(code).includes(monday_in_july) for code in ("GB-NIR", "GB-ENG")] == [False, True]


@pytest.mark.parametrize("code", ["", "XX", "ua", "EU", "JAN", "XNYS", "GB-XX", "UA-"])
def test_a_calendar_that_nobody_knows_is_refused(code: str) -> None:
    with pytest.raises(UnknownCalendar, match="give an ISO 3166 code"):
        working_days(code)


@pytest.mark.parametrize(
    ("extended", "last_day", "at_most"),
    [
        (extension(15, Unit.CALENDAR_DAY), date(2026, 2, 25), None),
        (extension(15, Unit.CALENDAR_DAY, most_total=45), date(2026, 2, 24), Period(45, Unit.CALENDAR_DAY)),
        (extension(15, Unit.CALENDAR_DAY, most_total=46), date(2026, 2, 25), None),
        (extension(1, Unit.MONTH, most_total=2), date(2026, 3, 10), None),
        # a limit below the clock itself takes nothing away
        (extension(15, Unit.CALENDAR_DAY, most_total=5), date(2026, 2, 10), Period(5, Unit.CALENDAR_DAY)),
        (extension(2, Unit.WORKING_DAY), date(2026, 2, 12), None),
    ],
)
def test_an_extension_follows_the_clock_up_to_the_most_allowed(
    extended: FixedExtension, last_day: date, at_most: Period | None
) -> None:
    month = clock(1, Unit.MONTH, extension=extended)

    deadline = month.deadline(at("2026-01-10T10:00"), ZoneInfo(KYIV), "UA", extended=True)

    assert (deadline.last_day, deadline.extended_by, deadline.at_most) == (last_day, extended.period, at_most)
    assert Deadline.from_json(deadline.to_json()) == deadline
    assert (f"to {at_most} in all" in deadline.explain()) is bool(at_most)


@pytest.mark.parametrize(
    ("counted", "extended", "last_day", "skipped"),
    [
        # from Tuesday, 10 February on: only the weekend in the extension was passed over
        (Period(1, Unit.MONTH), extension(4, Unit.WORKING_DAY), "2026-02-16", ["2026-02-14", "2026-02-15"]),
        # to Monday, 12 January, then every day counts
        (Period(1, Unit.WORKING_DAY), extension(7, Unit.CALENDAR_DAY), "2026-01-19", ["2026-01-11"]),
    ],
)
def test_only_where_working_days_count_are_days_skipped(
    counted: Period, extended: FixedExtension, last_day: str, skipped: list[str]
) -> None:
    mixed = clock(1, period=counted, extension=extended)

    deadline = mixed.deadline(at("2026-01-10T10:00"), ZoneInfo(KYIV), "UA", extended=True)

    assert (str(deadline.last_day), [str(day) for day in deadline.skipped]) == (last_day, skipped)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: clock(5).deadline(datetime(2026, 1, 10), ZoneInfo(KYIV)), "no time zone"),  # noqa: DTZ001
        (lambda: clock(0).deadline(at("2026-01-10"), ZoneInfo(KYIV)), "at least 1"),
        (lambda: clock(5, Unit.WORKING_DAY).deadline(at("2026-01-10"), ZoneInfo(KYIV)), "need a calendar"),
        (lambda: clock(5).deadline(at("2026-01-10"), ZoneInfo(KYIV), extended=True), "cannot be extended"),
    ],
)
def test_what_cannot_be_counted_is_refused(call: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        call()


def answer() -> Deadline:
    """Ten working days, with all that a deadline can say."""
    ten = clock(
        2,
        Unit.WORKING_DAY,
        name="answer",
        starts_at=Reached("answer"),
        extension=extension(1, Unit.WORKING_DAY),
    )
    return ten.deadline(at("2026-01-15T10:00"), ZoneInfo(KYIV), "UA", extended=True)


def test_a_deadline_comes_back_as_it_was() -> None:
    for deadline in (answer(), clock(5).deadline(at("2026-01-10"), ZoneInfo(KYIV))):
        assert Deadline.from_json(deadline.to_json()) == deadline


def test_a_deadline_explains_itself() -> None:
    source = working_days("UA").version

    assert answer().calendar == source == CalendarVersion("UA", source.source)
    assert answer().explain() == (
        "answer: 2 working days from 2026-01-15, when threshold answer was reached; extended by 1 working day; "
        f"days off in between: 2026-01-17, 2026-01-18 (UA, {source.source}); ends with 2026-01-20 in Europe/Kyiv; "
        "Act, 7"
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("event", "married"),
        ("event", "threshold_reached:"),
        ("started_at", "2026-01-10T10:00"),
        ("period", {"length": 1, "unit": "week"}),
        ("skipped", "2026-01-10"),
        ("calendar", "UA"),
    ],
)
def test_what_is_no_deadline_is_refused(key: str, value: Any) -> None:
    with pytest.raises(BadDeadline, match="stored deadline"):
        Deadline.from_json({**json.loads(answer().to_json()), key: value})
