"""People and roles in the console: given, taken back after one question, given again with one press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]
ROLE = {"email": "new@example.org", "role": "moderator", "authority": "town"}


def given(browser: Browser, world: World, **differences: str) -> str:
    """Gives a role; the grant's id."""
    browser.open("/console/people")
    assert browser.send("/console/people", **{**ROLE, **differences}).status_code == 303
    return next(reversed(world.identity.grants))


def test_an_operator_gives_a_role_until_the_end_of_a_day(browse: Browse, world: World) -> None:
    grant_id = given(browse("olga"), world, until_day="2030-03-01")
    grant = world.identity.grants[grant_id].grant
    assert grant.role == "moderator"
    assert grant.until_at.ToDatetime(UTC) == datetime(2030, 3, 1, 22, tzinfo=UTC)
    page = browse("olga").open("/console/people").text
    assert "new@example.org" in page
    assert "until 1 March 2030" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "This answer is missing."),
        ("email", "nobody", "This is not an e-mail address."),
        ("until_day", "31 March", "Write a day of the calendar"),
        ("until_day", "9999-12-31", "Write a day of the calendar"),
    ],
)
def test_a_bad_answer_is_told_at_its_field(browse: Browse, world: World, field: str, value: str, sentence: str) -> None:
    browser = browse("olga")
    browser.open("/console/people")
    answer = browser.send("/console/people", **{**ROLE, field: value})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text
    assert world.identity.grants == {}


def test_a_role_is_taken_back_after_one_question_and_given_again_with_one_press(browse: Browse, world: World) -> None:
    browser = browse("olga")
    grant_id = given(browser, world)
    asked = browser.open(f"/console/people/{grant_id}/take-back")
    assert "new@example.org" in asked.text
    assert world.identity.ended == set()
    answer = browser.send(f"/console/people/{grant_id}/take-back")
    assert world.identity.ended == {grant_id}
    assert "Give it again" in browser.open(answer.headers["Location"]).text
    assert "new@example.org" in browser.open("/console/people?over=1").text
    browser.send(f"/console/people/{grant_id}/again")
    assert world.identity.ended == set()


def test_officers_who_operate_nothing_do_not_see_the_page(browse: Browse, world: World) -> None:
    assert browse("otto").open("/console/people").status_code == 403
    assert "/console/people" not in browse("otto").open("/console/simulator").text
    assert "/console/people" in browse("olga").open("/console/simulator").text
