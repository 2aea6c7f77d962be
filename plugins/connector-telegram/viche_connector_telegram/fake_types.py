"""Objects as the Bot API gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

BOT_ID = 110_201_543
CHANNEL_ID = -1_001_234_567_890
GROUP_ID = -1_009_876_543_210
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Viche", "username": "example_city_bot"}
CHANNEL = {"id": CHANNEL_ID, "type": "channel", "title": "Місто", "username": "example_city"}
GROUP = {"id": GROUP_ID, "type": "supergroup", "title": "Місто: обговорення"}
NEIGHBOUR = {"id": 555, "is_bot": False, "first_name": "Оксана", "last_name": "С.", "username": "oksana"}
PRIVATE = {"id": 555, "type": "private", "first_name": "Оксана", "last_name": "С.", "username": "oksana"}

RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_post_messages", "can_edit_messages",
)  # fmt: skip
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def full(chat: Mapping[str, Any]) -> dict[str, Any]:
    """Type ChatFullInfo."""
    linked = {"linked_chat_id": GROUP_ID} if chat["id"] == CHANNEL_ID else {}
    gifts = dict.fromkeys(GIFTS, False)
    return {**chat, **linked, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def administrator(user: Mapping[str, Any], **rights: bool) -> dict[str, Any]:
    """Type ChatMemberAdministrator, with all rights but those that are taken."""
    has = {**dict.fromkeys(RIGHTS, True), **rights}
    return {"status": "administrator", "user": user, "can_be_edited": False, "is_anonymous": False, **has}


def photo(size_bytes: int) -> list[dict[str, Any]]:
    """An array of the type PhotoSize."""
    return [{"file_id": "AgAC", "file_unique_id": "AQAD", "width": 1, "height": 1, "file_size": size_bytes}]


def video(size_bytes: int) -> dict[str, Any]:
    """Type Video."""
    return {**photo(size_bytes)[0], "file_id": "BAAC", "duration": 3}


def poll_of(given: Mapping[str, Any], options: Sequence[str]) -> dict[str, Any]:
    """Type Poll, new."""
    described = {"description": given["description"]} if "description" in given else {}
    return {
        "id": "5415",
        "question": given["question"],
        "options": [
            {"persistent_id": str(number), "text": option, "voter_count": 0} for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": given["allows_multiple_answers"],
        "allows_revoting": True,
        "members_only": False,
        "open_period": given["open_period"],
        **described,
    }
