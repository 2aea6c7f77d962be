"""Files of published answers, sent as they are read."""

import re
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import NotFound
from viche_chassis.objects import OpenedObject
from viche_gateway import access
from viche_gateway.context import services
from viche_gateway.uploads import SHOWN_IN_BROWSER

AGE_S = 3600
_STREAMED = re.compile(r"(/\w+)?/(petitions/\d+|console/petitions/[^/]+/answer)/documents/.+")
# a file runs no scripts, whatever is in it; "sandbox" would keep browsers from showing a PDF
_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"


def is_streamed(path: str) -> bool:
    """Whether a file stands at an address, which nobody on the way must hold in memory."""
    return _STREAMED.fullmatch(path) is not None


@access.public(max_age_s=AGE_S)
def document(number: int, document_id: str, name: str) -> Response:
    """A file of the answer that holds or of one before it; there is none before the answer is published."""
    petition = services().petitions.by_number(number)
    found = _published(petition, document_id) or abort(404)
    if name != found.file_name:
        abort(404)
    response = Response(content_type=found.media_type)
    response.set_etag(found.sha256)
    if request.method == "GET" and not request.if_none_match.contains(found.sha256):
        response.response = _opened(petition.id, found)
        response.content_length = found.size_bytes
    kind = "inline" if found.media_type in SHOWN_IN_BROWSER else "attachment"
    response.headers["Content-Disposition"] = disposition(kind, found.file_name)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def key_of(petition_id: str, document_id: str) -> str:
    """Where the store keeps a file."""
    return f"petitions/{petition_id}/{document_id}"


def disposition(kind: str, name: str) -> str:
    """The header with a name that every browser reads (RFC 6266): plain letters, and all of it beside."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f'{kind}; filename="{plain}"' + ("" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}")


def _opened(petition_id: str, found: pb.Document) -> OpenedObject:
    try:
        return services().objects.open(key_of(petition_id, found.id))
    except NotFound:
        abort(404)


def _published(petition: pb.Petition, document_id: str) -> pb.Document | None:
    return next((each for answer in petition.answers for each in answer.documents if each.id == document_id), None)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the files."""
    blueprint.add_url_rule("/petitions/<int:number>/documents/<document_id>/<name>", view_func=document)
