"""Which place a request is for, and the files of its look.

A host that is nobody's gets one page that names the right address: whoever points a host here by mistake, or forges
one, is shown nothing else under it.
"""

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from viche_gateway import problem, sentences
from viche_gateway.access import Kind, classified
from viche_gateway.branding import shown
from viche_gateway.branding.current import address_of, here, link_to, places, site_name
from viche_gateway.branding.places import Places
from viche_gateway.regions import find_authority

WRONG_HOST = "WRONG_HOST"
_YEAR_S = 365 * 24 * 3600
# what the page for wrong hosts needs
_EVERYWHERE = ("assets.built", "brand.file")


def file_path(file: shown.File) -> str:
    """The address of a file of a look, the same on every host and in every language."""
    return f"/brand/{file.name}"


def _serve(name: str) -> Response:
    file = current_app.extensions["viche.brand_files"].get(name)
    if file is None:
        abort(404)
    response = Response(file.content, content_type=file.media_type)
    response.headers["Content-Security-Policy"] = file.policy
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.cache_control.max_age = _YEAR_S
    return response


def _find_place() -> ResponseReturnValue | None:
    place = places().at(request.environ.get("HTTP_HOST", ""))  # request.host is empty where it is malformed
    if place is not None and not place.is_main and request.endpoint not in _EVERYWHERE:
        place = place if find_authority(place.slug) else None
    if place is not None:
        g.place = place
        return None
    return None if request.endpoint in _EVERYWHERE else _misdirected()


def _misdirected() -> Response:
    if problem.is_wanted():
        return problem.respond(problem.Problem(421, WRONG_HOST, sentences.sentence(WRONG_HOST)))
    address = places().main.url + request.script_root + request.path if request.method == "GET" else places().main.url
    response = Response(render_template("wrong_host.html", address=address, site=places().main.url), 421)
    response.cache_control.no_store = True
    return response


def register(app: Flask) -> None:
    """Finds the place of every request before anything else looks at it, and gives templates its look."""
    settings = app.extensions["viche.settings"]
    judged = shown.load(settings.brand, settings.languages, settings.public_url)
    app.extensions["viche.places"] = Places(settings.public_url, judged)
    app.extensions["viche.brand_files"] = {file.name: file for look in judged.shown.values() for file in look.files()}
    app.before_request(_find_place)
    blueprint = Blueprint("brand", __name__)
    blueprint.add_url_rule("/brand/<name>", "file", classified(Kind.PUBLIC, _serve))
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        here=here, site_name=site_name, link_to=link_to, address_of=address_of, brand_file=file_path
    )
