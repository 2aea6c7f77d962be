"""My participation: surveys that somebody who is signed in has answered or begun, where those count persons."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from viche.surveys.v1 import answers_pb2, participation_pb2

from viche_chassis.errors import DomainError
from viche_gateway.context import services
from viche_gateway.formats import full_date, moment
from viche_gateway.portal.surveys.texts import is_in_other_language, text_of
from viche_gateway.sessions import Session


@dataclass(frozen=True, slots=True)
class Line:
    """A survey in which somebody takes part.

    Args:
        lang: of the title where it is another than the page's; else empty.
        date: when the answer was sent, or until when a draft is kept.
        href: where to go on, to the results, or to the survey.
    """

    title: str
    lang: str
    date: str
    href: str
    is_begun: bool = False
    shows_results: bool = False


def mine(session: Session) -> Sequence[Line] | None:
    """What was begun first, then what was sent, the latest first; None while it cannot be known."""
    try:
        answers, drafts = services().participation.mine(session.access_token)
    except DomainError:
        return None
    return [*map(_begun, drafts), *map(_sent, answers)]


def _begun(draft: participation_pb2.MyDraft) -> Line:
    lang, title = text_of(draft.title, ())
    kept_until = moment(draft.expires_at)
    return Line(
        title=title,
        lang=lang if is_in_other_language(lang) else "",
        date=full_date(kept_until) if kept_until else "",
        href=url_for("portal.survey_draft", number=draft.number, token=draft.token),
        is_begun=True,
    )


def _sent(answer: answers_pb2.MyResponse) -> Line:
    lang, title = text_of(answer.title, ())
    sent_at = moment(answer.submitted_at)
    endpoint = "portal.survey_results" if answer.shows_results else "portal.survey"
    return Line(
        title=title,
        lang=lang if is_in_other_language(lang) else "",
        date=full_date(sent_at) if sent_at else "",
        href=url_for(endpoint, number=answer.number),
        shows_results=answer.shows_results,
    )
