"""What the connector declares: that it reads, and why it does no more."""

from viche_connector_feeds.connector import CAPABILITIES, FeedConnector
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Field,
    FieldKind,
    Idempotency,
    LengthUnit,
    Limits,
    Localized,
    Operation,
    Rate,
    TextLimit,
)

OWN_FEED = Localized.of(
    en="A feed is written by the website it belongs to. What you publish here stands in the portal's own feed.",
    uk="Стрічку пише сайт, якому вона належить. Те, що ви публікуєте тут, є у стрічці самого порталу.",
    bg="Емисията се пише от сайта, на който принадлежи. Публикуваното тук е в емисията на самия портал.",
    ru="Ленту пишет сайт, которому она принадлежит. То, что вы публикуете здесь, есть в ленте самого портала.",
)
NOBODY_WRITES = Localized.of(
    en="Nobody answers in a feed. Comments below articles stay on the website.",
    uk="У стрічці ніхто не відповідає. Коментарі під статтями лишаються на сайті.",
    bg="В емисия никой не отговаря. Коментарите под статиите остават на сайта.",
    ru="В ленте никто не отвечает. Комментарии под статьями остаются на сайте.",
)

FEED = ConnectorSpec(
    name="feed",
    platform="website",
    title="RSS, Atom, iCalendar",
    description=Localized.of(
        en="Counts what appears on your own website, from its news feed or its calendar of events.",
        uk="Рахує, що з'являється на вашому сайті, за його стрічкою новин або календарем подій.",
        bg="Брои какво се появява на вашия сайт по емисията му с новини или календара му със събития.",
        ru="Считает, что появляется на вашем сайте, по его ленте новостей или календарю событий.",
    ),
    connector=FeedConnector,
    capabilities=CAPABILITIES,
    absent=(
        (Capability.PUBLISH_TEXT, OWN_FEED),
        (Capability.INBOX_COMMENTS, NOBODY_WRITES),
        (Capability.METRICS_POST, NOBODY_WRITES),
    ),
    fields=(
        Field(
            "address",
            Localized.of(
                en="Address of the feed or calendar",
                uk="Адреса стрічки або календаря",
                bg="Адрес на емисията или календара",
                ru="Адрес ленты или календаря",
            ),
            Localized.of(
                en="Often found at the bottom of the website under RSS. Write https:// in place of feed:// or webcal://.",
                uk="Часто внизу сайту під назвою RSS. Замість feed:// чи webcal:// пишіть https://.",
                bg="Често е долу на сайта под името RSS. Вместо feed:// или webcal:// пишете https://.",
                ru="Часто внизу сайта под названием RSS. Вместо feed:// или webcal:// пишите https://.",
            ),
            FieldKind.ADDRESS,
            pattern=r"https://\S+",
            example="https://city.example/news/rss.xml",
        ),
    ),
    # nothing is published
    limits=Limits(TextLimit(1, LengthUnit.CODE_POINTS)),
    idempotency=Idempotency.NONE,
    hosts=frozenset({"{address}"}),
    # websites name no figure; one look an hour and some by hand
    rates=(Rate(frozenset({Operation.PROBE, Operation.METRICS}), 12, 3_600),),
    docs_url="https://www.rfc-editor.org/rfc/rfc4287",
)
