"""Walks along edges of the graph. The platform's own addresses of next pages hold the token: they are never used."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from viche_connector_meta.graph import get
from viche_sdk.connectors.types import Context

MOST_PAGES = 20


async def walk(ctx: Context, path: str, *, begin: str = "", **params: str) -> AsyncIterator[dict[str, Any]]:
    """What an edge gives, page by page, in the platform's order; from a cursor on."""
    after = {"after": begin} if begin else {}
    for _ in range(MOST_PAGES):
        answer = await get(ctx, path, **params, **after)
        with answer.understood():
            entity = answer.object()
            found, more = entity["data"], after_of(entity)
        for each in found:
            yield each
        if not more:
            return
        after = {"after": more}


def after_of(edge: Mapping[str, Any]) -> str:
    """The cursor of the next page; empty where there is none."""
    paging = edge.get("paging") or {}
    return paging.get("cursors", {}).get("after", "") if paging.get("next") else ""


def instant(written: str | int) -> datetime:
    """The platform writes "2026-03-02T09:30:00+0000", which is ISO 8601 without the colon; webhooks count seconds."""
    if isinstance(written, int):
        return datetime.fromtimestamp(written, UTC)
    return datetime.fromisoformat(written)
