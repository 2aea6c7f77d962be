"""What the Account Activity API sends (docs.x.com, webhooks): posts in the older form (version 1.1), and messages."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from viche_connector_x.reading import item_of, message_of
from viche_sdk.connectors.types import Challenge, Context, InboxItem, PermissionDenied

SIGNATURE = "x-twitter-webhooks-signature"


def heard(ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | list[InboxItem]:
    """Answers the challenge, or reads what is rightly signed.

    Raises:
        PermissionDenied: the signature is wrong, or no consumer secret was entered to check it with; or the challenge
            would have us sign what could be an event.
    """
    secret = ctx.secret("consumer_secret").encode()
    if not secret:
        raise PermissionDenied("no consumer secret was entered")
    if token := headers.get("query-crc_token"):
        # the same secret signs events, which are JSON objects: whoever asks must not get the signature of one
        if "{" in token:
            raise PermissionDenied("this is no challenge")
        return Challenge(json.dumps({"response_token": signature(secret, token.encode())}), "application/json")
    if not hmac.compare_digest(signature(secret, body).encode(), headers.get(SIGNATURE, "").encode()):
        raise PermissionDenied("the signature is wrong")
    try:
        return list(_items(json.loads(body), ctx.account.id, ctx.account.handle))
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise PermissionDenied(f"signed, and not of the kind that is known: {type(fault).__name__}") from fault


def signature(secret: bytes, body: bytes) -> str:
    """HMAC with SHA-256 over what came."""
    return "sha256=" + base64.b64encode(hmac.new(secret, body, sha256).digest()).decode()


def _items(event: Mapping[str, Any], own_id: str, handle: str) -> Iterator[InboxItem]:
    if event.get("for_user_id") != own_id:
        return
    for post in event.get("tweet_create_events", ()):
        if post["user"]["id_str"] != own_id and "retweeted_status" not in post:
            yield item_of(_post(post), {post["user"]["id_str"]: _user(post["user"])}, own_id, handle)
    users = {id_: _user(user) for id_, user in event.get("users", {}).items()}
    for message in event.get("direct_message_events", ()):
        if message["type"] == "message_create" and message["message_create"]["sender_id"] != own_id:
            yield message_of(_message(message, own_id), users, own_id)


def _post(post: Mapping[str, Any]) -> dict[str, Any]:
    """The newer form of a post."""
    whole = post.get("extended_tweet") or {}
    parent = post.get("in_reply_to_status_id_str")
    return {
        "id": post["id_str"],
        "text": whole.get("full_text") or post["text"],
        "entities": whole.get("entities") or post.get("entities") or {},
        "author_id": post["user"]["id_str"],
        "created_at": parsedate_to_datetime(_reordered(post["created_at"])).isoformat(),
        "in_reply_to_user_id": post.get("in_reply_to_user_id_str"),
        "referenced_posts": [{"type": "replied_to", "id": parent}] if parent else [],
        "lang": post.get("lang"),
    }


def _reordered(made_at: str) -> str:
    """ "Wed Oct 10 20:19:24 +0000 2018" in the order of RFC 5322."""
    _, month, day, time, zone, year = made_at.split()
    return f"{day} {month} {year} {time} {zone}"


def _message(event: Mapping[str, Any], own_id: str) -> dict[str, Any]:
    """The newer form of a message; a conversation of two is named by both, the smaller id first."""
    sent = event["message_create"]
    pair = sorted((sent["sender_id"], sent["target"]["recipient_id"] or own_id), key=int)
    return {
        "id": event["id"],
        "text": sent["message_data"]["text"],
        "entities": sent["message_data"].get("entities") or {},
        "sender_id": sent["sender_id"],
        "dm_conversation_id": "-".join(pair),
        "created_at": datetime.fromtimestamp(int(event["created_timestamp"]) / 1000, UTC).isoformat(),
    }


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": user.get("name", ""), "username": user.get("screen_name", "")}
