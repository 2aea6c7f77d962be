"""Words around a survey: its texts in the reader's language, who may answer, how long it takes."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext, ngettext
from viche.surveys.v1 import surveys_pb2 as pb

from viche_gateway.formats import format_number
from viche_gateway.languages import NAMES, current_language
from viche_gateway.regions import current_region, levels_of_territories, localized, territory_name

NAMES_OF_OTHERS: Mapping[str, str] = {
    "ab": "Аԥсуа", "be": "Беларуская", "crh": "Qırımtatarca", "cs": "Čeština", "de": "Deutsch", "el": "Ελληνικά",
    "es": "Español", "fr": "Français", "gag": "Gagauz", "hu": "Magyar", "it": "Italiano", "lt": "Lietuvių",
    "lv": "Latviešu", "mk": "Македонски", "pl": "Polski", "pt": "Português", "ro": "Română", "rom": "Romani",
    "sk": "Slovenčina", "sr": "Српски", "tr": "Türkçe",
}  # fmt: skip
"""Languages by their own names that surveys may have and the portal does not."""


def language_name(code: str) -> str:
    """A language by its own name; its code where that is not known."""
    base = code.partition("-")[0]
    return NAMES.get(code) or NAMES.get(base) or NAMES_OF_OTHERS.get(base) or code


def text_of(texts: Mapping[str, str], languages: Sequence[str]) -> tuple[str, str]:
    """The language and the text that a reader of this page gets; both empty where there is no text."""
    base = current_language().partition("-")[0]
    for language in (current_language(), base, *languages):
        if texts.get(language):
            return language, texts[language]
    return next(iter(texts.items()), ("", ""))


def is_in_other_language(language: str) -> bool:
    """Whether texts are in another language than the page around them."""
    return bool(language) and language.partition("-")[0] != current_language().partition("-")[0]


def who_may_answer(survey: pb.Survey) -> str:
    """In one sentence."""
    settings = survey.settings
    if settings.admission == pb.ADMISSION_LINK:
        return gettext("Who was given a link, once per link")
    if settings.admission != pb.ADMISSION_PERSON:
        return gettext("Everybody")
    if settings.territory_code:
        place = territory_name(settings.territory_code)
        return gettext("People who live here, once each, after signing in: %(place)s", place=place)
    return gettext("Everybody who signs in, once each")


def how_long(survey: pb.Survey) -> str:
    """For instance "12 questions on 3 pages"."""
    questions = ngettext(
        "%(count)s question", "%(count)s questions", survey.questions, count=format_number(survey.questions)
    )
    if survey.pages < 2:
        return questions
    pages = ngettext("%(count)s page", "%(count)s pages", survey.pages, count=format_number(survey.pages))
    return f"{questions} ({pages})"


def privacy_sentence(survey: pb.Survey) -> str:
    """What becomes of who answers."""
    if survey.settings.admission == pb.ADMISSION_PERSON:
        return gettext(
            "You are counted under a pseudonym of this survey alone. No result is shown for fewer than %(k)s people.",
            k=format_number(survey.settings.k or 10),
        )
    return gettext(
        "You answer without a name, and nothing follows you. No result is shown for fewer than %(k)s people.",
        k=format_number(survey.settings.k or 10),
    )


def territory_choices(levels: Collection[str] = ()) -> Sequence[tuple[str, str]]:
    """Code and name of every territory, with the one above it where that tells it from others of its name.

    Args:
        levels: of the codifier that are offered; empty: all.
    """
    territories = current_region().territories
    names = {code: localized(each.name.texts) for code, each in territories.items()}
    depths = levels_of_territories() if levels else {}
    found = [
        (code, f"{name} ({names[above]})" if (above := territories[code].parent_code) in names else name)
        for code, name in names.items()
        if not levels or str(depths[code]) in levels
    ]
    return sorted(found, key=lambda each: each[1].casefold())
