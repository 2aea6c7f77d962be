"""Posts of Instagram are made in two steps: a container, which nobody sees, and its publication.

developers.facebook.com: Instagram Platform, content publishing.
"""

from typing import Any

from viche_connector_meta.graph import get
from viche_connector_meta.graph import post as write
from viche_sdk.connectors.types import (
    ConnectorError,
    Context,
    InvalidContent,
    Media,
    MediaKind,
    NotFound,
    OutcomeUnknown,
    Post,
    QuotaOrBudget,
    Transient,
    with_link,
)

READY, WORKING, GONE, FAILED = "FINISHED", "IN_PROGRESS", "EXPIRED", "ERROR"


async def must_have_room(ctx: Context) -> None:
    """Asks how many publications of the last day are left: the platform changes the number and tells it here alone.

    Raises:
        QuotaOrBudget: none.
    """
    answer = await get(ctx, f"{ctx.account.id}/content_publishing_limit", fields="quota_usage,config")
    with answer.understood():
        told = answer.object()["data"][0]
        used, most = told["quota_usage"], told["config"]["quota_total"]
        if used >= most:
            raise QuotaOrBudget(f"Instagram takes {most} publications in 24 hours, and {used} are made")


async def made(ctx: Context, post: Post) -> str:
    """The container of a post; several pictures are containers in a container.

    Raises:
        InvalidContent: there is neither a picture nor a video, or too much of them.
        Transient: nobody knows whether a container was made; it would have been seen by nobody.
        ConnectorError: the platform refuses.
    """
    caption = with_link(post.text, post.link)
    match post.media:
        case ():
            raise InvalidContent("Instagram takes no post without a picture or a video", field="media")
        case (media,):
            return await _container(ctx, caption=caption, **await _file(ctx, media))
        case files if any(media.kind is MediaKind.VIDEO for media in files):
            raise InvalidContent("a video stands alone", field="media")
        case files:
            items = [await _container(ctx, is_carousel_item="true", **await _file(ctx, media)) for media in files]
            return await _container(ctx, caption=caption, media_type="CAROUSEL", children=",".join(items))


async def state_of(ctx: Context, container: str) -> str:
    """How far the platform is with a container.

    Raises:
        InvalidContent: it has looked at the file and does not take it.
        NotFound: a container lasts a day, and this one is gone; nothing has appeared.
    """
    answer = await get(ctx, container, fields="status_code,status")
    with answer.understood():
        told = answer.object()
        state, said = told["status_code"], told.get("status", "")
    if state == FAILED:
        raise InvalidContent(f"the file was not taken: {said}", field="media")
    if state == GONE:
        raise NotFound("what was prepared was not published within a day, and nothing has appeared: send it again")
    return state


async def _file(ctx: Context, media: Media) -> dict[str, str]:
    link = await ctx.media.link(media)
    if media.kind is MediaKind.VIDEO:
        return {"media_type": "REELS", "video_url": link, "share_to_feed": "true"}
    return {"image_url": link, "alt_text": media.alt}


async def _container(ctx: Context, **form: str) -> str:
    try:
        answer = await write(ctx, f"{ctx.account.id}/media", "media", **form)
        with answer.understood():
            return _id(answer.object())
    except OutcomeUnknown as error:
        # nobody sees it: it is simply made again
        raise Transient(error.detail) from error


async def published(ctx: Context, container: str) -> tuple[str, str]:
    """Makes it appear.

    Returns:
        The id of the post and its address; the address is empty where the platform does not tell it.
    """
    answer = await write(ctx, f"{ctx.account.id}/media_publish", "media", creation_id=container)
    with answer.understood():
        id_ = _id(answer.object())
    try:
        answer = await get(ctx, id_, fields="permalink")
        with answer.understood():
            return id_, answer.object()["permalink"]
    except ConnectorError as error:
        ctx.log.info("Instagram has published and does not tell the address", detail=error.detail)
        return id_, ""


def _id(entity: dict[str, Any]) -> str:
    return entity["id"]
