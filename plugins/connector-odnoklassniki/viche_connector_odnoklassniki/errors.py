"""What the codes of the API mean (apiok.ru, "Errors")."""

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
    Unsupported,
)

AN_HOUR = 3_600.0

CONSENT_ENDED = frozenset({101, 102, 103, 104, 453})
"""The application's key, the session, or the signature made of its secret is not taken."""

NO_RIGHT = frozenset({10, 22, 23, 24, 50, 200, 210, 451, 456, 457, 458})

FORBIDDEN = frozenset({7, 9, 454, 511, 514})
"""Blocked for a time, by address, by the censor, as spam, or until a person confirms who they are."""


def error_for(code: int, said: str, answer: Answer) -> ConnectorError:
    """The error of a code.

    Args:
        code: `error_code`.
        said: `error_msg`.
        answer: it decides what a fault inside the platform means.
    """
    detail = f"{code} {said}".rstrip()
    match code:
        case _ if code in CONSENT_ENDED:
            return AuthExpired(detail)
        case _ if code in NO_RIGHT:
            return PermissionDenied(detail, permission="GROUP_CONTENT" if code in (10, 200) else "")
        case _ if code in FORBIDDEN:
            return PolicyRejected(detail)
        case 8 | 11:
            return RateLimited(detail, retry_after_s=AN_HOUR)
        case 31:
            return Transient(detail)
        case 4 | 30 | 100 | 601:
            return InvalidContent(detail)
        case 600:
            return InvalidContent(detail, field="media")
        case 607:
            return InvalidContent(detail, field="link")
        case 160 | 300:
            return NotFound(detail)
        case 3:
            return Unsupported(detail)
        case _:
            return answer.doubt(detail)
