"""The words of one petition: those of its workflow, where it brings its own, else the portal's."""

from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number
from viche_gateway.regions import localized

SIGNATURES = "signatures"
_AFTER_OF = ("many", "other")
"""The form after "of N" is the one for many; a language without one has a single form for all but one."""


def phrase(petition: pb.Petition, name: str, usual: str) -> str:
    """A phrase of the petition's workflow in the reader's language; ``usual`` where it brings none."""
    return localized(petition.vocabulary[name].texts) if name in petition.vocabulary else usual


def name_and_number(petition: pb.Petition) -> str:
    """What the petition is called, for instance "Petition 700123" or "Initiative 700123"."""
    word = phrase(petition, "petition", "")
    if not word:
        return gettext("Petition %(number)s", number=petition.number)
    return f"{word[:1].upper()}{word[1:]} {petition.number}"


def signatures_unit(petition: pb.Petition) -> str:
    """What is counted, as it follows the petition's count, for instance "signatures"."""
    count = petition.signature_count
    locale = get_locale()
    word = _form(petition, locale.plural_form(count)) if locale else ""
    return word or ngettext("signature", "signatures", count)


def of_signatures(petition: pb.Petition, goal: int) -> str:
    """How many are to be reached, after the count, for instance "of 1,000 signatures"."""
    word = next(filter(None, (_form(petition, category) for category in _AFTER_OF)), "")
    number = format_number(goal)
    if word:
        return gettext("of %(goal)s %(signatures)s", goal=number, signatures=word)
    return gettext("of %(goal)s signatures", goal=number)


def _form(petition: pb.Petition, category: str) -> str:
    """The word for signatures in a category of CLDR's plural rules, in the reader's very language; empty if missing."""
    locale, name = get_locale(), f"{SIGNATURES}.{category}"
    if locale is None or name not in petition.vocabulary:
        return ""
    return petition.vocabulary[name].texts.get(locale.language, "")


def register(app: Flask) -> None:
    """Makes the words known to templates."""
    known = (phrase, name_and_number, signatures_unit, of_signatures)
    app.jinja_env.globals.update({function.__name__: function for function in known})  # pyright: ignore[reportCallIssue, reportArgumentType]
