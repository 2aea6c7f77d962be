"""Pages for officers."""

from flask import Blueprint, Flask

from viche_gateway.console import cases, moderation, rulebook, simulator, templates, today


def register(app: Flask) -> None:
    """Adds the pages to the application."""
    blueprint = Blueprint("console", __name__, url_prefix="/console")
    today.add_routes(blueprint)
    cases.add_routes(blueprint)
    moderation.add_routes(blueprint)
    templates.add_routes(blueprint)
    rulebook.add_routes(blueprint)
    simulator.add_routes(blueprint)
    app.register_blueprint(blueprint)
