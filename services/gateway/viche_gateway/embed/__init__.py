"""Pages inside the pages of partners, and what partners need to put them there."""

from flask import Blueprint, Flask, Response, request

from viche_gateway import access
from viche_gateway.embed import framing, oembed, petitions, script, theme
from viche_gateway.embed.origins import Origins

_THEME_AGE_S = 3600


def register(app: Flask) -> None:
    """Adds the pages to the application."""
    app.extensions["viche.origins"] = Origins(app.extensions["viche.clients"].partners.origins)
    blueprint = Blueprint("embed", __name__, url_prefix=framing.PREFIX.rstrip("/"))
    blueprint.add_url_rule("/theme.css", view_func=theme_sheet)
    petitions.add_routes(blueprint)
    app.register_blueprint(blueprint)
    app.extensions["csrf"].exempt(blueprint)
    app.add_url_rule(f"/{script.NAME}", view_func=script.embed_script)
    app.add_url_rule("/oembed", view_func=oembed.oembed)
    app.jinja_env.globals.update(frame=framing.frame, frame_seal=framing.seal, layout=framing.layout)


@access.public(max_age_s=_THEME_AGE_S)
def theme_sheet() -> Response:
    """The style sheet of a theme, which its address says whole."""
    return Response(theme.read(request.args).style_sheet(), content_type="text/css; charset=utf-8")
