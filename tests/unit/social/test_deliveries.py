"""A post goes out once: whatever platforms answer, or do not."""

import random
from datetime import timedelta

import pytest

from viche_sdk.connectors.types import (
    ERRORS,
    AuthExpired,
    Idempotency,
    InvalidContent,
    NotFound,
    OutcomeUnknown,
    Pending,
    PermissionDenied,
    Published,
    QuotaOrBudget,
    RateLimited,
    Ready,
    Scope,
    Transient,
)
from viche_social.domain.deliveries import (
    LOOKS,
    MOST_TRIES,
    DeliveryState,
    Done,
    Hold,
    Outcome,
    Step,
    Task,
    after,
    after_crash,
)

FINAL = {
    DeliveryState.PUBLISHED,
    DeliveryState.REFUSED,
    DeliveryState.UNKNOWN,
    DeliveryState.BY_HAND,
    DeliveryState.CANCELLED,
    DeliveryState.WITHDRAWN,
}
IDEMPOTENCIES = sorted(Idempotency)
TASKS = sorted(Task)


def done(task: Task = Task.PUBLISH, tries: int = 0, idempotency: Idempotency = Idempotency.NONE) -> Done:
    return Done(task, tries, idempotency)


@pytest.mark.parametrize("idempotency", IDEMPOTENCIES)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("error", sorted(ERRORS, key=lambda kind: kind.__name__))
@pytest.mark.parametrize("tries", [0, 1, len(LOOKS), MOST_TRIES])
def test_every_error_leads_on_or_to_an_end(
    error: type[Exception], task: Task, idempotency: Idempotency, tries: int
) -> None:
    step = after(done(task, tries, idempotency), error("said"))  # pyright: ignore[reportArgumentType]

    assert step.error or step.state is DeliveryState.WITHDRAWN
    assert step.task is not None or step.state in FINAL | {DeliveryState.BLOCKED}


@pytest.mark.parametrize("task", [Task.PUBLISH, Task.FINALIZE])
def test_doubt_where_nobody_can_look_is_for_a_person(task: Task) -> None:
    step = after(done(task), OutcomeUnknown("no answer"))

    assert (step.state, step.task) == (DeliveryState.UNKNOWN, None)


def test_doubt_where_the_platform_knows_the_key_is_sent_again() -> None:
    step = after(done(idempotency=Idempotency.NATIVE), OutcomeUnknown("no answer"))

    assert (step.state, step.task) == (DeliveryState.WAITING, Task.PUBLISH)
    assert step.pause > timedelta()


def test_what_can_be_looked_for_is_never_sent_again() -> None:
    step = after(done(idempotency=Idempotency.RECONCILE), OutcomeUnknown("no answer"))
    looks = 0
    while step.task is Task.FIND:
        step = after(done(Task.FIND, looks, Idempotency.RECONCILE), None)
        looks += 1

    assert looks == len(LOOKS)
    assert (step.state, step.task) == (DeliveryState.UNKNOWN, None)


def test_what_is_found_is_published() -> None:
    step = after(done(Task.FIND, 1, Idempotency.RECONCILE), Published("ref", "https://social.example/1"))

    assert (step.state, step.ref, step.url) == (DeliveryState.PUBLISHED, "ref", "https://social.example/1")


@pytest.mark.parametrize("idempotency", IDEMPOTENCIES)
def test_a_process_that_ends_between_claim_and_answer_leaves_doubt(idempotency: Idempotency) -> None:
    assert after_crash(done(idempotency=idempotency)) == after(
        done(idempotency=idempotency), OutcomeUnknown("the process that sent it ended")
    )


def test_too_much_at_once_does_not_count_and_holds_the_channel() -> None:
    step = after(done(), RateLimited("slow down", retry_after_s=90))

    assert (step.state, step.task, step.pause) == (DeliveryState.WAITING, Task.PUBLISH, timedelta(seconds=90))
    assert (step.counts, step.hold) == (False, Hold.CHANNEL)


def test_too_much_of_the_application_holds_all_its_channels() -> None:
    assert after(done(), RateLimited("slow down", scope=Scope.APP)).hold is Hold.CONNECTOR


def test_a_spent_budget_waits_and_does_not_count() -> None:
    step = after(done(), QuotaOrBudget("used up"))

    assert (step.state, step.task, step.counts) == (DeliveryState.WAITING, Task.PUBLISH, False)


@pytest.mark.parametrize(
    ("error", "hold"), [(AuthExpired("gone"), Hold.EXPIRED), (PermissionDenied("no"), Hold.LIMITED)]
)
def test_a_consent_that_ended_keeps_the_delivery_for_later(error: Exception, hold: Hold) -> None:
    step = after(done(), error)  # pyright: ignore[reportArgumentType]

    assert (step.state, step.task, step.hold, step.counts) == (DeliveryState.BLOCKED, Task.PUBLISH, hold, False)


def test_content_that_is_not_taken_is_for_its_author() -> None:
    step = after(done(), InvalidContent("too long"))

    assert (step.state, step.task, step.detail) == (DeliveryState.REFUSED, None, "too long")


def test_pauses_grow_and_end() -> None:
    pauses = [after(done(tries=tries), Transient("busy")).pause for tries in range(MOST_TRIES - 1)]

    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=2)
    assert after(done(tries=MOST_TRIES - 1), Transient("busy")).state is DeliveryState.REFUSED


def test_what_is_not_there_any_more_is_withdrawn() -> None:
    assert after(done(Task.DELETE), NotFound("gone")).state is DeliveryState.WITHDRAWN
    assert after(done(Task.DELETE), None).state is DeliveryState.WITHDRAWN


def test_a_post_that_cannot_be_deleted_is_still_published() -> None:
    step = after(done(Task.DELETE), PermissionDenied("too old"))

    assert (step.state, step.task, step.detail) == (DeliveryState.PUBLISHED, None, "too old")


def test_the_platform_may_prepare_a_post() -> None:
    pending = after(done(), Pending("container", after_s=3))
    ready = after(done(Task.CHECK), Ready("container"))
    out = after(done(Task.FINALIZE), Published("ref"))

    assert (pending.task, pending.pause, pending.token) == (Task.CHECK, timedelta(seconds=3), "container")
    assert (ready.task, ready.token) == (Task.FINALIZE, "container")
    assert out.state is DeliveryState.PUBLISHED


class Platform:
    """A platform that loses calls, loses answers, and fails; it counts the copies of one post."""

    def __init__(self, chance: random.Random, idempotency: Idempotency) -> None:
        self.chance = chance
        self.idempotency = idempotency
        self.copies = 0

    def call(self, task: Task) -> Outcome:
        if self.chance.random() < 0.2:
            return Transient("not reached")
        if self.chance.random() < 0.1:
            return RateLimited("slow down")
        if task is Task.FIND:
            return Published("ref") if self.copies and self.chance.random() < 0.7 else None
        if self.chance.random() < 0.3:
            return OutcomeUnknown("lost on the way there")
        self.copies = 1 if self.idempotency is Idempotency.NATIVE else self.copies + 1
        return OutcomeUnknown("lost on the way back") if self.chance.random() < 0.5 else Published("ref")


@pytest.mark.parametrize("idempotency", IDEMPOTENCIES)
@pytest.mark.parametrize("seed", range(200))
def test_no_course_of_events_makes_a_second_copy(seed: int, idempotency: Idempotency) -> None:
    chance = random.Random(seed)
    platform = Platform(chance, idempotency)
    step, tries = Step(DeliveryState.WAITING, Task.PUBLISH), 0
    while step.task is not None:
        task = step.task
        now = done(task, tries, idempotency)
        outcome = platform.call(task)
        # the process may end before it writes down what came back
        step = after_crash(now) if chance.random() < 0.1 else after(now, outcome)
        tries = tries + step.counts if step.task is task else 0

    assert platform.copies <= 1
    assert step.state in FINAL
    if step.state is DeliveryState.PUBLISHED:
        assert platform.copies == 1
