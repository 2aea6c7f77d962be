"""What partners can put into their pages: a petition or a survey, and the tag that does it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup
from viche.petitions.v1 import petitions_pb2
from viche.surveys.v1 import surveys_pb2

from viche_gateway.branding.current import address_of, places
from viche_gateway.context import services, settings
from viche_gateway.embed.script import NAME
from viche_gateway.languages import localized_path
from viche_gateway.portal.life import title_of

TAGS = {"petitions": "viche-petition", "surveys": "viche-survey"}
_PATH = re.compile(r"(?:/([a-z]{2,3}))?/(petitions|surveys)/([1-9][0-9]{0,17})/?")
_SNIPPET = Markup(
    '<{tag} id="{number}" lang="{language}"><a href="{address}">{title}</a></{tag}>\n'
    '<script src="{script}" async></script>'
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A page of the portal that can be shown inside others.

    Args:
        kind: "petitions" or "surveys", as in addresses.
        home: scheme, host and port of the place where it is at home.
    """

    kind: str
    number: int
    title: str
    authority_id: str
    home: str
    language: str

    @property
    def path(self) -> str:
        """Of its page, in its language."""
        return localized_path(self.language, f"/{self.kind}/{self.number}", settings().default_language)

    @property
    def address(self) -> str:
        """Of its page, in its language."""
        return f"{self.home}{self.path}"

    def snippet(self) -> str:
        """What a partner copies, as HTML: a plain link, which stays where scripts are off, within the tag."""
        made = _SNIPPET.format(
            tag=TAGS[self.kind], number=self.number, language=self.language, address=self.address, title=self.title,
            script=f"{self.home}/{NAME}",
        )  # fmt: skip
        return str(made)  # a plain text again: a page that shows it has to escape it


def at(address: str) -> Offered | None:
    """What stands at an address; None where nothing of ours does that can be offered.

    Raises:
        DomainError: there is no such petition or survey.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    found = _PATH.fullmatch(parts.path)
    if parts.scheme not in ("http", "https") or not parts.netloc or places().at(parts.netloc) is None or not found:
        return None
    language = found[1] or settings().default_language
    return find(found[2], int(found[3]), language) if language in settings().languages else None


def find(kind: str, number: int, language: str) -> Offered | None:
    """What is offered of a kind under a number, in a language of the portal; None for other kinds.

    Raises:
        DomainError: there is no such petition or survey.
    """
    if kind not in TAGS:
        return None
    if kind == "surveys":
        return of_survey(services().surveys.by_number(number), language)
    return of_petition(services().petitions.by_number(number), language)


def of_petition(petition: petitions_pb2.Petition, language: str) -> Offered:
    """A petition as it is offered."""
    home = address_of(petition.authority_id)
    return Offered("petitions", petition.number, title_of(petition), petition.authority_id, home, language)


def of_survey(survey: surveys_pb2.Survey, language: str) -> Offered:
    """A survey as it is offered; its title is in the first of its languages where it does not speak this one."""
    title = next((survey.title[each] for each in (language, *survey.languages) if survey.title.get(each)), "")
    home = address_of(survey.authority_id)
    return Offered("surveys", survey.number, title, survey.authority_id, home, language)
