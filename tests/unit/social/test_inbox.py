"""What belongs together, and who waits since when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from viche_sdk.connectors.types import Author, InboxItem, InboxKind
from viche_social.domain.inbox import (
    NEW,
    Came,
    ClosedBecause,
    Known,
    Said,
    Standing,
    ThreadState,
    Wait,
    arrange,
    due_at,
    follow,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CONNECTED = NOW - timedelta(days=30)
HOUR = timedelta(hours=1)


def item(
    id: str, *, answers: str = "", is_own: bool = False, is_deleted: bool = False, hours_ago: int = 1
) -> InboxItem:
    return InboxItem(
        id, InboxKind.COMMENT, "post", id, Author("olena"), NOW - hours_ago * HOUR, answers=answers, is_own=is_own,
        is_deleted=is_deleted,
    )  # fmt: skip


def arranged(*items: InboxItem, known: Known | None = None) -> list[Came]:
    ids = count(1)
    found = arrange(items, known or Known(), lambda each: each.text.encode(), lambda: UUID(int=next(ids)))
    assert all(isinstance(each, Came) for each in found)
    return [each for each in found if isinstance(each, Came)]


def test_what_answers_belongs_to_what_it_answers_whatever_the_order_of_the_page() -> None:
    later, first = item("2", answers="1", hours_ago=1), item("1", hours_ago=2)
    came = arranged(later, first)
    assert [each.item.id for each in came] == ["1", "2"]
    assert came[0].thread_id == came[1].thread_id
    assert [each.begins for each in came] == [True, False]


def test_what_answers_an_answer_from_here_belongs_to_its_conversation() -> None:
    thread_id = UUID(int=77)
    (came,) = arranged(item("5", answers="own"), known=Known(replies={"own": thread_id}))
    assert (came.thread_id, came.begins) == (thread_id, False)


@pytest.mark.parametrize("nothing", [item("1", is_own=True), item("1", is_deleted=True)])
def test_own_words_and_what_is_gone_begin_nothing(nothing: InboxItem) -> None:
    assert arranged(nothing) == []


def asked(*said: Said, standing: Standing = NEW) -> Standing:
    return follow(standing, said, CONNECTED, NOW)


def test_each_wait_is_a_question() -> None:
    ago = [NOW - hours * HOUR for hours in (9, 8, 7, 6)]
    found = asked(Said(ago[0], False), Said(ago[1], False), Said(ago[2], True), Said(ago[3], False))
    assert found.waits == (Wait(ago[0], ago[2]), Wait(ago[3]))
    assert (found.state, found.waiting_since) == (ThreadState.WAITING, ago[3])


def test_an_answer_of_before_answers_nothing() -> None:
    waiting = Standing(ThreadState.WAITING, NOW - HOUR)
    assert asked(Said(NOW - 2 * HOUR, True), standing=waiting) == waiting


def test_a_clock_that_is_ahead_does_not_lead_into_the_future() -> None:
    assert asked(Said(NOW + HOUR, False)).waiting_since == NOW


def test_what_was_closed_waits_again_when_somebody_writes() -> None:
    closed = Standing(ThreadState.CLOSED, closed_because=ClosedBecause.SPAM)
    found = asked(Said(NOW - HOUR, False), standing=closed)
    assert (found.state, found.closed_because) == (ThreadState.WAITING, None)


def test_an_answer_is_due_from_the_connection_on() -> None:
    assert due_at(CONNECTED - HOUR, CONNECTED, 2 * HOUR) == CONNECTED + 2 * HOUR
    assert due_at(NOW, CONNECTED, 2 * HOUR) == NOW + 2 * HOUR
