"""Coarse limits hold per address block; beyond them come 429 and when to come again."""

from collections.abc import Iterator

import pytest
import time_machine

from viche_chassis.errors import TooManyRequests
from viche_gateway.limits import MAIL_ENDPOINTS, UNLIMITED_ENDPOINTS, Counter, Rule
from viche_gateway.testing import make_world

RULE = Rule("write", 10)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    # the beginning of a window: windows begin with full minutes
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as traveller:
        yield traveller


def fill(counter: Counter, sender: str = "192.0.2.1", times: int = RULE.most) -> None:
    for _ in range(times):
        counter.hit(RULE, sender)


def test_one_too_many_is_refused_and_told_when_to_come_again(clock: time_machine.Traveller) -> None:
    counter = Counter()
    fill(counter)
    with pytest.raises(TooManyRequests) as refusal:
        counter.hit(RULE, "192.0.2.1")
    assert 1 <= int(refusal.value.values["retry_after_s"]) <= RULE.window_s


def test_others_are_not_affected(clock: time_machine.Traveller) -> None:
    counter = Counter()
    fill(counter)
    counter.hit(RULE, "192.0.2.2")


def test_the_last_window_still_counts_for_its_part(clock: time_machine.Traveller) -> None:
    counter = Counter()
    fill(counter)
    clock.shift(RULE.window_s * 1.5)
    fill(counter, times=RULE.most // 2)
    with pytest.raises(TooManyRequests):
        fill(counter, times=2)


def test_after_two_windows_all_is_forgotten(clock: time_machine.Traveller) -> None:
    counter = Counter()
    fill(counter)
    clock.shift(RULE.window_s * 2 + 1)
    fill(counter)


def test_the_factor_multiplies_the_rule(clock: time_machine.Traveller) -> None:
    counter = Counter(2.0)
    fill(counter, times=2 * RULE.most)
    with pytest.raises(TooManyRequests):
        counter.hit(RULE, "192.0.2.1")


def test_named_endpoints_exist() -> None:
    endpoints = set(make_world().app().view_functions)
    assert endpoints >= MAIL_ENDPOINTS
    assert endpoints >= UNLIMITED_ENDPOINTS


def test_the_api_answers_a_problem() -> None:
    client = make_world().app(rate_factor=1 / 60).test_client()
    body = {"email": "ann@example.org", "language": "en"}
    statuses = [client.post("/api/v1/sign-in-links", json=body).status_code for _ in range(2)]
    answer = client.post("/api/v1/sign-in-links", json=body)
    assert statuses == [202, 429]
    assert answer.mimetype == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0


def test_senders_behind_our_proxy_are_told_apart() -> None:
    client = make_world().app(rate_factor=1 / 60, trusted_proxies=1).test_client()
    body = {"email": "ann@example.org", "language": "en"}

    def send(address: str) -> int:
        return client.post("/api/v1/sign-in-links", json=body, headers={"X-Forwarded-For": address}).status_code

    assert [send("192.0.2.1"), send("192.0.2.2"), send("2001:db8::1"), send("2001:db8::2")] == [202, 202, 202, 429]


def test_without_a_proxy_nobody_may_claim_an_address() -> None:
    client = make_world().app(rate_factor=1 / 60).test_client()
    body = {"email": "ann@example.org", "language": "en"}
    statuses = [
        client.post("/api/v1/sign-in-links", json=body, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
        for n in range(2)
    ]
    assert statuses == [202, 429]
