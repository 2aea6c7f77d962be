"""What the connector of Instagram declares."""

from viche_connector_meta.declared import APP_SECRET, NO_EVENTS, NO_POLLS, PAGE_ID, RUSSIA, TOKEN, VERIFY_TOKEN
from viche_connector_meta.graph import HOST
from viche_connector_meta.instagram import CAPABILITIES, InstagramConnector
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
DAY_S = 86_400

LIMITS = Limits(
    text=TextLimit(2_200, LengthUnit.CODE_POINTS),
    images=MediaLimit(most=10, types=frozenset({"image/jpeg"}), most_bytes=8 * MEGABYTE, least=1, alt_most=1_000),
    # reels; they have no alternative text
    videos=MediaLimit(
        most=1,
        types=frozenset({"video/mp4", "video/quicktime"}),
        most_bytes=300 * MEGABYTE,
        least=1,
        alt_most=0,
        most_duration_s=900,
    ),
)

NO_TEXT = Localized.of(
    en="Instagram takes no post without a picture or a video, and fetches them by links: files must lie in S3.",
    uk="Instagram не приймає дописів без фото чи відео й сам забирає їх за посиланнями: файли мають бути в S3.",
    bg="Instagram не приема публикации без снимка или видео и сам ги взема по връзки: файловете трябва да са в S3.",
    ru="Instagram не принимает записей без фото или видео и сам берёт их по ссылкам: файлы должны быть в S3.",
)

NO_EDIT = Localized.of(
    en="Meta lets no program change a published post of Instagram: delete it and publish it anew.",
    uk="Meta не дає програмам змінювати опубліковане в Instagram: видаліть допис і опублікуйте знову.",
    bg="Meta не позволява на програми да променят публикуваното в Instagram: изтрийте го и го публикувайте отново.",
    ru="Meta не даёт программам менять опубликованное в Instagram: удалите запись и опубликуйте заново.",
)

INSTAGRAM = ConnectorSpec(
    name="instagram",
    platform="instagram",
    title="Instagram",
    description=Localized.of(
        en="Pictures, carousels and reels on Instagram. Links in them are not active. Comments and messages come here.",
        uk="Фото, каруселі й Reels в Instagram. Посилання в них неактивні. Коментарі й повідомлення надходять сюди.",
        bg="Снимки, карусели и Reels в Instagram. Връзките в тях не са активни. Коментари и съобщения идват тук.",
        ru="Фото, карусели и Reels в Instagram. Ссылки в них неактивны. Комментарии и сообщения приходят сюда.",
    ),
    connector=InstagramConnector,
    capabilities=CAPABILITIES,
    absent=(
        (Capability.PUBLISH_TEXT, NO_TEXT),
        (Capability.EDIT, NO_EDIT),
        (Capability.PUBLISH_EVENT, NO_EVENTS),
        (Capability.POLL, NO_POLLS),
    ),
    fields=(PAGE_ID, TOKEN, APP_SECRET, VERIFY_TOKEN),
    limits=LIMITS,
    idempotency=Idempotency.RECONCILE,
    hosts=frozenset({HOST}),
    # 4,800 a day for each impression of the account: this is what one of a small community has. How many of the
    # publications of the day are left, 50 or 100, is asked before each
    rates=(
        Rate(frozenset(Operation), 200, 3_600),
        Rate(frozenset({Operation.PUBLISH}), 100, DAY_S),
    ),
    jurisdictions=(RUSSIA,),
    webhook_headers=(SIGNATURE,),
    fetches_files=True,
    docs_url="https://developers.facebook.com/docs/instagram-platform/content-publishing",
)
