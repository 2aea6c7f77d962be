"""The calls of a connector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from viche_sdk.connectors.capabilities import Capability
from viche_sdk.connectors.context import Context
from viche_sdk.connectors.errors import Unsupported
from viche_sdk.connectors.inbox import Challenge, InboxItem, Metric, Page
from viche_sdk.connectors.limits import Limits
from viche_sdk.connectors.posts import Pending, PollResults, Post, Published, Ready
from viche_sdk.connectors.problems import Problem


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """What a platform says of an account. `granted` are the capabilities that its consent gives, at most those that
    the connector declares; `limits` where this account's differ; `expires_at` where the consent ends by itself."""

    id: str
    handle: str
    name: str
    url: str
    granted: frozenset[Capability]
    limits: Limits | None = None
    expires_at: datetime | None = None


class Connector:
    """One platform. Implement the calls that the declared capabilities stand on; all others stay as they are.

    The host makes one object per process and calls it for all accounts, many at a time. A call does its work and
    ends: it does not sleep, retry, cache between calls, or start anything that lives longer. It raises
    `errors.ConnectorError` and nothing else.
    """

    async def probe(self, ctx: Context) -> AccountInfo:
        """Says which account this is and what it may do. Called when an account is connected, and each hour."""
        raise Unsupported("probe")

    def validate(self, post: Post, limits: Limits) -> Sequence[Problem]:
        """What keeps this post from being taken, beyond the declared limits, which the host looks at. No I/O."""
        return ()

    async def publish(self, ctx: Context, post: Post, key: str) -> Published | Pending:
        """Makes a post appear, once for each key.

        Args:
            ctx: what the call has.
            post: it has passed the limits and `validate`.
            key: 36 characters, the same each time when this post is sent again to this account.
        """
        raise Unsupported("publish")

    async def check(self, ctx: Context, pending: Pending) -> Published | Pending | Ready:
        """Asks how far a pending post is; changes nothing."""
        raise Unsupported("check")

    async def finalize(self, ctx: Context, ready: Ready) -> Published:
        """Makes a prepared post appear."""
        raise Unsupported("finalize")

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks whether a post that was sent has appeared; changes nothing. Asked after OutcomeUnknown."""
        raise Unsupported("find")

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """Puts another text in place of a published one."""
        raise Unsupported("edit")

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes a post away; one that is not there any more is fine."""
        raise Unsupported("delete")

    async def poll_results(self, ctx: Context, ref: str) -> PollResults:
        """Counts of the platform's own poll."""
        raise Unsupported("poll_results")

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """What came since the cursor, oldest first; an empty cursor means from now back as far as one page goes."""
        raise Unsupported("fetch_inbox")

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Answers an item where it was written."""
        raise Unsupported("reply")

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Hides a comment from others, or shows it again."""
        raise Unsupported("hide")

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Figures of the account (no refs) or of these posts. One that cannot be had is there without a value."""
        raise Unsupported("metrics")

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        """Checks the signature of what came in, then reads it.

        Args:
            ctx: what the call has; without I/O.
            headers: names in lower case; query parameters of a GET come as "query-NAME".
            body: as it came.

        Raises:
            PermissionDenied: the signature is wrong, or too old.
        """
        raise Unsupported("verify_webhook")
