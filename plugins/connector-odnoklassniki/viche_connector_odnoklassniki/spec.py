"""What the connector declares."""

from viche_connector_odnoklassniki.connector import CAPABILITIES, OdnoklassnikiConnector
from viche_connector_odnoklassniki.jurisdictions import JURISDICTIONS
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

BY_HAND = Localized.of(
    en="This connector does not do it yet; do it by hand on Odnoklassniki.",
    uk="Цей конектор такого ще не вміє; зробіть це вручну в Одноклассниках.",
    bg="Този конектор още не го може; направете го на ръка в Одноклассники.",
    ru="Этот коннектор такого ещё не умеет; сделайте это вручную в Одноклассниках.",
)

ABSENT = (
    (Capability.PUBLISH_IMAGE, BY_HAND),
    (Capability.PUBLISH_VIDEO, BY_HAND),
    (Capability.POLL, BY_HAND),
    (Capability.EDIT, BY_HAND),
    (Capability.DELETE, BY_HAND),
    (Capability.INBOX_COMMENTS, BY_HAND),
    (Capability.INBOX_MESSAGES, BY_HAND),
    (Capability.METRICS_POST, BY_HAND),
)

WHERE = Localized.of(
    en="From the mail about the application, or from its page.",
    uk="З листа про застосунок або з його сторінки.",
    bg="От писмото за приложението или от страницата му.",
    ru="Из письма о приложении или с его страницы.",
)

ODNOKLASSNIKI = ConnectorSpec(
    name="odnoklassniki",
    platform="odnoklassniki",
    title="Odnoklassniki",
    description=Localized.of(
        en="Text and links in a group on Odnoklassniki.",
        uk="Тексти й посилання в групі в Одноклассниках.",
        bg="Текстове и връзки в група в Одноклассники.",
        ru="Тексты и ссылки в группе в Одноклассниках.",
    ),
    connector=OdnoklassnikiConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=(
        Field(
            "group",
            Localized.of(en="Number of the group", uk="Номер групи", bg="Номер на групата", ru="Номер группы"),
            Localized.of(
                en="Digits only: what stands behind /group/ in its address, or in its settings.",
                uk="Лише цифри: те, що стоїть після /group/ в адресі або в налаштуваннях.",
                bg="Само цифри: това, което стои след /group/ в адреса или в настройките.",
                ru="Только цифры: то, что стоит после /group/ в адресе или в настройках.",
            ),
            pattern=r"[1-9]\d{4,19}",
            example="70000007112205",
        ),
        Field(
            "application_key",
            Localized.of(
                en="Public key of the application",
                uk="Публічний ключ застосунку",
                bg="Публичен ключ на приложението",
                ru="Публичный ключ приложения",
            ),
            WHERE,
            pattern=r"[A-Z0-9]{10,40}",
            example="CBAOIFDMEBABABABA",
        ),
        Field(
            "application_secret",
            Localized.of(
                en="Secret key of the application",
                uk="Секретний ключ застосунку",
                bg="Таен ключ на приложението",
                ru="Секретный ключ приложения",
            ),
            WHERE,
            FieldKind.SECRET,
        ),
        Field(
            "access_token",
            Localized.of(en="Access token", uk="Токен доступу", bg="Токен за достъп", ru="Токен доступа"),
            Localized.of(
                en="Of an administrator of the group, with the rights VALUABLE_ACCESS and GROUP_CONTENT.",
                uk="Адміністратора групи, з правами VALUABLE_ACCESS і GROUP_CONTENT.",
                bg="На администратор на групата, с права VALUABLE_ACCESS и GROUP_CONTENT.",
                ru="Администратора группы, с правами VALUABLE_ACCESS и GROUP_CONTENT.",
            ),
            FieldKind.SECRET,
        ),
    ),
    # the platform names no figure (error 601 tells when it is too much)
    limits=Limits(TextLimit(5_000, LengthUnit.CODE_POINTS)),
    idempotency=Idempotency.NONE,
    hosts=frozenset({"api.ok.ru"}),
    # the platform names no figures here either; these are far below what groups do by hand
    rates=(Rate(frozenset(Operation), 2, 1), Rate(frozenset({Operation.PUBLISH}), 100, 86_400)),
    jurisdictions=JURISDICTIONS,
    docs_url="https://apiok.ru/dev/methods/rest/mediatopic/mediatopic.post",
)
