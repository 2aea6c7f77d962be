"""Counts, which the platform writes as texts. One that its owner hides is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from viche_connector_youtube.client import get, items_of
from viche_sdk.connectors.types import Context, Metric, MetricName

OF_CHANNEL = {
    MetricName.FOLLOWERS: "subscriberCount",
    MetricName.POSTS: "videoCount",
    MetricName.VIEWS: "viewCount",
}
OF_VIDEO = {
    MetricName.VIEWS: "viewCount",
    MetricName.REACTIONS: "likeCount",
    MetricName.COMMENTS: "commentCount",
}
MOST_IDS = 50


async def of_channel(ctx: Context) -> list[Metric]:
    """Subscribers (three figures of them are exact), videos, views."""
    answer = await get(ctx, "channels", part="statistics", id=ctx.account.id)
    with answer.understood():
        told = items_of(answer, "channelListResponse")[0]["statistics"]
        if told.get("hiddenSubscriberCount"):
            told = {name: value for name, value in told.items() if name != "subscriberCount"}
        return [_metric(name, told, field) for name, field in OF_CHANNEL.items()]


async def of_videos(ctx: Context, refs: Sequence[str]) -> list[Metric]:
    """Of one that is gone the platform says nothing."""
    found: list[Metric] = []
    for begin in range(0, len(refs), MOST_IDS):
        asked = refs[begin : begin + MOST_IDS]
        answer = await get(ctx, "videos", part="statistics", id=",".join(asked), maxResults=str(MOST_IDS))
        with answer.understood():
            told = {each["id"]: each["statistics"] for each in items_of(answer, "videoListResponse")}
            for ref in asked:
                found += _of_video(ref, told.get(ref))
    return found


def _of_video(ref: str, told: Mapping[str, Any] | None) -> list[Metric]:
    if told is None:
        return [Metric(name, None, ref, "the video is gone") for name in OF_VIDEO]
    return [_metric(name, told, field, ref) for name, field in OF_VIDEO.items()]


def _metric(name: MetricName, told: Mapping[str, Any], field: str, ref: str = "") -> Metric:
    if field in told:
        return Metric(name, int(told[field]), ref)
    return Metric(name, None, ref, f"the platform gives no {field}: the channel hides it, or has switched it off")
