"""The calls. Facts are from docs.joinmastodon.org and the OpenAPI document of version 4.7."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from viche_connector_mastodon.client import ACCOUNT, STATUSES, call, get, published, send, upload
from viche_connector_mastodon.inbox import item_of
from viche_connector_mastodon.limits import limits_of
from viche_connector_mastodon.text import plain_text, same_text
from viche_sdk.connectors.types import (
    AccountInfo,
    Answer,
    Capability,
    Connector,
    Context,
    InboxItem,
    InboxKind,
    Limits,
    Metric,
    MetricName,
    NotFound,
    Page,
    Pending,
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
        Capability.EDIT,
        Capability.DELETE,
        Capability.INBOX_COMMENTS,
        Capability.INBOX_MENTIONS,
        Capability.INBOX_MESSAGES,
        Capability.REPLY,
        Capability.METRICS_POST,
        Capability.METRICS_ACCOUNT,
    }
)
"""All are granted: servers do not tell which rights a token has. A missing one is told by the call that needs it."""

PAGE = 40
"""Most notifications and posts that a server gives at once without being asked for more."""

OF_ACCOUNT = {MetricName.FOLLOWERS: "followers_count", MetricName.POSTS: "statuses_count"}
OF_POST = {
    MetricName.REACTIONS: "favourites_count",
    MetricName.COMMENTS: "replies_count",
    MetricName.SHARES: "reblogs_count",
}


class MastodonConnector(Connector):
    """One account on one server."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Two reads: who it is, and what the server takes."""
        instance = await get(ctx, "/api/v2/instance")
        with instance.understood():
            limits, domain = limits_of(instance.object()), instance.object()["domain"]
        answer = await get(ctx, ACCOUNT)
        with answer.understood():
            account = answer.object()
            return AccountInfo(
                id=account["id"],
                handle=f"@{account['acct']}@{domain}",
                name=account["display_name"] or account["username"],
                url=account.get("url") or "",
                granted=CAPABILITIES,
                limits=limits,
            )

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
        """Sends the files, then the post; one that holds files that the server still works on waits."""
        status = _status(post)
        uploads = [await upload(ctx, media) for media in post.media]
        if uploads:
            status["media_ids"] = [each.id for each in uploads]
        if waiting := [each.id for each in uploads if not each.is_ready]:
            return Pending(json.dumps({"status": status, "key": key, "waiting": waiting}))
        return await send(ctx, status, key)

    async def check(self, ctx: Context, pending: Pending) -> Published | Pending | Ready:
        """Asks for the files that the server works on."""
        for id_ in json.loads(pending.token)["waiting"]:
            answer = await get(ctx, f"/api/v1/media/{id_}", part="media")
            # partial content: not ready yet
            if answer.status == 206:
                return pending
        return Ready(pending.token)

    async def finalize(self, ctx: Context, ready: Ready) -> Published:
        """Sends the post whose files are ready."""
        kept = json.loads(ready.token)
        return await send(ctx, kept["status"], kept["key"])

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks for the text among the newest posts; serves when the server has forgotten the key."""
        answer = await get(
            ctx,
            f"/api/v1/accounts/{ctx.account.id}/statuses",
            limit=str(PAGE),
            exclude_reblogs="true",
            exclude_replies="true",
        )
        text = _text(post)
        with answer.understood():
            found = [each for each in answer.array() if same_text(plain_text(each["content"]), text)]
            return published(found[0]) if found else None

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """Another text; files stay as they are, since a server drops those that are not named again."""
        there = await get(ctx, f"{STATUSES}/{ref}")
        status = {name: value for name, value in _status(post).items() if name != "visibility"}
        with there.understood():
            if files := [media["id"] for media in there.object()["media_attachments"]]:
                status["media_ids"] = files
        answer = await call(ctx, "PUT", f"{STATUSES}/{ref}", json=status)
        with answer.understood():
            return published(answer.object())

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes it away, its files too."""
        try:
            await call(ctx, "DELETE", f"{STATUSES}/{ref}")
        except NotFound:
            return

    async def poll_results(self, ctx: Context, ref: str) -> PollResults:
        """Counts; a server may hide them until the end, then they are zero."""
        answer = await get(ctx, f"{STATUSES}/{ref}")
        with answer.understood():
            poll = answer.object().get("poll")
            if not poll:
                raise NotFound(f"the post {ref} has no poll")
            options = tuple(PollOption(each["title"], each.get("votes_count") or 0) for each in poll["options"])
            return PollResults(options, poll.get("voters_count"), poll["expired"])

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Notifications of mentions, which are comments, mentions and direct messages alike."""
        since = {"min_id": cursor} if cursor else {}
        answer = await get(ctx, "/api/v1/notifications", **{"types[]": "mention", "limit": str(PAGE)}, **since)
        with answer.understood():
            found = sorted(answer.array(), key=lambda each: int(each["id"]))
            items = tuple(item_of(each["status"], ctx.account.id) for each in found if each.get("status"))
            last = found[-1]["id"] if found else cursor or "0"
        return Page(items, last, has_more=bool(cursor) and len(found) == PAGE)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Names whom it answers, as a server wants it; a message is answered by a message."""
        handle = f"@{item.author.handle}"
        status = {
            "status": text if handle in text else f"{handle} {text}",
            "in_reply_to_id": item.id,
            "visibility": "direct" if item.kind is InboxKind.MESSAGE else "public",
        }
        return await send(ctx, status, key)

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Each post is asked for by itself, so that one that is gone takes no other with it."""
        if not refs:
            return _figures(await get(ctx, ACCOUNT), OF_ACCOUNT)
        found: list[Metric] = []
        for ref in refs:
            try:
                found += _figures(await get(ctx, f"{STATUSES}/{ref}"), OF_POST, ref)
            except NotFound:
                found += [Metric(name, None, ref, "the post is gone") for name in OF_POST]
        return found


def _figures(answer: Answer, fields: Mapping[MetricName, str], ref: str = "") -> list[Metric]:
    with answer.understood():
        entity = answer.object()
        if "id" not in entity:
            raise ValueError("no id")
        return [_metric(name, entity, field, ref) for name, field in fields.items()]


def _metric(name: MetricName, entity: Mapping[str, Any], field: str, ref: str) -> Metric:
    value = entity.get(field)
    if isinstance(value, int):
        # a server that hides followers says -1
        return Metric(name, value, ref) if value >= 0 else Metric(name, None, ref, "hidden by the account")
    return Metric(name, None, ref, f"the server gives no {field}")


def _text(post: Post) -> str:
    """The text with the poll's question, which Mastodon has no other place for, and the link."""
    question = post.poll.question if post.poll else ""
    text = post.text if not question or question in post.text else f"{post.text.rstrip()}\n\n{question}".lstrip()
    return with_link(text, post.link)


def _status(post: Post) -> dict[str, Any]:
    """The post as the server wants it."""
    status: dict[str, Any] = {
        "status": _text(post),
        # ISO 639-1, without the parts that a tag of BCP 47 may have
        "language": post.language.partition("-")[0],
        "visibility": "public",
    }
    if post.poll:
        status["poll"] = {
            "options": list(post.poll.options),
            "expires_in": post.poll.open_for_s,
            "multiple": post.poll.multiple,
        }
    return status
