"""Counts of polls on platforms, written down in the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.survey_desk import QUESTION, document, send
from viche_gateway.testing import COUNCIL, World

Browse = Callable[..., Browser]
FIELDS = {
    "platform": "telegram", "url": "https://t.me/town/7", "day": "2026-01-10", "question": "transport",
    "options": "By bus | 1 412\nWe fly: 3", "voters": "1415",
}  # fmt: skip


@pytest.fixture
def survey_id(world: World) -> str:
    return world.survey_office.add(COUNCIL, document(QUESTION)).survey.id


def polls(world: World, survey_id: str) -> Any:
    return world.results.exact[survey_id, ""].polls


def added(browser: Browser, survey_id: str, **fields: str) -> Any:
    browser.open(f"/console/surveys/{survey_id}/results/polls/new")
    return send(browser, f"/console/surveys/{survey_id}/results/polls/new", **{**FIELDS, **fields})


def test_counts_are_written_down_with_where_they_come_from(world: World, browse: Browse, survey_id: str) -> None:
    officer = browse("otto")
    answer = added(officer, survey_id)
    assert answer.status_code == 303
    (poll,) = polls(world, survey_id)
    assert (poll.platform, poll.url, poll.question, poll.voters) == (
        "telegram", "https://t.me/town/7", "transport", 1415,
    )  # fmt: skip
    assert [(each.text, each.votes, each.code) for each in poll.options] == [("By bus", 1412, "bus"), ("We fly", 3, "")]
    page = officer.open(f"/console/surveys/{survey_id}/results/polls").text
    assert "Telegram" in page
    assert "1,412" in page
    assert "How do you travel?" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"options": "By bus"}, "There is no count behind “By bus”"),
        ({"options": ""}, "This answer is missing."),
        ({"platform": ""}, "This answer is missing."),
        ({"day": "soon"}, "Write a day of the calendar"),
        ({"voters": "many"}, "Write a whole number"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_lost(
    world: World, browse: Browse, survey_id: str, fields: dict[str, str], words: str
) -> None:
    answer = added(browse("otto"), survey_id, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert "https://t.me/town/7" in answer.text
    assert (survey_id, "") not in world.results.exact


def test_a_form_that_is_sent_twice_writes_one_poll(world: World, browse: Browse, survey_id: str) -> None:
    officer = browse("otto")
    path = f"/console/surveys/{survey_id}/results/polls/new"
    officer.open(path)
    page = officer.page
    for _ in range(2):
        officer.page = page
        send(officer, path, **FIELDS)
    assert len(polls(world, survey_id)) == 1


def test_counts_are_corrected_and_put_back_as_they_were(world: World, browse: Browse, survey_id: str) -> None:
    officer = browse("otto")
    added(officer, survey_id)
    before = polls(world, survey_id)[0].SerializeToString()
    path = f"/console/surveys/{survey_id}/results/polls/one?platform=telegram&poll={polls(world, survey_id)[0].poll_id}"
    assert "By bus | 1412" in officer.open(path).text
    answer = send(officer, path, **{**FIELDS, "options": "By bus | 9"})
    assert [each.votes for each in polls(world, survey_id)[0].options] == [9]
    assert "The counts are corrected." in answer.text
    send(officer, f"/console/surveys/{survey_id}/results/polls/restore")
    assert [each.SerializeToString() for each in polls(world, survey_id)] == [before]


def test_counts_are_taken_away_and_put_back(world: World, browse: Browse, survey_id: str) -> None:
    officer = browse("otto")
    added(officer, survey_id)
    before = polls(world, survey_id)[0].SerializeToString()
    path = f"/console/surveys/{survey_id}/results/polls/one?platform=telegram&poll={polls(world, survey_id)[0].poll_id}"
    officer.open(f"/console/surveys/{survey_id}/results/polls")
    assert "The counts are taken away." in send(officer, path, act="delete").text
    assert len(polls(world, survey_id)) == 0
    send(officer, f"/console/surveys/{survey_id}/results/polls/restore")
    assert [each.SerializeToString() for each in polls(world, survey_id)] == [before]


def test_a_poll_that_is_not_there_is_not_found(browse: Browse, survey_id: str) -> None:
    path = f"/console/surveys/{survey_id}/results/polls/one?platform=telegram&poll=77"
    assert browse("otto").open(path).status_code == 404
