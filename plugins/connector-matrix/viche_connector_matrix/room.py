"""The room of an account, and what the account may do there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from viche_connector_matrix.client import API, API_V1, get, in_room
from viche_connector_matrix.content import MESSAGE, POLL
from viche_connector_matrix.inbox import REDACTION, address
from viche_connector_matrix.limits import UPLOAD_BYTES, limits_of
from viche_sdk.connectors.types import AccountInfo, Capability, Context, NotFound, PermissionDenied, Unsupported

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_TEXT,
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.PUBLISH_VIDEO,
        Capability.POLL,
        Capability.POLL_RESULTS,
        Capability.EDIT,
        Capability.DELETE,
        Capability.INBOX_COMMENTS,
        Capability.INBOX_MENTIONS,
        Capability.REPLY,
        Capability.METRICS_POST,
        Capability.METRICS_ACCOUNT,
    }
)

CREATORS_RULE = 12
"""From this version on those who made a room stand above all levels (MSC4289)."""


async def room_of(ctx: Context, own: str) -> AccountInfo:
    """What is known of the room, as an account.

    Raises:
        PermissionDenied: the account is not in the room, or may not write there.
        Unsupported: the room is encrypted.
    """
    room = await _id_of(ctx, ctx.value("room").strip())
    levels = await _state(ctx, room, "m.room.power_levels")
    if await _state(ctx, room, "m.room.encryption"):
        raise Unsupported("the room is encrypted from end to end: what is public needs a room without encryption")
    granted = _granted(levels, own, await _made_by(ctx, room))
    alias = (await _state(ctx, room, "m.room.canonical_alias")).get("alias") or ""
    name = (await _state(ctx, room, "m.room.name")).get("name") or ""
    answer = await get(ctx, f"{API_V1}/media/config")
    with answer.understood():
        upload_bytes = answer.object().get("m.upload.size") or UPLOAD_BYTES
    return AccountInfo(
        id=room,
        handle=alias or own,
        name=name or alias or room,
        url=address(alias or room),
        granted=granted,
        limits=limits_of(upload_bytes),
    )


async def _id_of(ctx: Context, room: str) -> str:
    """The id of a room; an alias is looked up."""
    if not room.startswith("#"):
        return room
    answer = await get(ctx, f"{API}/directory/room/{quote(room, safe='')}")
    with answer.understood():
        return answer.object()["room_id"]


async def _state(ctx: Context, room: str, type_: str, **params: str) -> Mapping[str, Any]:
    """The content of a state event; empty where there is none."""
    try:
        answer = await get(ctx, in_room(room, f"state/{type_}"), **params)
    except NotFound:
        return {}
    return answer.object()


async def _made_by(ctx: Context, room: str) -> frozenset[str]:
    """Those who stand above all levels."""
    event = await _state(ctx, room, "m.room.create", format="event")
    content = event.get("content", {})
    version = str(content.get("room_version", "1"))
    if version.isdigit() and int(version) < CREATORS_RULE:
        return frozenset()
    return frozenset({event.get("sender", ""), *content.get("additional_creators", ())})


def _granted(levels: Mapping[str, Any], own: str, creators: frozenset[str]) -> frozenset[Capability]:
    """What an account's level is enough for."""
    if own in creators:
        return CAPABILITIES
    level = levels.get("users", {}).get(own, levels.get("users_default", 0))
    asked = levels.get("events", {})

    def may(type_: str) -> bool:
        return level >= asked.get(type_, levels.get("events_default", 0))

    if not may(MESSAGE):
        raise PermissionDenied("the account may not write in the room: raise its power level", permission=MESSAGE)
    taken = {Capability.POLL, Capability.POLL_RESULTS} if not may(POLL) else set[Capability]()
    return CAPABILITIES - taken - (set() if may(REDACTION) else {Capability.DELETE})
