"""Built style sheets, scripts, fonts and pictures: names with a hash of their content, kept by browsers for a year."""

import json
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

from viche_gateway.access import Kind, classified
from viche_gateway.kept import takes_gzip

BUILT = Path(__file__).parent / "static" / "built"
_YEAR_S = 365 * 24 * 3600


class NotBuilt(RuntimeError):
    """The front end has not been built."""


@cache
def manifest() -> dict[str, str]:
    """Plain names to built names.

    Raises:
        NotBuilt: `make assets` has not been run.
    """
    path = BUILT / "manifest.json"
    if not path.exists():
        raise NotBuilt(f"{path} is missing: build the front end with `make assets`")
    return json.loads(path.read_text("utf-8"))


def asset(name: str) -> str:
    """The address of a built file, the same in every language."""
    return f"/static/built/{manifest()[name]}"


def _serve(name: str) -> Response:
    if name not in manifest().values():
        abort(404)
    zipped = f"{name}.gz"
    if takes_gzip(request.headers.get("Accept-Encoding", "")) and (BUILT / zipped).exists():
        response = send_from_directory(BUILT, zipped, mimetype=guess_type(name)[0], max_age=_YEAR_S)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(BUILT, name, max_age=_YEAR_S)
    response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def register(app: Flask) -> None:
    """Serves the built files and gives templates ``asset(name)``."""
    blueprint_here = Blueprint("assets", __name__)
    blueprint_here.add_url_rule("/static/built/<path:name>", "built", classified(Kind.PUBLIC, _serve))
    app.register_blueprint(blueprint_here)
    app.jinja_env.globals["asset"] = asset
