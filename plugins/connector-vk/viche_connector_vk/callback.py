"""What VK sends by itself: its Callback API (callback/objects.json of the API schema 5.199).

VK signs nothing. What it sends holds a secret that an administrator of the community has entered there; it sends again
until it hears "ok". Before the first event it asks for a line that it shows to the administrator.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from viche_connector_vk.messages import FIRST_CHAT, is_of_somebody, item_of
from viche_sdk.connectors.types import Challenge, Context, InboxItem, InvalidContent, PermissionDenied

SECRET, CONFIRMATION = "callback_secret", "callback_confirmation"
ANSWER = "ok"
MESSAGES = frozenset({"message_new", "message_edit"})


def read(ctx: Context, body: bytes) -> Challenge | Sequence[InboxItem]:
    """What came in.

    Raises:
        PermissionDenied: it does not hold the secret, is of another community, or nothing was entered here.
        InvalidContent: it is none of VK's.
    """
    event = _event(body)
    if str(event.get("group_id")) != ctx.value("community"):
        raise PermissionDenied("it is of another community")
    if event.get("type") == "confirmation" and "secret" not in event:
        # an administrator may confirm the server before a secret is entered there; the line opens nothing
        return _confirmed(ctx)
    secret, said = ctx.secret(SECRET), event.get("secret")
    if not secret or not isinstance(said, str) or not hmac.compare_digest(said.encode(), secret.encode()):
        raise PermissionDenied("the secret is missing or wrong")
    if event.get("type") == "confirmation":
        return _confirmed(ctx)
    return _messages(event) if event.get("type") in MESSAGES else ()


def _confirmed(ctx: Context) -> Challenge:
    line = ctx.value(CONFIRMATION)
    if not line:
        raise PermissionDenied("no line to confirm with was entered")
    return Challenge(line)


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise InvalidContent("no JSON") from fault
    if not isinstance(event, dict):
        raise InvalidContent("no event")
    return event


def _messages(event: Mapping[str, Any]) -> Sequence[InboxItem]:
    """The message of a person; VK wraps new ones since version 5.103, edited ones stand bare."""
    try:
        about = event["object"]
        message = about.get("message", about)
        if not 0 < message["peer_id"] < FIRST_CHAT or not is_of_somebody(message):
            return ()
        return (item_of(message, {}),)
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError, OSError) as fault:
        raise InvalidContent(f"no message as VK describes it: {fault!r}") from fault
