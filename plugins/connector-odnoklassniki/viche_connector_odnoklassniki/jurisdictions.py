"""Where authorities must be on Odnoklassniki, and where they may not."""

from viche_sdk.connectors.types import Duty, Jurisdiction, LegalBasis, Localized

JURISDICTIONS = (
    Jurisdiction(
        "RU",
        Duty.MUST,
        Localized.of(
            en="Since 1 December 2022 authorities, their institutions and courts must keep official pages on "
            "Odnoklassniki.",
            uk="З 1 грудня 2022 року органи влади, їхні установи й суди мусять вести офіційні сторінки в "
            "Одноклассниках.",
            bg="От 1 декември 2022 г. органите на властта, учрежденията им и съдилищата са длъжни да водят официални "
            "страници в Одноклассники.",
            ru="С 1 декабря 2022 года органы власти, их учреждения и суды обязаны вести официальные страницы в "
            "Одноклассниках.",
        ),
        LegalBasis(
            Localized.of(
                en="Order of the Government of the Russian Federation of 2.9.2022 No 2523-r",
                uk="Розпорядження Уряду Російської Федерації від 02.09.2022 № 2523-р",
                bg="Разпореждане на правителството на Руската федерация от 2.9.2022 г. № 2523-р",
                ru="Распоряжение Правительства Российской Федерации от 02.09.2022 № 2523-р",
            )
        ),
    ),
    Jurisdiction(
        "UA",
        Duty.MAY_NOT,
        Localized.of(
            en="Odnoklassniki is under sanctions: providers must not give access to it.",
            uk="Одноклассники під санкціями: провайдерам заборонено надавати до них доступ.",
            bg="Одноклассники е под санкции: на доставчиците е забранено да дават достъп до него.",
            ru="Одноклассники под санкциями: провайдерам запрещено давать к ним доступ.",
        ),
        LegalBasis(
            Localized.of(
                en="Decrees of the President of Ukraine of 15.5.2017 No 133/2017 and of 14.5.2020 No 184/2020",
                uk="Укази Президента України від 15.05.2017 № 133/2017 і від 14.05.2020 № 184/2020",
                bg="Укази на президента на Украйна от 15.5.2017 г. № 133/2017 и от 14.5.2020 г. № 184/2020",
                ru="Указы Президента Украины от 15.05.2017 № 133/2017 и от 14.05.2020 № 184/2020",
            ),
            url="https://www.the-village.com.ua/village/city/city-news/"
            "297521-zaboronu-na-vkontakte-yandeks-ta-odnoklassniki-prodovzhili-sche-na-tri-roki",
        ),
    ),
)
