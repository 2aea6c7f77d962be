"""A connector that keeps failing by itself is left alone for a while, and tried once before it is trusted again."""

from viche_chassis.connectors.breaker import LONGEST_PAUSE_S, Breaker, BreakerState


class Clock:
    """Stands still until it is told to go on."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(after=3, pause_s=10, clock=clock)
    for _ in range(3):
        assert breaker.wait_s() is None
        breaker.failed("it raised ValueError")
    return breaker


def test_it_opens_after_faults_in_a_row() -> None:
    breaker = opened(Clock())

    assert breaker.wait_s() == 10
    assert (breaker.state, breaker.reason) == (BreakerState.OPEN, "it raised ValueError")


def test_a_call_that_passes_ends_the_row() -> None:
    breaker = Breaker(after=2, clock=Clock())
    for _ in range(5):
        breaker.failed("x")
        breaker.passed()

    assert breaker.wait_s() is None
    assert breaker.reason == ""


def test_one_call_is_tried_after_the_pause() -> None:
    breaker, clock = opened(clock := Clock()), clock
    clock.now_s = 10

    assert [breaker.wait_s(), breaker.wait_s()] == [None, 1]
    breaker.passed()

    assert breaker.wait_s() is None
    assert breaker.state is BreakerState.CLOSED


def test_the_pause_doubles_with_each_trial_that_fails() -> None:
    breaker, clock = opened(clock := Clock()), clock
    pauses: list[float | None] = []
    for _ in range(9):
        clock.now_s += 10_000
        assert breaker.wait_s() is None
        breaker.failed("y")
        pauses.append(breaker.wait_s())

    assert pauses == [20, 40, 80, 160, 320, 600, 600, 600, LONGEST_PAUSE_S]


def test_a_trial_that_never_reached_the_connector_is_still_due() -> None:
    breaker, clock = opened(clock := Clock()), clock
    clock.now_s = 10
    breaker.wait_s()

    breaker.unanswered()

    assert breaker.wait_s() is None


def test_calls_that_one_incident_ends_count_once() -> None:
    breaker = Breaker(after=2, clock=Clock())
    for _ in range(9):
        breaker.failed("its process ended", "4711")

    assert breaker.wait_s() is None
    breaker.failed("its process ended", "4712")

    assert breaker.wait_s() is not None


def test_a_call_from_before_closes_nothing() -> None:
    breaker = opened(Clock())

    breaker.passed()

    assert breaker.state is BreakerState.OPEN
