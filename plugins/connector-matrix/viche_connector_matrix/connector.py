"""The calls. Facts are from the client-server API v1.15 and MSC3381, tried against Synapse."""

from collections.abc import Sequence
from typing import Any

from viche_connector_matrix import content, inbox
from viche_connector_matrix.client import (
    call,
    event_of,
    get,
    in_room,
    is_redacted,
    own_id,
    redact,
    related,
    send,
)
from viche_connector_matrix.limits import held
from viche_connector_matrix.room import room_of
from viche_sdk.connectors.types import (
    AccountInfo,
    Connector,
    Context,
    InboxItem,
    Limits,
    Media,
    Metric,
    MetricName,
    NotFound,
    OutcomeUnknown,
    Page,
    PollResults,
    Post,
    Problem,
    ProblemReason,
    Published,
    Transient,
    Unsupported,
    length_of,
)

LOOKED_THROUGH = 100
"""So many of the newest own events are looked through for a post."""


class MatrixConnector(Connector):
    """One room, in which one account writes."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Who it is, which room, and what it may do there."""
        return await room_of(ctx, await own_id(ctx))

    def validate(self, post: Post, limits: Limits) -> Sequence[Problem]:
        """The question of a poll stands behind the text."""
        length = length_of(content.text_of(post), limits.text)
        if post.poll and length > limits.text.most:
            return [Problem("text", ProblemReason.TEXT_TOO_LONG, str(length), str(limits.text.most))]
        return []

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Uploads the files, then sends the post and an event for each file; every event has a key of its own."""
        held(post)
        contents = [content.file(media, await _uploaded(ctx, media)) for media in post.media]
        text = content.text_of(post)
        if post.poll:
            first, type_, part = content.poll(text, post.poll, ctx.clock.now()), content.POLL, "poll"
        elif text.strip():
            first, type_, part = content.message(text), content.MESSAGE, "text"
        else:
            first, type_, part = contents.pop(0), content.MESSAGE, "media"
        root = await send(ctx, type_, {**first, content.KEY: key}, key, part)
        try:
            for number, each in enumerate(contents, 1):
                await send(ctx, content.MESSAGE, content.referring(each, root), f"{key}.{number}", "media")
        except Transient as error:
            raise OutcomeUnknown(f"{root} is there without all of its files: {error.detail}") from error
        return _published(ctx, root)

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks for the key among the newest own events."""
        own = await own_id(ctx)
        filter_ = f'{{"types": ["{content.MESSAGE}", "{content.POLL}"], "senders": ["{own}"]}}'
        path = in_room(ctx.account.id, "messages")
        answer = await get(ctx, path, dir="b", limit=str(LOOKED_THROUGH), filter=filter_)
        with answer.understood():
            chunk = answer.object()["chunk"]
            found = [each["event_id"] for each in chunk if each["content"].get(content.KEY) == key]
        return _published(ctx, found[0]) if found else None

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """Another text; files stay. Clients show the newest text, and those who want see the older ones."""
        held(post)
        event = await event_of(ctx, ref)
        if is_redacted(event):
            raise NotFound("the post was deleted")
        if event["content"].get("msgtype") != "m.text":
            raise Unsupported("only a text can be changed: a poll or a picture alone cannot")
        new = content.message(content.text_of(post))
        replaced = {
            **content.message(f"* {new['body']}"),
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": ref},
        }
        # the same text again is a change of its own: one may go back to what was there before
        await send(ctx, content.MESSAGE, replaced, f"edit-{ref}-{int(ctx.clock.now().timestamp() * 1_000)}")
        return _published(ctx, ref)

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes away the files that belong to a post, then the post; what people answered stays."""
        try:
            own = (await event_of(ctx, ref))["sender"]
            for event in await related(ctx, ref, "m.reference", content.MESSAGE):
                if event["sender"] == own and not is_redacted(event):
                    await redact(ctx, event["event_id"])
            await redact(ctx, ref)
        except NotFound:
            return

    async def poll_results(self, ctx: Context, ref: str) -> PollResults:
        """Counts the votes, which are events that everybody may read."""
        start = await event_of(ctx, ref)
        if content.POLL not in start["content"]:
            raise NotFound(f"the post {ref} has no poll")
        answers = await related(ctx, ref, "m.reference", content.POLL_RESPONSE)
        ends = await related(ctx, ref, "m.reference", content.POLL_END)
        ends_ms = [each["origin_server_ts"] for each in ends if each["sender"] == start["sender"]]
        return content.counted(start["content"], answers, ends_ms, int(ctx.clock.now().timestamp() * 1_000))

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """What others wrote in the room."""
        return await inbox.page_of(ctx, await own_id(ctx), cursor)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Answers in the thread where the question stands, else as a reply; its author is told."""
        held(Post(text, ""))
        asked = await event_of(ctx, item.id)
        if is_redacted(asked):
            raise NotFound("the message was deleted")
        relation: dict[str, Any] = {"m.in_reply_to": {"event_id": item.id}}
        thread = asked["content"].get("m.relates_to", {})
        if thread.get("rel_type") == "m.thread":
            relation |= {"rel_type": "m.thread", "event_id": thread["event_id"], "is_falling_back": False}
        mentions = {"user_ids": [item.author.id]}
        answer = content.message(text, **{"m.relates_to": relation, "m.mentions": mentions, content.KEY: key})
        return _published(ctx, await send(ctx, content.MESSAGE, answer, key))

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Members of the room besides the account; reactions to posts, which are events that are counted."""
        if refs:
            return [await _reactions(ctx, ref) for ref in refs]
        answer = await get(ctx, in_room(ctx.account.id, "joined_members"))
        with answer.understood():
            return [Metric(MetricName.FOLLOWERS, max(0, len(answer.object()["joined"]) - 1))]


async def _reactions(ctx: Context, ref: str) -> Metric:
    try:
        if is_redacted(await event_of(ctx, ref)):
            return Metric(MetricName.REACTIONS, None, ref, "the post is gone")
        found = await related(ctx, ref, "m.annotation", "m.reaction")
    except NotFound:
        return Metric(MetricName.REACTIONS, None, ref, "the post is gone")
    except Unsupported as error:
        return Metric(MetricName.REACTIONS, None, ref, error.detail)
    return Metric(MetricName.REACTIONS, len(found), ref)


async def _uploaded(ctx: Context, media: Media) -> str:
    """The address of a file on the server; one that is never used is thrown away there."""
    answer = await call(
        ctx,
        "POST",
        "/_matrix/media/v3/upload",
        "media",
        params={"filename": content.file_name(media)},
        headers={"Content-Type": media.type},
        content=await ctx.media.read(media),
    )
    with answer.understood():
        return answer.object()["content_uri"]


def _published(ctx: Context, id_: str) -> Published:
    return Published(id_, inbox.address(ctx.account.id, id_))
