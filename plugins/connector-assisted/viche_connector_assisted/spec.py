"""What the connector declares: that a person posts, and why."""

from viche_connector_assisted.connector import CAPABILITIES, AssistedConnector
from viche_sdk.connectors.types import (
    Capability,
    ConnectorSpec,
    Duty,
    Field,
    FieldKind,
    Idempotency,
    Jurisdiction,
    LegalBasis,
    LengthUnit,
    Limits,
    Localized,
    TextLimit,
)

NAME = Field(
    "name",
    Localized.of(en="Name of the group", uk="Назва групи", bg="Име на групата", ru="Название группы"),
    Localized.of(
        en="As members know it.",
        uk="Якою її знають учасники.",
        bg="Както я знаят членовете.",
        ru="Каким его знают участники.",
    ),
    pattern=r".{1,100}",
    example="Двір на Садовій",
)

NOT_BACK = Localized.of(
    en="Comments in the group do not come back here; whoever posted looks there.",
    uk="Коментарі з групи сюди не надходять; їх переглядає той, хто опублікував.",
    bg="Коментарите от групата не идват тук; преглежда ги този, който е публикувал.",
    ru="Комментарии из группы сюда не приходят; их смотрит тот, кто опубликовал.",
)

FACEBOOK_GROUPS = ConnectorSpec(
    name="assisted",
    platform="facebook",
    title="Facebook groups",
    description=Localized.of(
        en="A person posts in the group: Viche gives them text, pictures and steps, and keeps the link.",
        uk="У групі публікує людина: Viche дає їй текст, фото та кроки й зберігає посилання.",
        bg="В групата публикува човек: Viche му дава текст, снимки и стъпки и пази връзката.",
        ru="В группе публикует человек: Viche даёт ему текст, фото и шаги и хранит ссылку.",
    ),
    connector=AssistedConnector,
    capabilities=CAPABILITIES,
    absent=(
        (
            Capability.PUBLISH_TEXT,
            Localized.of(
                en="Since 22 April 2024 Facebook lets no program post in groups.",
                uk="З 22 квітня 2024 року Facebook не дає програмам публікувати в групах.",
                bg="От 22 април 2024 г. Facebook не позволява на програми да публикуват в групи.",
                ru="С 22 апреля 2024 года Facebook не даёт программам публиковать в группах.",
            ),
        ),
        (Capability.INBOX_COMMENTS, NOT_BACK),
    ),
    fields=(
        Field(
            "address",
            Localized.of(en="Address of the group", uk="Адреса групи", bg="Адрес на групата", ru="Адрес группы"),
            Localized.of(
                en="As it stands in the browser.",
                uk="Як у рядку браузера.",
                bg="Както е в браузъра.",
                ru="Как в строке браузера.",
            ),
            FieldKind.ADDRESS,
            pattern=r"https://(www\.|m\.)?facebook\.com/groups/[^/\s?#]+/?",
            example="https://www.facebook.com/groups/example",
        ),
        NAME,
    ),
    # what Facebook takes for the text of a post
    limits=Limits(TextLimit(63_206, LengthUnit.CODE_POINTS)),
    idempotency=Idempotency.NONE,
    hosts=frozenset(),
    jurisdictions=(
        Jurisdiction(
            "RU",
            Duty.MAY_NOT,
            Localized.of(
                en="The company behind Facebook was banned as extremist; Facebook is blocked.",
                uk="Компанію, якій належить Facebook, заборонено як екстремістську; Facebook заблоковано.",
                bg="Компанията, собственик на Facebook, е забранена като екстремистка; Facebook е блокиран.",
                ru="Компания, которой принадлежит Facebook, запрещена как экстремистская; Facebook заблокирован.",
            ),
            LegalBasis(
                Localized.of(
                    en="Judgment of the Tverskoy District Court of Moscow of 21.3.2022",
                    uk="Рішення Тверського районного суду Москви від 21.03.2022",
                    bg="Решение на Тверския районен съд в Москва от 21.3.2022 г.",
                    ru="Решение Тверского районного суда города Москвы от 21.03.2022",
                )
            ),
        ),
    ),
    docs_url="https://developers.facebook.com/docs/groups-api/",
)

OTHER_GROUPS = ConnectorSpec(
    name="assisted-other",
    platform="group",
    title="Groups, chats, forums",
    description=Localized.of(
        en="A group, chat or forum anywhere, in which a person posts: Viche gives them text, pictures and steps.",
        uk="Будь-яка група, чат чи форум, де публікує людина: Viche дає їй текст, фото та кроки.",
        bg="Всяка група, чат или форум, където публикува човек: Viche му дава текст, снимки и стъпки.",
        ru="Любая группа, чат или форум, где публикует человек: Viche даёт ему текст, фото и шаги.",
    ),
    connector=AssistedConnector,
    capabilities=CAPABILITIES,
    absent=(
        (
            Capability.PUBLISH_TEXT,
            Localized.of(
                en="For this place there is no connector that could post by itself.",
                uk="Для цього місця немає конектора, який міг би публікувати сам.",
                bg="За това място няма конектор, който да публикува сам.",
                ru="Для этого места нет коннектора, который мог бы публиковать сам.",
            ),
        ),
        (Capability.INBOX_COMMENTS, NOT_BACK),
    ),
    fields=(
        Field(
            "address",
            Localized.of(en="Address", uk="Адреса", bg="Адрес", ru="Адрес"),
            Localized.of(
                en="Where the group is found.",
                uk="Де знайти групу.",
                bg="Къде се намира групата.",
                ru="Где найти группу.",
            ),
            FieldKind.ADDRESS,
            pattern=r"https://\S+",
            example="https://forum.example/neighbours",
        ),
        NAME,
    ),
    # nobody knows; longer is not read anywhere
    limits=Limits(TextLimit(10_000, LengthUnit.CODE_POINTS)),
    idempotency=Idempotency.NONE,
    hosts=frozenset(),
)
