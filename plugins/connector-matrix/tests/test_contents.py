"""What the kit does not ask: which votes count, and what of a message is its text."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from viche_connector_matrix.content import CLOSES_AT, POLL_RESPONSE, counted, poll
from viche_connector_matrix.inbox import text_of
from viche_sdk.connectors.types import Poll

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1_000)
HOUR_MS = 3_600_000


def vote(sender: str, *chosen: str, at_ms: int = NOW_MS) -> dict[str, Any]:
    """An event of a vote."""
    return {"sender": sender, "origin_server_ts": at_ms, "content": {POLL_RESPONSE: {"answers": list(chosen)}}}


def start(*, multiple: bool = False) -> dict[str, Any]:
    """A poll with three options that is open for an hour."""
    return poll("Яким буде парк?", Poll("Яким буде парк?", ("Тихим", "Дитячим", "Великим"), 3_600, multiple), NOW)


def votes(content: dict[str, Any], *events: dict[str, Any], ends_ms: list[int] | None = None, now_ms: int = NOW_MS):
    """Votes by option, voters, and whether it is over."""
    found = counted(content, list(events), ends_ms or [], now_ms)
    return [each.votes for each in found.options], found.voters, found.is_closed


def test_newest_vote_of_each_person_counts() -> None:
    late = vote("@a:x", "2", at_ms=NOW_MS + 5)
    assert votes(start(), late, vote("@a:x", "1"), vote("@b:x", "2")) == ([0, 2, 0], 2, False)


def test_vote_for_what_is_no_option_spoils_the_earlier_one() -> None:
    assert votes(start(), vote("@a:x", "1"), vote("@a:x", "9", at_ms=NOW_MS + 5)) == ([0, 0, 0], 0, False)


def test_more_choices_than_are_allowed_are_left_out() -> None:
    assert votes(start(), vote("@a:x", "3", "1")) == ([0, 0, 1], 1, False)
    assert votes(start(multiple=True), vote("@a:x", "3", "1", "1")) == ([1, 0, 1], 1, False)


def test_votes_after_the_end_do_not_count() -> None:
    after = vote("@b:x", "2", at_ms=NOW_MS + HOUR_MS + 1)
    assert start()[CLOSES_AT] == int((NOW + timedelta(hours=1)).timestamp() * 1_000)
    assert votes(start(), vote("@a:x", "1"), after, now_ms=NOW_MS + HOUR_MS) == ([1, 0, 0], 1, True)


def test_poll_that_the_account_ended_is_over() -> None:
    after = vote("@b:x", "2", at_ms=NOW_MS + 11)
    assert votes(start(), vote("@a:x", "1"), after, ends_ms=[NOW_MS + 10], now_ms=NOW_MS + 20) == ([1, 0, 0], 1, True)


def test_vote_that_is_none_counts_for_nothing() -> None:
    odd = {"sender": "@a:x", "origin_server_ts": NOW_MS, "content": {POLL_RESPONSE: "1"}}
    empty = {"sender": "@b:x", "origin_server_ts": NOW_MS, "content": {}}
    assert votes(start(), odd, empty, vote("@c:x")) == ([0, 0, 0], 0, False)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("> <@viche:x> Яким буде парк?\n> Скажіть\n\nЗеленим", "Зеленим"),
        ("Зеленим\n> <@viche:x> не цитата", "Зеленим\n> <@viche:x> не цитата"),
        ("> лише знак", "> лише знак"),
    ],
)
def test_quotation_before_an_answer_is_no_part_of_it(body: str, text: str) -> None:
    assert text_of({"body": body, "m.relates_to": {"m.in_reply_to": {"event_id": "$a"}}}) == text
    assert text_of({"body": body}) == body
