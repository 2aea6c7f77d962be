"""What both declare: where they may be used, and what is entered for both."""

from viche_sdk.connectors.types import Duty, Field, FieldKind, FieldOwner, Jurisdiction, LegalBasis, Localized

RUSSIA = Jurisdiction(
    "RU",
    Duty.MAY_NOT,
    Localized.of(
        en="Meta's activity on Facebook and Instagram is banned in Russia as extremist, and both are blocked there.",
        uk="Діяльність Meta у Facebook та Instagram у Росії заборонено як екстремістську, обидві мережі заблоковано.",
        bg="Дейността на Meta във Facebook и Instagram е забранена в Русия като екстремистка и двете са блокирани там.",
        ru="Деятельность Meta в Facebook и Instagram в России запрещена как экстремистская, обе сети заблокированы.",
    ),
    LegalBasis(
        Localized.of(
            en="Decision of the Tverskoy District Court of Moscow of 21 March 2022",
            uk="Рішення Тверського районного суду Москви від 21 березня 2022 року",
            bg="Решение на Тверския районен съд в Москва от 21 март 2022 г.",
            ru="Решение Тверского районного суда Москвы от 21 марта 2022 года",
        )
    ),
)

PAGE_ID = Field(
    "page_id",
    Localized.of(
        en="Page ID", uk="Ідентифікатор сторінки", bg="Идентификатор на страницата", ru="Идентификатор страницы"
    ),
    Localized.of(
        en="On Facebook: the Page, About, Page transparency. A number.",
        uk="У Facebook: сторінка, Інформація, Прозорість сторінки. Це число.",
        bg="Във Facebook: страницата, Информация, Прозрачност на страницата. Това е число.",
        ru="В Facebook: страница, Информация, Прозрачность страницы. Это число.",
    ),
    pattern=r"\d{5,20}",
    example="102030405060708",
)

TOKEN = Field(
    "access_token",
    Localized.of(en="Access token", uk="Токен доступу", bg="Токен за достъп", ru="Токен доступа"),
    Localized.of(
        en="The Page's token, made for a system user in Meta Business settings so that it does not expire.",
        uk="Токен сторінки, створений для системного користувача в налаштуваннях Meta Business: він не закінчується.",
        bg="Токенът на страницата, създаден за системен потребител в настройките на Meta Business: той не изтича.",
        ru="Токен страницы, созданный для системного пользователя в настройках Meta Business: он не истекает.",
    ),
    FieldKind.SECRET,
)

APP_SECRET = Field(
    "app_secret",
    Localized.of(en="App secret", uk="Секрет застосунку", bg="Таен ключ на приложението", ru="Секрет приложения"),
    Localized.of(
        en="At developers.facebook.com: your app, Settings, Basic. Proves each request, and that webhooks are Meta's.",
        uk="На developers.facebook.com: застосунок, Settings, Basic. Ним підтверджують запити й вебхуки Meta.",
        bg="В developers.facebook.com: приложението, Settings, Basic. С него се потвърждават заявките и уебхуковете.",
        ru="На developers.facebook.com: приложение, Settings, Basic. Им подтверждаются запросы и вебхуки Meta.",
    ),
    FieldKind.SECRET,
    FieldOwner.APP,
)

VERIFY_TOKEN = Field(
    "verify_token",
    Localized.of(
        en="Verify token of the webhook",
        uk="Перевірочний токен вебхука",
        bg="Токен за проверка на уебхука",
        ru="Проверочный токен вебхука",
    ),
    Localized.of(
        en="Only for webhooks: any long word of your own, entered here and in the app's webhook settings.",
        uk="Лише для вебхуків: будь-яке довге власне слово, внесене тут і в налаштуваннях вебхука застосунку.",
        bg="Само за уебхукове: дълга дума по ваш избор, въведена тук и в настройките на уебхука на приложението.",
        ru="Только для вебхуков: любое длинное слово, внесённое здесь и в настройках вебхука приложения.",
    ),
    FieldKind.SECRET,
    FieldOwner.APP,
    is_required=False,
)

NO_EVENTS = Localized.of(
    en="Meta lets no program create events; they are announced as posts.",
    uk="Meta не дає програмам створювати події; про них повідомляють дописом.",
    bg="Meta не позволява на програми да създават събития; съобщава се за тях с публикация.",
    ru="Meta не даёт программам создавать мероприятия; о них сообщают записью.",
)

NO_POLLS = Localized.of(
    en="Meta lets no program create polls; link to a survey of your own.",
    uk="Meta не дає програмам створювати опитування; дайте посилання на власне.",
    bg="Meta не позволява на програми да създават анкети; дайте връзка към своя.",
    ru="Meta не даёт программам создавать опросы; дайте ссылку на свой.",
)
