"""What a server's refusals mean (XRPC: status, and JSON with `error` and `message`)."""

from viche_sdk.connectors.types import (
    Answer,
    AuthExpired,
    ConnectorError,
    Context,
    InvalidContent,
    NotFound,
    PermissionDenied,
    PolicyRejected,
    RateLimited,
    Unsupported,
    error_of,
)

ENDED = frozenset({"ExpiredToken", "InvalidToken"})
"""A token that is not taken any more; with status 400."""


def refusal(ctx: Context, answer: Answer, part: str = "text") -> ConnectorError:
    """The error that an answer is.

    Args:
        ctx: of the call.
        answer: one that is not good.
        part: the part of a post that is to blame if the server does not take it.
    """
    code, said = code_of(answer)
    if not code:
        # a proxy's, and not the server's own
        said = f"status {answer.status}, and no error of XRPC: {answer.shown()}"
        return error_of(answer, said) if answer.status == 429 else answer.doubt(said)
    detail = f"{code}: {said}"
    match answer.status, code:
        case 429, _:
            return RateLimited(detail, retry_after_s=_seconds_to_reset(ctx, answer))
        case _, "AccountTakedown" | "AccountDeactivated" | "RepoTakendown" | "RepoDeactivated":
            return PolicyRejected(detail)
        case _, "AuthFactorTokenRequired":
            return PermissionDenied(detail, permission="app password")
        case _, "ExpiredToken" | "InvalidToken":
            return AuthExpired(detail)
        case _, "RecordNotFound" | "RepoNotFound" | "NotFound" | "ActorNotFound":
            return NotFound(detail)
        case _, "MethodNotImplemented" | "XRPCNotSupported":
            return Unsupported(detail)
        case 413, _:
            return InvalidContent(detail, field="media")
        case 400, _ if answer.method != "GET":
            return InvalidContent(detail, field="text" if "/text" in said else part)
        # the view has no name of its own for it
        case 400, _ if said == "Profile not found":
            return NotFound(detail)
        case 400, _:
            return answer.doubt(detail)
        case _:
            return error_of(answer, detail)


def code_of(answer: Answer) -> tuple[str, str]:
    """The name of an error and its sentence; empty where the answer is none of XRPC."""
    try:
        found = answer.object()
    except ConnectorError:
        return "", ""
    return str(found.get("error", "")), str(found.get("message", ""))


def _seconds_to_reset(ctx: Context, answer: Answer) -> float | None:
    """RateLimit-Reset is an instant, in seconds since 1970."""
    said = answer.headers.get("ratelimit-reset", "")
    if not said.isdigit():
        return answer.retry_after_s(ctx.clock.now().timestamp())
    return max(0.0, int(said) - ctx.clock.now().timestamp())
