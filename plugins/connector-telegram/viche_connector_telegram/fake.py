"""The Bot API that is not there: one bot, one channel with its linked group, and a neighbour who writes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from viche_connector_telegram.fake_faults import FAULTS, said
from viche_connector_telegram.fake_parts import CAPTION_MOST, Refused, bare, caption_of, file_of, is_first, length_of
from viche_connector_telegram.fake_schema import BotApi, arguments
from viche_connector_telegram.fake_types import (
    BOT,
    BOT_ID,
    CHANNEL,
    CHANNEL_ID,
    GROUP,
    GROUP_ID,
    NEIGHBOUR,
    PRIVATE,
    administrator,
    full,
    poll_of,
)
from viche_sdk.connectors.testing import RETRY_AFTER_S, FakePlatform, Fault, Hook, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105
CHATS = {str(each["id"]): each for each in (CHANNEL, GROUP, PRIVATE)} | {"@example_city": CHANNEL}
TEXT_MOST, QUESTION_MOST, OPTION_MOST, OPTIONS_MOST = 4_096, 300, 100, 12
POLL_S = range(5, 2_628_000 + 1)
UPDATES_MOST = 100


@dataclass
class Written:
    """A message of anybody, as the Bot API tells it."""

    message: dict[str, Any]
    by_bot: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Chat and number."""
        return self.message["chat"]["id"], self.message["message_id"]


class TelegramFake(FakePlatform):
    """Strict as the platform is; what is signed is the secret alone."""

    values: ClassVar = {"channel": "@example_city"}
    faults: ClassVar[Sequence[Fault]] = FAULTS
    signs_time: ClassVar = False
    signs_secret_only: ClassVar = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.messages: dict[tuple[int, int], Written] = {}
        self.updates: list[dict[str, Any]] = []
        self.last = {CHANNEL_ID: 10, GROUP_ID: 500, PRIVATE["id"]: 0}
        self.last_update = 870_000
        self.members: dict[int, dict[str, Any]] = dict.fromkeys((CHANNEL_ID, GROUP_ID), administrator(BOT))
        self.schema = BotApi.of(self.schemas / "api.min.json") if self.schemas else None

    # what people do

    def make_secrets(self) -> dict[str, str]:
        """A token has a form of its own."""
        return {**super().make_secrets(), "bot_token": TOKEN}

    def shown(self) -> list[Shown]:
        """The bot's messages; those of an album together."""
        own = [each.message for each in self.messages.values() if each.by_bot]
        return [self._shown(each, own) for each in own if is_first(each, own)]

    def _shown(self, message: Mapping[str, Any], own: Iterable[Mapping[str, Any]]) -> Shown:
        album = message.get("media_group_id")
        files = [each for each in own if album and each.get("media_group_id") == album] or [message]
        poll = message.get("poll", {})
        return Shown(
            str(message["message_id"]),
            message.get("text") or message.get("caption") or poll.get("description", ""),
            tuple("" for each in files if "photo" in each or "video" in each),
            tuple(option["text"] for option in poll.get("options", ())),
            link=message.get("link_preview_options", {}).get("url", ""),
            on=str(message.get("reply_to_message", {}).get("message_id", "")),
        )

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """A neighbour writes to the bot, or under a post, whose copy stands in the group."""
        if kind is InboxKind.MESSAGE:
            message = self._put(PRIVATE, {"from": NEIGHBOUR, "text": text}).message
        else:
            copy = self._copy_of(int(on.id if on else 0))
            answer = {"reply_to_message": copy, "message_thread_id": copy["message_id"]}
            message = self._put(GROUP, {"from": NEIGHBOUR, "text": text, **answer}).message
        self._tell("message", message)

    def rate_limit(self) -> Reply:
        """With its own name for the time."""
        seconds = int(RETRY_AFTER_S)
        return said(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def end_consent(self) -> None:
        """The token was revoked at @BotFather."""
        self.fail_with(self.faults[0])

    def hook(self, text: str, at: datetime) -> Hook:
        """A message to the bot."""
        message = self._put(PRIVATE, {"from": NEIGHBOUR, "text": text}).message
        body = reply({"update_id": self.last_update + 1, "message": message}).body
        return Hook({"x-telegram-bot-api-secret-token": self.secrets["webhook_secret"]}, body)

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """Against the Bot API's description."""
        return self.schema.faults(request, said) if self.schema else ()

    # what the Bot API does

    def handle(self, request: Request) -> Reply:
        """Finds the method."""
        _, bot, name = request.path.split("/", 2)
        try:
            if bot != f"bot{self.secrets['bot_token']}":
                raise Refused(401, "Unauthorized")
            method = METHODS.get(name)
            if method is None:
                raise Refused(404, "Not Found: method not found")
            return reply({"ok": True, "result": method(self, arguments(request), request)})
        except Refused as refused:
            return refused.reply

    def get_me(self, given: Mapping[str, Any], request: Request) -> Any:
        """The bot."""
        return {
            **BOT,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def get_chat(self, given: Mapping[str, Any], request: Request) -> Any:
        """The channel."""
        return full(self._chat(given))

    def get_chat_member(self, given: Mapping[str, Any], request: Request) -> Any:
        """What the bot is in a chat."""
        chat = self._chat(given)
        if given["user_id"] != BOT_ID:
            raise Refused(400, "Bad Request: user not found")
        return self.members[chat["id"]]

    def get_chat_member_count(self, given: Mapping[str, Any], request: Request) -> Any:
        """Subscribers."""
        self._chat(given)
        return 1_234

    def send_message(self, given: Mapping[str, Any], request: Request) -> Any:
        """A text, maybe in answer to another."""
        text = given["text"].strip()
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        if length_of(text) > TEXT_MOST:
            raise Refused(400, "Bad Request: message is too long")
        parts: dict[str, Any] = {"text": text}
        if preview := given.get("link_preview_options"):
            parts["link_preview_options"] = preview
        chat = self._chat(given)
        if answered := given.get("reply_parameters"):
            there = self.messages.get((chat["id"], answered["message_id"]))
            if there is None:
                raise Refused(400, "Bad Request: message to be replied not found")
            parts["reply_to_message"] = bare(there.message)
        return self._post(chat, parts)

    def send_file(self, given: Mapping[str, Any], request: Request) -> Any:
        """A picture or a video with its caption."""
        kind = request.path.rpartition("/send")[2].lower()
        if kind not in request.files:
            raise Refused(400, f"Bad Request: there is no {kind} in the request")
        _, content, type_ = request.files[kind]
        return self._post(self._chat(given), {**file_of(kind, content, type_), **caption_of(given)})

    def send_media_group(self, given: Mapping[str, Any], request: Request) -> Any:
        """An album of two to ten."""
        if not 2 <= len(given["media"]) <= 10:
            raise Refused(400, "Bad Request: too many messages to send as an album")
        group, chat, sent = str(self.last_update), self._chat(given), []
        for each in given["media"]:
            _, content, type_ = request.files[each["media"].removeprefix("attach://")]
            parts = {**file_of(each["type"], content, type_), **caption_of(each), "media_group_id": group}
            sent.append(self._post(chat, parts))
        return sent

    def send_poll(self, given: Mapping[str, Any], request: Request) -> Any:
        """A poll with what stands beside it."""
        options = [option["text"] for option in given["options"]]
        if not 1 <= len(options) <= OPTIONS_MOST:
            raise Refused(400, "Bad Request: poll can't have more than 12 options")
        if length_of(given["question"]) > QUESTION_MOST or any(length_of(option) > OPTION_MOST for option in options):
            raise Refused(400, "Bad Request: poll options length must not exceed 100")
        if given["open_period"] not in POLL_S:
            raise Refused(400, "Bad Request: poll open period must be between 5 and 2628000")
        if length_of(given.get("description", "")) > CAPTION_MOST:
            raise Refused(400, "Bad Request: message caption is too long")
        return self._post(self._chat(given), {"poll": poll_of(given, options)})

    def edit(self, given: Mapping[str, Any], request: Request) -> Any:
        """Another text or caption."""
        message = self._own(given, "edit").message
        name = "text" if "text" in given else "caption"
        if name == "text" and "text" not in message:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        if length_of(given[name]) > (TEXT_MOST if name == "text" else CAPTION_MOST):
            raise Refused(400, "Bad Request: message is too long")
        if message.get(name) == given[name]:
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        message[name] = given[name]
        return message

    def delete(self, given: Mapping[str, Any], request: Request) -> Any:
        """One, which must be there."""
        del self.messages[self._own(given, "delete").place]
        return True

    def delete_many(self, given: Mapping[str, Any], request: Request) -> Any:
        """Those that are there."""
        for number in given["message_ids"]:
            self.messages.pop((self._chat(given)["id"], number), None)
        return True

    def get_updates(self, given: Mapping[str, Any], request: Request) -> Any:
        """From the offset on; those before it are forgotten."""
        self.updates = [each for each in self.updates if each["update_id"] >= given.get("offset", 0)]
        return self.updates[: given.get("limit", UPDATES_MOST)]

    def _chat(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found = CHATS.get(str(given["chat_id"]))
        if found is None:
            raise Refused(400, "Bad Request: chat not found")
        return found

    def _own(self, given: Mapping[str, Any], what: str) -> Written:
        found = self.messages.get((self._chat(given)["id"], given["message_id"]))
        if found is None or not found.by_bot:
            raise Refused(400, f"Bad Request: message to {what} not found")
        return found

    def _post(self, chat: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
        """A message of the bot; Telegram copies those of the channel into the group, and tells the bot of that."""
        sender = {"sender_chat": CHANNEL} if chat is CHANNEL else {"from": BOT}
        message = self._put(chat, {**sender, **parts}, by_bot=True).message
        if chat is CHANNEL:
            origin = {"type": "channel", "date": message["date"], "chat": CHANNEL, "message_id": message["message_id"]}
            copy = {"sender_chat": CHANNEL, "forward_origin": origin, "is_automatic_forward": True, **parts}
            self._tell("message", self._put(GROUP, copy).message)
        return message

    def _put(self, chat: dict[str, Any], parts: dict[str, Any], by_bot: bool = False) -> Written:
        self.last[chat["id"]] += 1
        date = int(self.clock.now().timestamp())
        written = Written({"message_id": self.last[chat["id"]], "date": date, "chat": chat, **parts}, by_bot)
        self.messages[written.place] = written
        return written

    def _copy_of(self, number: int) -> dict[str, Any]:
        found = (each.message for each in self.messages.values() if "forward_origin" in each.message)
        return next(bare(each) for each in found if each["forward_origin"]["message_id"] == number)

    def _tell(self, name: str, message: dict[str, Any]) -> None:
        self.last_update += 1
        self.updates.append({"update_id": self.last_update, name: message})


Method = Callable[[TelegramFake, Mapping[str, Any], Request], Any]

METHODS: dict[str, Method] = {
    "getMe": TelegramFake.get_me,
    "getChat": TelegramFake.get_chat,
    "getChatMember": TelegramFake.get_chat_member,
    "getChatMemberCount": TelegramFake.get_chat_member_count,
    "sendMessage": TelegramFake.send_message,
    "sendPhoto": TelegramFake.send_file,
    "sendVideo": TelegramFake.send_file,
    "sendMediaGroup": TelegramFake.send_media_group,
    "sendPoll": TelegramFake.send_poll,
    "editMessageText": TelegramFake.edit,
    "editMessageCaption": TelegramFake.edit,
    "deleteMessage": TelegramFake.delete,
    "deleteMessages": TelegramFake.delete_many,
    "getUpdates": TelegramFake.get_updates,
}

FAKES = {"telegram": TelegramFake}
