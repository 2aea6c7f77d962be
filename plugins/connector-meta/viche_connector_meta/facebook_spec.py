"""What the connector of Facebook Pages declares."""

from viche_connector_meta.declared import APP_SECRET, NO_EVENTS, NO_POLLS, PAGE_ID, RUSSIA, TOKEN, VERIFY_TOKEN
from viche_connector_meta.facebook import CAPABILITIES, FacebookConnector
from viche_connector_meta.graph import HOST, VIDEO_HOST
from viche_connector_meta.webhook import SIGNATURE
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Idempotency,
    LengthUnit,
    Limits,
    Localized,
    MediaLimit,
    Operation,
    Rate,
    TextLimit,
)

MEGABYTE = 1024 * 1024

LIMITS = Limits(
    text=TextLimit(63_206, LengthUnit.CODE_POINTS),
    images=MediaLimit(most=10, types=frozenset({"image/jpeg", "image/png"}), most_bytes=4 * MEGABYTE, alt_most=1_000),
    # Facebook takes 1 GB in one request; a file is held in memory while it is sent. Videos have no alternative text
    videos=MediaLimit(
        most=1,
        types=frozenset({"video/mp4", "video/quicktime"}),
        most_bytes=100 * MEGABYTE,
        alt_most=0,
        most_duration_s=1_200,
    ),
)

FACEBOOK = ConnectorSpec(
    name="facebook",
    platform="facebook",
    title="Facebook",
    description=Localized.of(
        en="Posts, pictures and videos on a Facebook Page. Comments, mentions and messages come back here.",
        uk="Дописи, фото й відео на сторінці Facebook. Коментарі, згадки й повідомлення надходять сюди.",
        bg="Публикации, снимки и видео на страница във Facebook. Коментари, споменавания и съобщения идват тук.",
        ru="Записи, фото и видео на странице Facebook. Комментарии, упоминания и сообщения приходят сюда.",
    ),
    connector=FacebookConnector,
    capabilities=CAPABILITIES,
    absent=((Capability.PUBLISH_EVENT, NO_EVENTS), (Capability.POLL, NO_POLLS)),
    fields=(PAGE_ID, TOKEN, APP_SECRET, VERIFY_TOKEN),
    limits=LIMITS,
    idempotency=Idempotency.RECONCILE,
    hosts=frozenset({HOST, VIDEO_HOST}),
    # a Page has 4,800 a day for each person who was engaged with it: this is what one of a small community has
    rates=(
        Rate(frozenset(Operation), 200, 3_600),
        Rate(frozenset({Operation.PUBLISH, Operation.REPLY}), 25, 900),
    ),
    jurisdictions=(RUSSIA,),
    webhook_headers=(SIGNATURE,),
    docs_url="https://developers.facebook.com/docs/graph-api/overview/rate-limiting",
)
