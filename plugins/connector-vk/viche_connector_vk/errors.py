"""What the codes of VK mean (errors.json of its API schema 5.199)."""

from viche_sdk.connectors.types import (
    Answer,
    AuthExpired,
    ConnectorError,
    InvalidContent,
    NotFound,
    PermissionDenied,
    PolicyRejected,
    QuotaOrBudget,
    RateLimited,
    Scope,
    Unsupported,
)

A_SECOND, AN_HOUR, A_DAY = 1.0, 3_600.0, 86_400.0

NO_RIGHT = frozenset(
    {7, 15, 17, 27, 203, 210, 211, 212, 213, 214, 225, 900, 901, 902, 917, 945, 950, 985, 987, 988, 1051}
)
"""214 is told for the limit of a day, too. 27: the method is not for keys of communities; 1051: nor for VK ID's.
From 900 on: people who take no messages."""

FORBIDDEN = frozenset({14, 18, 219, 220, 224})
"""A captcha, a banned account, advertisements: a person must do something at VK."""


def error_for(code: int, said: str, answer: Answer) -> ConnectorError:
    """The error of a code.

    Args:
        code: `error_code`.
        said: `error_msg`.
        answer: it decides what a fault inside VK means.
    """
    detail = f"{code} {said}".rstrip()
    match code:
        case 5 | 28:
            return AuthExpired(detail)
        case 214 if "50" in said or "limit" in said.lower():
            return QuotaOrBudget(detail, retry_after_s=A_DAY)
        case _ if code in NO_RIGHT:
            return PermissionDenied(detail, permission="wall" if code in (15, 214) else "")
        case _ if code in FORBIDDEN:
            return PolicyRejected(detail)
        case 6:
            return RateLimited(detail, retry_after_s=A_SECOND)
        case 9 | 223 | 940:
            return RateLimited(detail, retry_after_s=AN_HOUR)
        case 29:
            return RateLimited(detail, retry_after_s=A_DAY, scope=Scope.APP)
        case 8 | 100 | 914:
            return InvalidContent(detail)
        case 222 | 3102:
            return InvalidContent(detail, field="link")
        case 104 | 125 | 936:
            return NotFound(detail)
        case 2 | 3 | 23:
            return Unsupported(detail)
        case _:
            return answer.doubt(detail)
