"""A feed is asked for conditionally (RFC 9110, 13.1): one that has not changed is neither sent nor read again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from viche_connector_feeds.reading import Found, NoFeed, read
from viche_sdk.connectors.types import (
    Answer,
    ConnectorError,
    Context,
    NotFound,
    PermissionDenied,
    RateLimited,
    Transient,
    Unsupported,
    error_of,
)

ACCEPTED = "application/atom+xml, application/rss+xml, text/calendar, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The headers that the last answer can be asked after with, and what stood in it."""

    said: Mapping[str, str]
    found: Found


async def found_at(ctx: Context, address: str) -> Found:
    """What stands in the feed now.

    Raises:
        Unsupported: it has moved; redirects are not followed, so that nobody leads Viche elsewhere.
        NotFound: it is not there (404), or gone for good (410).
        PermissionDenied: it asks who wants it (401, 403).
        RateLimited, Transient: too much, an outage, half a feed, or something that is none.
    """
    kept = _kept(ctx, address)
    conditions = {CONDITIONS[name]: text for name, text in kept.said.items()} if kept else {}
    answer = await ctx.http.request("GET", address, headers={"Accept": ACCEPTED, **conditions})
    if answer.status == 304 and kept:
        return kept.found
    if not answer.is_good:
        raise _refusal(answer, ctx.clock.now().timestamp())
    try:
        found = read(answer.body, answer.headers.get("content-type", ""))
    except NoFeed as fault:
        raise Transient(f"status {answer.status}, and {fault}: {answer.shown()}") from fault
    if found.faults:
        ctx.log.warning("a feed is not written well", faults=found.faults)
    _keep(ctx, address, answer, found)
    return found


def _refusal(answer: Answer, now_s: float) -> ConnectorError:
    match answer.status:
        case 304:
            return Transient("status 304, although it was not asked whether anything has changed")
        case 301 | 302 | 303 | 307 | 308:
            to = answer.headers.get("location", "")[:LONGEST] or "it does not say where"
            return Unsupported(f"it has moved; connect the new address: {to}")
        case 401 | 403:
            return PermissionDenied(f"status {answer.status}: not everybody may read it")
        case 404:
            return NotFound("status 404: there is no feed at this address")
        case 410:
            return NotFound("status 410: the feed is gone for good")
        case 429:
            return RateLimited("status 429: too much at once", retry_after_s=answer.retry_after_s(now_s))
        case 503:
            return Transient("status 503: not just now", retry_after_s=answer.retry_after_s(now_s))
        case status if status >= 500:
            return error_of(answer)
        case _:
            return answer.doubt(f"status {answer.status}: {answer.shown()}")


def _kept(ctx: Context, address: str) -> Kept | None:
    """What the last answer was, if it was that of this address."""
    try:
        kept = json.loads(ctx.session.get() or "null")
        if not kept or kept["address"] != address:
            return None
        said = {name: str(text) for name, text in kept["said"].items() if name in CONDITIONS}
        return Kept(said, Found(**kept["found"]))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _keep(ctx: Context, address: str, answer: Answer, found: Found) -> None:
    said = {name: answer.headers[name] for name in CONDITIONS if 0 < len(answer.headers.get(name, "")) <= LONGEST}
    text = json.dumps({"address": address, "said": said, "found": asdict(found)}) if said else ""
    ctx.session.put(text)
