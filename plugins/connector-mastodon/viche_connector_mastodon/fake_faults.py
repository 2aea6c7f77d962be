"""How a server refuses, in its own words (app/controllers/concerns/error_responses.rb and the locale files)."""

from viche_sdk.connectors.testing import Fault, Reply, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    PermissionDenied,
    PolicyRejected,
    Transient,
)


def _said(status: int, error: str) -> Reply:
    return reply({"error": error}, status)


FAULTS = (
    Fault(
        "token revoked",
        _said(401, "The access token was revoked"),
        AuthExpired,
        (Operation.PROBE, Operation.PUBLISH, Operation.FETCH_INBOX, Operation.METRICS),
    ),
    Fault(
        "right missing",
        _said(403, "This action is outside the authorized scopes"),
        PermissionDenied,
        (Operation.PUBLISH, Operation.FETCH_INBOX, Operation.DELETE, Operation.REPLY),
    ),
    Fault("suspended", _said(403, "Your login is currently disabled"), PolicyRejected),
    Fault(
        "text not taken",
        _said(422, "Validation failed: Text character limit of 500 exceeded"),
        InvalidContent,
        fields={"field": "text"},
    ),
    Fault(
        "post gone",
        _said(404, "Record not found"),
        NotFound,
        (Operation.EDIT, Operation.DELETE, Operation.POLL_RESULTS, Operation.METRICS, Operation.REPLY),
    ),
    Fault(
        "maintenance",
        reply({"error": "Service Unavailable"}, 503, Retry_After="30"),
        Transient,
        (Operation.PUBLISH, Operation.PROBE),
        fields={"retry_after_s": 30.0},
    ),
    Fault(
        "page of a proxy before the server",
        Reply(403, b"<html>Forbidden</html>", "text/html"),
        Transient,
        (Operation.PROBE, Operation.FETCH_INBOX),
    ),
)
