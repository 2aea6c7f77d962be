"""The calls for a Facebook Page. Facts are from developers.facebook.com (Pages API) and Meta's own code generator."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from viche_connector_meta.edges import instant, walk
from viche_connector_meta.facebook_inbox import change, comments_since, mentions_since
from viche_connector_meta.figures import of_node, of_post
from viche_connector_meta.graph import VIDEO_HOST, call, get, must_succeed, remove
from viche_connector_meta.graph import post as write
from viche_connector_meta.messages import answer_message, messages_since
from viche_connector_meta.since import Since
from viche_connector_meta.webhook import heard
from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Challenge,
    Connector,
    Context,
    InboxItem,
    InboxKind,
    InvalidContent,
    Media,
    MediaKind,
    Metric,
    MetricName,
    OutcomeUnknown,
    Page,
    Pending,
    PermissionDenied,
    Post,
    Published,
    Ready,
    Transient,
)

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_TEXT,
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.PUBLISH_VIDEO,
        Capability.EDIT,
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
"""All are granted: a token of a Page does not tell its rights. A missing one is told by the call that needs it."""

LOOKED_BACK = timedelta(days=3)
"""A post that was sent is looked for no further back, so that last week's with the same text is not taken for it."""

CHECKED_AFTER_S = 15.0
COUNTED = {
    MetricName.REACTIONS: "reactions.summary(total_count).limit(0)",
    MetricName.COMMENTS: "comments.summary(total_count).limit(0)",
    MetricName.SHARES: "shares",
}
INSIGHTS = {MetricName.VIEWS: "post_media_view", MetricName.REACH: "post_total_media_view_unique"}


class FacebookConnector(Connector):
    """One Page."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """One read."""
        answer = await get(ctx, ctx.value("page_id"), fields="id,name,username,link")
        with answer.understood():
            page = answer.object()
            handle = f"@{page['username']}" if page.get("username") else page["name"]
            return AccountInfo(page["id"], handle, page["name"], page.get("link", ""), CAPABILITIES)

    async def publish(self, ctx: Context, post: Post, key: str) -> Published | Pending:
        """Pictures are sent first and seen by nobody until the post names them. A video is a post by itself."""
        if video := next((media for media in post.media if media.kind is MediaKind.VIDEO), None):
            if len(post.media) > 1:
                raise InvalidContent("a video stands alone", field="media")
            return await _video(ctx, post, video)
        form = _form(post)
        for number, media in enumerate(post.media):
            form[f"attached_media[{number}]"] = json.dumps({"media_fbid": await _picture(ctx, media)})
        answer = await write(ctx, f"{ctx.account.id}/feed", "media" if post.media else "text", **form)
        with answer.understood():
            return _published(answer.object()["id"])

    async def check(self, ctx: Context, pending: Pending) -> Published | Pending | Ready:
        """Asks whether a video has been worked through."""
        answer = await get(ctx, pending.token, fields="status,post_id,permalink_url")
        with answer.understood():
            video = answer.object()
            state = video["status"]["video_status"]
        if state in ("error", "expired"):
            raise InvalidContent(f"the video was not taken: {video['status']}", field="media")
        return _of_video(ctx, {"id": pending.token, **video}) if state == "ready" else pending

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks for the text among the Page's newest posts, and among its videos, which appear there later."""
        since = str(int((ctx.clock.now() - LOOKED_BACK).timestamp()))
        if any(media.kind is MediaKind.VIDEO for media in post.media):
            videos = walk(ctx, f"{ctx.account.id}/videos", fields="id,description,post_id,created_time", limit="25")
            async for video in videos:
                if instant(video["created_time"]) < ctx.clock.now() - LOOKED_BACK:
                    break
                if _same(video.get("description", ""), _form(post).get("message", "")):
                    return _of_video(ctx, video)
            return None
        fields = "id,message,attachments{unshimmed_url}"
        async for each in walk(ctx, f"{ctx.account.id}/published_posts", fields=fields, limit="50", since=since):
            if _same(each.get("message", ""), _form(post).get("message", "")) and _has_link(each, post.link):
                return _published(each["id"])
        return None

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """Another text; pictures and the link stay as they are."""
        answer = await write(ctx, ref, message=post.text)
        must_succeed(answer)
        return _published(ref)

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes it away, its comments too."""
        await remove(ctx, ref)

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Comments, mentions and messages; mentions and messages need rights of their own and are left out without."""
        since = Since.read(cursor)
        items = await comments_since(ctx, since)
        for what, read in (("mentions", mentions_since), ("messages", _messages)):
            try:
                items += await read(ctx, since)
            except PermissionDenied as error:
                ctx.log.warning("Facebook does not give everything", what=what, detail=error.detail)
        return since.page_of(items)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """A message is answered by a message, within a day; all else by a comment."""
        if item.kind is InboxKind.MESSAGE:
            return await answer_message(ctx, ctx.account.id, item.author.id, text)
        answer = await write(ctx, f"{item.id}/comments", message=text)
        with answer.understood():
            return Published(answer.object()["id"])

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Its author and the author's friends still see it."""
        answer = await write(ctx, item.id, is_hidden=str(hidden).lower())
        must_succeed(answer)

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Counts of each post together, its insights one by one."""
        if not refs:
            try:
                return await of_node(ctx, ctx.account.id, {MetricName.FOLLOWERS: "followers_count"})
            except InvalidContent as error:
                return [Metric(MetricName.FOLLOWERS, None, reason=f"the platform gives none: {error.detail}")]
        found: list[Metric] = []
        for ref in refs:
            found += await of_post(ctx, ref, COUNTED, INSIGHTS)
        return found

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        """Comments, mentions and messages."""
        return heard(ctx, headers, body, change)


def _form(post: Post) -> dict[str, str]:
    """Text and link; the link has a field of its own, but beside pictures, where it stands in the text."""
    if post.media and post.link and post.link not in post.text:
        return {"message": f"{post.text}\n\n{post.link}".strip()}
    form = {"message": post.text} if post.text else {}
    return {**form, "link": post.link} if post.link and not post.media else form


async def _messages(ctx: Context, since: Since) -> list[InboxItem]:
    return await messages_since(ctx, ctx.account.id, "MESSENGER", since, frozenset({ctx.account.id}))


async def _picture(ctx: Context, media: Media) -> str:
    content = await ctx.media.read(media)
    try:
        answer = await call(
            ctx,
            "POST",
            f"{ctx.account.id}/photos",
            "media",
            form={"published": "false", "alt_text_custom": media.alt},
            files={"source": (f"picture.{media.type.partition('/')[2]}", content, media.type)},
        )
        with answer.understood():
            return answer.object()["id"]
    except OutcomeUnknown as error:
        # nobody sees it: it is simply sent again
        raise Transient(error.detail) from error


async def _video(ctx: Context, post: Post, video: Media) -> Pending:
    content = await ctx.media.read(video)
    answer = await call(
        ctx,
        "POST",
        f"{ctx.account.id}/videos",
        "media",
        host=VIDEO_HOST,
        form={"description": _form(post).get("message", "")},
        files={"source": (f"video.{video.type.partition('/')[2]}", content, video.type)},
    )
    with answer.understood():
        return Pending(answer.object()["id"], CHECKED_AFTER_S)


def _published(id_: str) -> Published:
    return Published(id_, f"https://www.facebook.com/{id_}")


def _of_video(ctx: Context, video: Mapping[str, Any]) -> Published:
    """The post of a video, or the video where there is none yet."""
    id_ = video.get("post_id") or video["id"]
    # posts are named by the Page and a number, of which videos give the number alone
    return _published(id_ if "_" in id_ or id_ == video["id"] else f"{ctx.account.id}_{id_}")


def _same(shown: str, written: str) -> bool:
    return " ".join(shown.split()) == " ".join(written.split())


def _has_link(each: Mapping[str, Any], link: str) -> bool:
    """Whether it is about the same address, as far as the platform tells."""
    attached = (each.get("attachments") or {}).get("data", ())
    told = [one["unshimmed_url"].rstrip("/") for one in attached if one.get("unshimmed_url")]
    return not link or not told or link.rstrip("/") in told
