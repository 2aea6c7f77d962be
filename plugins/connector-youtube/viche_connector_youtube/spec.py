"""What the connector declares. Limits, quotas and prices in units are those of developers.google.com in 2026."""

from decimal import Decimal

from viche_connector_youtube.client import HOST
from viche_connector_youtube.connector import CAPABILITIES, YouTubeConnector
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Cost,
    Field,
    FieldKind,
    FieldOwner,
    Idempotency,
    LengthUnit,
    Limits,
    Localized,
    MediaLimit,
    OAuth,
    Operation,
    Rate,
    RateScope,
    TextLimit,
)

MEGABYTE = 1024 * 1024
DAY_S = 86_400
TOKENS = "oauth2.googleapis.com"
UPLOADS_HOST = "youtube.googleapis.com"
"""Where uploads may get their address from."""

LIMITS = Limits(
    text=TextLimit(5_000, LengthUnit.BYTES),
    # YouTube takes 256 GB; a file is held in memory while it is sent, part by part
    videos=MediaLimit(
        most=1,
        types=frozenset({"video/mp4", "video/quicktime", "video/webm"}),
        most_bytes=256 * MEGABYTE,
        least=1,
        alt_most=0,
        # longer ones need an account that was confirmed by telephone, up to 12 hours
        most_duration_s=900,
    ),
    title_most=100,
)

# An application has 100 uploads a day, which are counted by themselves, and 10,000 units a day for all else: a change
# costs 50, a page that is read 1. Changes get 7,000 of them here and reading 3,000
UPLOADS_A_DAY = 100
CHANGES = frozenset({Operation.REPLY, Operation.HIDE, Operation.EDIT, Operation.DELETE})
READING = frozenset({Operation.PROBE, Operation.CHECK, Operation.FIND, Operation.FETCH_INBOX, Operation.METRICS})
UNITS_OF_CHANGE, UNITS_OF_READING = 50, 1
RATES = (
    Rate(frozenset({Operation.PUBLISH}), UPLOADS_A_DAY, DAY_S, RateScope.APP),
    Rate(CHANGES, 7_000 // UNITS_OF_CHANGE, DAY_S, RateScope.APP),
    Rate(READING, 3_000 // UNITS_OF_READING, DAY_S, RateScope.APP),
)
COSTS = (
    Cost(Operation.PUBLISH, Decimal(1), "uploads"),
    *(Cost(operation, Decimal(UNITS_OF_CHANGE), "units") for operation in sorted(CHANGES)),
    *(Cost(operation, Decimal(UNITS_OF_READING), "units") for operation in (Operation.FETCH_INBOX, Operation.METRICS)),
)

ABSENT = (
    (
        Capability.PUBLISH_TEXT,
        Localized.of(
            en="YouTube lets no program write in the Posts of a channel: it takes only videos with a text below them.",
            uk="YouTube не дає програмам писати на вкладці «Дописи» каналу: приймає лише відео з описом.",
            bg="YouTube не позволява на програми да пишат в раздела „Публикации“ на канала, а само да качват видеа.",
            ru="YouTube не даёт программам писать на вкладке «Записи» канала: принимает только видео с описанием.",
        ),
    ),
    (
        Capability.PUBLISH_EVENT,
        Localized.of(
            en="YouTube has no events but live broadcasts, which need a studio.",
            uk="Подій у YouTube немає, крім прямих трансляцій, для яких потрібна студія.",
            bg="В YouTube няма събития освен преки предавания, за които е нужно студио.",
            ru="Мероприятий в YouTube нет, кроме прямых трансляций, для которых нужна студия.",
        ),
    ),
    (
        Capability.POLL,
        Localized.of(
            en="YouTube lets programs ask polls only during a live broadcast; link to a survey of your own.",
            uk="YouTube дає програмам опитувати лише під час прямої трансляції; дайте посилання на власне опитування.",
            bg="YouTube позволява на програми анкети само при пряко предаване; дайте връзка към своя анкета.",
            ru="YouTube даёт программам опрашивать лишь во время прямой трансляции; дайте ссылку на свой опрос.",
        ),
    ),
    (
        Capability.INBOX_MESSAGES,
        Localized.of(
            en="YouTube has no messages.",
            uk="Повідомлень у YouTube немає.",
            bg="В YouTube няма съобщения.",
            ru="Сообщений в YouTube нет.",
        ),
    ),
    (
        Capability.WEBHOOK,
        Localized.of(
            en="YouTube tells by itself of new videos alone (WebSub), and never of comments: they are asked for.",
            uk="YouTube сам повідомляє лише про нові відео (WebSub), а про коментарі ні: про них запитують.",
            bg="YouTube сам съобщава само за нови видеа (WebSub), но не и за коментари: за тях се пита.",
            ru="YouTube сам сообщает лишь о новых видео (WebSub), а о комментариях нет: о них спрашивают.",
        ),
    ),
)

FIELDS = (
    Field(
        "client_id",
        Localized.of(
            en="Client ID", uk="Client ID застосунку", bg="Client ID на приложението", ru="Client ID приложения"
        ),
        Localized.of(
            en="At console.cloud.google.com: your project, APIs & Services, Credentials, OAuth client of the type Web.",
            uk="На console.cloud.google.com: проєкт, APIs & Services, Credentials, OAuth-клієнт типу Web application.",
            bg="В console.cloud.google.com: проектът, APIs & Services, Credentials, OAuth клиент Web application.",
            ru="На console.cloud.google.com: проект, APIs & Services, Credentials, OAuth-клиент Web application.",
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
            en="It stands beside the Client ID.",
            uk="Стоїть поруч із Client ID.",
            bg="Стои до Client ID.",
            ru="Стоит рядом с Client ID.",
        ),
        FieldKind.SECRET,
        FieldOwner.APP,
    ),
    Field(
        "privacy",
        Localized.of(
            en="Who sees new videos",
            uk="Хто бачить нові відео",
            bg="Кой вижда новите видеа",
            ru="Кто видит новые видео",
        ),
        Localized.of(
            en="public, unlisted or private; public if left empty.",
            uk="public (усі), unlisted (за посиланням) або private (лише канал); якщо порожньо, то public.",
            bg="public (всички), unlisted (с връзка) или private (само каналът); ако е празно, public.",
            ru="public (все), unlisted (по ссылке) или private (только канал); если пусто, то public.",
        ),
        is_required=False,
        pattern="public|unlisted|private",
        example="public",
    ),
)

YOUTUBE = ConnectorSpec(
    name="youtube",
    platform="youtube",
    title="YouTube",
    description=Localized.of(
        en="Videos on a YouTube channel, with title and description. Comments below them come back here.",
        uk="Відео на каналі YouTube з назвою та описом. Коментарі до них надходять сюди.",
        bg="Видеа в канал в YouTube със заглавие и описание. Коментарите под тях идват тук.",
        ru="Видео на канале YouTube с названием и описанием. Комментарии к ним приходят сюда.",
    ),
    connector=YouTubeConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=FIELDS,
    oauth=OAuth(
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url=f"https://{TOKENS}/token",
        # the one scope that uploads, changes, deletes and moderates comments
        scopes=("https://www.googleapis.com/auth/youtube.force-ssl",),
        # only so comes a refresh token, and comes again when consent is given anew
        extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
    limits=LIMITS,
    idempotency=Idempotency.RECONCILE,
    hosts=frozenset({HOST, UPLOADS_HOST, TOKENS}),
    rates=RATES,
    costs=COSTS,
    docs_url="https://developers.google.com/youtube/v3/determine_quota_cost",
)
