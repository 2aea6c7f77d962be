"""What the connector declares. Limits, rates and prices are those of docs.x.com in 2026."""

from decimal import Decimal

from viche_connector_x.connector import CAPABILITIES, XConnector
from viche_connector_x.webhook import SIGNATURE
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Cost,
    Duty,
    Field,
    FieldKind,
    FieldOwner,
    Idempotency,
    Jurisdiction,
    LegalBasis,
    LengthUnit,
    Limits,
    Localized,
    MediaLimit,
    OAuth,
    Operation,
    PollLimit,
    Rate,
    RateScope,
    TextLimit,
)

MEGABYTE = 1024 * 1024
QUARTER_HOUR_S, DAY_S = 900, 86_400

LIMITS = Limits(
    text=TextLimit(280, LengthUnit.WEIGHTED, address_length=23),
    images=MediaLimit(
        most=4,
        types=frozenset({"image/jpeg", "image/png", "image/webp"}),
        most_bytes=5 * MEGABYTE,
        alt_most=1_000,
    ),
    # X takes 8 GB; a file is held in memory while it is sent. There is no place for what is said of a video
    videos=MediaLimit(
        most=1,
        types=frozenset({"video/mp4", "video/quicktime"}),
        most_bytes=100 * MEGABYTE,
        alt_most=0,
        most_duration_s=1_200,
    ),
    poll=PollLimit(
        least_options=2,
        most_options=4,
        # it stands in the text, which has a limit of its own
        question_most=200,
        option_most=25,
        shortest_s=300,
        longest_s=604_800,
    ),
)

RATES = (
    Rate(frozenset({Operation.PROBE}), 75, QUARTER_HOUR_S),
    Rate(frozenset({Operation.PUBLISH, Operation.FINALIZE}), 100, QUARTER_HOUR_S),
    Rate(frozenset({Operation.PUBLISH, Operation.FINALIZE, Operation.REPLY}), 10_000, DAY_S, RateScope.APP),
    # direct messages are both read and sent 15 times; the limit of posts is higher
    Rate(frozenset({Operation.FETCH_INBOX}), 15, QUARTER_HOUR_S),
    Rate(frozenset({Operation.REPLY}), 15, QUARTER_HOUR_S),
    Rate(frozenset({Operation.REPLY}), 1_440, DAY_S, RateScope.APP),
    Rate(frozenset({Operation.DELETE}), 50, QUARTER_HOUR_S),
    Rate(frozenset({Operation.HIDE}), 50, QUARTER_HOUR_S),
    Rate(frozenset({Operation.FIND, Operation.POLL_RESULTS}), 900, QUARTER_HOUR_S),
)

COSTS = (
    Cost(Operation.PUBLISH, Decimal("0.015"), "USD"),
    Cost(Operation.PUBLISH, Decimal("0.200"), "USD", with_link=True),
    Cost(Operation.REPLY, Decimal("0.015"), "USD"),
    Cost(Operation.REPLY, Decimal("0.200"), "USD", with_link=True),
    Cost(Operation.DELETE, Decimal("0.010"), "USD"),
    Cost(Operation.HIDE, Decimal("0.005"), "USD"),
    Cost(Operation.POLL_RESULTS, Decimal("0.001"), "USD"),
    Cost(Operation.PROBE, Decimal("0.001"), "USD"),
)
"""What one call costs at least; reading is paid by the item (docs/connectors/x.md)."""

ABSENT = (
    (
        Capability.EDIT,
        Localized.of(
            en="X lets only accounts that pay for it change a post, and only for an hour. Delete it and post anew.",
            uk="X дає змінювати допис лише платним акаунтам і лише годину. Видаліть його й опублікуйте новий.",
            bg="X позволява промяна само на платени профили и само един час. Изтрийте публикацията и пуснете нова.",
            ru="X даёт менять запись только платным аккаунтам и только час. Удалите её и опубликуйте новую.",
        ),
    ),
    (
        Capability.PUBLISH_EVENT,
        Localized.of(
            en="X has no events; they are announced as posts.",
            uk="У X немає подій; про них повідомляють дописом.",
            bg="В X няма събития; съобщава се за тях с публикация.",
            ru="В X нет мероприятий; о них сообщают записью.",
        ),
    ),
)

RUSSIA = Jurisdiction(
    "RU",
    Duty.RESTRICTED,
    Localized.of(
        en="X (then Twitter) has been blocked in Russia since March 2022: residents will not see what is posted.",
        uk="Доступ до X (тоді Twitter) у Росії заблоковано з березня 2022 року: мешканці не побачать дописів.",
        bg="Достъпът до X (тогава Twitter) в Русия е блокиран от март 2022 г.: жителите няма да видят публикациите.",
        ru="Доступ к X (тогда Twitter) в России заблокирован с марта 2022 года: жители не увидят записей.",
    ),
    LegalBasis(
        Localized.of(
            en="Federal Law 149-FZ on information, on the Prosecutor General's demand of 24 February 2022",
            uk="Федеральний закон № 149-ФЗ про інформацію, за вимогою Генеральної прокуратури від 24.02.2022",
            bg="Федерален закон № 149-ФЗ за информацията, по искане на Главната прокуратура от 24.02.2022 г.",
            ru="Федеральный закон № 149-ФЗ «Об информации…», по требованию Генеральной прокуратуры от 24.02.2022",
        ),
        "15.3",
    ),
)

FIELDS = (
    Field(
        "client_id",
        Localized.of(
            en="Client ID", uk="Client ID застосунку", bg="Client ID на приложението", ru="Client ID приложения"
        ),
        Localized.of(
            en="In the developer console of X: your app, Keys and tokens, OAuth 2.0.",
            uk="У консолі розробника X: ваш застосунок, Keys and tokens, OAuth 2.0.",
            bg="В конзолата за разработчици на X: вашето приложение, Keys and tokens, OAuth 2.0.",
            ru="В консоли разработчика X: ваше приложение, Keys and tokens, OAuth 2.0.",
        ),
        owner=FieldOwner.APP,
    ),
    Field(
        "client_secret",
        Localized.of(
            en="Client secret",
            uk="Client Secret застосунку",
            bg="Client Secret на приложението",
            ru="Client Secret приложения",
        ),
        Localized.of(
            en="It stands beside the Client ID and is shown once.",
            uk="Стоїть поруч із Client ID і показується один раз.",
            bg="Стои до Client ID и се показва само веднъж.",
            ru="Стоит рядом с Client ID и показывается один раз.",
        ),
        FieldKind.SECRET,
        FieldOwner.APP,
    ),
    Field(
        "consumer_secret",
        Localized.of(
            en="API key secret",
            uk="API Key Secret застосунку",
            bg="API Key Secret на приложението",
            ru="API Key Secret приложения",
        ),
        Localized.of(
            en="Only for webhooks: X signs with it what it sends. In Keys and tokens, Consumer keys.",
            uk="Лише для вебхуків: ним X підписує те, що надсилає. У Keys and tokens, Consumer keys.",
            bg="Само за уебхукове: с него X подписва каквото изпраща. В Keys and tokens, Consumer keys.",
            ru="Только для вебхуков: им X подписывает то, что присылает. В Keys and tokens, Consumer keys.",
        ),
        FieldKind.SECRET,
        FieldOwner.APP,
        is_required=False,
    ),
)

X = ConnectorSpec(
    name="x",
    platform="x",
    title="X",
    description=Localized.of(
        en="Posts, pictures, videos and polls on X. Each costs money. Answers, mentions and messages come back here.",
        uk="Дописи, фото, відео й опитування в X. Дописи платні. Відповіді, згадки й повідомлення надходять сюди.",
        bg="Публикации, снимки, видео и анкети в X. Всяка се плаща. Отговори, споменавания и съобщения идват тук.",
        ru="Записи, фото, видео и опросы в X. Каждая запись платная. Ответы, упоминания и сообщения приходят сюда.",
    ),
    connector=XConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=FIELDS,
    oauth=OAuth(
        authorize_url="https://x.com/i/oauth2/authorize",
        token_url="https://api.x.com/2/oauth2/token",  # noqa: S106
        scopes=(
            "tweet.read",
            "tweet.write",
            "tweet.moderate.write",
            "users.read",
            "media.write",
            "dm.read",
            "dm.write",
            "offline.access",
        ),
        # X takes the secret of an application in no body
        shows_itself_in_header=True,
    ),
    limits=LIMITS,
    idempotency=Idempotency.RECONCILE,
    hosts=frozenset({"api.x.com"}),
    rates=RATES,
    costs=COSTS,
    jurisdictions=(RUSSIA,),
    webhook_headers=(SIGNATURE,),
    docs_url="https://docs.x.com/x-api/fundamentals/rate-limits",
)
