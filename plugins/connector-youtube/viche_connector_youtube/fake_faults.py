"""How the YouTube Data API refuses (developers.google.com/youtube/v3/docs/errors)."""

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

READS = (Operation.PROBE, Operation.FETCH_INBOX, Operation.METRICS, Operation.FIND)
PUBLISH, REPLY = (Operation.PUBLISH,), (Operation.REPLY,)


def said(status: int, reason: str, message: str = "", domain: str = "youtube.common", **headers: str) -> Reply:
    """A refusal in the platform's form."""
    each = {"message": message or reason, "domain": domain, "reason": reason}
    return reply({"error": {"code": status, "message": message or reason, "errors": [each]}}, status, **headers)


ENDED = Fault(
    "token ended",
    said(401, "authError", "Request had invalid authentication credentials.", "global"),
    AuthExpired,
    (*READS, *PUBLISH, *REPLY, Operation.EDIT, Operation.DELETE, Operation.HIDE),
)

FAULTS = (
    ENDED,
    Fault(
        "no channel",
        said(401, "youtubeSignupRequired", "Unauthorized", "youtube.header"),
        PermissionDenied,
        (Operation.PROBE, *PUBLISH),
    ),
    Fault("units of the day", said(403, "quotaExceeded", domain="youtube.quota"), QuotaOrBudget, (*READS, *REPLY)),
    Fault("uploads of the day", said(403, "quotaExceeded", domain="youtube.quota"), QuotaOrBudget),
    Fault(
        "uploads of the channel's day",
        said(
            400, "uploadLimitExceeded", "The user has exceeded the number of videos they may upload.", "youtube.video"
        ),
        QuotaOrBudget,
        fields={"retry_after_s": 86_400.0},
    ),
    Fault(
        "application out of breath",
        said(403, "rateLimitExceeded", domain="usageLimits"),
        RateLimited,
        (*READS, *PUBLISH),
        fields={"scope": Scope.APP},
    ),
    Fault(
        "person out of breath",
        said(403, "userRateLimitExceeded", domain="usageLimits"),
        RateLimited,
        (*READS, *PUBLISH),
        fields={"scope": Scope.ACCOUNT},
    ),
    Fault(
        "scope missing",
        said(403, "insufficientPermissions", "Request had insufficient authentication scopes.", "global"),
        PermissionDenied,
        (Operation.PROBE, *PUBLISH, *REPLY),
    ),
    Fault("API not switched on", said(403, "accessNotConfigured", domain="usageLimits"), PermissionDenied, READS),
    Fault(
        "forbidden", said(403, "forbidden", "Forbidden"), PermissionDenied, (*PUBLISH, Operation.DELETE, Operation.HIDE)
    ),
    Fault("title", said(400, "invalidTitle"), InvalidContent, (*PUBLISH, Operation.EDIT), fields={"field": "title"}),
    Fault(
        "description",
        said(400, "invalidDescription"),
        InvalidContent,
        (*PUBLISH, Operation.EDIT),
        fields={"field": "text"},
    ),
    Fault("file", said(400, "mediaBodyRequired"), InvalidContent, fields={"field": "media"}),
    Fault("suspended", said(403, "authenticatedUserAccountSuspended"), PolicyRejected, (Operation.PROBE, *PUBLISH)),
    Fault(
        "comments switched off", said(403, "commentsDisabled", domain="youtube.commentThread"), PolicyRejected, REPLY
    ),
    Fault("answers switched off", said(400, "operationNotSupported", domain="youtube.comment"), PolicyRejected, REPLY),
    Fault(
        "answer too long",
        said(400, "commentTextTooLong", domain="youtube.comment"),
        InvalidContent,
        REPLY,
        fields={"field": "text"},
    ),
    Fault(
        "comment gone", said(404, "parentCommentNotFound", domain="youtube.comment"), NotFound, (*REPLY, Operation.HIDE)
    ),
    Fault(
        "video gone", said(404, "videoNotFound", domain="youtube.video"), NotFound, (Operation.EDIT, Operation.DELETE)
    ),
    Fault("service down", said(503, "backendError", domain="global"), Transient, (*READS, *PUBLISH)),
    Fault("service down for a writer", said(500, "backendError", domain="global"), OutcomeUnknown, REPLY),
    Fault("page of a proxy", Reply(403, b"<html>Sorry</html>", "text/html"), Transient, (*READS, *PUBLISH)),
)
