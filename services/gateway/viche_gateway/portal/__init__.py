"""Pages for citizens."""

from flask import Blueprint, Flask

from viche_gateway.portal import (
    account,
    drafting,
    information,
    petitions,
    rejected,
    rules,
    schedule,
    signing,
    signing_in,
    similar,
    subscriptions,
    view,
)


def register(app: Flask) -> None:
    """Adds the pages to the application."""
    blueprint = Blueprint("portal", __name__)
    for part in (
        information, petitions, rules, schedule, signing, signing_in, similar, drafting, account, rejected,
        subscriptions,
    ):  # fmt: skip
        part.add_routes(blueprint)
    app.register_blueprint(blueprint)
    view.register(app)
