"""Sessions of accounts.

A server lets an account sign in 300 times a day (`com.atproto.server.createSession`), fewer than calls are made. So the
access token, which lasts two hours, is put where the host keeps it sealed for later calls, and stays nowhere else.
"""

import base64
import binascii
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
    """Whose it is, and the token; the handle is known of one that was just begun."""

    did: str
    token: str = field(repr=False)
    ends_at: datetime
    handle: str = ""


async def session_of(ctx: Context) -> tuple[Session, bool]:
    """The session of an account, and whether it was kept from an earlier call."""
    kept = _kept(ctx)
    if kept and kept.ends_at - SPARE > ctx.clock.now():
        return kept, True
    return await new_session(ctx), False


async def new_session(ctx: Context) -> Session:
    """Signs in.

    Raises:
        AuthExpired: the password is not valid any more.
        Transient: nobody knows; in any case nothing was published.
    """
    ctx.session.put("")
    try:
        answer = await _signed_in(ctx)
        with answer.understood():
            found = answer.object()
            token = found["accessJwt"]
            session = Session(found["did"], token, _claims(token)[1], found["handle"])
    except OutcomeUnknown as error:
        raise Transient(error.detail) from error
    ctx.session.put(token)
    return session


async def _signed_in(ctx: Context) -> Answer:
    given = {"identifier": ctx.value("handle").strip().removeprefix("@"), "password": ctx.secret("app_password")}
    answer = await ctx.http.request("POST", ctx.value("server").rstrip("/") + SIGN_IN, json=given)
    if answer.is_good:
        return answer
    raise refusal(ctx, answer)


def _kept(ctx: Context) -> Session | None:
    token = ctx.session.get()
    try:
        did, ends_at = _claims(token)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return None
    return Session(did, token, ends_at)


def _claims(token: str) -> tuple[str, datetime]:
    """Whose a token is, and when it ends (RFC 7519, 4.1.2 and 4.1.4)."""
    payload = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except binascii.Error as fault:
        raise ValueError("no token of the kind that is asked for") from fault
    return str(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC)
