"""The workflow "petition-uk-parliament".

The rules are those of the site's pages "How petitions work" and "Standards for petitions" and of the guide to
procedure of the House of Commons, not of an act: there is none. They set no term for the check or the response.
"""

from datetime import date

from viche_petition_uk_parliament.reasons import REASONS, STANDARDS_URL
from viche_petition_uk_parliament.settings import CHECK_DAYS
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Clock,
    ClosingEvent,
    Event,
    FromSetting,
    LegalBasis,
    Localized,
    Moderation,
    SignersShown,
    Sponsors,
    Stage,
    Threshold,
    Unit,
    Workflow,
    collecting,
)

HOW_PETITIONS_WORK = LegalBasis(
    Localized.of(
        en="How petitions work, page of the UK Government and Parliament",
        uk="Як працюють петиції: сторінка уряду й парламенту Великої Британії",
        bg="Как работят петициите: страница на правителството и парламента на Обединеното кралство",
        ru="Как работают петиции: страница правительства и парламента Великобритании",
    ),
    url="https://petition.parliament.uk/help",
)
STANDARDS = LegalBasis(
    Localized.of(
        en="Standards for petitions, page of the UK Government and Parliament",
        uk="Вимоги до петицій: сторінка уряду й парламенту Великої Британії",
        bg="Изисквания към петициите: страница на правителството и парламента на Обединеното кралство",
        ru="Требования к петициям: страница правительства и парламента Великобритании",
    ),
    url=STANDARDS_URL,
)
TERM_AND_DISSOLUTION = LegalBasis(
    Localized.of(
        en="The site's notice on how long petitions run and on dissolution",
        uk="Повідомлення сайту про строк петицій і про розпуск парламенту",
        bg="Съобщение на сайта за срока на петициите и за разпускането на парламента",
        ru="Сообщение сайта о сроке петиций и о роспуске парламента",
    ),
    url="https://petition.parliament.uk/petitions/327661",
)
FIRST_PETITION = date(2015, 7, 20)
"""The oldest petition in Parliament's list of those under these rules was created on this day."""

UK_PARLIAMENT_PETITION = Workflow(
    name="petition-uk-parliament",
    version="1",
    title=Localized.of(
        en="Petition to the UK Government and Parliament",
        uk="Петиція до уряду й парламенту Великої Британії",
        bg="Петиция до правителството и парламента на Обединеното кралство",
        ru="Петиция правительству и парламенту Великобритании",
    ),
    summary=Localized.of(
        en="British citizens and UK residents ask the government or the House of Commons to act. "
        "British citizens may sign wherever they live.",
        uk="Громадяни Великої Британії та її жителі просять уряд або Палату громад про дію. "
        "Британські громадяни можуть підписувати, де б вони не жили.",
        bg="Британските граждани и жителите на Обединеното кралство искат действие от правителството или от "
        "Камарата на общините. Британските граждани могат да подписват, където и да живеят.",
        ru="Граждане Великобритании и её жители просят правительство или Палату общин о действии. "
        "Британские граждане могут подписывать, где бы они ни жили.",
    ),
    legal_basis=HOW_PETITIONS_WORK,
    valid_from=FIRST_PETITION,
    thresholds=(
        Threshold(
            "response",
            10_000,
            Localized.of(
                en="The government responds to the petition.",
                uk="Уряд дає відповідь на петицію.",
                bg="Правителството отговаря на петицията.",
                ru="Правительство отвечает на петицию.",
            ),
            legal_basis=HOW_PETITIONS_WORK,
        ),
        Threshold(
            "debate",
            100_000,
            Localized.of(
                en="The petition is considered for a debate in Parliament; a debate does not follow by itself.",
                uk="Вирішують, чи обговорювати петицію в парламенті; само собою обговорення не настає.",
                bg="Решава се дали петицията да се обсъди в парламента; обсъждането не следва само по себе си.",
                ru="Решают, обсуждать ли петицию в парламенте; само собой обсуждение не наступает.",
            ),
            legal_basis=HOW_PETITIONS_WORK,
        ),
    ),
    clocks=(
        Clock(
            name="check",
            title=Localized.of(
                en="Check against the standards",
                uk="Перевірка на відповідність вимогам",
                bg="Проверка за съответствие с изискванията",
                ru="Проверка на соответствие требованиям",
            ),
            length=FromSetting(CHECK_DAYS.name),
            unit=Unit.CALENDAR_DAY,
            starts_at=Event.SPONSORED,
            ends_with=Event.OPENED,
        ),
        collecting(6, Unit.MONTH, legal_basis=TERM_AND_DISSOLUTION),
    ),
    settings=(CHECK_DAYS,),
    stages=tuple(Stage),
    channels=(Channel(ChannelKind.EMAIL, Assurance.EMAIL),),
    residents_only=False,
    # none of the 4,245 petitions in Parliament's list has fewer than six signatures: five supporters and the creator
    author_counts=True,
    signers_shown=SignersShown.TERRITORIES,
    sponsors=Sponsors(5, HOW_PETITIONS_WORK),
    moderation=Moderation("check", REASONS, STANDARDS),
    closing_events=(
        ClosingEvent(
            "dissolution",
            Localized.of(
                en="Dissolution of Parliament",
                uk="Розпуск парламенту",
                bg="Разпускане на парламента",
                ru="Роспуск парламента",
            ),
            Localized.of(
                en="All open petitions close and are not opened again. The government gives no responses until the "
                "election is over.",
                uk="Усі відкриті петиції закриваються й більше не відкриваються. До кінця виборів уряд не дає "
                "відповідей.",
                bg="Всички отворени петиции се закриват и не се отварят отново. До края на изборите правителството не "
                "отговаря.",
                ru="Все открытые петиции закрываются и больше не открываются. До конца выборов правительство не даёт "
                "ответов.",
            ),
            TERM_AND_DISSOLUTION,
        ),
    ),
)
