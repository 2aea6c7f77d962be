"""Why a petition may be rejected before it opens, and for which of these reasons its text is not shown.

They are general ones: a community's own rules say which of them hold there, and an officer chooses only those.
"""

from viche_sdk.types import Localized, Reason

REASONS = (
    Reason(
        "no_action",
        Localized.of(
            en="It is not clear what should be done",
            uk="Незрозуміло, що саме треба зробити",
            bg="Не е ясно какво трябва да се направи",
            ru="Непонятно, что именно нужно сделать",
        ),
        Localized.of(
            en="Say in the title which action you ask for, and hand it in again.",
            uk="Напишіть у назві, якої дії ви просите, і подайте петицію ще раз.",
            bg="Напишете в заглавието какво действие искате и я подайте отново.",
            ru="Напишите в названии, какого действия вы просите, и подайте петицию ещё раз.",
        ),
    ),
    Reason(
        "not_responsible",
        Localized.of(
            en="This authority does not decide about it",
            uk="Цей орган влади такого не вирішує",
            bg="Този орган не решава по този въпрос",
            ru="Этот орган власти такого не решает",
        ),
        Localized.of(
            en="Hand it in again to the authority that decides.",
            uk="Подайте петицію до того органу, який це вирішує.",
            bg="Подайте я до органа, който решава.",
            ru="Подайте петицию в тот орган, который это решает.",
        ),
    ),
    Reason(
        "duplicate",
        Localized.of(
            en="A petition that asks for the same is open already",
            uk="Уже відкрита петиція, яка просить про те саме",
            bg="Вече има открита петиция, която иска същото",
            ru="Уже открыта петиция, которая просит о том же",
        ),
        Localized.of(
            en="Sign that petition: support counts most when it is in one place.",
            uk="Підпишіть її: разом підтримка важить більше.",
            bg="Подпишете нея: подкрепата тежи най-много, когато е на едно място.",
            ru="Подпишите её: вместе поддержка весит больше.",
        ),
    ),
    Reason(
        "insults_or_hatred",
        Localized.of(
            en="It insults people or stirs up hatred",
            uk="Вона ображає людей або розпалює ворожнечу",
            bg="Тя обижда хора или подбужда към омраза",
            ru="Она оскорбляет людей или разжигает вражду",
        ),
        Localized.of(
            en="Write what should change, without insults, and hand it in again.",
            uk="Напишіть без образ, що треба змінити, і подайте петицію ще раз.",
            bg="Напишете без обиди какво трябва да се промени и я подайте отново.",
            ru="Напишите без оскорблений, что нужно изменить, и подайте петицию ещё раз.",
        ),
        hides_text=True,
    ),
    Reason(
        "violence",
        Localized.of(
            en="It calls for violence, war or the overthrow of the constitutional order",
            uk="Вона закликає до насильства, війни чи повалення конституційного ладу",
            bg="Тя призовава към насилие, война или сваляне на конституционния ред",
            ru="Она призывает к насилию, войне или свержению конституционного строя",
        ),
        Localized.of(
            en="Take the call out and hand it in again.",
            uk="Приберіть цей заклик і подайте петицію ще раз.",
            bg="Махнете този призив и я подайте отново.",
            ru="Уберите этот призыв и подайте петицию ещё раз.",
        ),
        hides_text=True,
    ),
    Reason(
        "private_people",
        Localized.of(
            en="It has personal data of private people or accuses them",
            uk="У ній є персональні дані приватних осіб або звинувачення проти них",
            bg="Тя съдържа лични данни на частни лица или ги обвинява",
            ru="В ней есть персональные данные частных лиц или обвинения против них",
        ),
        Localized.of(
            en="Ask for a rule or an action without naming anybody, and hand it in again.",
            uk="Попросіть про правило чи дію, нікого не називаючи, і подайте петицію ще раз.",
            bg="Поискайте правило или действие, без да назовавате никого, и я подайте отново.",
            ru="Попросите о правиле или действии, никого не называя, и подайте петицию ещё раз.",
        ),
        hides_text=True,
    ),
    Reason(
        "advertising",
        Localized.of(
            en="It advertises something or campaigns for somebody",
            uk="Вона рекламує щось або агітує за когось",
            bg="Тя рекламира нещо или агитира за някого",
            ru="Она рекламирует что-то или агитирует за кого-то",
        ),
        Localized.of(
            en="Ask for something that is of use to the whole community.",
            uk="Попросіть про те, що потрібно всій громаді.",
            bg="Поискайте нещо, което е от полза за цялата община.",
            ru="Попросите о том, что нужно всем жителям.",
        ),
    ),
    Reason(
        "unlawful",
        Localized.of(
            en="It asks for something that the law forbids, or its text breaks the law",
            uk="Вона просить про те, що заборонено законом, або порушує закон самим текстом",
            bg="Тя иска нещо, което законът забранява, или самият ѝ текст нарушава закона",
            ru="Она просит о том, что запрещено законом, или сам её текст нарушает закон",
        ),
        Localized.of(
            en="The officer's note says which law it is. Ask for something that the authority may do.",
            uk="Про який закон ідеться, сказано в поясненні. Попросіть про те, що орган влади має право зробити.",
            bg="В бележката пише за кой закон става дума. Поискайте нещо, което органът има право да направи.",
            ru="О каком законе речь, сказано в пояснении. Попросите о том, что орган власти вправе сделать.",
        ),
        hides_text=True,
    ),
)
