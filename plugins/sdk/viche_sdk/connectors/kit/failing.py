"""What a platform's bad day does: nothing twice, nothing lost, each with its name."""

from collections.abc import Callable, Iterator

from viche_sdk.connectors.capabilities import Capability, Idempotency, Operation
from viche_sdk.connectors.errors import ConnectorError, NotFound, OutcomeUnknown, RateLimited, Transient
from viche_sdk.connectors.inbox import InboxItem
from viche_sdk.connectors.kit.fake import Fault
from viche_sdk.connectors.kit.material import plain_post
from viche_sdk.connectors.kit.messages import TOO_MUCH, Failure
from viche_sdk.connectors.kit.receiving import somebody_writes
from viche_sdk.connectors.kit.register import INBOX, check, demand, publishes
from viche_sdk.connectors.kit.stage import Kit, Stage
from viche_sdk.connectors.posts import Post
from viche_sdk.connectors.spec import ConnectorSpec

HANG_S = 0.25
MOST_REQUESTS = 12


def reads(spec: ConnectorSpec) -> Iterator[tuple[Operation, tuple[object, ...]]]:
    """Reading calls of the account, with arguments that need no post."""
    yield Operation.PROBE, ()
    if any(map(spec.can, INBOX)):
        yield Operation.FETCH_INBOX, ("",)
    if spec.can(Capability.METRICS_ACCOUNT):
        yield Operation.METRICS, ((),)


async def requests_of(kit: Kit) -> int:
    """How many requests one publication makes."""
    async with kit.stage() as stage:
        before = len(stage.fake.requests)
        await stage.publish(plain_post(stage.limits))
        return min(len(stage.fake.requests) - before, MOST_REQUESTS)


async def failures_of(kit: Kit) -> frozenset[Failure]:
    """The bad days that this platform can have."""
    async with kit.stage(connected=False) as stage:
        return stage.fake.failures


async def tried(stage: Stage, post: Post, key: str) -> ConnectorError | None:
    """What publishing raised."""
    try:
        await stage.publish(post, key)
    except ConnectorError as error:
        return error
    return None


async def made_good(stage: Stage, post: Post, key: str, error: ConnectorError | None) -> None:
    """What the host does after a failure, by the declared idempotency; there is at most one post at the end."""
    match stage.spec.idempotency:
        case _ if error is None:
            pass
        case Idempotency.NONE if isinstance(error, OutcomeUnknown):
            demand(
                len(stage.fake.shown()) <= 1, f"people see {len(stage.fake.shown())} posts: nothing may be sent again"
            )
            return
        case Idempotency.RECONCILE if isinstance(error, OutcomeUnknown):
            shown = len(stage.fake.shown())
            found = await stage.call(Operation.FIND, key, post)
            demand(bool(found) == bool(shown), f"find gave {found!r} where people see {shown} posts")
            if found is None:
                await stage.publish(post, key)
        case _:
            await stage.publish(post, key)
    count = len(stage.fake.shown())
    demand(count == 1, f"people see {count} posts after one publication was repeated: the key must make them one")


async def bad_days(kit: Kit, failures: tuple[Failure, ...]) -> None:
    """Each failure, at each of the requests that one publication makes."""
    possible = await failures_of(kit)
    for nth in range(1, await requests_of(kit) + 1):
        for failure in filter(possible.__contains__, failures):
            read_s = HANG_S if failure is Failure.HANG else 5.0
            async with kit.stage(read_s=read_s) as stage:
                post, key = plain_post(stage.limits), stage.key()
                stage.fake.fail_next(failure, nth)
                error = await tried(stage, post, key)
                _is_doubt(stage, failure, nth, error)
                await made_good(stage, post, key, error)


def _is_doubt(stage: Stage, failure: Failure, nth: int, error: ConnectorError | None) -> None:
    shown = len(stage.fake.shown())
    place = f"request {nth} of publish, {failure}"
    if error is None:
        demand(shown == 1, f"{place}: it says that the post is there, and people see {shown}")
        return
    demand(
        isinstance(error, (Transient, OutcomeUnknown)),
        f"{place}: it raised {error!r}; the platform is broken: raise Transient or OutcomeUnknown",
    )
    demand(
        not (shown and isinstance(error, Transient)),
        f"{place}: the post is there, and it raised {error!r}, which means that nothing happened: raise OutcomeUnknown",
    )


@check("a dropped answer makes one post", publishes)
async def dropped_answer_makes_one_post(kit: Kit) -> None:
    """The platform has done it, and its answer is lost, halved or broken."""
    await bad_days(kit, (Failure.DROP, Failure.HALF, Failure.BROKEN))


@check("a broken platform is told from a bad post, and makes no second one", publishes)
async def bad_day_makes_one_post(kit: Kit) -> None:
    """500, 503, a login page, an empty answer, one of something else, no answer, no connection."""
    failures = (Failure.UNHEARD, Failure.FAULT, Failure.MAINTENANCE, Failure.LOGIN_PAGE, Failure.EMPTY)
    await bad_days(kit, (*failures, Failure.ODD, Failure.HANG))


@check(
    "find finds what is there and nothing else", lambda spec: publishes(spec) and Operation.FIND in spec.operations()
)
async def find_tells_posts_apart(kit: Kit) -> None:
    """A post of the day before with the same beginning is another one."""
    async with kit.stage() as stage:
        post = plain_post(stage.limits, "Засідання ради о 10:00")
        nothing = await stage.call(Operation.FIND, stage.key(), post)
        demand(nothing is None, f"find gave {nothing!r} where nothing was published")
        other = await stage.publish(plain_post(stage.limits, "Засідання ради о 10:00, зала 2"))
        key = stage.key()
        found = await stage.call(Operation.FIND, key, post)
        demand(found is None, f"find gave {found!r}, which is another post ({other.ref!r})")
        published = await stage.publish(post, key)
        found = await stage.call(Operation.FIND, key, post)
    demand(found and found.ref == published.ref, f"publish gave {published.ref!r}, and find gave {found!r}")


@check("calls that only read fail by name on a bad day")
async def bad_day_is_named(kit: Kit) -> None:
    """The account stays connected: nothing but Transient or OutcomeUnknown comes of an outage."""
    failures = sorted(await failures_of(kit) - TOO_MUCH)
    for operation, args in reads(kit.spec):
        for failure in failures:
            async with kit.stage(read_s=HANG_S if failure is Failure.HANG else 5.0) as stage:
                before = len(stage.fake.requests)
                stage.fake.fail_next(failure)
                try:
                    await stage.call(operation, *args)
                except (Transient, OutcomeUnknown):
                    continue
                except ConnectorError as error:
                    demand(False, f"{operation} on {failure} raised {error!r}; raise Transient")
                if operation is Operation.METRICS or len(stage.fake.requests) == before:
                    continue
                demand(False, f"{operation} on {failure} went on as if nothing had happened; raise Transient")


@check("nothing that people wrote is lost on a bad day", lambda spec: any(map(spec.can, INBOX)))
async def inbox_loses_nothing(kit: Kit) -> None:
    """Each request of the call fails once; the next call with the same cursor has everything."""
    async with kit.stage() as stage:
        _, cursor = await stage.inbox()
        texts = await somebody_writes(stage, 1)
        before = len(stage.fake.requests)
        await stage.inbox(cursor)
        count = min(len(stage.fake.requests) - before, MOST_REQUESTS)
    for nth in range(1, count + 1):
        async with kit.stage() as stage:
            _, cursor = await stage.inbox()
            texts = await somebody_writes(stage, 1)
            stage.fake.fail_next(Failure.FAULT, nth)
            items: list[InboxItem] = []
            try:
                items, cursor = await stage.inbox(cursor)
            except ConnectorError as error:
                demand(isinstance(error, (Transient, OutcomeUnknown)), f"request {nth} of fetch_inbox: {error!r}")
            more, _ = await stage.inbox(cursor)
            got = {item.text for item in (*items, *more)}
            demand(set(texts) <= got, f"request {nth} failed once, and {sorted(set(texts) - got)} never comes")


@check("too much at once is told with the time that the platform names")
async def rate_limit_is_honoured(kit: Kit) -> None:
    """RateLimited, with `retry_after_s` as the platform says it."""
    calls: list[tuple[Operation, Callable[[Stage], tuple[object, ...]]]] = [
        (operation, lambda _, args=args: args) for operation, args in reads(kit.spec)
    ]
    if publishes(kit.spec):
        calls.append((Operation.PUBLISH, lambda stage: (plain_post(stage.limits), stage.key())))
    for operation, args in calls:
        async with kit.stage() as stage:
            before = len(stage.fake.requests)
            stage.fake.fail_next(Failure.RATE_LIMIT)
            try:
                await stage.call(operation, *args(stage))
            except RateLimited as error:
                said, wanted = error.retry_after_s, stage.fake.retry_after_s
                demand(
                    said is not None and abs(said - wanted) <= 1,
                    f"{operation}: the platform says {wanted} s, and retry_after_s is {said}",
                )
                continue
            except ConnectorError as error:
                demand(False, f"{operation} raised {error!r} where the platform says it is too much: raise RateLimited")
            demand(len(stage.fake.requests) == before, f"{operation} hides that it is too much; raise RateLimited")


@check("every error that the platform names is the right one of ours")
async def errors_are_mapped(kit: Kit) -> None:
    """Those that the fake declares."""
    async with kit.stage(connected=False) as stage:
        declared = [(fault, operation) for fault in stage.fake.faults for operation in fault.operations]
    demand(
        declared or not kit.spec.hosts,
        "declare in the fake's `faults` what the platform's documentation says that it refuses",
    )
    for fault, operation in declared:
        if operation not in kit.spec.operations():
            continue
        async with kit.stage() as stage:
            args = await _arguments(stage, operation)
            # a session may be gone at any time; some refusals meet only whoever begins one
            stage.session.put("")
            stage.fake.fail_with(fault)
            await _meets(stage, operation, args, fault)


async def _meets(stage: Stage, operation: Operation, args: tuple[object, ...], fault: Fault) -> None:
    here = f"{operation}, {fault.name}"
    try:
        given = await stage.call(operation, *args)
    except ConnectorError as error:
        demand(type(error) is fault.error, f"{here}: it raised {error!r}; raise {fault.error.__name__}")
        wrong = {name: getattr(error, name) for name, value in fault.fields.items() if getattr(error, name) != value}
        demand(not wrong, f"{here}: {wrong} must be {dict(fault.fields)}")
        return
    is_gone = operation is Operation.DELETE and fault.error is NotFound
    is_told = operation is Operation.METRICS and all(each.value is None and each.reason for each in given)
    demand(is_gone or is_told, f"{here}: it gave {given!r}; raise {fault.error.__name__}")


async def _arguments(stage: Stage, operation: Operation) -> tuple[object, ...]:
    """What a call needs, made ready before the platform refuses."""
    post = plain_post(stage.limits)
    match operation:
        case Operation.PUBLISH:
            return post, stage.key()
        case Operation.FIND:
            return stage.key(), post
        case Operation.FETCH_INBOX:
            return ("",)
        case Operation.PROBE:
            return ()
        case Operation.REPLY | Operation.HIDE:
            await somebody_writes(stage, 1)
            items, _ = await stage.inbox()
            item = next(each for each in items if not each.is_own)
            return (item, "Дякуємо", stage.key()) if operation is Operation.REPLY else (item, True)
        case Operation.METRICS if not publishes(stage.spec):
            return ((),)
        case _:
            ref = (await stage.publish(post)).ref
            return (
                (ref, post) if operation is Operation.EDIT else ((ref,),) if operation is Operation.METRICS else (ref,)
            )
