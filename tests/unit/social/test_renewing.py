"""When tokens are renewed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_social.domain.renewing import LONGEST_PAUSE, WITHOUT_AN_END, merged, pause_after, renew_in

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def tokens(lasts: timedelta) -> dict[str, str]:
    return {"access_token": "a", "refresh_token": "r", "expires_at": (NOW + lasts).isoformat()}


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=400)), st.floats(0, 1))
def test_tokens_are_renewed_before_they_end_and_not_at_once(lasts: timedelta, chance: float) -> None:
    due_in = renew_in(tokens(lasts), NOW, chance)

    assert due_in is not None
    assert lasts * 0.59 <= due_in <= lasts * 0.81 or lasts - timedelta(days=4) <= due_in <= lasts - timedelta(days=2)


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(hours=-3)])
def test_tokens_that_have_ended_are_renewed_now(lasts: timedelta) -> None:
    assert renew_in(tokens(lasts), NOW, 0.5) == timedelta()


def test_nothing_is_renewed_without_a_refresh_token() -> None:
    assert renew_in({"access_token": "a", "expires_at": NOW.isoformat()}, NOW, 0.5) is None


def test_tokens_without_an_end_are_renewed_now_and_then() -> None:
    assert renew_in({"access_token": "a", "refresh_token": "r"}, NOW, 1.0) == WITHOUT_AN_END


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_pauses_grow_and_stay_bearable(failures: int, chance: float) -> None:
    assert timedelta(seconds=45) <= pause_after(failures, chance) <= LONGEST_PAUSE * 1.25


def test_what_the_platform_does_not_give_anew_stays_but_for_the_end_of_the_old_token() -> None:
    before = tokens(timedelta(hours=2))

    assert merged(before, {"access_token": "b"}) == {"access_token": "b", "refresh_token": "r"}
    assert merged(before, {"other": "x"}) == {**before, "other": "x"}
