"""What refusals of the Bot API mean. It has few codes; the descriptions are those of its server's source."""

from collections.abc import Mapping
from typing import Any

from viche_sdk.connectors.types import (
    Answer,
    AuthExpired,
    ConnectorError,
    InvalidContent,
    NotFound,
    PermissionDenied,
    PolicyRejected,
    RateLimited,
    Transient,
    error_of,
)

TOO_LONG = ("is too long", "too_long", "text is empty", "text must be non-empty", "text must be encoded")
NO_RIGHT = (
    "not enough rights", "administrator rights", "have no rights", "no write access",
    "chat_write_forbidden", "chat_admin_required", "chat_restricted",
)  # fmt: skip
GONE = (
    "chat not found", "message to edit not found", "message to delete not found", "message to be replied not found",
    "message not found", "message_id_invalid", "peer_id_invalid", "group chat was upgraded",
)  # fmt: skip
TOO_LATE = ("can't be deleted", "can't be edited")
OF_POLL = ("poll",)
OF_FILES = ("photo", "image", "video", "media", "file", "album", "web page content")

NOT_MODIFIED = "is not modified"
WEBHOOK_IS_SET = "webhook is active"


def refusal(answer: Answer, part: str) -> ConnectorError:
    """The error of an answer that is no success.

    Args:
        answer: of the Bot API, or of a proxy before it.
        part: the part of a post that is to blame where the description names none.
    """
    said = _said(answer)
    reason = str(said.get("description", ""))
    if answer.status == 413:
        return InvalidContent(reason or "the file is too large", field="media")
    if not reason:
        if answer.status < 500 and answer.status != 429:
            return answer.doubt(f"status {answer.status}, and no error of Telegram's: {answer.shown()}")
        return error_of(answer)
    match answer.status:
        case 400:
            return _bad_request(reason, part)
        # 404 is what a token gets that is none, or whose bot was deleted
        case 401 | 404:
            return AuthExpired(reason)
        case 403:
            return PermissionDenied(reason)
        case 409:
            return _conflict(reason)
        case 429:
            return RateLimited(reason, retry_after_s=_retry_after_s(said, answer))
        case _:
            return error_of(answer, reason)


def _bad_request(reason: str, part: str) -> ConnectorError:
    plain = reason.lower()
    kinds = (
        (TOO_LONG, InvalidContent(reason, field="text")),
        (NO_RIGHT, PermissionDenied(reason)),
        (GONE, NotFound(reason)),
        (TOO_LATE, PolicyRejected(reason)),
        (OF_POLL, InvalidContent(reason, field="poll")),
        (OF_FILES, InvalidContent(reason, field="media")),
    )
    return next(
        (error for words, error in kinds if any(word in plain for word in words)), InvalidContent(reason, field=part)
    )


def _conflict(reason: str) -> ConnectorError:
    """Somebody else reads the bot's updates: for good by a webhook, or just now."""
    return PermissionDenied(reason) if WEBHOOK_IS_SET in reason else Transient(reason)


def _said(answer: Answer) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ConnectorError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after_s(said: Mapping[str, Any], answer: Answer) -> float | None:
    parameters = said.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, (int, float)) else answer.retry_after_s()
