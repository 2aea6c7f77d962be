"""The workflow "petition-ua-president".

Number and term stand in article 23-1 of the law and in the President's decree 523/2015, from whose day the workflow
is valid: petitions were taken under the decree two months before the article came into force. The terms of two, three
and seven working days were found in secondary sources only.
"""

from datetime import date

from viche_petition_ua_president.reasons import REASONS
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Clock,
    Event,
    Failed,
    Failure,
    LegalBasis,
    Localized,
    Moderation,
    Reached,
    SignersShown,
    Threshold,
    Unit,
    Vocabulary,
    Workflow,
    collecting,
)

_LAW = Localized.of(
    en="Law of Ukraine 393/96-ВР on citizens' appeals",
    uk="Закон України 393/96-ВР «Про звернення громадян»",
    bg="Закон на Украйна 393/96-ВР за обръщенията на гражданите",
    ru="Закон Украины 393/96-ВР «Об обращениях граждан»",
)
ARTICLE_23_1 = LegalBasis(
    _LAW, "23-1", "https://pravongo.org/en/blog/elektronna-petytsiya-osoblyva-forma-kolektyvnoho-zvernennya-hromadyan"
)
PUBLISHED_OR_REFUSED = LegalBasis(_LAW, "23-1 (6), (7)", "http://chmr.gov.ua/ua/newsread.php?s=1&s1=17&view=23584")
BECOMES_AN_APPEAL = LegalBasis(
    _LAW,
    "23-1",
    "https://smr.gov.ua/uk/novini/miska-vlada-news/32340-elektronni-petitsiji-sumchani-proponuyut-62.html",
)
DECREE = LegalBasis(
    Localized.of(
        en="Decree of the President of Ukraine 523/2015",
        uk="Указ Президента України № 523/2015",
        bg="Указ на президента на Украйна № 523/2015",
        ru="Указ Президента Украины № 523/2015",
    ),
    url="https://www.president.gov.ua/documents/5232015-19384",
)
DAY_OF_THE_DECREE = date(2015, 8, 28)

CLOCKS = (
    Clock(
        name="moderation",
        title=Localized.of(
            en="Publication or refusal",
            uk="Оприлюднення або відмова",
            bg="Публикуване или отказ",
            ru="Публикация или отказ",
        ),
        length=2,
        unit=Unit.WORKING_DAY,
        starts_at=Event.SUBMITTED,
        ends_with=Event.OPENED,
        legal_basis=PUBLISHED_OR_REFUSED,
    ),
    collecting(3, Unit.MONTH, legal_basis=ARTICLE_23_1),
    Clock(
        name="announcement",
        title=Localized.of(
            en="Announcement that consideration has started",
            uk="Оголошення про початок розгляду",
            bg="Обявяване, че разглеждането е започнало",
            ru="Объявление о начале рассмотрения",
        ),
        length=3,
        unit=Unit.WORKING_DAY,
        starts_at=Reached("answer"),
        ends_with=Event.CONSIDERATION_STARTED,
        legal_basis=DECREE,
    ),
    Clock(
        name="draft_answer",
        title=Localized.of(
            en="Draft of the answer",
            uk="Проєкт відповіді",
            bg="Проект на отговора",
            ru="Проект ответа",
        ),
        length=7,
        unit=Unit.WORKING_DAY,
        starts_at=Event.CONSIDERATION_STARTED,
        legal_basis=DECREE,
        public=False,
    ),
    Clock(
        name="answer",
        title=Localized.of(
            en="Answer of the President",
            uk="Відповідь Президента",
            bg="Отговор на президента",
            ru="Ответ Президента",
        ),
        length=10,
        unit=Unit.WORKING_DAY,
        starts_at=Event.CONSIDERATION_STARTED,
        ends_with=Event.ANSWERED,
        notice=Localized.of(
            en="The term runs from the announcement that consideration has started, not from the last signature.",
            uk="Строк рахують від оприлюднення інформації про початок розгляду, а не від останнього підпису.",
            bg="Срокът тече от обявяването, че разглеждането е започнало, а не от последния подпис.",
            ru="Срок считают от публикации информации о начале рассмотрения, а не от последней подписи.",
        ),
        legal_basis=DECREE,
    ),
)

PETITION_TO_THE_PRESIDENT = Workflow(
    name="petition-ua-president",
    version="1",
    title=Localized.of(
        en="Electronic petition to the President of Ukraine",
        uk="Електронна петиція до Президента України",
        bg="Електронна петиция до президента на Украйна",
        ru="Электронная петиция Президенту Украины",
    ),
    summary=Localized.of(
        en="Citizens ask the President of Ukraine to act. The names of those who sign are published.",
        uk="Громадяни звертаються до Президента України. Перелік тих, хто підписав, оприлюднюють.",
        bg="Гражданите се обръщат към президента на Украйна. Имената на подписалите се публикуват.",
        ru="Граждане обращаются к Президенту Украины. Список подписавших публикуют.",
    ),
    legal_basis=ARTICLE_23_1,
    valid_from=DAY_OF_THE_DECREE,
    thresholds=(
        Threshold(
            "answer",
            25_000,
            Localized.of(
                en="The President considers the petition and announces, with reasons, whether he supports it.",
                uk="Президент розглядає петицію та публічно оголошує, чи підтримує її і чому.",
                bg="Президентът разглежда петицията и обявява публично дали я подкрепя и защо.",
                ru="Президент рассматривает петицию и публично объявляет, поддерживает ли её и почему.",
            ),
            legal_basis=ARTICLE_23_1,
        ),
    ),
    clocks=CLOCKS,
    calendar="UA",
    # No source that we read says how the President's site must identify signers, so nothing surer than e-mail is asked
    # for. Some cities do ask for more: Kyiv and Zhytomyr for an electronic signature or a bank's identification.
    channels=(Channel(ChannelKind.EMAIL, Assurance.EMAIL), Channel(ChannelKind.EID, Assurance.SUBSTANTIAL)),
    residents_only=False,
    signers_shown=SignersShown.NAMES,
    moderation=Moderation("moderation", REASONS, PUBLISHED_OR_REFUSED),
    failed=Failure(
        Failed.APPEAL,
        Localized.of(
            en="A petition that has not collected its signatures in time is considered as a citizens' appeal.",
            uk="Петицію, яка вчасно не зібрала підписів, розглядають як звернення громадян.",
            bg="Петиция, която не е събрала подписите в срок, се разглежда като обръщение на граждани.",
            ru="Петицию, которая вовремя не собрала подписей, рассматривают как обращение граждан.",
        ),
        BECOMES_AN_APPEAL,
    ),
    vocabulary=Vocabulary(
        petition=Localized.of(
            en="electronic petition", uk="електронна петиція", bg="електронна петиция", ru="электронная петиция"
        ),
        author=Localized.of(
            en="author (initiator)", uk="автор (ініціатор)", bg="автор (инициатор)", ru="автор (инициатор)"
        ),
    ),
)
