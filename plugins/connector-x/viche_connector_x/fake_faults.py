"""How X refuses, in its own words (docs.x.com, response codes; and what its users reported in public)."""

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

PROBLEM = "application/problem+json"


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **headers: str) -> Reply:
    """A refusal as RFC 9457 has it."""
    said = reply({"title": title, "detail": detail, "type": kind, "status": status}, status, **headers)
    return Reply(said.status, said.body, PROBLEM, said.headers)


ENDED = Fault(
    "token revoked",
    problem(401, "Unauthorized", "Unauthorized"),
    AuthExpired,
    (Operation.PROBE, Operation.PUBLISH, Operation.FETCH_INBOX, Operation.METRICS, Operation.REPLY),
)
SOON = "1772443897"
"""The kit's clock and 97 seconds, of Unix."""

FAULTS = (
    ENDED,
    Fault(
        "scope missing",
        problem(403, "Forbidden", "Your client app is not configured with the appropriate oauth1 app permissions"),
        PermissionDenied,
        (Operation.PUBLISH, Operation.DELETE, Operation.REPLY, Operation.HIDE),
    ),
    Fault(
        "the same post a moment ago",
        problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."),
        PolicyRejected,
    ),
    Fault(
        "account suspended",
        problem(403, "Forbidden", "Your account is suspended and is not permitted to access this feature."),
        PolicyRejected,
    ),
    Fault(
        "answer to somebody who did not name the account",
        problem(
            403,
            "Forbidden",
            "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
            "author of the post you are replying to.",
        ),
        PolicyRejected,
        (Operation.REPLY,),
    ),
    Fault(
        "no credits",
        problem(
            402,
            "CreditsDepleted",
            "Your enrolled account does not have any credits to fulfill this request.",
            "https://api.twitter.com/2/problems/credits",
        ),
        QuotaOrBudget,
        (Operation.PUBLISH, Operation.FETCH_INBOX, Operation.METRICS),
    ),
    Fault(
        "cap of the month",
        problem(
            429,
            "UsageCapExceeded",
            "Usage cap exceeded: Monthly product cap",
            "https://api.twitter.com/2/problems/usage-capped",
        ),
        QuotaOrBudget,
        (Operation.FETCH_INBOX, Operation.PUBLISH),
    ),
    Fault(
        "app out of breath for the day",
        problem(
            429,
            "Too Many Requests",
            "Too Many Requests",
            x_app_limit_24hour_remaining="0",
            x_app_limit_24hour_reset=SOON,
            x_rate_limit_remaining="50",
            x_rate_limit_reset="1772443800",
        ),
        RateLimited,
        fields={"scope": Scope.APP, "retry_after_s": 97.0},
    ),
    Fault(
        "older words for too much",
        reply({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, 429),
        RateLimited,
        (Operation.PROBE,),
    ),
    Fault(
        "text not taken",
        problem(
            400,
            "Invalid Request",
            "Your Tweet text is too long. For more information on how Twitter determines text length see the docs.",
        ),
        InvalidContent,
        fields={"field": "text"},
    ),
    Fault(
        "video too long",
        problem(403, "Forbidden", "This user is not allowed to post a video longer than 20 minutes."),
        InvalidContent,
        fields={"field": "media"},
    ),
    Fault(
        "post gone",
        problem(404, "Not Found Error", "Could not find post."),
        NotFound,
        (Operation.DELETE, Operation.POLL_RESULTS, Operation.REPLY, Operation.HIDE),
    ),
    Fault(
        "post gone, told with status 200",
        reply(
            {
                "errors": [
                    {
                        "type": "https://api.x.com/2/problems/resource-not-found",
                        "title": "Not Found Error",
                        "detail": "Could not find tweet with id: [1].",
                        "resource_type": "tweet",
                    }
                ]
            }
        ),
        NotFound,
        (Operation.POLL_RESULTS, Operation.METRICS),
        "/tweets",
    ),
    Fault(
        "page of a proxy",
        Reply(403, b"<html>Attention Required!</html>", "text/html"),
        Transient,
        (Operation.PROBE, Operation.FETCH_INBOX),
    ),
    Fault("page of a proxy to a writer", Reply(403, b"<html>Attention Required!</html>", "text/html"), OutcomeUnknown),
    Fault(
        "overloaded",
        problem(503, "Service Unavailable", "Over capacity", Retry_After="30"),
        Transient,
        (Operation.PUBLISH, Operation.PROBE),
        fields={"retry_after_s": 30.0},
    ),
)
