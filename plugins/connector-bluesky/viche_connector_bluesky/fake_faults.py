"""How a server refuses, in its own words (lexicons, and @atproto/pds 0.5)."""

from viche_sdk.connectors.testing import Fault, Reply, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    PermissionDenied,
    PolicyRejected,
    Transient,
    Unsupported,
)

EVERYWHERE = (Operation.PROBE, Operation.PUBLISH, Operation.FETCH_INBOX, Operation.METRICS, Operation.REPLY)
SIGN_IN = "createSession"


def said(status: int, error: str, message: str) -> Reply:
    """An error of XRPC."""
    return reply({"error": error, "message": message}, status)


FAULTS = (
    Fault(
        "password taken back",
        said(401, "AuthenticationRequired", "Invalid identifier or password"),
        AuthExpired,
        EVERYWHERE,
        path=SIGN_IN,
    ),
    Fault(
        "taken down", said(401, "AccountTakedown", "Account has been taken down"), PolicyRejected, EVERYWHERE, SIGN_IN
    ),
    Fault(
        "the account's own password, with a second factor",
        said(401, "AuthFactorTokenRequired", "A sign in code has been sent to your email address"),
        PermissionDenied,
        (Operation.PROBE,),
        SIGN_IN,
        {"permission": "app password"},
    ),
    Fault("token refused", said(400, "InvalidToken", "Token could not be verified"), AuthExpired, path="putRecord"),
    Fault("right missing", said(403, "Forbidden", "Missing required scope"), PermissionDenied, path="putRecord"),
    Fault(
        "record not taken",
        said(
            400,
            "InvalidRequest",
            "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes",
        ),
        InvalidContent,
        path="putRecord",
        fields={"field": "text"},
    ),
    Fault(
        "posts gone",
        reply({"posts": []}),
        NotFound,
        (Operation.METRICS, Operation.REPLY),
        path="getPosts",
    ),
    Fault(
        "old server",
        said(501, "MethodNotImplemented", "Method Not Implemented"),
        Unsupported,
        (Operation.FETCH_INBOX,),
        path="listNotifications",
    ),
    Fault(
        "view behind the server is away",
        said(502, "UpstreamFailure", "Upstream service unreachable"),
        Transient,
        (Operation.PROBE, Operation.FETCH_INBOX, Operation.METRICS),
        path="app.bsky.",
    ),
    Fault(
        "maintenance",
        reply({"error": "ServiceUnavailable", "message": "Service is temporarily down"}, 503, Retry_After="30"),
        Transient,
        (Operation.PROBE, Operation.PUBLISH),
        fields={"retry_after_s": 30.0},
    ),
    Fault(
        "page of a proxy before the server",
        Reply(403, b"<html>Forbidden</html>", "text/html"),
        Transient,
        (Operation.PROBE, Operation.FETCH_INBOX),
    ),
)
