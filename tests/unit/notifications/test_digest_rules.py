"""When it is morning, and what of all that waits is whose."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from viche_notifications.digesting import facts_of
from viche_notifications.domain.digests import Held, Waits, day_of, end_of, theirs

KYIV = ZoneInfo("Europe/Kyiv")
CITY, VILLAGE = "city", "village"
CHECK, ANSWER = Waits(CITY, "check", 3, 1, "2026-12-01"), Waits(CITY, "answer", 2, 0, "")
COMPLAINT, ANNOUNCE = Waits(VILLAGE, "complaint", 1, 0, ""), Waits(VILLAGE, "announce", 1, 0, "2026-12-02")
ALL = [CHECK, ANSWER, COMPLAINT, ANNOUNCE]
NAMES = {CITY: {"en": "The city", "uk": "Місто"}, VILLAGE: {"uk": "Село"}}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        # winter time: UTC+2
        (datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 5, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 8, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), None),
        # summer time: UTC+3, from the Monday after the change on
        (datetime(2026, 3, 30, 4, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 3, 27, 4, 0, tzinfo=UTC), None),
        (datetime(2026, 10, 23, 4, 0, tzinfo=UTC), date(2026, 10, 23)),
        (datetime(2026, 10, 26, 4, 0, tzinfo=UTC), None),
    ],
)
def test_the_morning_is_that_of_the_zone(now: datetime, day: date | None) -> None:
    assert day_of(now, KYIV) == day


def test_a_day_is_its_own_in_a_zone_far_away() -> None:
    now = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    assert day_of(now, ZoneInfo("Pacific/Auckland")) == date(2026, 11, 23)


def test_what_waited_in_the_morning_is_no_news_after_midnight() -> None:
    assert end_of(date(2026, 11, 23), KYIV) == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    # the night in which the clocks change
    assert end_of(date(2026, 10, 25), KYIV) == datetime(2026, 10, 25, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("officer", ALL), ("moderator", [CHECK, COMPLAINT]), ("press", [ANSWER, ANNOUNCE]), ("operator", []),
        ("unheard of", []),
    ],
)  # fmt: skip
def test_each_role_has_its_own_tasks(role: str, own: list[Waits]) -> None:
    assert theirs([Held(role, {CITY, VILLAGE})], ALL) == own


def test_what_waits_elsewhere_is_not_theirs() -> None:
    assert theirs([Held("officer", {VILLAGE})], ALL) == [COMPLAINT, ANNOUNCE]
    assert theirs([Held("officer", {"elsewhere"})], ALL) == []


def test_two_roles_that_overlap_count_a_task_once() -> None:
    held = [Held("officer", {CITY}), Held("moderator", {CITY, VILLAGE})]
    assert theirs(held, ALL) == [CHECK, ANSWER, COMPLAINT]


def test_late_tasks_come_first() -> None:
    facts = facts_of([COMPLAINT, ANSWER, CHECK], NAMES, "en")
    assert (facts["waiting"], facts["late"], facts["path"]) == (6, 1, "/console")
    assert [(each["name"], each["name_language"]) for each in facts["authorities"]] == [
        ("The city", "en"),
        ("Село", "uk"),
    ]
    assert [each["task"] for each in facts["authorities"][0]["tasks"]] == ["check", "answer"]
