"""What officers of the demo write, in the languages in which they write it."""

from __future__ import annotations

REJECTIONS = {
    "highway": (
        "not_responsible",
        "uk",
        "Ця дорога державна, за неї відповідає обласна служба відновлення. Міська рада не може її ремонтувати. Ми "
        "переслали ваше звернення до служби; її відповідь надійде вам поштою.",
    ),
    "neighbours": (
        "insults_or_hatred",
        "ru",
        "В тексте есть оскорбления человека, которого вы назвали по имени. Напишите, что нужно изменить, например "
        "правила тишины ночью, и подайте петицию ещё раз.",
    ),
}
"""Reason, language and note by the petition's key."""

TEMPLATES = {
    "State road": (
        "verbiv",
        "not_responsible",
        {
            "en": "This road belongs to the state. The regional road service decides about it; please write to them.",
            "uk": "Ця дорога державна. Рішення про неї ухвалює обласна служба відновлення; зверніться, будь ласка, до "
            "неї.",
        },
    ),
    "Same as an open petition": (
        "kalynove",
        "duplicate",
        {
            "en": "An open petition asks for the same. Please sign it: support counts most when it is in one place.",
            "uk": "Уже відкрита петиція, яка просить про те саме. Підпишіть її: разом підтримка важить більше.",
            "bg": "Вече има отворена петиция, която иска същото. Подпишете нея: заедно подкрепата тежи повече.",
            "ru": "Уже открыта петиция, которая просит о том же. Подпишите её: вместе поддержка весит больше.",
        },
    ),
}
"""Authority, reason and texts by title."""

QUESTION = "The bus station belongs to a company, not to the council. Can we still open this petition?"

PROLONGED = {
    "en": "The organisers change one part of the initiative. The Commission then decides about all of it.",
    "uk": "Організатори змінюють одну частину ініціативи. Після цього Комісія вирішить щодо всієї.",
}

REMOVED = {
    "en": "Eight signatures in a row came from one address within two seconds.",
    "uk": "Вісім підписів поспіль надійшли з однієї адреси за дві секунди.",
}

HEARING = {
    "en": "Public hearing on ramps at clinics",
    "uk": "Громадські слухання про пандуси в амбулаторіях",
}
HEARING_PLACE = {
    "en": "House of Culture of Kalynove, Central Street 3",
    "uk": "Будинок культури, Калинове, вулиця Центральна, 3",
}

SIGNED_BY = "Nadia Hrytsenko, head of Kalynove Settlement Council"
ANSWER = {
    "summary": {
        "en": "The market comes back to the old square on the first Saturday of every month, beginning in spring.",
        "uk": "Від весни ринок повертається на стару площу щопершої суботи місяця.",
    },
    "reasons": {
        "en": "The square has room for thirty stalls; seventy use the new place. Deliveries need the street behind the "
        "school, which is free on Saturdays only.\n\nAfter half a year the council looks at the numbers of sellers and "
        "customers and decides whether the market comes back for good.",
    },
}
CORRECTED = {
    **ANSWER,
    "summary": {
        "en": "The market comes back to the old square on the first and the third Saturday of every month, beginning "
        "in spring.",
        "uk": "Від весни ринок повертається на стару площу щопершої та щотретьої суботи місяця.",
    },
}
CORRECTION = {
    "en": "The first version left out the third Saturday, which the council had decided as well.",
    "uk": "У першій версії бракувало третьої суботи, про яку рада теж ухвалила рішення.",
}
DOCUMENT_TITLE = {"en": "Decision 14 of the settlement council", "uk": "Рішення селищної ради № 14"}
DOCUMENT = (
    "Kalynove Settlement Council",
    "Decision 14",
    "",
    "1. The market is held on the old square on the first and the third Saturday",
    "   of every month.",
    "2. Thirty stalls are marked on the square. Whoever sold there before has",
    "   the first choice.",
    "3. The council looks at the numbers after six months.",
    "",
    "This document belongs to a demo. The council does not exist.",
)
