"""What the connector declares."""

from viche_connector_vk.callback import ANSWER, CONFIRMATION, SECRET
from viche_connector_vk.connector import CAPABILITIES, VkConnector
from viche_connector_vk.jurisdictions import JURISDICTIONS
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

PERSON_ONLY = Localized.of(
    en="VK allows this only with a person's own key, and gives such keys no longer to programs on servers.",
    uk="VK дозволяє це лише з особистим ключем людини, а програмам на серверах таких ключів більше не дає.",
    bg="VK позволява това само с личен ключ на човек, а на програми на сървъри вече не дава такива ключове.",
    ru="VK разрешает это только с личным ключом человека, а программам на серверах таких ключей больше не даёт.",
)

ABSENT = (
    (
        Capability.PUBLISH_IMAGE,
        Localized.of(
            en="VK refuses pictures that come with a community's key, whatever rights it has (error 27).",
            uk="VK відхиляє фото, надіслані з ключем спільноти, хоч би які права він мав (помилка 27).",
            bg="VK отказва снимки с ключ на общност, каквито и права да има той (грешка 27).",
            ru="VK не принимает фото с ключом сообщества, какие бы права у него ни были (ошибка 27).",
        ),
    ),
    (Capability.PUBLISH_VIDEO, PERSON_ONLY),
    (Capability.POLL, PERSON_ONLY),
    (Capability.PUBLISH_EVENT, PERSON_ONLY),
    (Capability.EDIT, PERSON_ONLY),
    (Capability.DELETE, PERSON_ONLY),
    (Capability.INBOX_COMMENTS, PERSON_ONLY),
    (Capability.METRICS_POST, PERSON_ONLY),
)

VK = ConnectorSpec(
    name="vk",
    platform="vk",
    title="VK",
    description=Localized.of(
        en="Text and links on the wall of a VK community. Messages to the community come back here.",
        uk="Тексти й посилання на стіні спільноти VK. Повідомлення спільноті надходять сюди.",
        bg="Текстове и връзки на стената на общност във VK. Съобщенията до общността идват тук.",
        ru="Тексты и ссылки на стене сообщества VK. Сообщения сообществу приходят сюда.",
    ),
    connector=VkConnector,
    capabilities=CAPABILITIES,
    absent=ABSENT,
    fields=(
        Field(
            "community",
            Localized.of(
                en="Number of the community", uk="Номер спільноти", bg="Номер на общността", ru="Номер сообщества"
            ),
            Localized.of(
                en="Digits only: what stands behind club or public in its address, or under Settings.",
                uk="Лише цифри: те, що стоїть після club чи public в адресі або в налаштуваннях.",
                bg="Само цифри: това, което стои след club или public в адреса или в настройките.",
                ru="Только цифры: то, что стоит после club или public в адресе или в настройках.",
            ),
            pattern=r"[1-9]\d{0,11}",
            example="212979992",
        ),
        Field(
            "access_token",
            Localized.of(
                en="Key of the community", uk="Ключ спільноти", bg="Ключ на общността", ru="Ключ доступа сообщества"
            ),
            Localized.of(
                en="In the community: Manage, API usage, Create token, with the rights for the wall and for messages.",
                uk="У спільноті: Керування, Робота з API, Створити ключ, із правами на стіну та повідомлення.",
                bg="В общността: Управление, Работа с API, Създаване на ключ, с права за стената и съобщенията.",
                ru="В сообществе: Управление, Работа с API, Создать ключ, с правами на стену и сообщения.",
            ),
            FieldKind.SECRET,
        ),
        Field(
            CONFIRMATION,
            Localized.of(
                en="Line to confirm the server",
                uk="Рядок для підтвердження сервера",
                bg="Ред за потвърждаване на сървъра",
                ru="Строка для подтверждения сервера",
            ),
            Localized.of(
                en="Only if VK is to send messages by itself: Manage, API usage, Callback API shows it.",
                uk="Лише якщо VK має сам надсилати повідомлення: його показує Керування, Робота з API, Callback API.",
                bg="Само ако VK сам ще изпраща съобщенията: показва го Управление, Работа с API, Callback API.",
                ru="Только если VK должен сам присылать сообщения: она есть в Управление, Работа с API, Callback API.",
            ),
            is_required=False,
            pattern=r"[0-9A-Za-z_-]{4,64}",
            example="1a2b3c4d",
        ),
        Field(
            SECRET,
            Localized.of(
                en="Secret key of the Callback API",
                uk="Секретний ключ Callback API",
                bg="Таен ключ на Callback API",
                ru="Секретный ключ Callback API",
            ),
            Localized.of(
                en="Make one up of 16 to 50 letters and digits, and enter it in the same place at VK.",
                uk="Придумайте його з 16–50 латинських літер і цифр і введіть там само у VK.",
                bg="Измислете го от 16 до 50 латински букви и цифри и го въведете на същото място във VK.",
                ru="Придумайте его из 16–50 латинских букв и цифр и введите там же в VK.",
            ),
            FieldKind.SECRET,
            is_required=False,
            pattern=r"[0-9A-Za-z_]{16,50}",
        ),
    ),
    # VK names no figure; people know of posts of almost 16,000
    limits=Limits(TextLimit(15_000, LengthUnit.CODE_POINTS)),
    idempotency=Idempotency.NATIVE,
    # VK does not say for how long it remembers a guid
    key_lasts_s=3_600,
    hosts=frozenset({"api.vk.com"}),
    rates=(
        # 20 calls a second with a community's key, 50 posts a day
        Rate(frozenset(Operation), 20, 1),
        Rate(frozenset({Operation.PUBLISH}), 50, 86_400),
    ),
    jurisdictions=JURISDICTIONS,
    webhook_secret=SECRET,
    webhook_answer=ANSWER,
    docs_url="https://dev.vk.com/method/wall.post",
)
