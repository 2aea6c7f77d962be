"""What templates can ask for on every page."""

from flask import Flask, request

from viche_gateway import formats
from viche_gateway.context import new_request_id
from viche_gateway.languages import alternates, current_language
from viche_gateway.portal import answers
from viche_gateway.portal.archived import web_address
from viche_gateway.portal.life import life_of, state_label, state_tone, timeline_of, title_of
from viche_gateway.regions import authority_name, authority_slug, localized, territory_name
from viche_gateway.sessions import current_session
from viche_gateway.wording import basis_text, channel_text, period_text, signers_shown_text


def register(app: Flask) -> None:
    """Gives the templates their functions."""
    app.jinja_env.globals.update(
        settings=app.extensions["viche.settings"],
        current_session=current_session,
        current_language=current_language,
        alternates=alternates,
        authority_name=authority_name,
        authority_slug=authority_slug,
        territory_name=territory_name,
        localized=localized,
        life_of=life_of,
        state_label=state_label,
        state_tone=state_tone,
        title_of=title_of,
        timeline_of=timeline_of,
        percent=formats.percent,
        basis_text=basis_text,
        channel_text=channel_text,
        period_text=period_text,
        signers_shown_text=signers_shown_text,
        new_request_id=new_request_id,
        is_here=is_here,
        web_address=web_address,
        last_answer=answers.last_answer,
        earlier_answers=answers.earlier_answers,
        decision_text=answers.decision_text,
        decision_sentence=answers.decision_sentence,
        decision_tone=answers.decision_tone,
        file_text=answers.file_text,
        hearings_of=answers.hearings_of,
        appeal_of=answers.appeal_of,
        closing_event_of=answers.closing_event_of,
    )


def is_here(prefix: str) -> bool:
    """Whether this page belongs to the part of the portal that ``prefix`` begins."""
    return request.path == prefix or request.path.startswith(f"{prefix}/")
