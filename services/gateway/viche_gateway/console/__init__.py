"""Pages for officers."""

from flask import Blueprint, Flask

from viche_gateway.console import (
    answers,
    audit,
    behalf,
    cases,
    closing,
    complaints,
    hearings,
    moderation,
    navigation,
    notices,
    organisations,
    partners,
    pauses,
    people,
    rulebook,
    signatures,
    simulator,
    steps,
    survey_exports,
    survey_results,
    survey_tables,
    templates,
    today,
)
from viche_gateway.console.channels import routes as channels
from viche_gateway.console.events import routes as events
from viche_gateway.console.inbox import routes as inbox
from viche_gateway.console.posts import routes as posts
from viche_gateway.console.presence import routes as presence
from viche_gateway.console.surveys import routes as surveys


def register(app: Flask) -> None:
    """Adds the pages to the application."""
    blueprint = Blueprint("console", __name__, url_prefix="/console")
    today.add_routes(blueprint)
    cases.add_routes(blueprint)
    moderation.add_routes(blueprint)
    complaints.add_routes(blueprint)
    templates.add_routes(blueprint)
    rulebook.add_routes(blueprint)
    simulator.add_routes(blueprint)
    people.add_routes(blueprint)
    audit.add_routes(blueprint)
    for part in (answers, steps, hearings, closing, notices, organisations, partners, pauses, behalf, surveys):
        part.add_routes(blueprint)
    for part in (survey_results, survey_tables, survey_exports, presence, channels, posts, inbox, events):
        part.add_routes(blueprint)
    app.register_blueprint(blueprint)
    app.register_blueprint(signatures.pages())
    app.jinja_env.globals.update(
        choices_of=steps.choices_of,
        operated=closing.operated,
        writable=behalf.writable,
        failed_petitions=steps.failed,
        answer_draft_of=answers.draft_of,
        console_parts=navigation.parts,
    )
