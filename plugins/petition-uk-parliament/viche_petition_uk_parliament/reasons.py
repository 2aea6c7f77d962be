"""Why a petition to the UK Parliament may be rejected, in our own words.

The first ten follow the page "Standards for petitions"; the last four, which stand further down on it, follow the
titles of rejections in the site's own published source (config/locales/rejections.en-GB.yml of alphagov/e-petitions).
"""

from viche_sdk.types import Localized, Reason

STANDARDS_URL = "https://petition.parliament.uk/standards"

FROM_THE_PAGE = (
    Reason(
        "duplicate",
        Localized.of(
            en="There is already a petition for this",
            uk="Така петиція вже є",
            bg="Вече има такава петиция",
            ru="Такая петиция уже есть",
        ),
        Localized.of(
            en="Sign the open petition that asks for the same action.",
            uk="Підпишіть відкриту петицію, яка вимагає того самого.",
            bg="Подпишете отворената петиция, която иска същото.",
            ru="Подпишите открытую петицию, которая требует того же.",
        ),
    ),
    Reason(
        "no_action",
        Localized.of(
            en="It is not clear what should be done",
            uk="Незрозуміло, що саме треба зробити",
            bg="Не е ясно какво трябва да се направи",
            ru="Непонятно, что именно нужно сделать",
        ),
        Localized.of(
            en="Say which action you ask of the government or the House of Commons.",
            uk="Напишіть, якої дії ви просите від уряду або Палати громад.",
            bg="Напишете какво действие искате от правителството или от Камарата на общините.",
            ru="Напишите, какого действия вы просите от правительства или Палаты общин.",
        ),
    ),
    Reason(
        "not_responsible",
        Localized.of(
            en="The government and the House of Commons are not responsible for it",
            uk="Це не належить до відповідальності уряду чи Палати громад",
            bg="Правителството и Камарата на общините не отговарят за това",
            ru="Правительство и Палата общин за это не отвечают",
        ),
        Localized.of(
            en="Write to whoever decides: a council, the government of Scotland, Wales or Northern Ireland, "
            "or an independent organisation.",
            uk="Зверніться до того, хто вирішує: ради, уряду Шотландії, Уельсу чи Північної Ірландії "
            "або незалежної організації.",
            bg="Обърнете се към онзи, който решава: общински съвет, правителството на Шотландия, Уелс или "
            "Северна Ирландия, или независима организация.",
            ru="Обратитесь к тому, кто решает: совету, правительству Шотландии, Уэльса или Северной Ирландии "
            "либо независимой организации.",
        ),
    ),
    Reason(
        "local",
        Localized.of(
            en="It asks for action at a local level",
            uk="Вона стосується місцевих справ",
            bg="Тя се отнася до местни въпроси",
            ru="Она касается местных дел",
        ),
        Localized.of(
            en="Write to your local council.",
            uk="Зверніться до своєї місцевої ради.",
            bg="Обърнете се към своя общински съвет.",
            ru="Обратитесь в свой местный совет.",
        ),
    ),
    Reason(
        "individual",
        Localized.of(
            en="It is about one person or one organisation",
            uk="Вона стосується однієї людини чи організації",
            bg="Тя се отнася до един човек или една организация",
            ru="Она касается одного человека или одной организации",
        ),
        Localized.of(
            en="Ask for a rule that holds for all, or for a change of the law that sets the role of the organisation.",
            uk="Просіть про правило для всіх або про зміну закону, який визначає роль цієї організації.",
            bg="Поискайте правило за всички или промяна на закона, който определя ролята на организацията.",
            ru="Просите о правиле для всех или об изменении закона, который определяет роль этой организации.",
        ),
    ),
    Reason(
        "false_or_defamatory",
        Localized.of(
            en="It is defamatory, or says what is false or not proven",
            uk="Вона ганьбить когось або містить неправду чи недоведені твердження",
            bg="Тя клевети или съдържа неверни или недоказани твърдения",
            ru="Она порочит кого-то либо содержит неправду или недоказанные утверждения",
        ),
        Localized.of(
            en="Take out what cannot be proven.",
            uk="Приберіть те, чого не можна довести.",
            bg="Махнете онова, което не може да се докаже.",
            ru="Уберите то, чего нельзя доказать.",
        ),
        hides_text=True,
    ),
    Reason(
        "court",
        Localized.of(
            en="It touches a case before a court, or what a court has forbidden to publish",
            uk="Вона стосується справи в суді або того, що суд заборонив оприлюднювати",
            bg="Тя засяга дело пред съд или нещо, което съд е забранил да се публикува",
            ru="Она касается дела в суде или того, что суд запретил публиковать",
        ),
        Localized.of(
            en="Start it again when the case is over, or leave the case out.",
            uk="Подайте її знову, коли справу завершать, або не згадуйте про справу.",
            bg="Подайте я отново, когато делото приключи, или не споменавайте делото.",
            ru="Подайте её снова, когда дело завершится, или не упоминайте дело.",
        ),
    ),
    Reason(
        "confidential",
        Localized.of(
            en="It may contain confidential or commercially sensitive information",
            uk="Вона може містити конфіденційні відомості чи комерційну таємницю",
            bg="Тя може да съдържа поверителни сведения или търговска тайна",
            ru="Она может содержать конфиденциальные сведения или коммерческую тайну",
        ),
        Localized.of(
            en="Take that information out.",
            uk="Приберіть ці відомості.",
            bg="Махнете тези сведения.",
            ru="Уберите эти сведения.",
        ),
    ),
    Reason(
        "distress",
        Localized.of(
            en="It could cause somebody distress or loss",
            uk="Вона може завдати комусь страждань або збитків",
            bg="Тя може да причини някому страдание или загуба",
            ru="Она может причинить кому-то страдания или убытки",
        ),
        Localized.of(
            en="Leave out the grief of people who have not agreed to it.",
            uk="Не згадуйте про горе людей, які на це не погоджувалися.",
            bg="Не споменавайте мъката на хора, които не са се съгласили.",
            ru="Не упоминайте горе людей, которые на это не соглашались.",
        ),
    ),
    Reason(
        "accusation",
        Localized.of(
            en="It accuses somebody who can be recognised",
            uk="Вона звинувачує когось, кого можна впізнати",
            bg="Тя обвинява някого, когото могат да разпознаят",
            ru="Она обвиняет кого-то, кого можно узнать",
        ),
        Localized.of(
            en="Ask for action without accusing a person or an organisation of wrongdoing.",
            uk="Просіть про дію, не звинувачуючи людину чи організацію.",
            bg="Поискайте действие, без да обвинявате човек или организация.",
            ru="Просите о действии, не обвиняя человека или организацию.",
        ),
    ),
)

FROM_THE_SITES_SOURCE = (
    Reason(
        "honours",
        Localized.of(
            en="It is about honours or appointments",
            uk="Вона стосується нагород або призначень",
            bg="Тя се отнася до отличия или назначения",
            ru="Она касается наград или назначений",
        ),
        Localized.of(
            en="Honours have a procedure of their own: anybody can nominate somebody.",
            uk="Для нагород є окрема процедура: висунути людину може кожен.",
            bg="За отличията има отделна процедура: всеки може да предложи човек.",
            ru="Для наград есть отдельная процедура: предложить человека может каждый.",
        ),
    ),
    Reason(
        "fake_name",
        Localized.of(
            en="The creator's name is false or incomplete",
            uk="Ім’я автора вигадане або неповне",
            bg="Името на автора е измислено или непълно",
            ru="Имя автора вымышлено или неполное",
        ),
        Localized.of(
            en="Hand it in again under your full, real name.",
            uk="Подайте її знову під своїм повним справжнім іменем.",
            bg="Подайте я отново с пълното си истинско име.",
            ru="Подайте её снова под своим полным настоящим именем.",
        ),
    ),
    Reason(
        "information_request",
        Localized.of(
            en="It is a request for information",
            uk="Це запит на інформацію",
            bg="Това е искане за информация",
            ru="Это запрос информации",
        ),
        Localized.of(
            en="Send a freedom of information request to the body that has the information.",
            uk="Надішліть запит на інформацію тому органу, який її має.",
            bg="Изпратете искане за достъп до информация до органа, който я има.",
            ru="Направьте запрос информации тому органу, у которого она есть.",
        ),
    ),
    Reason(
        "offensive",
        Localized.of(
            en="It is offensive, nonsense, a joke or an advertisement",
            uk="Вона образлива, безглузда, жартівлива або рекламна",
            bg="Тя е обидна, безсмислена, шега или реклама",
            ru="Она оскорбительная, бессмысленная, шуточная или рекламная",
        ),
        Localized.of(
            en="Write it again in earnest and without insults.",
            uk="Напишіть її ще раз, серйозно й без образ.",
            bg="Напишете я отново, сериозно и без обиди.",
            ru="Напишите её ещё раз, всерьёз и без оскорблений.",
        ),
        hides_text=True,
    ),
)

REASONS = (*FROM_THE_PAGE, *FROM_THE_SITES_SOURCE)
