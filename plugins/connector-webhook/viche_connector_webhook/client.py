"""Signing and sending (Standard Webhooks 1.0.0), and what the answers mean."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from viche_connector_webhook.events import Event, envelope
from viche_sdk.connectors.types import (
    Answer,
    AuthExpired,
    ConnectorError,
    Context,
    InvalidContent,
    NotFound,
    PermissionDenied,
    Transient,
    error_of,
)

FIELDS = frozenset({"text", "link", "title", "media", "event"})
"""Parts of a post that a receiver may name as the one that it does not take."""

TOLERANCE_S = 300
"""So old may a signature be, as the libraries of Standard Webhooks have it."""

UNSETTLED = frozenset({408, 425, 429})
"""Refusals that are none: it may go another time."""


async def send(ctx: Context, id_: str, event: Event, data: Mapping[str, Any]) -> Answer:
    """Sends one event.

    Args:
        ctx: of the call.
        id_: the same each time when the same event is sent again; receivers take it once.
        event: what has happened.
        data: about it.

    Raises:
        ConnectorError: the receiver refuses, or nobody knows.
    """
    now = ctx.clock.now()
    body = json.dumps(envelope(event, now, data), ensure_ascii=False, separators=(",", ":"))
    answer = await ctx.http.request(
        "POST",
        ctx.value("address"),
        content=body.encode(),
        headers={
            "Content-Type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": _signatures(ctx, id_, body),
        },
    )
    if not answer.is_good:
        raise _refusal(answer, now)
    # a page for people: whoever answered so is not the receiver
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise answer.doubt(f"status {answer.status}, and a page for people: {answer.shown()}")
    return answer


def said_by(answer: Answer) -> Mapping[str, Any]:
    """What the receiver says besides its status; nothing where it says nothing in JSON."""
    try:
        found = answer.json()
    except ConnectorError:
        return {}
    return found if isinstance(found, dict) else {}


def _signatures(ctx: Context, id_: str, body: str) -> str:
    """One for each secret: while a receiver changes its secret it takes either."""
    from standardwebhooks import Webhook
    from standardwebhooks.webhooks import EmptyWebhookSecretError

    secrets = [ctx.secret("secret"), *filter(None, [ctx.secret("previous_secret")])]
    try:
        return " ".join(Webhook(secret).sign(id_, ctx.clock.now(), body) for secret in secrets)
    except (ValueError, EmptyWebhookSecretError) as fault:
        raise PermissionDenied("the secret is none of Standard Webhooks: whsec_ and base64") from fault


def _apart_s(answer: Answer, now: datetime) -> float:
    """How far the receiver's clock is from ours, by its header Date (RFC 9110, 6.6.1); 0 where it does not say."""
    try:
        return abs((parsedate_to_datetime(answer.headers.get("date", "")) - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _refusal(answer: Answer, signed_at: datetime) -> ConnectorError:
    said = said_by(answer)
    reason = f"status {answer.status}: {said.get('error') or answer.shown()}"
    match answer.status:
        # receivers refuse what was signed some minutes ago, and do not say so
        case 400 | 401 if (apart_s := _apart_s(answer, signed_at)) > TOLERANCE_S:
            return Transient(f"{reason}; our clock and the receiver's are {apart_s:.0f} s apart")
        case 400 | 413 | 415 | 422:
            field = said.get("field")
            return InvalidContent(reason, field=field if field in FIELDS else "text")
        # "no longer interested … Sender should disable the webhook endpoint"
        case 401 | 410:
            return AuthExpired(reason)
        case status if 300 <= status < 400:
            return NotFound(f"the address has moved to {answer.headers.get('location', 'another')}: enter that one")
        case status if 400 <= status < 500 and status not in UNSETTLED | {403, 404}:
            return PermissionDenied(reason)
        case _:
            return error_of(answer, reason)
