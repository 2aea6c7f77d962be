"""How a home server refuses, in its own words ("Standard error response"; sentences are Synapse's)."""

from viche_sdk.connectors.testing import Fault, Reply, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    PermissionDenied,
    PolicyRejected,
    QuotaOrBudget,
    Transient,
    Unsupported,
)


def said(status: int, code: str, error: str, **more: object) -> Reply:
    """A standard error response."""
    return reply({"errcode": code, "error": error, **more}, status)


FAULTS = (
    Fault(
        "token revoked",
        said(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.", soft_logout=False),
        AuthExpired,
        (Operation.PROBE, Operation.PUBLISH, Operation.FETCH_INBOX, Operation.METRICS, Operation.REPLY),
    ),
    Fault("token left out", said(401, "M_MISSING_TOKEN", "Missing access token"), AuthExpired),
    Fault(
        "not in the room",
        said(403, "M_FORBIDDEN", "User @viche:matrix.example not in room !city:matrix.example"),
        PermissionDenied,
        (Operation.PROBE, Operation.PUBLISH, Operation.METRICS, Operation.DELETE),
    ),
    Fault("suspended", said(403, "M_USER_SUSPENDED", "Sending is not permitted"), PolicyRejected),
    Fault("locked", said(401, "M_USER_LOCKED", "User account has been locked", soft_logout=True), PolicyRejected),
    Fault(
        "month's users are too many",
        said(403, "M_RESOURCE_LIMIT_EXCEEDED", "Monthly Active User Limit Exceeded"),
        QuotaOrBudget,
    ),
    Fault("event too large", said(413, "M_TOO_LARGE", "event too large"), InvalidContent, fields={"field": "text"}),
    Fault("not taken", said(400, "M_BAD_JSON", "Content not valid"), InvalidContent, fields={"field": "text"}),
    Fault(
        "event gone",
        said(404, "M_NOT_FOUND", "Event not found."),
        NotFound,
        (Operation.EDIT, Operation.DELETE, Operation.POLL_RESULTS, Operation.METRICS, Operation.REPLY),
        path="/event/",
    ),
    Fault(
        "old server",
        said(404, "M_UNRECOGNIZED", "Unrecognized request"),
        Unsupported,
        (Operation.PROBE, Operation.POLL_RESULTS),
    ),
    Fault(
        "maintenance",
        reply({"errcode": "M_UNKNOWN", "error": "Server is shutting down"}, 503, Retry_After="30"),
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
    Fault(
        "address of something else",
        reply({"detail": "Not Found"}, 404),
        Transient,
        (Operation.PROBE, Operation.FETCH_INBOX),
    ),
)
