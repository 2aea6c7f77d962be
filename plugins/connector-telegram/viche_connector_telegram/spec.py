"""What the connector declares."""

from viche_connector_telegram.connector import CAPABILITIES, HEADER, TelegramConnector
from viche_connector_telegram.jurisdictions import JURISDICTIONS
from viche_connector_telegram.limits import LIMITS
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Field,
    FieldKind,
    Idempotency,
    Localized,
    Operation,
    Rate,
)

ABSENT = (
    (
        Capability.POLL_RESULTS,
        Localized.of(
            en="Telegram shows the counts in the channel and tells programs only when a poll is closed for good.",
            uk="Telegram показує голоси в каналі, а програмам називає їх, лише коли опитування закрито назавжди.",
            bg="Telegram показва гласовете в канала, а на програмите – само когато анкетата се затвори окончателно.",
            ru="Telegram показывает голоса в канале, а программам называет их, только когда опрос закрыт насовсем.",
        ),
    ),
    (
        Capability.METRICS_POST,
        Localized.of(
            en="Telegram does not tell bots how often a post was seen or shared.",
            uk="Telegram не повідомляє ботам, скільки разів допис переглянули чи поширили.",
            bg="Telegram не казва на ботовете колко пъти публикацията е видяна или споделена.",
            ru="Telegram не сообщает ботам, сколько раз запись посмотрели или переслали.",
        ),
    ),
    (
        Capability.HIDE,
        Localized.of(
            en="In Telegram comments can be deleted, not hidden; administrators of the group do that there.",
            uk="У Telegram коментар можна видалити, але не приховати; це роблять адміністратори групи.",
            bg="В Telegram коментар може да се изтрие, но не и да се скрие; това правят администраторите на групата.",
            ru="В Telegram комментарий можно удалить, но не скрыть; это делают администраторы группы.",
        ),
    ),
    (
        Capability.PUBLISH_EVENT,
        Localized.of(
            en="Telegram has no events; they are announced as posts.",
            uk="У Telegram немає подій; про них повідомляють дописом.",
            bg="В Telegram няма събития; съобщава се за тях с публикация.",
            ru="В Telegram нет мероприятий; о них сообщают записью.",
        ),
    ),
)

FIELDS = (
    Field(
        "channel",
        Localized.of(en="Channel", uk="Канал", bg="Канал", ru="Канал"),
        Localized.of(
            en="Its name with @, or its number that begins with -100.",
            uk="Його назва з @ або номер, що починається з -100.",
            bg="Името му с @ или номерът, който започва с -100.",
            ru="Его имя с @ или номер, который начинается с -100.",
        ),
        pattern=r"@[A-Za-z]\w{3,31}|-100\d{6,15}",
        example="@example_city",
    ),
    Field(
        "bot_token",
        Localized.of(en="Token of the bot", uk="Токен бота", bg="Токен на бота", ru="Токен бота"),
        Localized.of(
            en="@BotFather gives it when a bot is made. The bot must be an administrator of the channel.",
            uk="Його дає @BotFather, коли створюєте бота. Бот має бути адміністратором каналу.",
            bg="Дава го @BotFather при създаването на бота. Ботът трябва да е администратор на канала.",
            ru="Его выдаёт @BotFather при создании бота. Бот должен быть администратором канала.",
        ),
        FieldKind.SECRET,
        pattern=r"\d{5,20}:[A-Za-z0-9_-]{30,64}",
    ),
    Field(
        "webhook_secret",
        Localized.of(en="Secret of the webhook", uk="Секрет вебхука", bg="Тайна на уебхука", ru="Секрет вебхука"),
        Localized.of(
            en="Only if Telegram is to send comments by itself: the secret_token that you gave with setWebhook.",
            uk="Лише якщо Telegram має сам надсилати коментарі: secret_token, який ви вказали в setWebhook.",
            bg="Само ако Telegram сам ще изпраща коментарите: secret_token, който сте задали в setWebhook.",
            ru="Только если Telegram должен сам присылать комментарии: secret_token, указанный в setWebhook.",
        ),
        FieldKind.SECRET,
        is_required=False,
        pattern=r"[A-Za-z0-9_-]{16,256}",
    ),
)

TELEGRAM = ConnectorSpec(
    name="telegram",
    platform="telegram",
    title="Telegram",
    description=Localized.of(
        en="Posts, pictures, videos and polls in a channel. Comments and messages to the bot come back here.",
        uk="Дописи, фото, відео й опитування в каналі. Коментарі та повідомлення ботові надходять сюди.",
        bg="Публикации, снимки, видео и анкети в канал. Коментарите и съобщенията до бота идват тук.",
        ru="Записи, фото, видео и опросы в канале. Комментарии и сообщения боту приходят сюда.",
    ),
    connector=TelegramConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=FIELDS,
    limits=LIMITS,
    idempotency=Idempotency.NONE,
    hosts=frozenset({"api.telegram.org"}),
    rates=(
        Rate(frozenset(Operation), 30, 1),
        # core.telegram.org/bots/faq: 20 messages a minute to one group, and one a second to one chat
        Rate(frozenset({Operation.PUBLISH, Operation.REPLY, Operation.EDIT}), 20, 60),
        Rate(frozenset({Operation.PUBLISH, Operation.REPLY, Operation.EDIT}), 1, 1),
    ),
    jurisdictions=JURISDICTIONS,
    webhook_headers=(HEADER,),
    docs_url="https://core.telegram.org/bots/api",
)
