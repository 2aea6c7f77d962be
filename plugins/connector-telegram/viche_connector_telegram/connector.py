"""The calls, by the Bot API 10.1 (core.telegram.org/bots/api)."""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from viche_connector_telegram.client import ask, do, result_of
from viche_connector_telegram.errors import NOT_MODIFIED, WEBHOOK_IS_SET
from viche_connector_telegram.inbox import ASKED_FOR, items_of, place_of, read
from viche_connector_telegram.limits import POLL_TEXT, POSSIBLE_SIDES
from viche_connector_telegram.sending import preview, send
from viche_sdk.connectors.types import (
    AccountInfo,
    Answer,
    Capability,
    Connector,
    Context,
    InboxItem,
    InvalidContent,
    Limits,
    Metric,
    MetricName,
    NotFound,
    Page,
    PermissionDenied,
    Post,
    Problem,
    ProblemReason,
    Published,
    Unsupported,
    length_of,
    with_link,
)

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_TEXT,
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.PUBLISH_VIDEO,
        Capability.POLL,
        Capability.EDIT,
        Capability.DELETE,
        Capability.INBOX_COMMENTS,
        Capability.INBOX_MESSAGES,
        Capability.REPLY,
        Capability.METRICS_ACCOUNT,
        Capability.WEBHOOK,
    }
)
PAGE = 100
HEADER = "x-telegram-bot-api-secret-token"
OF_GROUP = frozenset({Capability.INBOX_COMMENTS})


class TelegramConnector(Connector):
    """One bot that is an administrator of one channel."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Who the bot is, which channel, and what the bot may do there and in the linked group."""
        bot = await ask(ctx, "getMe")
        with bot.understood():
            bot_id = str(result_of(bot)["id"])
        chat = await ask(ctx, "getChat", chat_id=ctx.value("channel"))
        with chat.understood():
            is_channel = result_of(chat)["type"] == "channel"
        if not is_channel:
            raise Unsupported("this is no channel: enter the name of a channel")
        member = await ask(ctx, "getChatMember", chat_id=ctx.value("channel"), user_id=bot_id)
        with member.understood():
            may_post = is_head(result_of(member), "can_post_messages")
        if not may_post:
            raise PermissionDenied("the bot may not post in the channel", permission="can_post_messages")
        reads_comments = await _reads_comments(ctx, bot, chat)
        with chat.understood():
            return _account(result_of(chat), CAPABILITIES if reads_comments else CAPABILITIES - OF_GROUP)

    def validate(self, post: Post, limits: Limits) -> Sequence[Problem]:
        """What stands beside a poll is shorter, and pictures have a shape that clients can show."""
        found: list[Problem] = []
        if post.poll and post.media:
            found.append(Problem("poll", ProblemReason.POLL_WITH_MEDIA))
        length = length_of(with_link(post.text, post.link), POLL_TEXT)
        if post.poll and length > POLL_TEXT.most:
            found.append(Problem("text", ProblemReason.TEXT_TOO_LONG, str(length), str(POLL_TEXT.most)))
        for media in post.media:
            if media.width + media.height > POSSIBLE_SIDES:
                sides = f"{media.width} + {media.height}"
                found.append(Problem("media", ProblemReason.TOO_MANY_PIXELS, sides, str(POSSIBLE_SIDES)))
        return found

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """One request, whatever the post holds. Telegram knows no keys: nothing is ever sent again."""
        numbers = await send(ctx, ctx.value("channel"), post)
        return Published(",".join(map(str, numbers)), _address(ctx, numbers[0]))

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """Another text or caption. Files and polls stay as they are."""
        if post.poll:
            raise InvalidContent("a poll cannot be changed once it is out", field="poll")
        chat, numbers = _place(ctx, ref)
        text = with_link(post.text, post.link)
        method, body = ("editMessageCaption", {"caption": text}) if post.media else ("editMessageText", {"text": text})
        if not post.media:
            body = {**body, **preview(post)}
        try:
            await do(ctx, method, json={"chat_id": chat, "message_id": numbers[0], **body})
        except InvalidContent as error:
            if NOT_MODIFIED not in error.detail:
                raise
        return Published(ref, _address(ctx, numbers[0]))

    async def delete(self, ctx: Context, ref: str) -> None:
        """Within 48 hours; all pictures of an album."""
        chat, numbers = _place(ctx, ref)
        try:
            if len(numbers) > 1:
                await do(ctx, "deleteMessages", json={"chat_id": chat, "message_ids": numbers})
            else:
                await do(ctx, "deleteMessage", json={"chat_id": chat, "message_id": numbers[0]})
        except NotFound:
            return

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Updates from the cursor on. Asking with a cursor is what lets Telegram forget those before it.

        Where Telegram sends them to our webhook there is nothing to ask for.
        """
        since = {"offset": cursor} if cursor else {}
        try:
            answer = await ask(ctx, "getUpdates", limit=str(PAGE), allowed_updates=json.dumps(ASKED_FOR), **since)
        except PermissionDenied as error:
            if WEBHOOK_IS_SET in error.detail and ctx.secret("webhook_secret"):
                return Page((), cursor)
            raise
        with answer.understood():
            found = sorted(result_of(answer), key=lambda update: update["update_id"])
            items = tuple(item for update in found for item in items_of(update, ctx.account))
            following = str(found[-1]["update_id"] + 1) if found else cursor
            return Page(items, following, has_more=len(found) == PAGE)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """In the group or the conversation, under what it answers."""
        chat, number = place_of(item.id)
        body = {"chat_id": chat, "text": text, "reply_parameters": {"message_id": number}}
        answer = await do(ctx, "sendMessage", json=body)
        with answer.understood():
            return Published(f"{chat}:{result_of(answer)['message_id']}")

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Followers. Bots are not told how often a post was seen."""
        answer = await ask(ctx, "getChatMemberCount", chat_id=ctx.value("channel"))
        with answer.understood():
            return [Metric(MetricName.FOLLOWERS, int(result_of(answer)))]

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Sequence[InboxItem]:
        """Telegram signs nothing; it sends the secret that was given to it with the webhook's address."""
        secret, given = ctx.secret("webhook_secret"), headers.get(HEADER, "")
        if not secret or not hmac.compare_digest(secret.encode(), given.encode()):
            raise PermissionDenied("the webhook's secret is not the one that was entered")
        return read(body, ctx.account)


def is_head(member: Mapping[str, Any], right: str = "") -> bool:
    """Whether a member of a chat runs it, with a right that not all who do have."""
    return member["status"] == "creator" or (member["status"] == "administrator" and (not right or bool(member[right])))


async def _reads_comments(ctx: Context, bot: Answer, chat: Answer) -> bool:
    """A bot reads a group that it runs, or whose member it is with privacy mode off."""
    with chat.understood():
        group = str(result_of(chat).get("linked_chat_id", ""))
    if not group:
        return False
    with bot.understood():
        bot_id, reads_all = str(result_of(bot)["id"]), result_of(bot).get("can_read_all_group_messages", False)
    try:
        member = await ask(ctx, "getChatMember", chat_id=group, user_id=bot_id)
    except (NotFound, PermissionDenied, InvalidContent):
        return False
    with member.understood():
        return is_head(result_of(member)) or (reads_all and result_of(member)["status"] == "member")


def _account(chat: Mapping[str, Any], granted: frozenset[Capability]) -> AccountInfo:
    name = chat.get("username", "")
    return AccountInfo(
        id=str(chat["id"]),
        handle=f"@{name}" if name else chat["title"],
        name=chat["title"],
        url=f"https://t.me/{name}" if name else "",
        granted=granted,
    )


def _place(ctx: Context, ref: str) -> tuple[str, list[int]]:
    """Chat and numbers, from the ref of a post ("12", "12,13") or of an answer ("-100123:12").

    Raises:
        NotFound: it is no ref of ours.
    """
    chat, _, numbers = ref.rpartition(":")
    try:
        return chat or ctx.value("channel"), [int(number) for number in numbers.split(",")]
    except ValueError:
        raise NotFound(f"no message of Telegram's: {ref!r}") from None


def _address(ctx: Context, number: int) -> str:
    """Channels without a name show their posts to members alone, at an address made of their number."""
    handle = ctx.account.handle
    place = handle[1:] if handle.startswith("@") else f"c/{ctx.account.id.removeprefix('-100')}"
    return f"https://t.me/{place}/{number}"
