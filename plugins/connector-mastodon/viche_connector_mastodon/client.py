"""One server's API: addresses, authorisation, and what its refusals mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from viche_sdk.connectors.types import (
    Answer,
    ConnectorError,
    Context,
    InvalidContent,
    Media,
    PolicyRejected,
    Published,
    RateLimited,
    error_of,
)

ACCOUNT = "/api/v1/accounts/verify_credentials"
STATUSES = "/api/v1/statuses"
OF_MASTODON = frozenset({401, 403, 404, 410, 422})
"""Refusals that are the server's own only when they are its JSON: proxies in front of it answer with pages."""


TOO_LONG = "character limit"
"""What a server says of a text that is too long, whatever else the post holds."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on the server."""

    id: str
    is_ready: bool


async def get(ctx: Context, path: str, part: str = "text", **params: str) -> Answer:
    """Asks for something; raises what a refusal means."""
    return await call(ctx, "GET", path, part, params=params or None)


async def call(
    ctx: Context,
    method: str,
    path: str,
    part: str = "text",
    *,
    headers: Mapping[str, str] | None = None,
    **body: Any,
) -> Answer:
    """One request.

    Args:
        ctx: of the call.
        method: of HTTP.
        path: on the server.
        part: the part of a post that is to blame if the server does not take it.
        headers: besides the authorisation.
        body: as `Http.request` takes it.

    Raises:
        ConnectorError: the server refuses, or nobody knows.
    """
    url = ctx.value("server").rstrip("/") + path
    said = {"Authorization": f"Bearer {ctx.secret('access_token')}", **(headers or {})}
    answer = await ctx.http.request(method, url, headers=said, **body)
    if answer.is_good:
        return answer
    raise _refusal(ctx, answer, part)


async def upload(ctx: Context, media: Media) -> Upload:
    """Sends a file. 200: it is ready; 202: the server works on it."""
    content = await ctx.media.read(media)
    name = f"{media.kind}.{media.type.partition('/')[2]}"
    answer = await call(
        ctx,
        "POST",
        "/api/v2/media",
        "media",
        form={"description": media.alt},
        files={"file": (name, content, media.type)},
    )
    with answer.understood():
        return Upload(answer.object()["id"], answer.status == 200)


async def send(ctx: Context, status: Mapping[str, Any], key: str) -> Published:
    """Makes a post; the same key gives the same post, for an hour."""
    part = "poll" if "poll" in status else "media" if "media_ids" in status else "text"
    answer = await call(ctx, "POST", STATUSES, part, json=status, headers={"Idempotency-Key": key})
    with answer.understood():
        return published(answer.object())


def published(status: Mapping[str, Any]) -> Published:
    """What is kept of a post."""
    return Published(status["id"], status.get("url") or "")


def _refusal(ctx: Context, answer: Answer, part: str) -> ConnectorError:
    reason = _reason(answer)
    if answer.status in OF_MASTODON and not reason:
        return answer.doubt(f"status {answer.status}, and no error of Mastodon's: {answer.shown()}")
    match answer.status:
        case 422:
            return InvalidContent(reason, field="text" if TOO_LONG in reason else part)
        # "Your login is currently disabled": the account is suspended
        case 403 if "disabled" in reason:
            return PolicyRejected(reason)
        case 429:
            return RateLimited(reason, retry_after_s=_seconds_to_reset(ctx, answer))
        case _:
            return error_of(answer, reason)


def _reason(answer: Answer) -> str:
    try:
        found = answer.json()
    except ConnectorError:
        return ""
    return str(found.get("error", "")) if isinstance(found, dict) else ""


def _seconds_to_reset(ctx: Context, answer: Answer) -> float | None:
    """X-RateLimit-Reset is an instant, not a number of seconds."""
    try:
        reset_at = datetime.fromisoformat(answer.headers["x-ratelimit-reset"])
    except (KeyError, ValueError):
        return answer.retry_after_s()
    return max(0.0, (reset_at - ctx.clock.now()).total_seconds())
