"""Sessions of accounts.

A server lets an account sign in 300 times a day (`com.atproto.server.createSession`), fewer than calls are made. So an
object of the connector keeps the access tokens that it was given, which last two hours, in its memory and nowhere
else; this is the one thing that the connector keeps between calls. A new process signs in anew.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from viche_connector_bluesky.refusals import refusal
from viche_sdk.connectors.types import Answer, Context, OutcomeUnknown, Transient

SIGN_IN = "/xrpc/com.atproto.server.createSession"
SPARE = timedelta(minutes=2)
"""A token that ends so soon is not used any more."""


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is, and the token."""

    did: str
    handle: str
    token: str = field(repr=False)
    ends_at: datetime


class Sessions:
    """Those of all accounts of one process."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Session] = {}

    async def of(self, ctx: Context) -> tuple[Session, bool]:
        """The session of an account, and whether it was kept from an earlier call."""
        kept = self._kept.get(_name(ctx))
        if kept and kept.ends_at - SPARE > ctx.clock.now():
            return kept, True
        return await self.new(ctx), False

    async def new(self, ctx: Context) -> Session:
        """Signs in.

        Raises:
            AuthExpired: the password is not valid any more.
            Transient: nobody knows; in any case nothing was published.
        """
        self._kept.pop(_name(ctx), None)
        try:
            answer = await _signed_in(ctx)
            with answer.understood():
                found = answer.object()
                session = Session(found["did"], found["handle"], found["accessJwt"], _end(found["accessJwt"]))
        except OutcomeUnknown as error:
            raise Transient(error.detail) from error
        self._kept[_name(ctx)] = session
        return session

    def __repr__(self) -> str:
        """How many, not which."""
        return f"Sessions({len(self._kept)})"


async def _signed_in(ctx: Context) -> Answer:
    given = {"identifier": ctx.value("handle").strip().removeprefix("@"), "password": ctx.secret("app_password")}
    answer = await ctx.http.request("POST", ctx.value("server").rstrip("/") + SIGN_IN, json=given)
    if answer.is_good:
        return answer
    raise refusal(ctx, answer)


def _name(ctx: Context) -> bytes:
    """Another password is another session."""
    parts = (ctx.value("server"), ctx.value("handle"), ctx.secret("app_password"))
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _end(token: str) -> datetime:
    """When a token ends (RFC 7519, 4.1.4)."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return datetime.fromtimestamp(claims["exp"], UTC)
