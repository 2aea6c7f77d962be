"""What the connector declares."""

from viche_connector_matrix.connector import MatrixConnector
from viche_connector_matrix.limits import LIMITS
from viche_connector_matrix.room import CAPABILITIES
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
        Capability.INBOX_MESSAGES,
        Localized.of(
            en="Private conversations in Matrix are encrypted from end to end and stay in the apps of those who talk.",
            uk="Приватні розмови в Matrix наскрізно зашифровані й лишаються в застосунках співрозмовників.",
            bg="Личните разговори в Matrix са шифровани от край до край и остават в приложенията на участниците.",
            ru="Личные разговоры в Matrix зашифрованы сквозным шифрованием и остаются в приложениях собеседников.",
        ),
    ),
    (
        Capability.HIDE,
        Localized.of(
            en="Matrix can only delete a message for good; that is done in an app, by a moderator of the room.",
            uk="У Matrix повідомлення можна лише видалити назавжди; це робить у застосунку модератор кімнати.",
            bg="В Matrix съобщение може само да се изтрие завинаги; това прави в приложение модератор на стаята.",
            ru="В Matrix сообщение можно только удалить навсегда; это делает в приложении модератор комнаты.",
        ),
    ),
    (
        Capability.PUBLISH_EVENT,
        Localized.of(
            en="Matrix has no events; they are announced as posts.",
            uk="У Matrix немає подій; про них повідомляють дописом.",
            bg="В Matrix няма събития; съобщава се за тях с публикация.",
            ru="В Matrix нет мероприятий; о них сообщают записью.",
        ),
    ),
    (
        Capability.WEBHOOK,
        Localized.of(
            en="Matrix tells accounts nothing by webhook; the room is read from time to time.",
            uk="Matrix не надсилає акаунтам сповіщень через вебхук; кімнату читаємо час від часу.",
            bg="Matrix не изпраща известия през уебхук; стаята се чете от време на време.",
            ru="Matrix не шлёт аккаунтам уведомлений через вебхук; комната читается время от времени.",
        ),
    ),
)

FIELDS = (
    Field(
        "server",
        Localized.of(en="Home server", uk="Домашній сервер", bg="Домашен сървър", ru="Домашний сервер"),
        Localized.of(
            en="Address at which the server of the account answers apps. It may differ from the name in the account.",
            uk="Адреса, за якою сервер акаунта відповідає застосункам. Вона може відрізнятися від назви в акаунті.",
            bg="Адресът, на който сървърът на акаунта отговаря на приложения. Може да е различен от името в акаунта.",
            ru="Адрес, по которому сервер аккаунта отвечает приложениям. Он может отличаться от имени в аккаунте.",
        ),
        FieldKind.ADDRESS,
        pattern=r"https://[^/]+/?",
        example="https://matrix.example",
    ),
    Field(
        "room",
        Localized.of(en="Room", uk="Кімната", bg="Стая", ru="Комната"),
        Localized.of(
            en="Its address or its id. The account must be in the room already, and the room must not be encrypted.",
            uk="Її адреса або ідентифікатор. Акаунт уже має бути в кімнаті, а кімната не має бути зашифрована.",
            bg="Нейният адрес или идентификатор. Акаунтът трябва вече да е в стаята, а тя да не е шифрована.",
            ru="Её адрес или идентификатор. Аккаунт уже должен быть в комнате, а комната не должна быть зашифрована.",
        ),
        pattern=r"#[^:\s]+:\S+|!\S+",
        example="#city:matrix.example",
    ),
    Field(
        "access_token",
        Localized.of(en="Access token", uk="Токен доступу", bg="Токен за достъп", ru="Токен доступа"),
        Localized.of(
            en="Sign in once for Viche alone, so that signing out elsewhere does not end it. The manual shows how.",
            uk="Увійдіть окремо для Viche, щоб вихід деінде не скасував токен. Як саме — у посібнику.",
            bg="Влезте отделно за Viche, за да не го прекрати изход другаде. Ръководството показва как.",
            ru="Войдите отдельно для Viche, чтобы выход в другом месте не отменил токен. Как — показано в руководстве.",
        ),
        FieldKind.SECRET,
    ),
)

MATRIX = ConnectorSpec(
    name="matrix",
    platform="matrix",
    title="Matrix",
    description=Localized.of(
        en="Posts, pictures, videos and polls in a Matrix room. What people write in the room comes back here.",
        uk="Дописи, фото, відео й опитування в кімнаті Matrix. Те, що люди пишуть у кімнаті, надходить сюди.",
        bg="Публикации, снимки, видео и анкети в стая на Matrix. Това, което хората пишат в стаята, идва тук.",
        ru="Записи, фото, видео и опросы в комнате Matrix. То, что люди пишут в комнате, приходит сюда.",
    ),
    connector=MatrixConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=FIELDS,
    limits=LIMITS,
    idempotency=Idempotency.NATIVE,
    # the specification names no time; Synapse keeps transactions for a day. Later the key inside the event is found
    key_lasts_s=3_600,
    hosts=frozenset({"{server}"}),
    # Synapse unless told otherwise (`rc_message`): ten at once, then one in five seconds
    rates=(Rate(frozenset({Operation.PUBLISH, Operation.EDIT, Operation.REPLY}), 10, 50),),
    docs_url="https://spec.matrix.org/latest/client-server-api/#size-limits",
)
