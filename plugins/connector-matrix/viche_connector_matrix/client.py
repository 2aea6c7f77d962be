"""A home server's client API: addresses, authorisation, and what its refusals mean."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from viche_sdk.connectors.types import (
    Answer,
    AuthExpired,
    ConnectorError,
    Context,
    InvalidContent,
    NotFound,
    PermissionDenied,
    PolicyRejected,
    QuotaOrBudget,
    RateLimited,
    Unsupported,
    error_of,
)

API = "/_matrix/client/v3"
API_V1 = "/_matrix/client/v1"

Event = Mapping[str, Any]
"""An event as the client API gives it (client-server API, "Room event format")."""

RELATED_AT_ONCE = 100
RELATED_PAGES = 100


async def get(ctx: Context, path: str, part: str = "text", **params: str) -> Answer:
    """Asks for something; raises what a refusal means."""
    return await call(ctx, "GET", path, part, params=params or None)


async def call(ctx: Context, method: str, path: str, part: str = "text", **body: Any) -> Answer:
    """One request.

    Args:
        ctx: of the call.
        method: of HTTP.
        path: on the server.
        part: the part of a post that is to blame if the server does not take it.
        body: as `Http.request` takes it.

    Raises:
        ConnectorError: the server refuses, or nobody knows.
    """
    headers = {"Authorization": f"Bearer {ctx.secret('access_token')}", **body.pop("headers", {})}
    answer = await ctx.http.request(method, ctx.value("server").rstrip("/") + path, headers=headers, **body)
    if answer.is_good:
        return answer
    raise _refusal(answer, part)


def in_room(room: str, rest: str, api: str = API) -> str:
    """The path of something in a room; `rest` is quoted already."""
    return f"{api}/rooms/{quote(room, safe='')}/{rest}"


async def own_id(ctx: Context) -> str:
    """Whose token it is: "@viche:example.org"."""
    answer = await get(ctx, f"{API}/account/whoami")
    with answer.understood():
        return answer.object()["user_id"]


async def send(ctx: Context, type_: str, content: Mapping[str, Any], key: str, part: str = "text") -> str:
    """Sends an event; the same key gives the same event. Gives its id."""
    path = in_room(ctx.account.id, f"send/{quote(type_)}/{quote(key, safe='')}")
    answer = await call(ctx, "PUT", path, part, json=content)
    with answer.understood():
        return answer.object()["event_id"]


async def redact(ctx: Context, id_: str) -> None:
    """Takes an event's content away for good; once more changes nothing."""
    quoted = quote(id_, safe="")
    await call(ctx, "PUT", in_room(ctx.account.id, f"redact/{quoted}/redact-{quoted}"), json={})


async def event_of(ctx: Context, id_: str) -> Event:
    """One event.

    Raises:
        NotFound: there is none, or the account may not see it.
    """
    answer = await get(ctx, in_room(ctx.account.id, f"event/{quote(id_, safe='')}"))
    with answer.understood():
        event = answer.object()
        # what everything here goes by
        _ = event["event_id"], event["sender"], event["type"], event["content"], event["origin_server_ts"]
    return event


def is_redacted(event: Event) -> bool:
    """Whether its content was taken away."""
    return "redacted_because" in event.get("unsigned", {})


async def related(ctx: Context, id_: str, relation: str, type_: str = "") -> list[Event]:
    """All events that relate to one, newest first.

    Raises:
        Unsupported: there are more than anybody would ask for one by one.
    """
    path = in_room(ctx.account.id, f"relations/{quote(id_, safe='')}/{relation}", API_V1)
    found: list[Event] = []
    since: dict[str, str] = {}
    for _ in range(RELATED_PAGES):
        answer = await get(ctx, f"{path}/{type_}" if type_ else path, limit=str(RELATED_AT_ONCE), **since)
        with answer.understood():
            found += answer.object()["chunk"]
            following = answer.object().get("next_batch")
        if not following:
            return found
        since = {"from": following}
    raise Unsupported(f"more than {RELATED_PAGES * RELATED_AT_ONCE} events relate to {id_}")


def _refusal(answer: Answer, part: str) -> ConnectorError:
    code, said, seconds = _said(answer)
    if not code:
        # a proxy's, and not the server's own
        said = f"status {answer.status}, and no error of Matrix: {answer.shown()}"
        return error_of(answer, said) if answer.status == 429 else answer.doubt(said)
    detail = f"{code}: {said}"
    match answer.status, code:
        case _, "M_LIMIT_EXCEEDED":
            return RateLimited(detail, retry_after_s=answer.retry_after_s() if seconds is None else seconds)
        case _, "M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN":
            return AuthExpired(detail)
        case _, "M_USER_LOCKED" | "M_USER_SUSPENDED" | "M_USER_DEACTIVATED":
            return PolicyRejected(detail)
        case _, "M_RESOURCE_LIMIT_EXCEEDED":
            return QuotaOrBudget(detail)
        case _, "M_UNRECOGNIZED":
            return Unsupported(detail)
        case _, "M_NOT_FOUND":
            return NotFound(detail)
        case 403, _:
            return PermissionDenied(detail)
        case _, "M_TOO_LARGE":
            return InvalidContent(detail, field=part)
        case 400, _ if answer.method != "GET":
            return InvalidContent(detail, field=part)
        case 400, _:
            return answer.doubt(detail)
        case _:
            return error_of(answer, detail)


def _said(answer: Answer) -> tuple[str, str, float | None]:
    """Code, sentence and seconds to wait of a standard error response."""
    try:
        found = answer.object()
    except ConnectorError:
        return "", "", None
    wait_ms = found.get("retry_after_ms")
    seconds = wait_ms / 1_000 if isinstance(wait_ms, int | float) else None
    return str(found.get("errcode", "")), str(found.get("error", "")), seconds
