"""What a community decides about its petitions, and how it is asked for it.

No figure of the law is written here: where the number of signatures and the term are set by the community's own
charter, an instance must not open petitions before somebody has entered them.
"""

from viche_sdk.types import Assurance, Choice, Localized, Setting, SettingKind, SignersShown

THRESHOLD = Setting(
    name="threshold",
    title=Localized.of(
        en="Signatures needed for an answer",
        uk="Скільки підписів потрібно для розгляду петиції",
        bg="Колко подписа са нужни за отговор",
        ru="Сколько подписей нужно для рассмотрения петиции",
    ),
    help=Localized.of(
        en="The number that your charter or council decision gives. Only confirmed signatures count.",
        uk="Число зі статуту громади або рішення ради. Враховуються лише підтверджені підписи.",
        bg="Броят, определен в правилата на общината или с решение на съвета. Броят се само потвърдените подписи.",
        ru="Число из устава или решения совета. Учитываются только подтверждённые подписи.",
    ),
    kind=SettingKind.INT,
    minimum=1,
    maximum=10_000_000,
)

OPEN_DAYS = Setting(
    name="open_days",
    title=Localized.of(
        en="Days for collecting signatures",
        uk="Скільки днів збирають підписи",
        bg="Колко дни се събират подписи",
        ru="Сколько дней собирают подписи",
    ),
    help=Localized.of(
        en="Calendar days, counted from the day after the petition opens. Signing ends at midnight after the last day.",
        uk="Календарні дні від наступного після оприлюднення. Збір завершується опівночі в кінці останнього дня.",
        bg="Календарни дни от деня след публикуването. Събирането приключва в полунощ в края на последния ден.",
        ru="Календарные дни со следующего после публикации. Сбор заканчивается в полночь в конце последнего дня.",
    ),
    kind=SettingKind.INT,
    minimum=1,
    maximum=730,
)

RESIDENTS_ONLY = Setting(
    name="residents_only",
    title=Localized.of(
        en="Only residents may sign",
        uk="Підписувати можуть лише жителі громади",
        bg="Могат да подписват само жителите на общината",
        ru="Подписывать могут только жители",
    ),
    help=Localized.of(
        en="Residents are the people who live in the authority's territory, whether or not they are registered there.",
        uk="Жителі — це ті, хто живе на території громади, зокрема переселенці, незалежно від місця реєстрації.",
        bg="Жители са хората, които живеят на територията на общината, независимо от адресната регистрация.",
        ru="Жители — это те, кто живёт на этой территории, независимо от места регистрации.",
    ),
    kind=SettingKind.BOOL,
    default="true",
)

MIN_ASSURANCE = Setting(
    name="min_assurance",
    title=Localized.of(
        en="How people show who they are",
        uk="Як людина підтверджує, хто вона",
        bg="Как хората удостоверяват кои са",
        ru="Как человек подтверждает, кто он",
    ),
    help=Localized.of(
        en="The least that is asked of a signer. Surer ways are always accepted too.",
        uk="Найменше, що вимагається від підписанта. Надійніші способи приймаються завжди.",
        bg="Най-малкото, което се изисква, за да подпише човек. По-сигурните начини се приемат винаги.",
        ru="Наименьшее, что требуется от подписавшего. Более надёжные способы принимаются всегда.",
    ),
    kind=SettingKind.CHOICE,
    default=Assurance.EMAIL.value,
    choices=(
        Choice(
            Assurance.EMAIL.value,
            Localized.of(
                en="By a link sent to their e-mail address",
                uk="За посиланням, надісланим на електронну пошту",
                bg="Чрез връзка, изпратена на електронната им поща",
                ru="По ссылке, отправленной на электронную почту",
            ),
        ),
        Choice(
            Assurance.SUBSTANTIAL.value,
            Localized.of(
                en="By electronic identification, assurance level substantial",
                uk="Електронною ідентифікацією із середнім рівнем довіри",
                bg="Чрез електронна идентификация със значително ниво на осигуреност",
                ru="Электронной идентификацией со средним уровнем доверия",
            ),
        ),
        Choice(
            Assurance.HIGH.value,
            Localized.of(
                en="By electronic identification, assurance level high",
                uk="Електронною ідентифікацією з високим рівнем довіри",
                bg="Чрез електронна идентификация с високо ниво на осигуреност",
                ru="Электронной идентификацией с высоким уровнем доверия",
            ),
        ),
    ),
)

SIGNATURES_PER_MAILBOX = Setting(
    name="signatures_per_mailbox",
    title=Localized.of(
        en="People who may sign from one e-mail address",
        uk="Скільки людей може підписати з однієї електронної адреси",
        bg="Колко души могат да подпишат от един електронен адрес",
        ru="Сколько человек может подписать с одного электронного адреса",
    ),
    help=Localized.of(
        en="Allow two where people at home often share an address.",
        uk="Дозвольте двох, якщо в родинах часто користуються спільною поштою.",
        bg="Позволете двама, ако в семействата често се ползва обща поща.",
        ru="Разрешите двоих, если в семьях часто пользуются общей почтой.",
    ),
    kind=SettingKind.INT,
    default="1",
    minimum=1,
    maximum=2,
)

ANSWER_DAYS = Setting(
    name="answer_days",
    title=Localized.of(
        en="Days for the authority's answer",
        uk="Скільки днів має орган влади на відповідь",
        bg="Колко дни има органът за отговор",
        ru="Сколько дней есть у органа власти на ответ",
    ),
    help=Localized.of(
        en="Calendar days from the day after the signatures are collected. Leave it empty if your rules set no term.",
        uk="Календарні дні від наступного після збору потрібних підписів. "
        "Залиште порожнім, якщо ваші правила не встановлюють строку.",
        bg="Календарни дни от деня след събирането на нужните подписи. "
        "Оставете празно, ако правилата ви не определят срок.",
        ru="Календарные дни со следующего после сбора нужных подписей. "
        "Оставьте пустым, если ваши правила не устанавливают срок.",
    ),
    kind=SettingKind.INT,
    minimum=1,
    maximum=365,
    optional=True,
)

MODERATION_DAYS = Setting(
    name="moderation_days",
    title=Localized.of(
        en="Days for checking a petition before it opens",
        uk="Скільки днів перевіряють петицію перед оприлюдненням",
        bg="Колко дни се проверява петицията, преди да се публикува",
        ru="Сколько дней проверяют петицию перед публикацией",
    ),
    help=Localized.of(
        en="Counted from the day after it was handed in. Leave it empty if your rules set no term.",
        uk="Рахують від дня, наступного після подання. Залиште порожнім, якщо ваші правила не встановлюють строку.",
        bg="Броят се от деня след подаването. Оставете празно, ако правилата ви не определят срок.",
        ru="Считают со дня, следующего за подачей. Оставьте пустым, если ваши правила не устанавливают срок.",
    ),
    kind=SettingKind.INT,
    minimum=1,
    maximum=365,
    optional=True,
)

MODERATION_UNIT = Setting(
    name="moderation_unit",
    title=Localized.of(
        en="Which days count for checking a petition",
        uk="Які дні рахують для перевірки петиції",
        bg="Кои дни се броят за проверката на петицията",
        ru="Какие дни считают для проверки петиции",
    ),
    help=Localized.of(
        en="Leave it empty for calendar days: then weekends and holidays count too.",
        uk="Залиште порожнім для календарних днів: тоді рахують і вихідні та свята.",
        bg="Оставете празно за календарни дни: тогава се броят и почивните дни.",
        ru="Оставьте пустым для календарных дней: тогда считают и выходные с праздниками.",
    ),
    kind=SettingKind.CHOICE,
    choices=(
        Choice(
            "BG",
            Localized.of(
                en="Working days in Bulgaria", uk="Робочі дні в Болгарії", bg="Работните дни в България",
                ru="Рабочие дни в Болгарии",
            ),
        ),
        Choice(
            "GB",
            Localized.of(
                en="Working days in the United Kingdom", uk="Робочі дні у Великій Британії",
                bg="Работните дни в Обединеното кралство", ru="Рабочие дни в Великобритании",
            ),
        ),
        Choice(
            "UA",
            Localized.of(
                en="Working days in Ukraine", uk="Робочі дні в Україні", bg="Работните дни в Украйна",
                ru="Рабочие дни в Украине",
            ),
        ),
    ),
    optional=True,
)  # fmt: skip

VOTES_AGAINST = Setting(
    name="votes_against",
    title=Localized.of(
        en="People may also vote against",
        uk="Можна голосувати і проти",
        bg="Може да се гласува и против",
        ru="Можно голосовать и против",
    ),
    help=Localized.of(
        en="Only where your rules provide for it. Votes against are counted apart and take no signature away.",
        uk="Лише якщо це передбачено вашими правилами. Голоси проти рахують окремо й не віднімають від підписів.",
        bg="Само ако правилата ви го предвиждат. Гласовете против се броят отделно и не се вадят от подписите.",
        ru="Только если это предусмотрено вашими правилами. Голоса против считают отдельно и не вычитают из подписей.",
    ),
    kind=SettingKind.BOOL,
    default="false",
)

SIGNERS_SHOWN = Setting(
    name="signers_shown",
    title=Localized.of(
        en="What everybody sees of those who signed",
        uk="Що всі бачать про тих, хто підписав",
        bg="Какво виждат всички за подписалите",
        ru="Что все видят о тех, кто подписал",
    ),
    help=Localized.of(
        en="In Ukraine the law has the list of signers published (article 23-1 of the law on citizens' appeals).",
        uk="За законом «Про звернення громадян» (стаття 23-1) перелік тих, хто підписав, оприлюднюють.",
        bg="В Украйна законът изисква списъкът на подписалите да се публикува "
        "(член 23-1 от закона за обръщенията на гражданите).",
        ru="В Украине закон требует публиковать список подписавших (статья 23-1 закона об обращениях граждан).",
    ),
    kind=SettingKind.CHOICE,
    default=SignersShown.TERRITORIES.value,
    choices=(
        Choice(
            SignersShown.TERRITORIES.value,
            Localized.of(
                en="How many signed and where they live",
                uk="Скільки людей підписало і де вони живуть",
                bg="Колко души са подписали и къде живеят",
                ru="Сколько человек подписало и где они живут",
            ),
        ),
        Choice(
            SignersShown.NAMES.value,
            Localized.of(
                en="Their names and the day, too",
                uk="Також їхні імена та день підпису",
                bg="Също имената им и деня на подписване",
                ru="Также их имена и день подписи",
            ),
        ),
    ),
)

SETTINGS = (
    THRESHOLD,
    OPEN_DAYS,
    MODERATION_DAYS,
    MODERATION_UNIT,
    ANSWER_DAYS,
    RESIDENTS_ONLY,
    MIN_ASSURANCE,
    SIGNATURES_PER_MAILBOX,
    VOTES_AGAINST,
    SIGNERS_SHOWN,
)
