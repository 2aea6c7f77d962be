"""Coarse limits hold per address block; beyond them come 429 and when to come again."""

import pytest

from viche_chassis.errors import TooManyRequests
from viche_gateway.limits import MAIL_ENDPOINTS, UNLIMITED_ENDPOINTS, Counter, Rule
from viche_gateway.testing import make_world

RULE = Rule("write", 10)


class Clock:
    """Seconds that pass when told to; windows begin with full minutes."""

    def __init__(self) -> None:
        self.now_s = 6000.0

    def __call__(self) -> float:
        return self.now_s


def fill(counter: Counter, sender: str = "192.0.2.1", times: int = RULE.most) -> None:
    for _ in range(times):
        counter.hit(RULE, sender)


def wait_s(counter: Counter) -> int:
    with pytest.raises(TooManyRequests) as refusal:
        counter.hit(RULE, "192.0.2.1")
    return int(refusal.value.values["retry_after_s"])


@pytest.mark.parametrize("passed_s", [0, 17, 59])
@pytest.mark.parametrize("before", [0, 3, 10])
def test_who_comes_again_when_told_to_is_let_in_and_not_much_sooner(before: int, passed_s: int) -> None:
    clock = Clock()
    counter = Counter(clock=clock)
    fill(counter, times=before)
    clock.now_s += RULE.window_s + passed_s
    with pytest.raises(TooManyRequests):
        fill(counter, times=RULE.most + 1)
    wait = wait_s(counter)
    clock.now_s += wait - 2
    if wait > 2:
        assert wait_s(counter) <= 2
    clock.now_s += 2
    counter.hit(RULE, "192.0.2.1")


def test_one_who_is_refused_is_not_counted() -> None:
    clock = Clock()
    counter = Counter(clock=clock)
    fill(counter)
    assert wait_s(counter) == wait_s(counter) == 66  # a tenth of the next window must have passed


def test_others_are_not_affected() -> None:
    counter = Counter(clock=Clock())
    fill(counter)
    counter.hit(RULE, "192.0.2.2")
    counter.hit(Rule("read", 10), "192.0.2.1")


def test_the_last_window_still_counts_for_its_part() -> None:
    clock = Clock()
    counter = Counter(clock=clock)
    fill(counter)
    clock.now_s += RULE.window_s * 1.5
    fill(counter, times=RULE.most // 2)
    assert wait_s(counter) == 6


def test_after_two_windows_all_is_forgotten() -> None:
    clock = Clock()
    counter = Counter(clock=clock)
    fill(counter)
    clock.now_s += RULE.window_s * 2
    fill(counter)


def test_the_factor_multiplies_the_rule() -> None:
    counter = Counter(2.0, Clock())
    fill(counter, times=2 * RULE.most)
    assert wait_s(counter) >= 1


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
    client = make_world().app(rate_factor=1 / 60, trusted_proxies="1").test_client()
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
