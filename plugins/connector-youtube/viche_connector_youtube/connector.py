"""The calls. Facts are from developers.google.com/youtube/v3 and the discovery document of November 2026."""

from collections.abc import Sequence
from datetime import timedelta

from viche_connector_youtube.client import API, call, get, items_of, walk
from viche_connector_youtube.comments import comments_since, instant
from viche_connector_youtube.figures import of_channel, of_videos
from viche_connector_youtube.remembering import forget, remember, remembered
from viche_connector_youtube.resources import is_processed, problems, published, snippet, video
from viche_connector_youtube.uploading import begin, goes_on, send
from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Connector,
    Context,
    InboxItem,
    InvalidContent,
    Limits,
    Metric,
    NotFound,
    OutcomeUnknown,
    Page,
    Pending,
    PermissionDenied,
    Post,
    Problem,
    Published,
    Ready,
    Transient,
    with_link,
)

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_VIDEO,
        Capability.EDIT,
        Capability.DELETE,
        Capability.INBOX_COMMENTS,
        Capability.REPLY,
        Capability.HIDE,
        Capability.METRICS_POST,
        Capability.METRICS_ACCOUNT,
    }
)
"""All are granted: the platform does not tell which scopes a token has. A missing one is told by the call."""

LOOKED_BACK = timedelta(days=3)
"""A video that was sent is looked for no further back, so that last week's with the same text is not taken for it."""

CHECKED_AFTER_S = 20.0


class YouTubeConnector(Connector):
    """One channel."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """One unit.

        Raises:
            PermissionDenied: the Google account that consented has no channel.
        """
        found = await get(ctx, "channels", part="snippet", mine="true")
        channels = items_of(found, "channelListResponse")
        if not channels:
            raise PermissionDenied("this Google account has no channel on YouTube")
        with found.understood():
            id_, told = channels[0]["id"], channels[0]["snippet"]
            url = f"https://www.youtube.com/channel/{id_}"
            return AccountInfo(id_, told.get("customUrl") or told["title"], told["title"], url, CAPABILITIES)

    def validate(self, post: Post, limits: Limits) -> Sequence[Problem]:
        """What no limit says."""
        return problems(post, limits)

    async def publish(self, ctx: Context, post: Post, key: str) -> Published | Pending:
        """Uploads the video, or goes on with an upload that was begun under this key."""
        if len(post.media) != 1:
            raise InvalidContent("YouTube takes one video, and nothing else", field="media")
        type_, content = post.media[0].type, await ctx.media.read(post.media[0])
        address = remembered(ctx, key)
        reached = await goes_on(ctx, address, len(content)) if address else None
        if address and reached is None and (found := await _listed(ctx, post)):
            # the platform forgets the address of an upload, whole or not, after some days
            reached = found.ref
        if reached is None:
            reached, address = 0, await begin(ctx, type_, len(content), video(ctx, post))
            remember(ctx, key, address)
        if isinstance(reached, int):
            reached = await send(ctx, address, content, type_, reached)
        forget(ctx)
        return Pending(reached, CHECKED_AFTER_S)

    async def check(self, ctx: Context, pending: Pending) -> Published | Pending | Ready:
        """Asks how far the platform is with a video, which people see already."""
        try:
            answer = await get(ctx, "videos", part="status", id=pending.token)
            found = items_of(answer, "videoListResponse")
        except Transient as error:
            # it is uploaded, so it cannot be said that nothing has happened
            raise OutcomeUnknown(error.detail) from error
        if not found:
            raise OutcomeUnknown(f"the video {pending.token} was uploaded and is not shown")
        with answer.understood():
            return published(pending.token) if is_processed(found[0]["status"]) else pending

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Asks the upload itself, or looks for title and text among the channel's newest videos."""
        if address := remembered(ctx, key):
            reached = await goes_on(ctx, address, post.media[0].size_bytes)
            if reached is not None:
                return published(reached) if isinstance(reached, str) else None
        return await _listed(ctx, post)

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """Another title and text; the file stays."""
        resource = {"id": ref, "snippet": snippet(post)}
        answer = await call(ctx, "PUT", API + "videos", params={"part": "snippet"}, json=resource)
        with answer.understood():
            return published(answer.object()["id"])

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes it away, its comments too."""
        try:
            await call(ctx, "DELETE", API + "videos", params={"id": ref})
        except NotFound:
            return

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Comments below all videos of the channel."""
        return await comments_since(ctx, cursor)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Threads have two levels: an answer to an answer stands at the end of its thread."""
        resource = {"snippet": {"parentId": item.answers or item.id, "textOriginal": text}}
        answer = await call(ctx, "POST", API + "comments", params={"part": "snippet"}, json=resource)
        with answer.understood():
            return Published(answer.object()["id"])

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Holds a comment for review, which hides it and can be undone there and here."""
        state = "heldForReview" if hidden else "published"
        await call(ctx, "POST", API + "comments/setModerationStatus", params={"id": item.id, "moderationStatus": state})

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """A unit for the channel, or for fifty videos."""
        return await of_videos(ctx, refs) if refs else await of_channel(ctx)


async def _listed(ctx: Context, post: Post) -> Published | None:
    """A video with the same title and text among the channel's newest."""
    wanted = post.title.strip(), _plain(with_link(post.text, post.link))
    listed = walk(
        ctx,
        "playlistItems",
        "playlistItemListResponse",
        2,
        playlistId=await _uploads(ctx),
        part="snippet",
        maxResults="50",
    )
    async for each in listed:
        told = each["snippet"]
        if instant(told["publishedAt"]) < ctx.clock.now() - LOOKED_BACK:
            break
        if (told["title"].strip(), _plain(told["description"])) == wanted:
            return published(told["resourceId"]["videoId"])
    return None


async def _uploads(ctx: Context) -> str:
    """The list that holds every video of the channel, newest first."""
    answer = await get(ctx, "channels", part="contentDetails", id=ctx.account.id)
    with answer.understood():
        return items_of(answer, "channelListResponse")[0]["contentDetails"]["relatedPlaylists"]["uploads"]


def _plain(text: str) -> str:
    return " ".join(text.split())
