"""The workflow "petition-local"."""

from datetime import date

from viche_petition_local.reasons import REASONS
from viche_petition_local.settings import (
    ANSWER_DAYS,
    MIN_ASSURANCE,
    MODERATION_DAYS,
    MODERATION_UNIT,
    OPEN_DAYS,
    RESIDENTS_ONLY,
    SETTINGS,
    SIGNATURES_PER_MAILBOX,
    SIGNERS_SHOWN,
    THRESHOLD,
    VOTES_AGAINST,
)
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Clock,
    Event,
    FromSetting,
    LegalBasis,
    Localized,
    Moderation,
    Reached,
    Threshold,
    Unit,
    Workflow,
    collecting,
)

CHARTER = LegalBasis(
    Localized.of(
        en="The charter of the community or a decision of its council",
        uk="Статут територіальної громади або рішення ради",
        bg="Правилата на общината или решение на общинския съвет",
        ru="Местный устав или решение местного совета",
    )
)

LOCAL_PETITION = Workflow(
    name="petition-local",
    version="1",
    title=Localized.of(
        en="Petition to the local authority",
        uk="Петиція до місцевої влади",
        bg="Петиция до местната власт",
        ru="Петиция к местной власти",
    ),
    summary=Localized.of(
        en="Residents ask their local authority to act. The community itself decides how many signatures a petition "
        "needs and how long they are collected.",
        uk="Жителі звертаються до місцевої влади з пропозицією чи вимогою. Скільки підписів потрібно і як довго їх "
        "збирають, визначає сама громада.",
        bg="Жителите се обръщат към местната власт с предложение или искане. Колко подписа са нужни и колко дълго се "
        "събират, решава самата община.",
        ru="Жители обращаются к местной власти с предложением или требованием. Сколько нужно подписей и как долго их "
        "собирают, решает само сообщество.",
    ),
    legal_basis=CHARTER,
    valid_from=date(2026, 1, 1),
    thresholds=(
        Threshold(
            name="answer",
            signatures=FromSetting(THRESHOLD.name),
            effect=Localized.of(
                en="The authority considers the petition and answers it publicly.",
                uk="Орган влади розглядає петицію і дає на неї публічну відповідь.",
                bg="Органът разглежда петицията и дава публичен отговор.",
                ru="Орган власти рассматривает петицию и даёт на неё публичный ответ.",
            ),
        ),
    ),
    clocks=(
        Clock(
            name="moderation",
            title=Localized.of(
                en="Check before the opening",
                uk="Перевірка перед оприлюдненням",
                bg="Проверка преди публикуването",
                ru="Проверка перед публикацией",
            ),
            length=FromSetting(MODERATION_DAYS.name),
            unit=Unit.WORKING_DAY,
            starts_at=Event.SUBMITTED,
            ends_with=Event.OPENED,
        ),
        collecting(FromSetting(OPEN_DAYS.name)),
        Clock(
            name="answer",
            title=Localized.of(
                en="Answer of the authority",
                uk="Відповідь органу влади",
                bg="Отговор на органа",
                ru="Ответ органа власти",
            ),
            length=FromSetting(ANSWER_DAYS.name),
            unit=Unit.CALENDAR_DAY,
            starts_at=Reached("answer"),
            ends_with=Event.ANSWERED,
        ),
    ),
    settings=SETTINGS,
    calendar=FromSetting(MODERATION_UNIT.name),
    channels=(Channel(ChannelKind.EMAIL, Assurance.EMAIL), Channel(ChannelKind.EID, Assurance.SUBSTANTIAL)),
    min_assurance=FromSetting(MIN_ASSURANCE.name),
    residents_only=FromSetting(RESIDENTS_ONLY.name),
    signatures_per_mailbox=FromSetting(SIGNATURES_PER_MAILBOX.name),
    votes_against=FromSetting(VOTES_AGAINST.name),
    signers_shown=FromSetting(SIGNERS_SHOWN.name),
    moderation=Moderation("moderation", REASONS, CHARTER),
)
