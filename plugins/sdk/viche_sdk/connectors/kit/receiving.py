"""What people write arrives once, whole and in order, and is answered where it was written."""

from collections.abc import Sequence

from viche_sdk.connectors.capabilities import Capability, Idempotency, Operation
from viche_sdk.connectors.errors import ConnectorError, OutcomeUnknown, Transient
from viche_sdk.connectors.inbox import InboxItem, InboxKind
from viche_sdk.connectors.kit.fake import Shown
from viche_sdk.connectors.kit.material import plain_post
from viche_sdk.connectors.kit.messages import Failure
from viche_sdk.connectors.kit.register import INBOX, check, demand, publishes
from viche_sdk.connectors.kit.stage import CheckFailed, Kit, Stage
from viche_sdk.connectors.spec import ConnectorSpec

KINDS = {
    Capability.INBOX_COMMENTS: InboxKind.COMMENT,
    Capability.INBOX_MENTIONS: InboxKind.MENTION,
    Capability.INBOX_MESSAGES: InboxKind.MESSAGE,
}
MANY = 45
"""More than most platforms give on one page."""


def receives(spec: ConnectorSpec) -> bool:
    """Whether there is an inbox that is asked."""
    return any(map(spec.can, INBOX))


def kinds_of(spec: ConnectorSpec) -> list[InboxKind]:
    """How people may write to this account."""
    return [kind for capability, kind in KINDS.items() if spec.can(capability)]


async def own_post(stage: Stage) -> Shown | None:
    """A post of the account under which people comment; None where the connector publishes nothing."""
    if not publishes(stage.spec):
        return None
    if not stage.fake.shown():
        await stage.publish(plain_post(stage.limits, "Яким буде новий парк?"))
    return next(each for each in stage.fake.shown() if not each.on)


async def somebody_writes(stage: Stage, count: int, prefix: str = "Коли відремонтують міст") -> list[str]:
    """Of each kind so many; a second apart. Gives the texts in the order in which they were written."""
    post = await own_post(stage)
    texts: list[str] = []
    for number in range(count):
        for kind in kinds_of(stage.spec):
            texts.append(f"{prefix}, {kind} {number}: 5 < 7 & «так»?")
            stage.clock.advance(1)
            stage.fake.receive(kind, texts[-1], post)
    return texts


@check("what people write arrives once and whole, oldest first", receives)
async def inbox_is_read_once(kit: Kit) -> None:
    """The cursor goes on: nothing comes twice, nothing is lost."""
    async with kit.stage() as stage:
        items, cursor = await stage.inbox()
        demand(not [item for item in items if not item.is_own], f"nobody wrote, and {items[:1]} came")
        for number in range(3):
            texts = await somebody_writes(stage, 2, f"Питання {number}")
            items, cursor = await stage.inbox(cursor)
            _is_all_of_it([item for item in items if not item.is_own], texts)
            _is_well_told(stage.spec, items)
        items, again = await stage.inbox(cursor)
        demand(not items, f"nobody wrote any more, and {items[:1]} came again")
        items, _ = await stage.inbox(again)
        demand(not items, f"nobody wrote any more, and {items[:1]} came later")


def _is_all_of_it(items: Sequence[InboxItem], texts: Sequence[str]) -> None:
    got = [item.text for item in items]
    demand(sorted(got) == sorted(texts), f"people wrote {sorted(texts)[:3]}…, and {sorted(got)[:3]}… came")
    demand(len({item.id for item in items}) == len(items), f"ids repeat: {[item.id for item in items]}")


def _is_well_told(spec: ConnectorSpec, items: Sequence[InboxItem]) -> None:
    times = [item.written_at for item in items]
    naive = [time for time in times if time.tzinfo is None]
    demand(not naive, f"written_at must have a zone, not {naive[:1]}")
    demand(times == sorted(times), "give the oldest first")
    kinds = set(kinds_of(spec))
    for item in items:
        demand(item.kind in kinds, f"{item.kind} came, which is not declared")
        demand(item.id and item.thread and item.author.id, f"give id, thread and the author's id of {item!r}")


@check("a day's worth of writing arrives page by page", receives)
async def inbox_pages(kit: Kit) -> None:
    """Nothing between pages is lost, even what comes in while they are read."""
    async with kit.stage() as stage:
        _, cursor = await stage.inbox()
        texts = await somebody_writes(stage, MANY)
        page = await stage.call(Operation.FETCH_INBOX, cursor)
        texts += await somebody_writes(stage, 1, "Ще одне")
        items = list(page.items)
        more, _ = await stage.inbox(page.cursor)
        _is_all_of_it([item for item in (*items, *more) if not item.is_own], texts)


@check("every kind of writing is told apart, with what it stands on", receives)
async def inbox_tells_kinds(kit: Kit) -> None:
    """A comment names the own post, by the ref that publish gave."""
    async with kit.stage() as stage:
        published = await stage.publish(plain_post(stage.limits)) if publishes(stage.spec) else None
        await somebody_writes(stage, 1)
        items, _ = await stage.inbox()
    for kind in kinds_of(kit.spec):
        found = [item for item in items if item.kind is kind and f", {kind} " in item.text]
        demand(found, f"somebody wrote a {kind}, and none came as such")
        if kind is InboxKind.COMMENT and published:
            on = found[0].on
            demand(on == published.ref, f"the comment stands on {published.ref!r}, and `on` says {on!r}")


async def _item(stage: Stage) -> InboxItem:
    await somebody_writes(stage, 1)
    items, _ = await stage.inbox()
    return next(item for item in items if not item.is_own)


def _replies(stage: Stage, text: str) -> list[Shown]:
    return [each for each in stage.fake.shown() if text in each.text]


def replies(spec: ConnectorSpec) -> bool:
    """Whether what is fetched can be answered."""
    return spec.can(Capability.REPLY) and receives(spec)


@check("an answer stands where the question was written, once", replies)
async def reply_appears(kit: Kit) -> None:
    """For each kind; and it does not come back as a question."""
    async with kit.stage() as stage:
        await somebody_writes(stage, 1)
        items, cursor = await stage.inbox()
        for number, item in enumerate(item for item in items if not item.is_own):
            text = f"Відповідь номер {number}"
            stage.clock.advance(1)
            published = await stage.call(Operation.REPLY, item, text, stage.key())
            demand(published.ref, "give the ref of the answer")
            shown = _replies(stage, text)
            demand(len(shown) == 1, f"people see {len(shown)} answers to a {item.kind} where one was given")
            demand(shown[0].on, f"the answer to a {item.kind} stands by itself, and not where the question is")
        items, _ = await stage.inbox(cursor)
        strangers = [item for item in items if not item.is_own]
        demand(not strangers, f"own answers came back as {strangers[:1]}: leave them out, or say is_own")


@check("an answer whose receipt was lost is not given twice", replies)
async def dropped_reply_is_one(kit: Kit) -> None:
    """Native keys make it one; else the doubt is told."""
    async with kit.stage() as stage:
        item = await _item(stage)
        before = len(stage.fake.requests)
        await stage.call(Operation.REPLY, item, "Перша відповідь", stage.key())
        count = len(stage.fake.requests) - before
    for nth in range(1, count + 1):
        async with kit.stage() as stage:
            item, key = await _item(stage), stage.key()
            stage.fake.fail_next(Failure.DROP, nth)
            try:
                await stage.call(Operation.REPLY, item, "Дякуємо за питання", key)
            except (Transient, OutcomeUnknown) as error:
                there = len(_replies(stage, "Дякуємо за питання"))
                demand(not (there and isinstance(error, Transient)), f"the answer is there, and it raised {error!r}")
                if stage.spec.idempotency is Idempotency.NATIVE or isinstance(error, Transient):
                    await stage.call(Operation.REPLY, item, "Дякуємо за питання", key)
            except ConnectorError as error:
                raise CheckFailed(f"reply raised {error!r} where the connection was lost") from error
            there = len(_replies(stage, "Дякуємо за питання"))
            demand(there <= 1, f"people see the answer {there} times")


@check("a comment is hidden, and shown again", lambda spec: spec.can(Capability.HIDE) and receives(spec))
async def hide_hides(kit: Kit) -> None:
    """From everybody but its author."""
    async with kit.stage() as stage:
        await somebody_writes(stage, 1)
        items, _ = await stage.inbox()
        item = next((each for each in items if each.kind is InboxKind.COMMENT), None)
        if item is None:
            raise CheckFailed("hide is declared, and no comments come that could be hidden: declare inbox.comments")
        await stage.call(Operation.HIDE, item, True)
        demand(stage.fake.is_hidden(item.text), "the comment is still seen")
        await stage.call(Operation.HIDE, item, False)
        demand(not stage.fake.is_hidden(item.text), "the comment is still hidden")
