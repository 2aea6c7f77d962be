"""Where authorities are restricted in using Telegram."""

from viche_sdk.connectors.types import Duty, Jurisdiction, LegalBasis, Localized

JURISDICTIONS = (
    Jurisdiction(
        "UA",
        Duty.RESTRICTED,
        Localized.of(
            en="On devices of authorities only those may use Telegram whose duty it is to run the authority's channel.",
            uk="На службових пристроях органів влади Telegram може мати лише той, хто веде канал за посадою.",
            bg="На служебните устройства на органите на властта Telegram може да ползва само който води канала по "
            "служба.",
            ru="На служебных устройствах органов власти Telegram может быть только у того, кто ведёт канал по "
            "должности.",
        ),
        LegalBasis(
            Localized.of(
                en="Protocol of the National Coordination Centre for Cybersecurity of 19.09.2024 No 24",
                uk="Протокол засідання Національного координаційного центру кібербезпеки від 19.09.2024 № 24",
                bg="Протокол на Националния координационен център по киберсигурност от 19.09.2024 г. № 24",
                ru="Протокол заседания Национального координационного центра кибербезопасности от 19.09.2024 № 24",
            ),
            url="https://dubnorda.rv.gov.ua/npas/"
            "pro-deiaki-pytannia-vykorystannia-mesendzhera-telegram-v-raionnii-derzhavnii-administratsii",
        ),
    ),
    Jurisdiction(
        "RU",
        Duty.RESTRICTED,
        Localized.of(
            en="Since 1 June 2025 authorities may not write to people through foreign messengers.",
            uk="З 1 червня 2025 року органам влади не можна писати людям через іноземні месенджери.",
            bg="От 1 юни 2025 г. органите на властта не могат да пишат на хората през чуждестранни месинджъри.",
            ru="С 1 июня 2025 года органам власти нельзя писать людям через иностранные мессенджеры.",
        ),
        LegalBasis(
            Localized.of(
                en="Federal Law of 1.4.2025 No 41-FZ",
                uk="Федеральний закон від 01.04.2025 № 41-ФЗ",
                bg="Федерален закон от 1.4.2025 г. № 41-ФЗ",
                ru="Федеральный закон от 01.04.2025 № 41-ФЗ",
            ),
            url="https://www.amic.ru/news/"
            "komu-v-rossii-zapretili-polzovatsya-inostrannymi-messendzherami-i-chto-za-eto-grozit-565414",
        ),
    ),
)
