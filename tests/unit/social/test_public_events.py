"""Public events: times of zones, what is missing, and whether people can register."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_social.domain.event_documents import from_json, to_json
from viche_social.domain.event_problems import problems
from viche_social.domain.public_events import (
    Content,
    EventKind,
    EventPhase,
    EventState,
    Material,
    Place,
    Registering,
    RegistrationStatus,
    Times,
    has_moved,
    instant,
    phase_of,
    places_left,
    registration_status,
    times_of,
)

KYIV = "Europe/Kyiv"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVENT = Content(
    EventKind.HEARING,
    title={"en": "A new school"},
    summary={"en": "Where shall it stand?"},
    starts="2026-12-01T18:00",
    ends="2026-12-01T20:00",
    time_zone=KYIV,
    place=Place(title={"en": "Town hall"}),
    materials=(Material({"en": "Plan"}, "https://example.org/plan.pdf"),),
    registering=Registering(is_needed=True, until="2026-12-01T12:00", capacity=30, has_waiting_list=True, most_seats=2),
)


def told(content: Content, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(each.field, each.reason) for each in problems(content, now)]


@pytest.mark.parametrize(
    ("local", "zone", "at"),
    [
        ("2026-12-01T18:00", KYIV, datetime(2026, 12, 1, 16, tzinfo=UTC)),
        ("2026-07-01T18:00", KYIV, datetime(2026, 7, 1, 15, tzinfo=UTC)),
        # 3:30 comes twice when clocks are put back: the first is meant
        ("2026-10-25T03:30", KYIV, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # 3:30 is skipped when they are put forward
        ("2026-03-29T03:30", KYIV, None),
        ("2026-12-01T18:00+02:00", KYIV, None),
        ("tomorrow", KYIV, None),
        ("0001-01-01T00:00", KYIV, None),
        ("9999-12-31T23:59", KYIV, None),
        ("2026-12-01T18:00", "Nowhere/Land", None),
        ("2026-12-01T18:00", "", None),
        ("", KYIV, None),
    ],
)
def test_local_times_are_instants_as_the_clocks_of_the_zone_show_them(
    local: str, zone: str, at: datetime | None
) -> None:
    assert instant(local, zone) == at


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_is_written_as_a_time_does_harm(local: str, zone: str) -> None:
    assert instant(local, zone) is None or zone
    assert times_of(replace(EVENT, starts=local, ends=local, time_zone=zone)) is not None


def test_times_follow_from_what_is_written() -> None:
    starts_at = datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert times_of(EVENT) == Times(
        starts_at,
        starts_at + timedelta(hours=2),
        starts_at + timedelta(hours=2),
        datetime(2026, 12, 1, 10, tzinfo=UTC),
        starts_at - timedelta(hours=24),
    )
    without_end = times_of(replace(EVENT, ends="", registering=Registering()))
    assert (without_end.over_at, without_end.remind_at) == (starts_at + timedelta(hours=3), None)


def test_a_whole_event_has_no_problems() -> None:
    assert told(EVENT) == []


@pytest.mark.parametrize(
    ("differences", "found"),
    [
        ({"title": {"en": "  "}}, [("title", "REQUIRED")]),
        ({"summary": {}}, [("summary", "REQUIRED")]),
        ({"starts": ""}, [("starts", "REQUIRED")]),
        ({"starts": "18:00"}, [("starts", "NOT_A_TIME")]),
        ({"starts": "2027-03-28T03:30", "ends": ""}, [("starts", "TIME_SKIPPED")]),
        ({"starts": "2026-11-23T13:00", "ends": ""}, [("starts", "IN_THE_PAST"), ("registration.until", "TOO_LATE")]),
        ({"ends": "2026-12-01T18:00"}, [("ends", "ENDS_BEFORE_START")]),
        ({"time_zone": "Europe/Nowhere"}, [("time_zone", "UNKNOWN_TIME_ZONE")]),
        ({"time_zone": "../etc/passwd"}, [("time_zone", "UNKNOWN_TIME_ZONE")]),
        ({"place": Place()}, [("place", "REQUIRED")]),
        ({"place": Place(), "online_url": "https://meet.example"}, []),
        ({"place": Place({"en": "Hall"}, latitude=50.0)}, [("place.latitude", "BAD_PLACE")]),
        ({"place": Place({"en": "Hall"}, latitude=91.0, longitude=0.0)}, [("place.latitude", "BAD_PLACE")]),
        ({"place": Place({"en": "Hall"}, latitude=float("nan"), longitude=0.0)}, [("place.latitude", "BAD_PLACE")]),
        ({"online_url": "javascript:alert(1)"}, [("online_url", "BAD_LINK")]),
        (
            {"materials": (Material({}, "ftp://example.org"),)},
            [("materials.0.title", "REQUIRED"), ("materials.0.url", "BAD_LINK")],
        ),
        ({"reminder_hours": 169}, [("reminder_hours", "TOO_LARGE")]),
        ({"reminder_hours": -1}, [("reminder_hours", "TOO_SMALL")]),
        ({"registering": Registering(True, "noon")}, [("registration.until", "NOT_A_TIME")]),
        ({"registering": Registering(True, "2026-12-02T12:00")}, [("registration.until", "TOO_LATE")]),
        ({"registering": Registering(True, capacity=-1)}, [("registration.capacity", "TOO_SMALL")]),
        ({"registering": Registering(True, capacity=2, most_seats=3)}, [("registration.most_seats", "TOO_LARGE")]),
        ({"registering": Registering(False, "noon", -1, most_seats=99)}, []),
    ],
)
def test_what_keeps_an_event_from_being_published(differences: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert told(replace(EVENT, **differences)) == found


def test_what_is_past_may_be_taken_over_where_it_is_allowed() -> None:
    late = NOW + timedelta(days=30)
    assert [each.reason for each in problems(EVENT, late)] == ["IN_THE_PAST"]
    assert list(problems(EVENT, late, may_be_past=True)) == []


def test_people_are_told_of_time_and_place_alone() -> None:
    assert has_moved(EVENT, replace(EVENT, starts="2026-12-01T17:00"))
    assert has_moved(EVENT, replace(EVENT, place=Place(title={"en": "School"})))
    assert has_moved(EVENT, replace(EVENT, online_url="https://meet.example"))
    assert not has_moved(EVENT, replace(EVENT, contact="hall@example.org", summary={"en": "More"}))


@pytest.mark.parametrize(
    ("state", "taken", "at", "rules", "status"),
    [
        (EventState.PUBLISHED, 29, NOW, {}, RegistrationStatus.OPEN),
        (EventState.PUBLISHED, 30, NOW, {}, RegistrationStatus.WAITING_LIST),
        (EventState.PUBLISHED, 30, NOW, {"has_waiting_list": False}, RegistrationStatus.FULL),
        (EventState.PUBLISHED, 999, NOW, {"capacity": 0}, RegistrationStatus.OPEN),
        (EventState.PUBLISHED, 0, NOW, {"is_needed": False}, RegistrationStatus.NOT_NEEDED),
        (EventState.PUBLISHED, 0, datetime(2026, 12, 1, 10, tzinfo=UTC), {}, RegistrationStatus.CLOSED),
        (EventState.PUBLISHED, 0, datetime(2026, 12, 1, 16, tzinfo=UTC), {}, RegistrationStatus.OVER),
        (EventState.CANCELLED, 0, NOW, {"is_needed": False}, RegistrationStatus.CANCELLED),
    ],
)
def test_whether_one_can_register_and_why_not(
    state: EventState, taken: int, at: datetime, rules: dict[str, object], status: RegistrationStatus
) -> None:
    own = replace(EVENT.registering, **rules)
    assert registration_status(state, own, times_of(EVENT), taken, at) is status


def test_an_event_is_over_by_the_clock() -> None:
    over_at = times_of(EVENT).over_at
    assert over_at is not None
    assert phase_of(EventState.PUBLISHED, over_at, NOW) is EventPhase.COMING
    assert phase_of(EventState.PUBLISHED, over_at, over_at) is EventPhase.PAST
    assert phase_of(EventState.CANCELLED, over_at, over_at) is EventPhase.CANCELLED


def test_places_are_never_less_than_none() -> None:
    assert [places_left(*each) for each in ((None, 9), (10, 4), (10, 10), (3, 4))] == [None, 6, 0, 0]


def test_an_event_is_kept_as_it_was_written() -> None:
    assert from_json(to_json(EVENT)) == EVENT
