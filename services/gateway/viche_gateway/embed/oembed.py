"""oEmbed (https://oembed.com): what programs that are given an address of a petition or survey can show of it."""

import json
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from flask import Response, request
from flask_babel import gettext

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, atom
from viche_gateway.branding.current import here, site_name
from viche_gateway.embed import offered
from viche_gateway.embed.offered import Offered
from viche_gateway.regions import authority_name

_AGE_S = 300
_WIDTH, _HEIGHT = 600, 480
_FORMATS = {"json": "application/json", "xml": "text/xml; charset=utf-8"}


@access.public(max_age_s=_AGE_S)
def oembed() -> Response:
    """The tag of what stands at the address in ``url``, with no more than ``maxwidth`` and ``maxheight``.

    404 where nothing of ours stands there, 501 for another ``format`` than json and xml (section 2.3.4).
    """
    wanted = request.args.get("format", "json")
    if wanted not in _FORMATS:
        return _plain(gettext("The formats are json and xml."), 501)
    found = _find(request.args.get("url", ""))
    if found is None:
        return _plain(gettext("There is no petition or survey at this address."), 404)
    said = _said(found)
    body = json.dumps(said, ensure_ascii=False).encode() if wanted == "json" else _xml(said)
    response = Response(body, content_type=_FORMATS[wanted])
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _find(address: str) -> Offered | None:
    try:
        return offered.at(address)
    except DomainError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return None


def _said(found: Offered) -> Mapping[str, str | int]:
    """The answer; the height is where the frame begins, and it grows to what is in it."""
    said: dict[str, str | int] = {
        "type": "rich",
        "version": "1.0",
        "title": found.title,
        "provider_name": site_name(),
        "provider_url": here().url,
        "cache_age": _AGE_S,
        "html": found.snippet(),
        "width": _at_most(_WIDTH, request.args.get("maxwidth", "")),
        "height": _at_most(_HEIGHT, request.args.get("maxheight", "")),
    }
    author = authority_name(found.authority_id)
    return said | ({"author_name": author} if author else {})


def _at_most(usual: int, limit: str) -> int:
    is_number = limit.isascii() and limit.isdigit() and len(limit) < 6
    return min(usual, int(limit)) if is_number else usual


def _xml(said: Mapping[str, str | int]) -> bytes:
    root = ET.Element("oembed")
    for name, value in said.items():
        ET.SubElement(root, name).text = atom.legal(str(value))
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _plain(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
