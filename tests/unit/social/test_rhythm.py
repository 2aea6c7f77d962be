"""How often a platform is asked about a post."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from viche_social.domain.rhythm import LONGEST_PAUSE, pause_after

OUT = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(), HOUR),
        (DAY - timedelta(seconds=1), HOUR),
        (DAY, DAY),
        (timedelta(days=29), DAY),
        (timedelta(days=30), WEEK),
        (timedelta(days=89), WEEK),
        (timedelta(days=90), None),
    ],
)
def test_the_older_a_post_the_less_it_is_asked_about(age: timedelta, pause: timedelta | None) -> None:
    assert pause_after(OUT, OUT + age) == pause


def test_a_platform_that_does_not_answer_is_asked_less_and_less_up_to_a_day() -> None:
    pauses = [pause_after(OUT, OUT, failures) for failures in range(1, 8)]

    assert pauses[:3] == [HOUR, 2 * HOUR, 4 * HOUR]
    assert pauses[-1] == LONGEST_PAUSE


def test_failures_never_make_it_more_often() -> None:
    assert pause_after(OUT, OUT + timedelta(days=40), 1) == WEEK
