"""The script of the tags that partners put into their pages, under an address that stays the same for ever."""

from flask import Response

from viche_gateway import access
from viche_gateway.assets import BUILT, manifest

# browsers ask again after an hour, and take what they have until the answer is there
_AGE_S = 3600
_STALE_S = 7 * 24 * 3600
NAME = "embed.js"


@access.public(max_age_s=_AGE_S)
def embed_script() -> Response:
    """The script, for pages of all origins."""
    response = Response((BUILT / manifest()[NAME]).read_bytes(), content_type="text/javascript; charset=utf-8")
    response.cache_control.stale_while_revalidate = _STALE_S
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
