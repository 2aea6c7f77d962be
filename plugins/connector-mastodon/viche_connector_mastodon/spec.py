"""What the connector declares. Limits are those of a server as it comes (version 4.7); each tells its own at probe."""

from viche_connector_mastodon.connector import CAPABILITIES, MastodonConnector
from viche_connector_mastodon.limits import ALT_MOST, QUESTION_MOST
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
    PollLimit,
    Rate,
    TextLimit,
)

LIMITS = Limits(
    text=TextLimit(500, address_length=23),
    images=MediaLimit(
        most=4,
        types=frozenset(
            {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"}
        ),
        most_bytes=16 * 1024 * 1024,
        alt_most=ALT_MOST,
        most_pixels=33_177_600,
    ),
    videos=MediaLimit(
        most=1,
        types=frozenset({"video/mp4", "video/webm", "video/quicktime"}),
        most_bytes=99 * 1024 * 1024,
        alt_most=ALT_MOST,
        most_pixels=8_294_400,
    ),
    poll=PollLimit(
        least_options=2,
        most_options=4,
        question_most=QUESTION_MOST,
        option_most=50,
        shortest_s=300,
        longest_s=2_629_746,
        allows_multiple=True,
    ),
)

MASTODON = ConnectorSpec(
    name="mastodon",
    platform="mastodon",
    title="Mastodon",
    description=Localized.of(
        en="Posts, pictures, videos and polls on a Mastodon server. Comments, mentions and messages come back here.",
        uk="Дописи, фото, відео й опитування на сервері Mastodon. Коментарі, згадки й повідомлення надходять сюди.",
        bg="Публикации, снимки, видео и анкети на сървър на Mastodon. Коментари, споменавания и съобщения идват тук.",
        ru="Записи, фото, видео и опросы на сервере Mastodon. Комментарии, упоминания и сообщения приходят сюда.",
    ),
    connector=MastodonConnector,
    capabilities=CAPABILITIES,
    absent=(
        (
            Capability.HIDE,
            Localized.of(
                en="Mastodon lets nobody hide the answers of others.",
                uk="Mastodon нікому не дає приховувати чужі відповіді.",
                bg="Mastodon не позволява на никого да скрива чужди отговори.",
                ru="Mastodon никому не даёт скрывать чужие ответы.",
            ),
        ),
        (
            Capability.PUBLISH_EVENT,
            Localized.of(
                en="Mastodon has no events; they are announced as posts.",
                uk="У Mastodon немає подій; про них повідомляють дописом.",
                bg="В Mastodon няма събития; съобщава се за тях с публикация.",
                ru="В Mastodon нет мероприятий; о них сообщают записью.",
            ),
        ),
        (
            Capability.WEBHOOK,
            Localized.of(
                en="Mastodon tells accounts nothing by webhook; the inbox is asked from time to time.",
                uk="Mastodon не надсилає акаунтам сповіщень через вебхук; скриньку перевіряємо час від часу.",
                bg="Mastodon не изпраща известия през уебхук; пощата се проверява от време на време.",
                ru="Mastodon не шлёт аккаунтам уведомлений через вебхук; входящие проверяются время от времени.",
            ),
        ),
    ),
    fields=(
        Field(
            "server",
            Localized.of(en="Server", uk="Сервер", bg="Сървър", ru="Сервер"),
            Localized.of(
                en="Address of the server on which the account lives.",
                uk="Адреса сервера, на якому заведено акаунт.",
                bg="Адресът на сървъра, на който е акаунтът.",
                ru="Адрес сервера, на котором заведён аккаунт.",
            ),
            FieldKind.ADDRESS,
            pattern=r"https://[^/]+/?",
            example="https://mastodon.example",
        ),
        Field(
            "access_token",
            Localized.of(en="Access token", uk="Токен доступу", bg="Токен за достъп", ru="Токен доступа"),
            Localized.of(
                en="On the server: Preferences, Development, New application with the rights read and write.",
                uk="На сервері: Налаштування, Розробка, Новий застосунок із правами read і write.",
                bg="На сървъра: Предпочитания, Разработка, Ново приложение с права read и write.",
                ru="На сервере: Настройки, Разработка, Новое приложение с правами read и write.",
            ),
            FieldKind.SECRET,
        ),
    ),
    limits=LIMITS,
    idempotency=Idempotency.NATIVE,
    # a server forgets the header Idempotency-Key after an hour
    key_lasts_s=3_600,
    hosts=frozenset({"{server}"}),
    rates=(
        Rate(frozenset(Operation), 300, 300),
        Rate(frozenset({Operation.DELETE}), 30, 1_800),
    ),
    docs_url="https://docs.joinmastodon.org/api/rate-limits/",
)
