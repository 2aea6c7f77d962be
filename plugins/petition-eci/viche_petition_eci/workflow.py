"""The workflow "petition-eci", in two versions.

It is no petition: the right to petition the European Parliament is another one. Initiatives keep the minima of the day
on which they were registered, also where they start to collect later.

Initiatives under Regulation (EU) 211/2011 and those registered in January 2020 had other figures and are left out.
The reasons for which registration is refused are not listed either: the text of the regulation was not at hand.
"""

from collections.abc import Mapping
from datetime import date

from viche_petition_eci.seats import SEATS_2020, SEATS_2024, minima_of
from viche_petition_eci.settings import ANSWER_MONTHS
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Clock,
    Committee,
    Event,
    Extension,
    FromSetting,
    LegalBasis,
    Localized,
    Minima,
    Plural,
    SignersShown,
    Threshold,
    Unit,
    Vocabulary,
    Workflow,
    collecting,
)

_REGULATION = Localized.of(
    en="Regulation (EU) 2019/788 on the European citizens' initiative",
    uk="Регламент (ЄС) 2019/788 про європейську громадянську ініціативу",
    bg="Регламент (ЕС) 2019/788 относно европейската гражданска инициатива",
    ru="Регламент (ЕС) 2019/788 о европейской гражданской инициативе",
)
REGULATION = LegalBasis(
    _REGULATION, url="https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX%3A02019R0788-20240502"
)
HOW_IT_WORKS = LegalBasis(_REGULATION, url="https://citizens-initiative.europa.eu/how-it-works_en")

STATES_NEEDED = 7
"""A quarter of the 27 member states, rounded up."""

CLOCKS = (
    Clock(
        name="registration",
        title=Localized.of(
            en="Decision on registration",
            uk="Рішення про реєстрацію",
            bg="Решение за регистрация",
            ru="Решение о регистрации",
        ),
        length=2,
        unit=Unit.MONTH,
        starts_at=Event.SUBMITTED,
        ends_with=Event.REGISTERED,
        extension=Extension(
            length=2,
            unit=Unit.MONTH,
            by=Localized.of(
                en="European Commission, where it decides in two steps",
                uk="Європейська комісія, якщо вона вирішує у два етапи",
                bg="Европейската комисия, когато решава на два етапа",
                ru="Европейская комиссия, если она решает в два этапа",
            ),
            most_total=4,
        ),
        legal_basis=HOW_IT_WORKS,
    ),
    Clock(
        name="start",
        title=Localized.of(
            en="Start of collecting", uk="Початок збирання", bg="Начало на събирането", ru="Начало сбора"
        ),
        length=6,
        unit=Unit.MONTH,
        starts_at=Event.REGISTERED,
        ends_with=Event.OPENED,
        notice=Localized.of(
            en="The organisers choose the day, and tell it to the Commission ten working days before.",
            uk="День обирають організатори й повідомляють про нього Комісію за десять робочих днів.",
            bg="Организаторите избират деня и го съобщават на Комисията десет работни дни по-рано.",
            ru="День выбирают организаторы и сообщают о нём Комиссии за десять рабочих дней.",
        ),
        legal_basis=HOW_IT_WORKS,
    ),
    collecting(12, Unit.MONTH, legal_basis=HOW_IT_WORKS),
    Clock(
        name="verification",
        title=Localized.of(
            en="Verification by the member states",
            uk="Перевірка державами-членами",
            bg="Проверка от държавите членки",
            ru="Проверка государствами-членами",
        ),
        length=3,
        unit=Unit.MONTH,
        starts_at=Event.HANDED_OVER,
        ends_with=Event.VERIFIED,
        legal_basis=LegalBasis(
            _REGULATION, url="http://ec.europa.eu/citizens-initiative/public/how-it-works/collection"
        ),
    ),
    Clock(
        name="answer",
        title=Localized.of(
            en="Answer of the Commission",
            uk="Відповідь Комісії",
            bg="Отговор на Комисията",
            ru="Ответ Комиссии",
        ),
        length=FromSetting(ANSWER_MONTHS.name),
        unit=Unit.MONTH,
        starts_at=Event.CONSIDERATION_STARTED,
        ends_with=Event.ANSWERED,
        notice=Localized.of(
            en="The term runs from the day on which the Commission announces that it has the valid initiative.",
            uk="Строк рахують від дня, коли Комісія оголошує, що отримала дійсну ініціативу.",
            bg="Срокът тече от деня, в който Комисията обявява, че е получила валидната инициатива.",
            ru="Срок считают со дня, когда Комиссия объявляет, что получила действительную инициативу.",
        ),
    ),
)


def initiative(version: str, valid_from: date, seats: Mapping[str, int], minima_basis: LegalBasis) -> Workflow:
    """The workflow with the minima of one term of the European Parliament.

    Args:
        version: of the workflow.
        valid_from: first day of registration.
        seats: members of the Parliament by state.
        minima_basis: where the minima can be read.
    """
    return Workflow(
        name="petition-eci",
        version=version,
        title=Localized.of(
            en="European citizens' initiative",
            uk="Європейська громадянська ініціатива",
            bg="Европейска гражданска инициатива",
            ru="Европейская гражданская инициатива",
        ),
        summary=Localized.of(
            en="Citizens of the Union ask the European Commission to propose a legal act. Whoever may vote for the "
            "European Parliament may sign; a member state may also let people sign from the age of 16.",
            uk="Громадяни Союзу просять Європейську комісію запропонувати правовий акт. Підписати може той, хто має "
            "право голосувати на виборах до Європейського парламенту; держава-член може дозволити підписувати з 16 "
            "років.",
            bg="Гражданите на Съюза искат от Европейската комисия да предложи правен акт. Може да подпише всеки, който "
            "има право да гласува за Европейския парламент; държава членка може да допусне и хора от 16 години.",
            ru="Граждане Союза просят Европейскую комиссию предложить правовой акт. Подписать может тот, кто вправе "
            "голосовать на выборах в Европейский парламент; государство-член может разрешить подписывать с 16 лет.",
        ),
        legal_basis=REGULATION,
        valid_from=valid_from,
        thresholds=(
            Threshold(
                "valid",
                1_000_000,
                Localized.of(
                    en="The Commission examines the initiative and answers what it will do and why.",
                    uk="Комісія вивчає ініціативу й відповідає, що вона зробить і чому.",
                    bg="Комисията разглежда инициативата и отговаря какво ще направи и защо.",
                    ru="Комиссия изучает инициативу и отвечает, что она сделает и почему.",
                ),
                Minima(STATES_NEEDED, minima_of(seats)),
                minima_basis,
            ),
        ),
        clocks=CLOCKS,
        settings=(ANSWER_MONTHS,),
        # No source that we read says how surely signers must be known: the member states verify them afterwards.
        channels=(
            Channel(ChannelKind.EMAIL, Assurance.EMAIL),
            Channel(ChannelKind.EID, Assurance.SUBSTANTIAL),
            Channel(ChannelKind.PAPER, Assurance.EMAIL),
        ),
        residents_only=False,
        signers_shown=SignersShown.TERRITORIES,
        committee=Committee(STATES_NEEDED, territories_min=STATES_NEEDED, legal_basis=REGULATION),
        vocabulary=Vocabulary(
            petition=Localized.of(en="initiative", uk="ініціатива", bg="инициатива", ru="инициатива"),
            signature=Localized.of(
                en="statement of support",
                uk="заява про підтримку",
                bg="изявление за подкрепа",
                ru="заявление о поддержке",
            ),
            author=Localized.of(en="organisers", uk="організатори", bg="организатори", ru="организаторы"),
            signatures=Plural.of(
                en=("statement of support", "statements of support"),
                uk=("заява про підтримку", "заяви про підтримку", "заяв про підтримку"),
                bg=("изявление за подкрепа", "изявления за подкрепа"),
                ru=("заявление о поддержке", "заявления о поддержке", "заявлений о поддержке"),
            ),
            sign_this=Localized.of(
                en="Support this initiative",
                uk="Підтримати цю ініціативу",
                bg="Подкрепям тази инициатива",
                ru="Поддержать эту инициативу",
            ),
            confirm_signature=Localized.of(
                en="Confirm your statement of support",
                uk="Підтвердьте свою заяву про підтримку",
                bg="Потвърдете изявлението си за подкрепа",
                ru="Подтвердите своё заявление о поддержке",
            ),
            signature_counts=Localized.of(
                en="Your statement of support counts",
                uk="Вашу заяву про підтримку враховано",
                bg="Вашето изявление за подкрепа се брои",
                ru="Ваше заявление о поддержке учтено",
            ),
        ),
    )


INITIATIVE_2020 = initiative(
    "1",
    date(2020, 2, 1),
    SEATS_2020,
    LegalBasis(
        _REGULATION,
        url="https://europa.eu/citizens-initiative/how-it-works/regulatory-framework-european-citizens-initiative/thresholds_bg",
    ),
)
INITIATIVE_2024 = initiative(
    "2",
    date(2024, 7, 16),
    SEATS_2024,
    LegalBasis(_REGULATION, url="https://citizens-initiative.europa.eu/news_it?etrans=sk&page=1"),
)
