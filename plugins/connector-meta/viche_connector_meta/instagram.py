"""The calls for an account of Instagram that belongs to a Page (Instagram API with Facebook login)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from viche_connector_meta.containers import READY, WORKING, made, must_have_room, published, state_of
from viche_connector_meta.edges import instant, walk
from viche_connector_meta.figures import of_node, of_post
from viche_connector_meta.graph import get, must_succeed, remove
from viche_connector_meta.graph import post as write
from viche_connector_meta.instagram_inbox import change, comments_since, tags_since
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
    with_link,
)

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.PUBLISH_VIDEO,
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

PICTURE_AFTER_S, VIDEO_AFTER_S = 3.0, 30.0
OF_ACCOUNT = {MetricName.FOLLOWERS: "followers_count", MetricName.POSTS: "media_count"}
OF_POST = {
    MetricName.REACH: "reach",
    MetricName.VIEWS: "views",
    MetricName.REACTIONS: "likes",
    MetricName.COMMENTS: "comments",
    MetricName.SHARES: "shares",
    MetricName.SAVES: "saved",
}


class InstagramConnector(Connector):
    """One professional account."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Which account belongs to the Page.

        Raises:
            PermissionDenied: none, or the token may not see it.
        """
        answer = await get(ctx, ctx.value("page_id"), fields="id,instagram_business_account{id,username,name}")
        with answer.understood():
            page = answer.object()
            if page["id"] and "instagram_business_account" not in page:
                raise PermissionDenied(
                    "no professional account of Instagram that this token may use is linked to the Page"
                )
            account = page["instagram_business_account"]
            handle = account["username"]
            name, url = account.get("name") or handle, f"https://www.instagram.com/{handle}/"
            return AccountInfo(account["id"], f"@{handle}", name, url, CAPABILITIES)

    async def publish(self, ctx: Context, post: Post, key: str) -> Published | Pending:
        """Has a container made, which nobody sees. The platform fetches the files from their links."""
        await must_have_room(ctx)
        is_video = any(media.kind is MediaKind.VIDEO for media in post.media)
        return Pending(await made(ctx, post), VIDEO_AFTER_S if is_video else PICTURE_AFTER_S)

    async def check(self, ctx: Context, pending: Pending) -> Published | Pending | Ready:
        """Asks whether the platform has fetched and worked through the files."""
        match await state_of(ctx, pending.token):
            case state if state == READY:
                return Ready(pending.token)
            case state if state == WORKING:
                return pending
            case state:
                # "PUBLISHED": the answer to its publication was lost
                raise OutcomeUnknown(f"the container is {state}")

    async def finalize(self, ctx: Context, ready: Ready) -> Published:
        """Makes the container appear: the one request whose lost answer leaves a doubt, which `find` settles."""
        return Published(*await published(ctx, ready.token))

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks for the text and the kind of files among the newest posts."""
        fields = "id,caption,timestamp,media_type,permalink"
        async for each in walk(ctx, f"{ctx.account.id}/media", fields=fields, limit="50"):
            if instant(each["timestamp"]) < ctx.clock.now() - LOOKED_BACK:
                break
            if each["media_type"] == _kind(post) and _same(each.get("caption", ""), with_link(post.text, post.link)):
                return Published(each["id"], each.get("permalink", ""))
        return None

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes it away, all pictures of a carousel and its comments too."""
        await remove(ctx, ref)

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Comments, tags and messages; tags and messages need rights of their own and are left out without."""
        since = Since.read(cursor)
        items = await comments_since(ctx, since)
        for what, read in (("tags", tags_since), ("messages", _messages)):
            try:
                items += await read(ctx, since)
            except PermissionDenied as error:
                ctx.log.warning("Instagram does not give everything", what=what, detail=error.detail)
        return since.page_of(items)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """A message is answered by a message, within a day; a post that names the account and a comment by comments."""
        if item.kind is InboxKind.MESSAGE:
            return await answer_message(ctx, ctx.value("page_id"), item.author.id, text)
        if item.kind is InboxKind.MENTION:
            answer = await write(ctx, f"{ctx.account.id}/mentions", media_id=item.id, message=text)
        else:
            answer = await write(ctx, f"{item.id}/replies", message=text)
        with answer.understood():
            return Published(answer.object()["id"])

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """From everybody but its author."""
        answer = await write(ctx, item.id, hide=str(hidden).lower())
        must_succeed(answer)

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Counts of the account; each insight of each post by itself."""
        if not refs:
            return await of_node(ctx, ctx.account.id, OF_ACCOUNT)
        found: list[Metric] = []
        for ref in refs:
            found += await of_post(ctx, ref, {}, OF_POST)
        return found

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        """Comments and messages."""
        return heard(ctx, headers, body, change)


async def _messages(ctx: Context, since: Since) -> list[InboxItem]:
    own = frozenset({ctx.account.id, ctx.value("page_id")})
    return await messages_since(ctx, ctx.value("page_id"), "instagram", since, own)


def _kind(post: Post) -> str:
    if len(post.media) > 1:
        return "CAROUSEL_ALBUM"
    return "VIDEO" if any(media.kind is MediaKind.VIDEO for media in post.media) else "IMAGE"


def _same(shown: str, written: str) -> bool:
    return " ".join(shown.split()) == " ".join(written.split())
