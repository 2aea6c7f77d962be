"""A term ends at midnight where the authority is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_sdk.types import closes_at

KYIV = "Europe/Kyiv"


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
    opened = datetime.fromisoformat(opened_at).replace(tzinfo=UTC)

    assert closes_at(opened, open_days, ZoneInfo(zone)) == datetime.fromisoformat(closes).replace(tzinfo=UTC)


@given(
    st.integers(0, 3_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(1, 730),
    st.sampled_from([KYIV, "Europe/Sofia", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_nobody_gets_less_than_the_days_promised(opened_at: datetime, open_days: int, zone: str) -> None:
    closes = closes_at(opened_at, open_days, ZoneInfo(zone))

    local = closes.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert (local.date() - opened_at.astimezone(ZoneInfo(zone)).date()).days == open_days + 1
    assert closes.tzinfo is UTC


def test_the_zone_of_the_given_instant_does_not_matter() -> None:
    opened = datetime(2026, 1, 10, 10, tzinfo=UTC)

    assert closes_at(opened.astimezone(ZoneInfo("Asia/Tokyo")), 5, ZoneInfo(KYIV)) == closes_at(
        opened, 5, ZoneInfo(KYIV)
    )


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        closes_at(datetime(2026, 1, 10), 5, ZoneInfo(KYIV))  # noqa: DTZ001


def test_a_term_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        closes_at(datetime(2026, 1, 10, tzinfo=UTC), 0, ZoneInfo(KYIV))
