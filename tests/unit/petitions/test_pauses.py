"""Pauses: what may be decided, what a refusal says, and how a term is longer by a pause."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from viche_petitions.domain.pauses import (
    Pause,
    PauseOver,
    PetitionsPaused,
    SigningPaused,
    Stop,
    Wish,
    check_not_over,
    check_opening,
    check_signing,
    given_back,
    violations,
)
from viche_sdk.types import Deadline, Event, Period, Unit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")
ID = UUID(int=1)
WISH = Wish(ID, (ID,), None, NOW + timedelta(days=1), {"en": "An election."}, True, False, ())
PAUSE = Pause(ID, ID, (ID,), NOW, NOW + timedelta(days=10), {}, True, False, (), (), NOW, None, True)
DEADLINE = Deadline(
    "collect", Event.OPENED, datetime(2026, 2, 1, 9, tzinfo=UTC), Period(90, Unit.CALENDAR_DAY),
    datetime(2026, 5, 2, tzinfo=KYIV).astimezone(UTC), "Europe/Kyiv",
)  # fmt: skip


def found(wish: Wish) -> dict[str, str]:
    return {each.field: each.reason for each in violations(wish, ("en", "uk"), NOW)}


def test_a_pause_with_an_end_a_reason_and_something_to_stop_may_be_decided() -> None:
    assert found(WISH) == {}
    assert found(replace(WISH, reason={"uk": "Вибори."}, stops_signing=False, stops_opening=True)) == {}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (replace(WISH, stops_signing=False), {"stops_signing": "REQUIRED"}),
        (replace(WISH, until_at=NOW), {"until_at": "TOO_EARLY"}),
        (replace(WISH, from_at=NOW + timedelta(days=2)), {"until_at": "TOO_EARLY"}),
        (replace(WISH, reason={}), {"reason.en": "REQUIRED"}),
        (replace(WISH, reason={f"x{letter}": "y" for letter in "abcdefgh"} | {"en": "z"}), {"reason": "TOO_MANY"}),
    ],
)
def test_a_pause_without_is_refused(wish: Wish, field: dict[str, str]) -> None:
    assert found(wish) == field


def test_a_refusal_says_until_when_and_why_in_each_language() -> None:
    stop = Stop(NOW, {"en": "An election.", "uk": "Вибори."})
    with pytest.raises(SigningPaused) as signing:
        check_signing(stop)
    with pytest.raises(PetitionsPaused) as opening:
        check_opening(stop)
    said = {"until": "2026-03-01T12:00:00+00:00", "why.en": "An election.", "why.uk": "Вибори."}
    assert signing.value.values == opening.value.values == said
    check_signing(None)
    check_opening(None)


def test_a_term_is_longer_by_the_whole_days_that_it_loses_and_ends_at_midnight() -> None:
    longer = given_back(DEADLINE, PAUSE)
    assert longer.last_day == date(2026, 5, 11)
    assert longer.ends_at == datetime(2026, 5, 12, tzinfo=KYIV)
    assert longer.extended_by == Period(10, Unit.CALENDAR_DAY)


def test_a_day_that_has_begun_is_given_back_whole() -> None:
    longer = given_back(DEADLINE, replace(PAUSE, until_at=NOW + timedelta(hours=1)))
    assert longer.last_day == date(2026, 5, 2)


def test_a_term_that_began_within_the_pause_loses_only_what_was_left_of_it() -> None:
    late = replace(DEADLINE, started_at=NOW + timedelta(days=8))
    assert given_back(late, PAUSE).extended_by == Period(2, Unit.CALENDAR_DAY)


def test_a_term_ends_at_midnight_also_across_the_change_of_the_clocks() -> None:
    winter = replace(DEADLINE, ends_at=datetime(2026, 3, 25, tzinfo=KYIV).astimezone(UTC))
    assert given_back(winter, PAUSE).ends_at == datetime(2026, 4, 4, tzinfo=KYIV)


@pytest.mark.parametrize("zone", [UTC, KYIV])
@pytest.mark.parametrize("begins_on", [date(2026, 3, 20), date(2026, 10, 20)])
def test_a_pause_across_the_change_of_the_clocks_takes_its_days_and_none_more(begins_on: date, zone: tzinfo) -> None:
    from_at, until_at = (datetime.combine(begins_on + timedelta(days), time(), zone) for days in (0, 14))
    pause = replace(PAUSE, from_at=from_at.astimezone(UTC), until_at=until_at.astimezone(UTC))
    assert given_back(DEADLINE, pause).extended_by == Period(14, Unit.CALENDAR_DAY)


def test_what_is_over_is_neither_ended_nor_given_back() -> None:
    check_not_over(PAUSE, NOW)
    for over, now in ((PAUSE, PAUSE.until_at), (replace(PAUSE, ended_at=NOW), NOW)):
        with pytest.raises(PauseOver):
            check_not_over(over, now)
