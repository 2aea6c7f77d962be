"""Bad days of answers, of changes and of the clock: each with its name, nothing twice, and no consent ended."""

from collections.abc import Awaitable, Callable

from viche_sdk.connectors.capabilities import Capability, Operation
from viche_sdk.connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Transient
from viche_sdk.connectors.inbox import InboxItem
from viche_sdk.connectors.kit.failing import HANG_S, MOST_REQUESTS, failures_of, made_good, reads
from viche_sdk.connectors.kit.material import plain_post
from viche_sdk.connectors.kit.messages import IS_DONE, TOO_MUCH, Failure
from viche_sdk.connectors.kit.receiving import receives, replies, somebody_writes
from viche_sdk.connectors.kit.register import check, demand, publishes
from viche_sdk.connectors.kit.stage import Kit, Stage
from viche_sdk.connectors.spec import ConnectorSpec

OFF_S = (-3_600.0, 3_600.0)
"""An hour, as of a machine that has its summer time wrong."""

Arguments = tuple[object, ...]
Prepared = Callable[[Stage], Awaitable[Arguments]]


async def _to_reply(stage: Stage) -> Arguments:
    await somebody_writes(stage, 1)
    items, _ = await stage.inbox()
    return next(item for item in items if not item.is_own), "Дякуємо за питання", stage.key()


async def _to_edit(stage: Stage) -> Arguments:
    return (await stage.publish(plain_post(stage.limits))).ref, plain_post(stage.limits, "Змінена")


async def _to_delete(stage: Stage) -> Arguments:
    return ((await stage.publish(plain_post(stage.limits))).ref,)


def _changes(spec: ConnectorSpec) -> list[tuple[Operation, Prepared]]:
    """Writing calls beside publish."""
    found: list[tuple[Operation, Prepared]] = []
    if replies(spec):
        found.append((Operation.REPLY, _to_reply))
    if publishes(spec) and spec.can(Capability.EDIT):
        found.append((Operation.EDIT, _to_edit))
    if publishes(spec) and spec.can(Capability.DELETE):
        found.append((Operation.DELETE, _to_delete))
    return found


async def _requests_of(kit: Kit, operation: Operation, prepared: Prepared) -> int:
    async with kit.stage() as stage:
        args = await prepared(stage)
        before = len(stage.fake.requests)
        await stage.call(operation, *args)
        return min(len(stage.fake.requests) - before, MOST_REQUESTS)


@check("answers and changes fail by name on a bad day, and no answer stands twice", lambda spec: bool(_changes(spec)))
async def changes_fail_by_name(kit: Kit) -> None:
    """Each failure at each request: nothing but Transient or OutcomeUnknown comes of an outage."""
    failures = sorted(await failures_of(kit) - TOO_MUCH)
    for operation, prepared in _changes(kit.spec):
        for nth in range(1, await _requests_of(kit, operation, prepared) + 1):
            for failure in failures:
                await _changes_once(kit, operation, prepared, failure, nth)


async def _changes_once(kit: Kit, operation: Operation, prepared: Prepared, failure: Failure, nth: int) -> None:
    place = f"request {nth} of {operation}, {failure}"
    async with kit.stage(read_s=HANG_S if failure is Failure.HANG else 5.0) as stage:
        args = await prepared(stage)
        before = len(stage.fake.shown())
        stage.fake.fail_next(failure, nth)
        error: ConnectorError | None = None
        try:
            await stage.call(operation, *args)
        except ConnectorError as raised:
            error = raised
        demand(
            error is None or isinstance(error, (Transient, OutcomeUnknown)),
            f"{place}: it raised {error!r}; the platform is broken: raise Transient or OutcomeUnknown",
        )
        if operation is not Operation.REPLY:
            return
        there = len(stage.fake.shown()) - before
        demand(there <= 1, f"{place}: people see the answer {there} times")
        demand(there or error, f"{place}: it says that the answer is there, and nobody sees it")
        demand(
            not (there and isinstance(error, Transient)),
            f"{place}: the answer is there, and it raised {error!r}, which means that nothing happened",
        )


@check("too much at once is told where no time is named")
async def crowd_is_told(kit: Kit) -> None:
    """A bare 429, as from a proxy before the platform: RateLimited, and no time that nobody has said."""
    calls: list[tuple[Operation, Prepared]] = [(operation, _just(args)) for operation, args in reads(kit.spec)]
    if publishes(kit.spec):
        calls.append((Operation.PUBLISH, _to_publish))
    if Failure.CROWDED not in await failures_of(kit):
        return
    for operation, prepared in calls:
        async with kit.stage() as stage:
            args = await prepared(stage)
            before = len(stage.fake.requests)
            stage.fake.fail_next(Failure.CROWDED)
            try:
                await stage.call(operation, *args)
            except RateLimited as error:
                demand(error.retry_after_s is None or error.retry_after_s > 0, f"{operation}: {vars(error)}")
                continue
            except ConnectorError as error:
                demand(False, f"{operation} raised {error!r} at a bare 429: raise RateLimited")
            demand(len(stage.fake.requests) == before, f"{operation} hides that it is too much; raise RateLimited")


def _just(args: Arguments) -> Prepared:
    async def give(stage: Stage) -> Arguments:
        return args

    return give


async def _to_publish(stage: Stage) -> Arguments:
    return plain_post(stage.limits), stage.key()


@check("a clock that is off by an hour makes nothing twice, loses nothing and ends no consent")
async def clock_may_be_off(kit: Kit) -> None:
    """The host's clock is ahead of the platform's or behind it; what fails for that works once it is set right."""
    failures = sorted(await failures_of(kit) & IS_DONE)
    for ahead_s in OFF_S:
        for operation, args in reads(kit.spec):
            async with kit.stage() as stage:
                stage.ahead_s = ahead_s
                await _named(stage, stage.call(operation, *args))
        for failure in (None, *failures) if publishes(kit.spec) else ():
            async with kit.stage() as stage:
                await _published(stage, ahead_s, failure)
        if receives(kit.spec):
            async with kit.stage() as stage:
                await _received(stage, ahead_s)


async def _named(stage: Stage, call: Awaitable[object]) -> ConnectorError | None:
    try:
        await call
    except (Transient, OutcomeUnknown) as error:
        return error
    except ConnectorError as error:
        demand(False, f"with a clock {stage.ahead_s:+.0f} s off it raised {error!r}; raise Transient or OutcomeUnknown")
    return None


async def _published(stage: Stage, ahead_s: float, failure: Failure | None) -> None:
    post, key = plain_post(stage.limits), stage.key()
    if failure is not None:
        stage.fake.fail_next(failure)
    stage.ahead_s = ahead_s
    error = await _named(stage, stage.publish(post, key))
    stage.ahead_s = 0.0
    await made_good(stage, post, key, error)


async def _received(stage: Stage, ahead_s: float) -> None:
    _, cursor = await stage.inbox()
    texts: list[str] = []
    items: list[InboxItem] = []
    for number, off_s in enumerate((ahead_s, ahead_s, 0.0)):
        texts += await somebody_writes(stage, 2, f"Питання {number}")
        stage.ahead_s = off_s
        page, cursor = await stage.inbox(cursor)
        items += page
    got = sorted(item.text for item in items if not item.is_own)
    demand(
        got == sorted(texts),
        f"with a clock {ahead_s:+.0f} s off people wrote {sorted(texts)[:3]}…, and {got[:3]}… came",
    )
