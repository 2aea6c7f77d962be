"""What the connector declares."""

from viche_connector_bluesky.connector import CAPABILITIES, BlueskyConnector
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Field,
    FieldKind,
    Idempotency,
    Limits,
    Localized,
    MediaLimit,
    Operation,
    Rate,
    TextLimit,
)

LIMITS = Limits(
    # app.bsky.feed.post
    text=TextLimit(300, most_bytes=3_000),
    # app.bsky.embed.images; the length of a description is that of Bluesky's own app
    images=MediaLimit(
        most=4,
        types=frozenset({"image/jpeg", "image/png", "image/webp"}),
        most_bytes=2_000_000,
        alt_most=2_000,
    ),
)

_WRITES = frozenset({Operation.PUBLISH, Operation.REPLY, Operation.HIDE, Operation.DELETE})
RATES = (
    # 5,000 points an hour and 35,000 a day; what puts a record counts two, and a hidden answer is one put
    Rate(_WRITES, 2_500, 3_600),
    Rate(_WRITES, 17_500, 86_400),
    # each probe signs in: 30 in five minutes and 300 a day, of which other calls need a dozen
    Rate(frozenset({Operation.PROBE}), 15, 300),
    Rate(frozenset({Operation.PROBE}), 200, 86_400),
    # 3,000 requests in five minutes from one address, for all of its accounts
    Rate(frozenset(Operation), 1_000, 300),
)

ABSENT = (
    (
        Capability.EDIT,
        Localized.of(
            en="Bluesky goes on showing a post as it was first written. Delete it and publish it anew.",
            uk="Bluesky і далі показує допис таким, яким його спершу написано. Видаліть його й опублікуйте знову.",
            bg="Bluesky продължава да показва публикацията както е написана първо. Изтрийте я и публикувайте отново.",
            ru="Bluesky и дальше показывает запись такой, какой её написали сначала. Удалите её и опубликуйте заново.",
        ),
    ),
    (
        Capability.POLL,
        Localized.of(
            en="Bluesky has no polls. Link to a survey instead.",
            uk="У Bluesky немає опитувань. Дайте натомість посилання на опитування Viche.",
            bg="В Bluesky няма анкети. Дайте връзка към анкета на Viche.",
            ru="В Bluesky нет опросов. Дайте вместо этого ссылку на опрос Viche.",
        ),
    ),
    (
        Capability.PUBLISH_VIDEO,
        Localized.of(
            en="Videos go through a service of Bluesky's own, which Viche does not use.",
            uk="Відео проходять через окрему службу Bluesky, якою Viche не користується.",
            bg="Видеата минават през отделна услуга на Bluesky, която Viche не използва.",
            ru="Видео проходят через отдельную службу Bluesky, которой Viche не пользуется.",
        ),
    ),
    (
        Capability.INBOX_MESSAGES,
        Localized.of(
            en="Private messages stay in Bluesky's app; Viche does not read them.",
            uk="Приватні повідомлення лишаються в застосунку Bluesky; Viche їх не читає.",
            bg="Личните съобщения остават в приложението на Bluesky; Viche не ги чете.",
            ru="Личные сообщения остаются в приложении Bluesky; Viche их не читает.",
        ),
    ),
    (
        Capability.PUBLISH_EVENT,
        Localized.of(
            en="Bluesky has no events; they are announced as posts.",
            uk="У Bluesky немає подій; про них повідомляють дописом.",
            bg="В Bluesky няма събития; съобщава се за тях с публикация.",
            ru="В Bluesky нет мероприятий; о них сообщают записью.",
        ),
    ),
    (
        Capability.WEBHOOK,
        Localized.of(
            en="Bluesky tells accounts nothing by webhook; the inbox is asked from time to time.",
            uk="Bluesky не надсилає акаунтам сповіщень через вебхук; скриньку перевіряємо час від часу.",
            bg="Bluesky не изпраща известия през уебхук; пощата се проверява от време на време.",
            ru="Bluesky не шлёт аккаунтам уведомлений через вебхук; входящие проверяются время от времени.",
        ),
    ),
)

FIELDS = (
    Field(
        "server",
        Localized.of(en="Server", uk="Сервер", bg="Сървър", ru="Сервер"),
        Localized.of(
            en="Address of the server where the account lives. For most it is https://bsky.social.",
            uk="Адреса сервера, на якому заведено акаунт. Здебільшого це https://bsky.social.",
            bg="Адресът на сървъра, на който е акаунтът. За повечето това е https://bsky.social.",
            ru="Адрес сервера, на котором заведён аккаунт. Чаще всего это https://bsky.social.",
        ),
        FieldKind.ADDRESS,
        pattern=r"https://[^/]+/?",
        example="https://bsky.social",
    ),
    Field(
        "handle",
        Localized.of(en="Handle", uk="Ім’я акаунта", bg="Име на акаунта", ru="Имя аккаунта"),
        Localized.of(
            en="The account's name, without the sign @.",
            uk="Назва акаунта без знака @.",
            bg="Името на акаунта без знака @.",
            ru="Название аккаунта без знака @.",
        ),
        pattern=r"@?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|did:[a-z]+:\S+",
        example="city.bsky.social",
    ),
    Field(
        "app_password",
        Localized.of(en="App password", uk="Пароль застосунку", bg="Парола за приложение", ru="Пароль приложения"),
        Localized.of(
            en="In Bluesky: Settings, Privacy and security, App passwords. Not the account's own password.",
            uk="У Bluesky: Налаштування, Конфіденційність і безпека, Паролі застосунків. Не пароль акаунта.",
            bg="В Bluesky: Настройки, Поверителност и сигурност, Пароли за приложения. Не паролата на акаунта.",
            ru="В Bluesky: Настройки, Конфиденциальность и безопасность, Пароли приложений. Не пароль аккаунта.",
        ),
        FieldKind.SECRET,
    ),
)

BLUESKY = ConnectorSpec(
    name="bluesky",
    platform="bluesky",
    title="Bluesky",
    description=Localized.of(
        en="Posts and pictures on Bluesky. Answers, mentions and quotations come back here.",
        uk="Дописи й фото в Bluesky. Відповіді, згадки й цитати надходять сюди.",
        bg="Публикации и снимки в Bluesky. Отговори, споменавания и цитати идват тук.",
        ru="Записи и фото в Bluesky. Ответы, упоминания и цитаты приходят сюда.",
    ),
    connector=BlueskyConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=FIELDS,
    limits=LIMITS,
    # the place of a record is drawn from the key, so that it holds for ever
    idempotency=Idempotency.NATIVE,
    hosts=frozenset({"{server}"}),
    rates=RATES,
    docs_url="https://docs.bsky.app/docs/advanced-guides/rate-limits",
)
