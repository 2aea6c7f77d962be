"""Posts that calls are about: one whose time to be changed, approved or looked after has come."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from viche.social.v1 import editions_pb2, posts_pb2

from tests.integration.social.world import CITY, World
from viche_social.domain.post_documents import to_json
from viche_social.domain.posts import Content, PostKind
from viche_social.media import key

ABOUT_ONE = frozenset({
    "UpdatePost", "GetPost", "GetPostMetrics", "SubmitPost", "ApprovePost", "ReturnPost", "CancelPost", "DeletePost",
    "WithdrawPost",
})  # fmt: skip
_STATES = {"ApprovePost": "submitted", "ReturnPost": "submitted", "CancelPost": "scheduled", "WithdrawPost": "out"}
_OF_EDITIONS = {
    "SaveEdition": "", "ListEditions": "draft", "CheckEdition": "draft", "SubmitEdition": "draft",
    "DropEdition": "draft", "ApproveEdition": "submitted", "ReturnEdition": "submitted",
}  # fmt: skip
_DELIVERIES = {"SettleDelivery": "unknown", "RetryDelivery": "refused"}


async def of_posts(world: World, method: str) -> dict[str, Any]:
    """Values of fields by name, for one RPC about posts; none for others."""
    if method in ABOUT_ONE:
        post_id = await _post(world, _STATES.get(method, "draft"))
        content = {"content": _content()} if method == "UpdatePost" else {}
        return {"post_id": str(post_id), "version": 1, **content}
    if method in _OF_EDITIONS:
        return await _edition(world, _OF_EDITIONS[method])
    if method in ("CreatePost", "CheckPost"):
        return {"content": _content()}
    if method in _DELIVERIES:
        return {"delivery_id": str(await _delivery(world, _DELIVERIES[method]))}
    return {"media_id": str(await _file(world))} if method == "GetMedia" else {}


def _content() -> posts_pb2.PostContent:
    return posts_pb2.PostContent(kind=posts_pb2.POST_KIND_MOMENTS, text={"uk": "Міст відкрито."})


async def _post(world: World, state: str) -> UUID:
    id, content = uuid4(), json.dumps(to_json(Content(PostKind.MOMENTS)))
    await world.rows(
        "INSERT INTO posts (id, authority_id, content, state, out_at) VALUES (%s, %s, %s, %s,"
        " CASE WHEN %s = 'out' THEN now() END)",
        id, CITY, content, state, state,
    )  # fmt: skip
    return id


async def _edition(world: World, state: str) -> dict[str, Any]:
    post_id, content = (
        await _post(world, "out"),
        json.dumps(to_json(Content(PostKind.MOMENTS, text={"uk": "Відкрито."}))),
    )
    if state:
        await world.rows(
            "INSERT INTO editions (id, post_id, state, content, what) VALUES (%s, %s, %s, %s, 'The word was wrong')",
            uuid4(), post_id, state, content,
        )  # fmt: skip
    return {
        "post_id": str(post_id), "version": 1 if state else 0, "what": "The word was wrong",
        "content": editions_pb2.EditionContent(text={"uk": "Відкрито."}),
    }  # fmt: skip


async def _delivery(world: World, state: str) -> UUID:
    id, channel_id = uuid4(), uuid4()
    await world.rows(
        "INSERT INTO channels (id, authority_id, connector, platform, platform_id, language, state, asked_at, ask_at,"
        " connected_at) VALUES (%s, %s, 'mastodon', 'mastodon', %s, 'uk', 'good', now(), now(), now())",
        channel_id, CITY, str(channel_id),
    )  # fmt: skip
    await world.rows(
        "INSERT INTO deliveries (id, post_id, channel_id, connector, language, body, state)"
        " VALUES (%s, %s, %s, 'mastodon', 'uk', 'Міст відкрито.', %s)",
        id, await _post(world, "out"), channel_id, state,
    )  # fmt: skip
    return id


async def _file(world: World) -> UUID:
    id = uuid4()
    await world.rows(
        "INSERT INTO media (id, authority_id, kind, type, size_bytes, width, height)"
        " VALUES (%s, %s, 'image', 'image/png', 3, 1, 1)",
        id, CITY,
    )  # fmt: skip
    world.objects.put(key(id), BytesIO(b"png"), 3, "image/png")
    return id
