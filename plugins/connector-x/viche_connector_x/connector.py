"""The calls. Facts are from docs.x.com and the OpenAPI document, version 2.167."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from viche_connector_x.client import call, data_of, get
from viche_connector_x.inbox import mentions_since, messages_since
from viche_connector_x.media import is_ready, upload
from viche_connector_x.reading import PAGE_OF, same, text_of
from viche_connector_x.webhook import heard
from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Challenge,
    Connector,
    Context,
    InboxItem,
    InboxKind,
    InvalidContent,
    Limits,
    Metric,
    MetricName,
    NotFound,
    Page,
    Pending,
    PermissionDenied,
    PollOption,
    PollResults,
    Post,
    Problem,
    ProblemReason,
    Published,
    Ready,
    length_of,
    with_link,
)

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_TEXT,
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.PUBLISH_VIDEO,
        Capability.POLL,
        Capability.POLL_RESULTS,
        Capability.DELETE,
        Capability.INBOX_COMMENTS,
        Capability.INBOX_MENTIONS,
        Capability.INBOX_MESSAGES,
        Capability.REPLY,
        Capability.HIDE,
        Capability.METRICS_POST,
        Capability.METRICS_ACCOUNT,
        Capability.WEBHOOK,
    }
)
"""All are granted: the platform does not tell which scopes a token has. A missing one is told by the call."""

LOOKED_BACK = timedelta(days=3)
"""A post that was sent is looked for no further back, so that last week's with the same text is not taken for it."""

OF_ACCOUNT = {MetricName.FOLLOWERS: ("followers_count",), MetricName.POSTS: ("post_count", "tweet_count")}
OF_POST = {
    MetricName.VIEWS: ("impression_count",),
    MetricName.REACTIONS: ("like_count",),
    MetricName.COMMENTS: ("reply_count",),
    MetricName.SHARES: ("repost_count", "retweet_count"),
}
"""Figures, each with the names that versions of the API have for it."""

MOST_IDS = 100


class XConnector(Connector):
    """One account."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """One read."""
        answer = await get(ctx, "/users/me", user__fields="username,name")
        with answer.understood():
            user = data_of(answer)
            handle = user["username"]
            return AccountInfo(user["id"], f"@{handle}", user["name"], f"{PAGE_OF}/{handle}", CAPABILITIES)

    def validate(self, post: Post, limits: Limits) -> Sequence[Problem]:
        """A poll stands without files, and its question stands in the text."""
        found: list[Problem] = []
        if post.poll and post.media:
            found.append(Problem("poll", ProblemReason.POLL_WITH_MEDIA))
        length = length_of(_text(post), limits.text)
        if post.poll and length > limits.text.most:
            found.append(Problem("text", ProblemReason.TEXT_TOO_LONG, str(length), str(limits.text.most)))
        return found

    async def publish(self, ctx: Context, post: Post, key: str) -> Published | Pending:
        """Sends the files, then the post; one with a video that the platform works on waits."""
        sent: dict[str, Any] = {"text": _text(post)}
        if post.poll:
            minutes = -(-post.poll.open_for_s // 60)
            sent["poll"] = {"options": list(post.poll.options), "duration_minutes": minutes}
        uploads = [await upload(ctx, media) for media in post.media]
        if uploads:
            sent["media"] = {"media_ids": [id_ for id_, _ in uploads]}
        if wait_s := max((after_s for _, after_s in uploads), default=0.0):
            return Pending(json.dumps(sent), wait_s)
        return await _send(ctx, sent)

    async def check(self, ctx: Context, pending: Pending) -> Published | Pending | Ready:
        """Asks for the files."""
        ids = json.loads(pending.token)["media"]["media_ids"]
        ready = [await is_ready(ctx, id_) for id_ in ids]
        return Ready(pending.token) if all(ready) else pending

    async def finalize(self, ctx: Context, ready: Ready) -> Published:
        """Sends the post whose files are ready."""
        return await _send(ctx, json.loads(ready.token))

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks among the newest posts for the text, and for what is said of its pictures."""
        images = {"media__fields": "alt_text", "expansions": "attachments.media_keys"} if post.media else {}
        answer = await get(
            ctx,
            f"/users/{ctx.account.id}/tweets",
            max_results="50",
            exclude="replies,retweets",
            start_time=(ctx.clock.now() - LOOKED_BACK).strftime("%Y-%m-%dT%H:%M:%SZ"),
            post__fields="text,entities,attachments,note_post",
            **images,
        )
        with answer.understood():
            entity = answer.object()
            if "data" not in entity and "meta" not in entity:
                raise ValueError("neither posts nor their number")
            said = {each["media_key"]: each.get("alt_text", "") for each in _included(entity, "media")}
            for each in entity.get("data", ()):
                if same(text_of(each), _text(post)) and _has_files(each, said, post):
                    return _published(each["id"])
        return None

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes it away."""
        try:
            data_of(await call(ctx, "DELETE", f"/tweets/{ref}"))
        except NotFound:
            return

    async def poll_results(self, ctx: Context, ref: str) -> PollResults:
        """Counts; the platform does not say how many people voted, and each has one vote."""
        answer = await get(
            ctx,
            f"/tweets/{ref}",
            post__fields="attachments",
            expansions="attachments.poll_ids",
            poll__fields="options,voting_status,end_datetime",
        )
        with answer.understood():
            data_of(answer)
            polls = _included(answer.object(), "polls")
            if not polls:
                raise NotFound(f"the post {ref} has no poll")
            listed = sorted(polls[0]["options"], key=lambda option: option["position"])
            options = tuple(PollOption(each["label"], each["votes"]) for each in listed)
            return PollResults(options, sum(each.votes for each in options), polls[0]["voting_status"] == "closed")

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Posts that name the account, which are comments and mentions alike, and direct messages.

        Messages need a right of their own: without it the rest comes all the same.
        """
        since: dict[str, str] = json.loads(cursor) if cursor else {}
        items, last_post = await mentions_since(ctx, since.get("post", ""))
        try:
            messages, last_message = await messages_since(ctx, since.get("message", ""))
        except PermissionDenied as error:
            ctx.log.warning("X does not give direct messages", detail=error.detail)
            messages, last_message = [], since.get("message", "")
        found = sorted([*items, *messages], key=lambda item: item.written_at)
        return Page(tuple(found), json.dumps({"post": last_post, "message": last_message}))

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """A message is answered by a message. Posts are answered only where their author has named the account."""
        if item.kind is not InboxKind.MESSAGE:
            return await _send(ctx, {"text": text, "reply": {"in_reply_to_tweet_id": item.id}})
        answer = await call(ctx, "POST", f"/dm_conversations/with/{item.author.id}/messages", json={"text": text})
        with answer.understood():
            return Published(data_of(answer)["dm_event_id"])

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Hides an answer in a conversation that the account began."""
        answer = await call(ctx, "PUT", f"/tweets/{item.id}/hidden", json={"hidden": hidden})
        with answer.understood():
            if data_of(answer)["hidden"] is not hidden:
                raise InvalidContent("X left the answer as it was", field="text")

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Posts are asked for by the hundred; one that is gone is left out of the answer."""
        if not refs:
            answer = await get(ctx, "/users/me", user__fields="public_metrics")
            with answer.understood():
                return _figures(data_of(answer)["public_metrics"], OF_ACCOUNT)
        found: list[Metric] = []
        for begin in range(0, len(refs), MOST_IDS):
            found += await _of_posts(ctx, refs[begin : begin + MOST_IDS])
        return found

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        """What the Account Activity API sends."""
        return heard(ctx, headers, body)


async def _of_posts(ctx: Context, refs: Sequence[str]) -> list[Metric]:
    answer = await get(ctx, "/tweets", ids=",".join(refs), post__fields="public_metrics")
    with answer.understood():
        entity = answer.object()
        if "data" not in entity and "errors" not in entity:
            raise ValueError("neither posts nor errors")
        there = {each["id"]: each["public_metrics"] for each in entity.get("data", ())}
    found: list[Metric] = []
    for ref in refs:
        gone = [Metric(name, None, ref, "the post is gone") for name in OF_POST]
        found += _figures(there[ref], OF_POST, ref) if ref in there else gone
    return found


def _figures(counts: Mapping[str, Any], names: Mapping[MetricName, tuple[str, ...]], ref: str = "") -> list[Metric]:
    found: list[Metric] = []
    for name, fields in names.items():
        value = next((counts[field] for field in fields if isinstance(counts.get(field), int)), None)
        found.append(Metric(name, value, ref, "" if value is not None else f"X gives no {fields[0]}"))
    return found


async def _send(ctx: Context, sent: Mapping[str, Any]) -> Published:
    part = "poll" if "poll" in sent else "media" if "media" in sent else "text"
    answer = await call(ctx, "POST", "/tweets", part, json=sent)
    with answer.understood():
        return _published(data_of(answer)["id"])


def _published(id_: str) -> Published:
    return Published(id_, f"{PAGE_OF}/i/web/status/{id_}")


def _included(entity: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return entity.get("includes", {}).get(kind, [])


def _has_files(post: Mapping[str, Any], said: Mapping[str, str], wanted: Post) -> bool:
    """Whether the files are those: as many, with the same said of pictures."""
    keys = (post.get("attachments") or {}).get("media_keys") or ()
    if len(keys) != len(wanted.media):
        return False
    return all(not said.get(key) or said[key] == media.alt for key, media in zip(keys, wanted.media, strict=True))


def _text(post: Post) -> str:
    """The text with the poll's question, which the platform has no other place for, and the link."""
    question = post.poll.question if post.poll else ""
    text = post.text if not question or question in post.text else f"{post.text.rstrip()}\n\n{question}".lstrip()
    return with_link(text, post.link)
