"""How the Graph API refuses (developers.facebook.com: error handling, rate limits; Instagram Platform: error codes)."""

import json

from viche_sdk.connectors.testing import Fault, Reply, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    PolicyRejected,
    QuotaOrBudget,
    RateLimited,
    Scope,
    Transient,
)

READS = (Operation.PROBE, Operation.FETCH_INBOX, Operation.METRICS)


def said(code: int, message: str, sub: int = 0, status: int = 400, **headers: str) -> Reply:
    """A refusal in the platform's form."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A6LJylpZRKw2xKLFsAP-cJh"}
    return reply({"error": {**error, **({"error_subcode": sub} if sub else {})}}, status, **headers)


def usage(minutes: int) -> str:
    """The header X-Business-Use-Case-Usage."""
    use = {"type": "pages", "call_count": 100, "total_cputime": 25, "total_time": 30}
    return json.dumps({"1029384756": [{**use, "estimated_time_to_regain_access": minutes}]})


ENDED = Fault(
    "token ended",
    said(190, "Error validating access token: Session has expired", 463, 401),
    AuthExpired,
    (*READS, Operation.PUBLISH, Operation.REPLY),
)

OF_BOTH = (
    ENDED,
    Fault("password changed", said(190, "The session has been invalidated", 460), AuthExpired, (Operation.PROBE,)),
    Fault("right missing", said(200, "(#200) Requires pages_manage_posts"), PermissionDenied, (Operation.PUBLISH,)),
    Fault(
        "right missing for reading",
        said(10, "(#10) This endpoint requires the 'pages_read_engagement' permission"),
        PermissionDenied,
        (Operation.PROBE, Operation.FETCH_INBOX, Operation.REPLY),
    ),
    Fault(
        "app out of breath",
        said(4, "(#4) Application request limit reached", status=403),
        RateLimited,
        (Operation.PUBLISH, Operation.PROBE),
        fields={"scope": Scope.APP},
    ),
    Fault(
        "account out of breath for five minutes",
        said(80_001, "There have been too many calls to this Page account", X_Business_Use_Case_Usage=usage(5)),
        RateLimited,
        fields={"scope": Scope.ACCOUNT, "retry_after_s": 300.0},
    ),
    Fault("abuse", said(368, "The action attempted has been deemed abusive"), PolicyRejected),
    Fault(
        "message after a day",
        said(10, "(#10) This message is sent outside of allowed window.", 2_018_278),
        PolicyRejected,
        (Operation.REPLY,),
    ),
    Fault(
        "not there",
        said(100, "Unsupported get request. Object with ID '1' does not exist", 33),
        NotFound,
        (Operation.EDIT, Operation.DELETE, Operation.METRICS, Operation.REPLY, Operation.HIDE),
    ),
    Fault("service down", said(2, "Service temporarily unavailable", status=500), Transient, READS),
    Fault(
        "service down for a writer",
        said(2, "Service temporarily unavailable", status=500),
        OutcomeUnknown,
        (Operation.REPLY,),
    ),
    Fault("refused with status 200", said(190, "Session has expired", status=200), AuthExpired, (Operation.PROBE,)),
    Fault("page of a proxy", Reply(403, b"<html>Sorry</html>", "text/html"), Transient, READS),
)

OF_FACEBOOK = (
    *OF_BOTH,
    Fault("the same post a moment ago", said(506, "(#506) Duplicate status message"), PolicyRejected),
    Fault("parameter", said(100, "(#100) Invalid parameter"), InvalidContent),
)

OF_INSTAGRAM = (
    *OF_BOTH,
    Fault("text too long", said(100, "The caption was too long", 2_207_010), InvalidContent, fields={"field": "text"}),
    Fault(
        "picture too large",
        said(36_000, "The image size is too large.", 2_207_004),
        InvalidContent,
        fields={"field": "media"},
    ),
    Fault("publications of the day", said(9, "Application request limit reached", 2_207_042), QuotaOrBudget),
    Fault("account restricted", said(25, "The Instagram account is restricted.", 2_207_050), PolicyRejected),
    Fault("not ready yet", said(9_007, "Media ID is not available", 2_207_027), Transient),
)
