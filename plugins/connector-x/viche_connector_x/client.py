"""Requests to the API of X, and what its refusals mean (docs.x.com, fundamentals: response codes, rate limits)."""

from collections.abc import Mapping
from typing import Any

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
    Scope,
    error_of,
)

API = "https://api.x.com/2"
OF_X = frozenset({400, 401, 402, 403, 404})
"""Refusals that are the platform's own only when they are its JSON: a proxy in front of it answers with pages."""

WINDOWS = (
    ("x-app-limit-24hour", Scope.APP),
    ("x-user-limit-24hour", Scope.ACCOUNT),
    ("x-rate-limit", Scope.ACCOUNT),
)
"""Three counts run at once, and each answer has the heads of all: the one that stands at nothing is meant."""

FORBIDDEN_CONTENT = ("duplicate", "suspended", "locked", "have not been mentioned", "violat", "automated")
"""Refusals with status 403 that are about what is said, not about who may say it."""

OLD_NAMES = {
    "post.fields": "tweet.fields",
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets.id",
}
"""Version 2.167 of the API renamed parameters; what is before it knows the old names only."""

OF_EXPANSIONS = "author_id,in_reply_to_user_id,referenced_tweets"
"""Fields that the older version gives when they are asked for, and the newer one with the expansion."""


async def get(ctx: Context, path: str, **params: str) -> Answer:
    """Asks for something, in the new names, or in the old ones where the new are not known."""
    named = {name.replace("__", "."): value for name, value in params.items()}
    try:
        return await call(ctx, "GET", path, params=named)
    except InvalidContent as error:
        if "post.fields" not in named or ("post.fields" not in error.detail and "referenced_posts" not in error.detail):
            raise
    return await call(ctx, "GET", path, params=old(named))


def old(params: Mapping[str, str]) -> dict[str, str]:
    """The same question to an older version of the API."""
    named: dict[str, str] = {}
    for name, value in params.items():
        for new, before in OLD_NAMES.items():
            value = value.replace(new, before)
        named[OLD_NAMES.get(name, name)] = value
    named["tweet.fields"] = f"{named['tweet.fields']},{OF_EXPANSIONS}"
    return named


async def call(ctx: Context, method: str, path: str, part: str = "text", **body: Any) -> Answer:
    """One request.

    Args:
        ctx: of the call.
        method: of HTTP.
        path: below the API's address.
        part: the part of a post that is to blame if it is not taken.
        body: as `Http.request` takes it.

    Raises:
        ConnectorError: the platform refuses, or nobody knows.
    """
    said = {"Authorization": f"Bearer {ctx.secret('access_token')}"}
    answer = await ctx.http.request(method, API + path, headers=said, **body)
    if not answer.is_good:
        raise refusal(ctx, answer, part)
    return answer


def data_of(answer: Answer) -> Any:
    """What was asked for; what is not there is told with status 200 and `errors` in place of `data`.

    Raises:
        NotFound: the platform says that it is not there.
        Transient, OutcomeUnknown: the answer is something else.
    """
    entity = answer.object()
    if "data" in entity:
        return entity["data"]
    if is_missing(entity):
        raise NotFound(reason_of(entity))
    raise answer.doubt(f"status {answer.status}, and no data: {answer.shown()}")


def is_missing(entity: Mapping[str, Any]) -> bool:
    """Whether an answer says that something is not there."""
    errors = entity.get("errors")
    kinds = [str(each.get("type", "")) for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return any(kind.endswith(("/resource-not-found", "/not-authorized-for-resource")) for kind in kinds)


def refusal(ctx: Context, answer: Answer, part: str) -> ConnectorError:
    """What a refusal means."""
    entity = _entity(answer)
    reason = reason_of(entity)
    if answer.status in OF_X and not reason:
        return answer.doubt(f"status {answer.status}, and no problem of the platform's: {answer.shown()}")
    match answer.status:
        case 402:
            return QuotaOrBudget(reason)
        case 429 if str(entity.get("type", "")).endswith("/usage-capped"):
            return QuotaOrBudget(reason)
        case 429:
            return _too_much(ctx, answer, reason)
        case 401:
            return AuthExpired(reason)
        case 400 | 403 if _is_too_long(reason):
            return InvalidContent(reason, field="text")
        case 400:
            return InvalidContent(reason, field=part)
        case 403 if "video longer" in reason:
            return InvalidContent(reason, field="media")
        case 403 if any(each in reason.lower() for each in FORBIDDEN_CONTENT):
            return PolicyRejected(reason)
        case 403:
            return PermissionDenied(reason)
        case _:
            return error_of(answer, reason)


def reason_of(entity: Mapping[str, Any]) -> str:
    """What the platform says, in any of the three forms in which it says it: a problem, `errors`, one code."""
    errors = entity.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    said = [entity.get("title"), entity.get("detail"), entity.get("message"), first.get("message"), first.get("detail")]
    return ": ".join(dict.fromkeys(str(each) for each in said if each))


def _is_too_long(reason: str) -> bool:
    said = reason.lower()
    return "too long" in said or "a bit shorter" in said


def _entity(answer: Answer) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ConnectorError:
        return {}
    return found if isinstance(found, dict) else {}


def _too_much(ctx: Context, answer: Answer, reason: str) -> RateLimited:
    """The reset is an instant in seconds of Unix."""
    for name, scope in WINDOWS:
        reset = answer.headers.get(f"{name}-reset", "")
        if answer.headers.get(f"{name}-remaining") == "0" and reset.isdigit():
            return RateLimited(reason, max(0.0, int(reset) - ctx.clock.now().timestamp()), scope)
    return RateLimited(reason, answer.retry_after_s())
