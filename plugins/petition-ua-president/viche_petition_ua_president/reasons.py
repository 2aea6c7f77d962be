"""Why a petition may be refused: what it must not call for, and what it must contain.

The list of what is forbidden was found in secondary sources only; what must be there stands in article 23-1 itself.
"""

from viche_sdk.types import Localized, Reason

_TAKE_OUT = Localized.of(
    en="Take the call out and hand the petition in again.",
    uk="Приберіть цей заклик і подайте петицію ще раз.",
    bg="Махнете този призив и подайте петицията отново.",
    ru="Уберите этот призыв и подайте петицию ещё раз.",
)

REASONS = (
    Reason(
        "incomplete",
        Localized.of(
            en="The gist, the author's full name or the e-mail address is missing",
            uk="Бракує суті звернення, прізвища, імені й по батькові автора або електронної адреси",
            bg="Липсва същността, пълното име на автора или електронният адрес",
            ru="Не хватает сути обращения, фамилии, имени и отчества автора или электронного адреса",
        ),
        Localized.of(
            en="Add what is missing and hand the petition in again.",
            uk="Допишіть, чого бракує, і подайте петицію ще раз.",
            bg="Допълнете каквото липсва и подайте петицията отново.",
            ru="Допишите, чего не хватает, и подайте петицию ещё раз.",
        ),
    ),
    Reason(
        "overthrow",
        Localized.of(
            en="It calls for the overthrow of the constitutional order",
            uk="Вона закликає до повалення конституційного ладу",
            bg="Тя призовава към сваляне на конституционния ред",
            ru="Она призывает к свержению конституционного строя",
        ),
        _TAKE_OUT,
    ),
    Reason(
        "territorial_integrity",
        Localized.of(
            en="It calls for a breach of territorial integrity",
            uk="Вона закликає до порушення територіальної цілісності",
            bg="Тя призовава към нарушаване на териториалната цялост",
            ru="Она призывает к нарушению территориальной целостности",
        ),
        _TAKE_OUT,
    ),
    Reason(
        "war",
        Localized.of(
            en="It is propaganda of war",
            uk="Вона пропагує війну",
            bg="Тя пропагандира война",
            ru="Она пропагандирует войну",
        ),
        _TAKE_OUT,
    ),
    Reason(
        "violence",
        Localized.of(
            en="It calls for violence or cruelty",
            uk="Вона закликає до насильства чи жорстокості",
            bg="Тя призовава към насилие или жестокост",
            ru="Она призывает к насилию или жестокости",
        ),
        _TAKE_OUT,
    ),
    Reason(
        "hatred",
        Localized.of(
            en="It stirs up hatred",
            uk="Вона розпалює ворожнечу",
            bg="Тя подбужда към омраза",
            ru="Она разжигает вражду",
        ),
        _TAKE_OUT,
    ),
    Reason(
        "terrorism",
        Localized.of(
            en="It calls for acts of terrorism",
            uk="Вона закликає до терористичних актів",
            bg="Тя призовава към терористични актове",
            ru="Она призывает к террористическим актам",
        ),
        _TAKE_OUT,
    ),
    Reason(
        "rights_of_others",
        Localized.of(
            en="It attacks the rights and freedoms of others",
            uk="Вона зазіхає на права і свободи інших людей",
            bg="Тя посяга на правата и свободите на други хора",
            ru="Она посягает на права и свободы других людей",
        ),
        _TAKE_OUT,
    ),
)
