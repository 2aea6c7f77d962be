"""How a body talks with people, and its place on the ladder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from viche_social.domain.dialogue import Dialogue, Place, Question, Rule, Rung, dialogue, place

NOW = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def talk(asked: int = 0, answered: int = 0, wait: timedelta = HOUR, posts: int = 0, asking: int = 0) -> Dialogue:
    return Dialogue(asked, (wait,) * answered, posts, asking)


def test_what_was_asked_and_answered_within_the_window_counts() -> None:
    asked = [
        Question(NOW - 100 * 24 * HOUR, NOW - 99 * 24 * HOUR),  # too early
        Question(NOW - 3 * HOUR, NOW - HOUR),
        Question(NOW - 5 * HOUR, NOW + HOUR),  # answered after the window
        Question(NOW - 4 * HOUR),
        Question(NOW),  # not yet
    ]
    found = dialogue(asked, 2, 1, NOW)
    assert (found.asked, found.answered, found.waits, found.answered_percent) == (3, 1, (2 * HOUR,), 33)


def test_times_are_those_of_the_nearest_rank() -> None:
    found = Dialogue(4, tuple(hours * HOUR for hours in (1, 2, 3, 10)), 0, 0)
    assert (found.wait_of(50), found.wait_of(90)) == (2 * HOUR, 10 * HOUR)
    assert talk().wait_of(50) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (talk(), None),
        (talk(posts=5), Place(Rung.INFORMING, Rule.NOBODY_ASKED)),
        (talk(asked=100, answered=24), Place(Rung.INFORMING, Rule.ANSWERS_FEW)),
        (talk(asked=100, answered=25), Place(Rung.SERVICING, Rule.ANSWERS_SLOWLY)),
        (talk(asked=100, answered=90, wait=25 * HOUR, asking=3), Place(Rung.SERVICING, Rule.ANSWERS_SLOWLY)),
        (talk(asked=100, answered=75, posts=9), Place(Rung.SERVICING, Rule.ASKS_NOTHING)),
        (talk(asked=100, answered=75, wait=24 * HOUR, posts=9, asking=1), Place(Rung.INTERACTION, Rule.TALKS)),
    ],
)
def test_a_body_stands_where_the_first_rule_puts_it(found: Dialogue, expected: Place | None) -> None:
    assert place(found) == expected
