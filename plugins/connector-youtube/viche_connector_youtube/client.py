"""Requests to the YouTube Data API, version 3."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from viche_connector_youtube.errors import refusal
from viche_sdk.connectors.types import Answer, Context, NotFound

HOST = "www.googleapis.com"
API = f"https://{HOST}/youtube/v3/"
RESUME = 308
"""How an upload says that it is not whole yet: an answer, and no redirect."""


async def get(ctx: Context, path: str, **params: str) -> Answer:
    """Asks for something."""
    return await call(ctx, "GET", API + path, params=params)


async def call(
    ctx: Context, method: str, url: str, part: str = "text", *, gone: Sequence[int] = (), **body: Any
) -> Answer:
    """One request.

    Args:
        ctx: of the call.
        method: of HTTP.
        url: whole.
        part: the part of a post that is to blame if it is not taken.
        gone: statuses that mean that it is not there, even without a word from the API, as addresses of uploads answer.
        body: as `Http.request` takes it; `headers` are sent beside the token.

    Raises:
        ConnectorError: the platform refuses, or nobody knows.
    """
    headers = {"Authorization": f"Bearer {ctx.secret('access_token')}", **(body.pop("headers", None) or {})}
    answer = await ctx.http.request(method, url, headers=headers, **body)
    if answer.is_good or answer.status == RESUME:
        return answer
    if answer.status in gone:
        raise NotFound(f"status {answer.status}: {answer.shown()}")
    raise refusal(ctx, answer, part)


def items_of(answer: Answer, kind: str) -> list[dict[str, Any]]:
    """The resources of a list; a channel without any leaves them out.

    Raises:
        Transient: it is not such a list.
    """
    with answer.understood():
        entity = answer.object()
        if entity["kind"] != f"youtube#{kind}":
            raise ValueError(f"a {entity['kind']}")
        return list(entity.get("items", ()))


async def walk(ctx: Context, path: str, kind: str, most_pages: int, **params: str) -> AsyncIterator[dict[str, Any]]:
    """The resources of a list, page by page; each page costs a unit."""
    for _ in range(most_pages):
        answer = await get(ctx, path, **params)
        for each in items_of(answer, kind):
            yield each
        token = answer.object().get("nextPageToken", "")
        if not token:
            return
        params["pageToken"] = token
