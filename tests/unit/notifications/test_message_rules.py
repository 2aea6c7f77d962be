"""When messages are tried again, and when they are not sent at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from viche_notifications.domain import messages as domain
from viche_notifications.domain.messages import Lane, Outcome, State, Try

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = Try(domain.PETITION_CLOSED, attempts=1, unclear=1, recent=0, is_suppressed=False, expires_at=None)


def waits_until_failure(kind: domain.Kind) -> list[timedelta]:
    waits: list[timedelta] = []
    for attempts in range(1, 100):
        decision = domain.after_sending(replace(FIRST, kind=kind, attempts=attempts, unclear=0), Outcome.TEMPORARY)
        if decision.state is State.TECHNICAL_FAILURE:
            return waits
        waits.append(decision.wait)
    raise AssertionError("tried for ever")


def test_what_somebody_waits_for_is_tried_again_within_seconds() -> None:
    waits = waits_until_failure(domain.SIGN_IN)
    assert [wait.total_seconds() for wait in waits[:4]] == [5, 15, 60, 300]
    assert len(waits) == domain.max_tries(domain.SIGN_IN) - 1


def test_a_message_to_many_is_tried_for_most_of_a_day() -> None:
    waits = waits_until_failure(domain.PETITION_CLOSED)
    assert timedelta(hours=12) < sum(waits, timedelta()) < timedelta(hours=48)
    assert waits == sorted(waits)


@pytest.mark.parametrize("lane", Lane)
def test_unclear_tries_end_with_the_bound_on_copies(lane: Lane) -> None:
    kind = next(kind for kind in domain.KINDS.values() if kind.lane is lane)
    states = [
        domain.after_sending(replace(FIRST, kind=kind, attempts=number, unclear=number), Outcome.UNCLEAR).state
        for number in range(1, domain.MAX_COPIES + 1)
    ]
    assert states == [State.QUEUED] * (domain.MAX_COPIES - 1) + [State.TECHNICAL_FAILURE]


def test_a_message_that_killed_its_workers_is_put_aside() -> None:
    fatal = replace(FIRST, attempts=domain.MAX_COPIES + 1, unclear=domain.MAX_COPIES + 1)
    assert domain.before_sending(fatal, NOW) == domain.Decision(State.TECHNICAL_FAILURE)


def test_a_refusal_is_permanent() -> None:
    assert domain.after_sending(FIRST, Outcome.REFUSED).state is State.PERMANENT_FAILURE


def test_a_mail_whose_link_has_expired_is_not_sent() -> None:
    assert domain.before_sending(replace(FIRST, expires_at=NOW), NOW) == domain.Decision(State.EXPIRED)
    assert domain.before_sending(replace(FIRST, expires_at=NOW + timedelta(seconds=1)), NOW) is None


def test_unsubscribing_stops_only_what_is_optional() -> None:
    assert domain.before_sending(replace(FIRST, is_suppressed=True), NOW) == domain.Decision(State.SUPPRESSED)
    assert domain.before_sending(replace(FIRST, kind=domain.SIGN_IN, is_suppressed=True), NOW) is None


@pytest.mark.parametrize("kind", domain.KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_has_its_cap(kind: domain.Kind) -> None:
    below, at = (replace(FIRST, kind=kind, recent=recent) for recent in (kind.cap.most - 1, kind.cap.most))
    assert domain.before_sending(below, NOW) is None
    assert domain.before_sending(at, NOW) == domain.Decision(State.CAPPED)


@pytest.mark.parametrize(
    ("wanted", "given"), [("uk", "uk"), ("uk-UA", "uk"), ("BG_bg", "bg"), ("de", "en"), ("", "en"), ("en", "en")]
)
def test_a_mail_is_in_a_language_of_the_instance(wanted: str, given: str) -> None:
    assert domain.language_for(wanted, ("en", "uk", "bg", "ru")) == given


def test_a_text_falls_back_to_english_and_then_to_any() -> None:
    assert domain.text_in({"en": "a", "uk": "б"}, "uk") == ("б", "uk")
    assert domain.text_in({"en": "a", "uk": "б"}, "bg") == ("a", "en")
    assert domain.text_in({"uk": "б"}, "bg") == ("б", "uk")
    assert domain.text_in({}, "bg") == ("", "")
