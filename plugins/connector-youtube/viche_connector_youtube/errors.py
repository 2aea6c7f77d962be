"""What refusals of the YouTube Data API mean (developers.google.com/youtube/v3/docs/errors): the reason says it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY_S = 86_400.0

SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
"""The units, or the uploads, of the application's day, which begins at midnight in California."""

TOO_MUCH = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded", "uploadRateLimitExceeded"})
OF_ACCOUNT = frozenset({"userRateLimitExceeded", "uploadRateLimitExceeded"})

PARTS = {
    "invalidTitle": "title",
    "invalidDescription": "text",
    "invalidTags": "text",
    "invalidVideoMetadata": "text",
    "commentTextRequired": "text",
    "commentTextTooLong": "text",
    "invalidCommentMetadata": "text",
    "invalidCommentThreadMetadata": "text",
    "mediaBodyRequired": "media",
    "invalidFilename": "media",
    "videoTooLong": "media",
}
"""Which part of a post is to blame."""

FORBIDDEN = frozenset(
    {
        "authenticatedUserAccountClosed",
        "authenticatedUserAccountSuspended",
        "channelClosed",
        "channelSuspended",
        "commentsDisabled",
        "forbiddenPrivacySetting",
        "operationNotSupported",
        "videoRatingDisabled",
    }
)
"""The platform's rules, or the owner's settings of one video: no right would help."""


def refusal(ctx: Context, answer: Answer, part: str) -> ConnectorError:
    """What a refusal means. One that is none of the platform's, such as a proxy's page, is a doubt."""
    error = _error(answer)
    if not error and answer.status in (400, 401, 403, 404):
        return answer.doubt(f"status {answer.status}, and no error of the platform's: {answer.shown()}")
    reasons = [str(each.get("reason", "")) for each in error.get("errors", ()) if isinstance(each, dict)]
    reason = next(filter(None, reasons), "")
    detail = ": ".join(filter(None, (reason, str(error.get("message", ""))))) or f"status {answer.status}"
    if reason == "uploadLimitExceeded":
        # "try again in 24 hours"
        return QuotaOrBudget(detail, DAY_S)
    if reason in SPENT:
        return QuotaOrBudget(detail, until_midnight_s(ctx.clock.now()))
    if reason in TOO_MUCH or answer.status == 429:
        return RateLimited(detail, answer.retry_after_s(), Scope.ACCOUNT if reason in OF_ACCOUNT else Scope.APP)
    if reason in PARTS:
        return InvalidContent(detail, field=PARTS[reason])
    if reason in FORBIDDEN:
        return PolicyRejected(detail)
    return _by_status(answer, reason, detail, part)


def _by_status(answer: Answer, reason: str, detail: str, part: str) -> ConnectorError:
    match answer.status:
        case 400 if reason == "invalid_grant":
            return AuthExpired(detail)
        case 400:
            return InvalidContent(detail, field=part)
        case 401 if reason == "youtubeSignupRequired":
            return PermissionDenied(detail)
        case 404 | 410:
            return NotFound(detail)
        case _:
            return error_of(answer, detail)


def until_midnight_s(now: datetime) -> float:
    """Seconds until the day of quotas ends."""
    here = now.astimezone(PACIFIC)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp() - now.timestamp()


def _error(answer: Answer) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ConnectorError:
        return {}
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else {}
