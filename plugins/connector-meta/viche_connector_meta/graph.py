"""The Graph API: requests, and what its refusals mean.

Codes are from developers.facebook.com: Graph API, error handling and rate limits; Instagram Platform, error codes.
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
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
    Transient,
)

HOST = "graph.facebook.com"
VIDEO_HOST = "graph-video.facebook.com"
VERSION = "v26.0"

ENDED = frozenset({102, 190})
"""The consent."""

TOO_MUCH_OF_APP = frozenset({4, 341})
TOO_MUCH_OF_ACCOUNT = frozenset({17, 32, 613, *range(80_000, 80_015)})
FORBIDDEN = frozenset({368, 506, 551})
"""Abuse, a duplicate, a person who takes no messages."""

NO_FILE = frozenset({324, 352})
"""No picture, no video."""

FORBIDDEN_PARTS = frozenset({2_018_278, 2_018_065, 2_207_050, 2_207_051})
"""Subcodes: a message after the window of a day (twice), an account that is restricted, what looks like spam."""

MEDIA_PARTS = frozenset({2_207_004, 2_207_005, 2_207_009, 2_207_023, 2_207_026, 2_207_028, 2_207_052, 2_207_057})
"""Subcodes about files: size, format, shape, kind, video, number in a carousel, not to be fetched, cover."""

LATER = frozenset({2_207_003, 2_207_006, 2_207_008, 2_207_020, 2_207_027, 2_207_032, 2_207_053})
"""Subcodes of a container that is not ready, not there any more, or could not be made: nothing has appeared."""

TEXT_PART = 2_207_010
DAILY_PUBLICATIONS = 2_207_042
NO_SUCH_OBJECT = 33


async def get(ctx: Context, path: str, **params: str) -> Answer:
    """Asks for something."""
    return await call(ctx, "GET", path, params=params)


async def post(ctx: Context, path: str, part: str = "text", **form: str) -> Answer:
    """Makes or changes something."""
    return await call(ctx, "POST", path, part, form=form)


async def call(ctx: Context, method: str, path: str, part: str = "text", *, host: str = HOST, **body: Any) -> Answer:
    """One request.

    Args:
        ctx: of the call.
        method: of HTTP.
        path: below the version.
        part: the part of a post that is to blame if it is not taken.
        host: another one, for videos.
        body: as `Http.request` takes it.

    Raises:
        ConnectorError: the platform refuses, or nobody knows.
    """
    token = ctx.secret("access_token")
    params: dict[str, str] = dict(body.pop("params", None) or {})
    if secret := ctx.secret("app_secret"):
        # an app may demand it: a stolen token alone is then worth nothing
        params["appsecret_proof"] = hmac.new(secret.encode(), token.encode(), sha256).hexdigest()
    said = {"Authorization": f"Bearer {token}"}
    answer = await ctx.http.request(
        method, f"https://{host}/{VERSION}/{path}", params=params or None, headers=said, **body
    )
    error = error_in(answer)
    if answer.is_good and not error:
        return answer
    raise refusal(answer, error, part)


async def remove(ctx: Context, node: str) -> None:
    """Takes something away with all that hangs on it; what is not there any more is away."""
    try:
        answer = await call(ctx, "DELETE", node)
    except NotFound:
        return
    must_succeed(answer)


def must_succeed(answer: Answer) -> None:
    """For requests that are answered by nothing but their success.

    Raises:
        OutcomeUnknown: nobody knows whether it was done.
    """
    with answer.understood():
        if answer.object().get("success") is not True:
            raise ValueError("no success")


def error_in(answer: Answer) -> Mapping[str, Any]:
    """What the platform says of a request that it refused; it may do so with status 200."""
    try:
        found = answer.json()
    except ConnectorError:
        return {}
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else {}


def refusal(answer: Answer, error: Mapping[str, Any], part: str) -> ConnectorError:
    """What a refusal means: the code says it, the status does not."""
    if "code" not in error:
        return unreadable(answer)
    code, sub = error["code"], error.get("error_subcode", 0)
    reason = _reason(error)
    if code in ENDED:
        return AuthExpired(reason)
    if code in FORBIDDEN or sub in FORBIDDEN_PARTS:
        return PolicyRejected(reason)
    if code in TOO_MUCH_OF_APP | TOO_MUCH_OF_ACCOUNT:
        return RateLimited(reason, wait_s(answer), Scope.APP if code in TOO_MUCH_OF_APP else Scope.ACCOUNT)
    if sub == DAILY_PUBLICATIONS:
        return QuotaOrBudget(reason)
    if sub in LATER:
        return Transient(reason)
    if sub == TEXT_PART or sub in MEDIA_PARTS or code in NO_FILE:
        return InvalidContent(reason, field="text" if sub == TEXT_PART else "media")
    if code in (3, 10) or 200 <= code < 300:
        return PermissionDenied(reason)
    if (code == 100 and sub == NO_SUCH_OBJECT) or code == 803:
        return NotFound(reason)
    if code == 100:
        return InvalidContent(reason, field="text" if "message" in reason and "long" in reason else part)
    return answer.doubt(reason)


def unreadable(answer: Answer) -> ConnectorError:
    """What an answer means that is none of the platform's; in its maintenance nothing is done."""
    detail = f"status {answer.status}, and no error of the platform's: {answer.shown()}"
    if answer.status == 503 and answer.retry_after_s() is not None:
        return Transient(detail, answer.retry_after_s())
    if answer.status == 429:
        return RateLimited(detail, answer.retry_after_s())
    return answer.doubt(detail)


def wait_s(answer: Answer) -> float | None:
    """The longest of the times after which access is given again, which are told in minutes."""
    try:
        told = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = [use["estimated_time_to_regain_access"] for uses in told.values() for use in uses]
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return max(minutes) * 60.0 if minutes and max(minutes) > 0 else None


def _reason(error: Mapping[str, Any]) -> str:
    numbers = "/".join(str(error[name]) for name in ("code", "error_subcode") if name in error)
    said = [error.get("message"), error.get("error_user_msg")]
    return f"{numbers}: {' '.join(str(each) for each in said if each)}"
