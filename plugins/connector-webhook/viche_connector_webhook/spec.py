"""What the connector declares."""

from viche_connector_webhook.connector import CAPABILITIES, WebhookConnector
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Field,
    FieldKind,
    Idempotency,
    LengthUnit,
    Limits,
    Localized,
    MediaLimit,
    Operation,
    Rate,
    TextLimit,
)

SECRET = r"whsec_[A-Za-z0-9+/]{32,684}={0,2}"  # noqa: S105
"""24 to 512 bytes in base64 (Standard Webhooks 1.0.0, "Signature scheme")."""

LIMITS = Limits(
    # with what stands around it in JSON it stays within the recommended 20 kB
    text=TextLimit(8_000, LengthUnit.CODE_POINTS, most_bytes=16_000),
    images=MediaLimit(
        most=10, types=frozenset({"image/jpeg", "image/png", "image/webp"}), most_bytes=20_000_000, alt_most=1_000
    ),
    videos=MediaLimit(most=1, types=frozenset({"video/mp4", "video/webm"}), most_bytes=200_000_000, alt_most=1_000),
)

ABSENT = (
    (
        Capability.POLL,
        Localized.of(
            en="Votes would stay with the receiver; link to a survey instead.",
            uk="Голоси лишалися б в отримувача; дайте натомість посилання на опитування.",
            bg="Гласовете биха останали при получателя; дайте вместо това връзка към анкета.",
            ru="Голоса остались бы у получателя; дайте вместо этого ссылку на опрос.",
        ),
    ),
    (
        Capability.INBOX_COMMENTS,
        Localized.of(
            en="A webhook goes one way: what people write at the receiver's does not come back.",
            uk="Вебхук діє в один бік: те, що люди пишуть в отримувача, сюди не надходить.",
            bg="Уебхукът действа в една посока: написаното при получателя не се връща тук.",
            ru="Вебхук работает в одну сторону: то, что люди пишут у получателя, сюда не приходит.",
        ),
    ),
    (
        Capability.METRICS_POST,
        Localized.of(
            en="A webhook goes one way: figures stay with the receiver.",
            uk="Вебхук діє в один бік: показники лишаються в отримувача.",
            bg="Уебхукът действа в една посока: показателите остават при получателя.",
            ru="Вебхук работает в одну сторону: показатели остаются у получателя.",
        ),
    ),
)

FIELDS = (
    Field(
        "address",
        Localized.of(en="Address", uk="Адреса", bg="Адрес", ru="Адрес"),
        Localized.of(
            en="Where the receiver waits for posts.",
            uk="Де отримувач чекає на дописи.",
            bg="Където получателят чака публикациите.",
            ru="Где получатель ждёт записи.",
        ),
        FieldKind.ADDRESS,
        pattern=r"https://\S+",
        example="https://city.example/hooks/viche",
    ),
    Field(
        "secret",
        Localized.of(en="Signing secret", uk="Секрет для підпису", bg="Тайна за подписване", ru="Секрет для подписи"),
        Localized.of(
            en="Begins with whsec_. The receiver makes it, or both agree on one.",
            uk="Починається з whsec_. Його створює отримувач або ви домовляєтеся про нього.",
            bg="Започва с whsec_. Създава я получателят или се уговаряте за нея.",
            ru="Начинается с whsec_. Его создаёт получатель или вы договариваетесь о нём.",
        ),
        FieldKind.SECRET,
        pattern=SECRET,
    ),
    Field(
        "previous_secret",
        Localized.of(en="Previous secret", uk="Попередній секрет", bg="Предишна тайна", ru="Прежний секрет"),
        Localized.of(
            en="Only while the receiver changes its secret: posts are then signed with both.",
            uk="Лише поки отримувач змінює секрет: тоді дописи підписуються обома.",
            bg="Само докато получателят сменя тайната: тогава публикациите се подписват и с двете.",
            ru="Только пока получатель меняет секрет: тогда записи подписываются обоими.",
        ),
        FieldKind.SECRET,
        is_required=False,
        pattern=SECRET,
    ),
)

WEBHOOK = ConnectorSpec(
    name="webhook",
    platform="webhook",
    title="Webhook",
    description=Localized.of(
        en="Sends posts, changes and withdrawals to a program of somebody else, signed as Standard Webhooks says.",
        uk="Надсилає дописи, зміни й відкликання чужій програмі, підписані за Standard Webhooks.",
        bg="Изпраща публикации, промени и оттегляния на чужда програма, подписани по Standard Webhooks.",
        ru="Отправляет записи, изменения и отзывы чужой программе с подписью по Standard Webhooks.",
    ),
    connector=WebhookConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=FIELDS,
    limits=LIMITS,
    idempotency=Idempotency.NATIVE,
    hosts=frozenset({"{address}"}),
    # receivers name no figure; this keeps a backlog from looking like an attack
    rates=(Rate(frozenset(Operation), 60, 60),),
    docs_url="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
)
