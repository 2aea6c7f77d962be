"""What holds for all calls together: secrets, hosts, writes, schemas, and nothing behind the host's back."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from unittest import SkipTest

from viche_sdk.connectors.capabilities import WRITES, Capability, Operation
from viche_sdk.connectors.errors import ConnectorError
from viche_sdk.connectors.inbox import InboxKind
from viche_sdk.connectors.kit.given import Listening
from viche_sdk.connectors.kit.material import LINK, media_of, plain_post, poll_of
from viche_sdk.connectors.kit.messages import Failure
from viche_sdk.connectors.kit.receiving import receives, replies, somebody_writes
from viche_sdk.connectors.kit.register import check, demand, publishes
from viche_sdk.connectors.kit.stage import Kit, Stage
from viche_sdk.connectors.posts import MediaKind, Post, Published


def every_post(stage: Stage) -> list[Post]:
    """One of each kind that is declared."""
    limits = stage.limits
    plain = plain_post(limits, "Публікація")
    posts = [plain]
    if stage.spec.can(Capability.PUBLISH_LINK):
        posts.append(replace(plain, link=LINK))
    for limit, kind in ((limits.images, MediaKind.IMAGE), (limits.videos, MediaKind.VIDEO)):
        if limit:
            posts.append(replace(plain, media=(media_of(limit, kind),)))
    if limits.poll:
        posts.append(replace(plain, poll=poll_of(limits.poll)))
    return posts


async def tour(stage: Stage) -> None:
    """Every declared call once."""
    spec, published = stage.spec, None
    if publishes(spec):
        for post in every_post(stage):
            published = await stage.publish(post)
            if post.poll and spec.can(Capability.POLL_RESULTS):
                await stage.call(Operation.POLL_RESULTS, published.ref)
    if spec.can(Capability.METRICS_ACCOUNT):
        await stage.call(Operation.METRICS, ())
    if receives(spec):
        await _correspond(stage)
    if published:
        await _look_after(stage, published)


async def _correspond(stage: Stage) -> None:
    await somebody_writes(stage, 2)
    items, _ = await stage.inbox()
    for item in items:
        if replies(stage.spec) and not item.is_own:
            await stage.call(Operation.REPLY, item, "Дякуємо", stage.key())
        if stage.spec.can(Capability.HIDE) and item.kind is InboxKind.COMMENT and not item.is_own:
            await stage.call(Operation.HIDE, item, True)


async def _look_after(stage: Stage, last: Published) -> None:
    spec, post, key = stage.spec, plain_post(stage.limits, "Ще одна"), stage.key()
    published = await stage.publish(post, key)
    if Operation.FIND in spec.operations():
        await stage.call(Operation.FIND, key, post)
    if spec.can(Capability.METRICS_POST):
        await stage.call(Operation.METRICS, (published.ref, last.ref))
    if spec.can(Capability.EDIT):
        await stage.call(Operation.EDIT, published.ref, plain_post(stage.limits, "Змінена"))
    if spec.can(Capability.DELETE):
        await stage.call(Operation.DELETE, published.ref)


@check("requests and answers are what the platform's own schema allows")
async def schema_allows_it(kit: Kit) -> None:
    """Every declared call, held against the schema where the fake has one.

    Raises:
        SkipTest: the folder that the test names is not there.
    """
    if kit.schemas is None:
        raise SkipTest("the test names no folder with the platform's schemas")
    if not kit.schemas.is_dir():
        raise SkipTest(f"no schemas at {kit.schemas}")
    async with kit.stage(holds_schemas=True) as stage:
        await tour(stage)
        faults = list(dict.fromkeys(stage.fake.schema_faults))
    demand(not faults, "; ".join(faults[:5]))


@check("nothing happens behind the host's back")
async def nothing_behind_the_host(kit: Kit) -> None:
    """All connections go through `ctx.http`; no processes, no sleeping, nothing that goes on after the call."""
    async with kit.stage() as stage:
        await tour(stage)
        behind = list(dict.fromkeys(stage.behind))
    demand(not behind, f"{'; '.join(behind[:3])}: use what the context gives, and let a call end when its work is done")


@check("only declared hosts are called")
async def only_declared_hosts(kit: Kit) -> None:
    """The kit's network would lead anywhere; the guard lets only declared hosts through."""
    async with kit.stage() as stage:
        await tour(stage)
        refused = sorted(set(stage.http.refused))
    demand(not refused, f"{'; '.join(refused)}: add it to `hosts`, or do not call it")


@check("calls that only read send nothing that writes")
async def reads_do_not_write(kit: Kit) -> None:
    """check, find, fetch_inbox, metrics, poll_results and probe."""
    async with kit.stage(connected=False) as stage:
        with _noting_writes(stage) as wrote:
            await stage.probe()
            await tour(stage)
    demand(not wrote, f"{'; '.join(wrote[:3])}: these calls must not change anything")


@contextlib.contextmanager
def _noting_writes(stage: Stage):
    """Wraps the calls of a stage while it is open."""
    wrote: list[str] = []
    call = stage.call

    async def noting(operation: Operation, *args: object) -> object:
        before = len(stage.fake.requests)
        try:
            return await call(operation, *args)
        finally:
            if operation not in WRITES:
                sent = [each for each in stage.fake.requests[before:] if stage.fake.is_write(each)]
                wrote.extend(f"{operation} sends {each.method} {each.path}" for each in sent)

    stage.call = noting
    try:
        yield wrote
    finally:
        stage.call = call


@check("secrets and sessions stand in no log, no error, no value and no repr")
async def secrets_stay_secret(kit: Kit) -> None:
    """On good days and on bad ones; every logger is listened to, and standard output."""
    said: list[str] = []
    leaks: list[str] = []
    with Listening() as listening:
        async for stage in _good_and_bad_days(kit):
            said += stage.log.said
            said += [f"{error} {error!r} {vars(error)} {error.__cause__!r}" for error in stage.raised]
            said += [repr(each) for each in stage.given]
            said += [stage.written.getvalue(), repr(stage.context()), *listening.lines]
            # it knows the sessions that were put during its stage, too
            leaks += [stage.redactor.clean(each)[:200] for each in said if stage.redactor.finds(each)]
            said.clear()
            listening.lines.clear()
    demand(not leaks, f"a secret stands in {leaks[0]!r}: leave it out" if leaks else "")


async def _good_and_bad_days(kit: Kit) -> AsyncIterator[Stage]:
    async with kit.stage() as stage:
        await tour(stage)
        yield stage
    for failure in (Failure.FAULT, Failure.UNHEARD, Failure.LOGIN_PAGE, Failure.BROKEN, Failure.RATE_LIMIT):
        async with kit.stage() as stage:
            stage.fake.fail_next(failure)
            with contextlib.suppress(ConnectorError):
                await tour(stage)
            yield stage
    for fault in stage.fake.faults:
        async with kit.stage() as stage:
            stage.fake.fail_with(fault)
            with contextlib.suppress(ConnectorError):
                await tour(stage)
            yield stage
