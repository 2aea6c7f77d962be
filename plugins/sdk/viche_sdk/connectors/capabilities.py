"""What a connector may be able to do, and which of its calls that needs."""

from collections.abc import Mapping
from enum import StrEnum


class Capability(StrEnum):
    """One thing that a platform lets a program do. What is not declared is never tried and is said in the console."""

    PUBLISH_TEXT = "publish.text"
    PUBLISH_LINK = "publish.link"
    PUBLISH_IMAGE = "publish.image"
    PUBLISH_VIDEO = "publish.video"
    PUBLISH_EVENT = "publish.event"
    POLL = "poll"
    POLL_RESULTS = "poll.results"
    EDIT = "edit"
    DELETE = "delete"
    INBOX_COMMENTS = "inbox.comments"
    INBOX_MENTIONS = "inbox.mentions"
    INBOX_MESSAGES = "inbox.messages"
    REPLY = "reply"
    HIDE = "hide"
    METRICS_POST = "metrics.post"
    METRICS_ACCOUNT = "metrics.account"
    WEBHOOK = "webhook"
    # a person posts, and says so; the connector gives what to copy
    MANUAL = "manual"


class Operation(StrEnum):
    """A call of a connector; the names are those of the methods."""

    PROBE = "probe"
    PUBLISH = "publish"
    CHECK = "check"
    FINALIZE = "finalize"
    FIND = "find"
    EDIT = "edit"
    DELETE = "delete"
    POLL_RESULTS = "poll_results"
    FETCH_INBOX = "fetch_inbox"
    REPLY = "reply"
    HIDE = "hide"
    METRICS = "metrics"
    VERIFY_WEBHOOK = "verify_webhook"


NEEDED: Mapping[Capability, Operation] = {
    Capability.PUBLISH_TEXT: Operation.PUBLISH,
    Capability.PUBLISH_LINK: Operation.PUBLISH,
    Capability.PUBLISH_IMAGE: Operation.PUBLISH,
    Capability.PUBLISH_VIDEO: Operation.PUBLISH,
    Capability.PUBLISH_EVENT: Operation.PUBLISH,
    Capability.POLL: Operation.PUBLISH,
    Capability.POLL_RESULTS: Operation.POLL_RESULTS,
    Capability.EDIT: Operation.EDIT,
    Capability.DELETE: Operation.DELETE,
    Capability.INBOX_COMMENTS: Operation.FETCH_INBOX,
    Capability.INBOX_MENTIONS: Operation.FETCH_INBOX,
    Capability.INBOX_MESSAGES: Operation.FETCH_INBOX,
    Capability.REPLY: Operation.REPLY,
    Capability.HIDE: Operation.HIDE,
    Capability.METRICS_POST: Operation.METRICS,
    Capability.METRICS_ACCOUNT: Operation.METRICS,
    Capability.WEBHOOK: Operation.VERIFY_WEBHOOK,
    Capability.MANUAL: Operation.PUBLISH,
}
"""The call that each capability stands on."""

WRITES = frozenset(
    {Operation.PUBLISH, Operation.FINALIZE, Operation.EDIT, Operation.DELETE, Operation.REPLY, Operation.HIDE}
)
"""Calls that change something on the platform: all others must not."""


class Idempotency(StrEnum):
    """What happens when a publication is sent again with the same key."""

    # the platform knows the key: one post, however often it is sent
    NATIVE = "native"
    # `find` says whether it is there
    RECONCILE = "reconcile"
    # nobody can say: a person decides
    NONE = "none"
