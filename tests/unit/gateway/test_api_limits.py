"""Coarse limits hold per address block; beyond them come 429 and when to come again."""

import pytest

from viche_chassis.errors import TooManyRequests
from viche_gateway.limits import MAIL_ENDPOINTS, UNLIMITED_ENDPOINTS, Rule, WindowCounter
from viche_gateway.testing import make_world

RULE = Rule("write", 10, 60.0)


class Clock:
    """Seconds that are moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counter(clock: Clock) -> WindowCounter:
    return WindowCounter(1.0, clock)


def fill(counter: WindowCounter, sender: str = "192.0.2.1") -> None:
    """As many requests as fit into a window."""
    for _ in range(RULE.most):
        counter.hit(RULE, sender)


def test_one_too_many_is_refused(counter: WindowCounter) -> None:
    fill(counter)
    with pytest.raises(TooManyRequests) as refusal:
        counter.hit(RULE, "192.0.2.1")
    assert refusal.value.values["retry_after_s"] == "60"


def test_others_are_not_affected(counter: WindowCounter) -> None:
    fill(counter)
    counter.hit(RULE, "192.0.2.2")


def test_the_last_window_still_counts_for_its_part(counter: WindowCounter, clock: Clock) -> None:
    fill(counter)
    clock.now = 61.0
    counter.hit(RULE, "192.0.2.1")  # a sixtieth of the last window is over
    with pytest.raises(TooManyRequests):
        counter.hit(RULE, "192.0.2.1")
    clock.now = 90.0
    for _ in range(RULE.most // 2 - 1):
        counter.hit(RULE, "192.0.2.1")
    with pytest.raises(TooManyRequests):
        counter.hit(RULE, "192.0.2.1")


def test_after_two_windows_all_is_forgotten(counter: WindowCounter, clock: Clock) -> None:
    fill(counter)
    clock.now = 121.0
    fill(counter)


def test_the_factor_multiplies_the_rule(clock: Clock) -> None:
    counter = WindowCounter(2.0, clock)
    fill(counter)
    fill(counter)
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
