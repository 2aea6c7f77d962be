"""Files of a post: taken once, kept when a form comes back, shown and given to those who post by hand."""

from io import SEEK_END
from typing import IO

from flask import Blueprint, Response, request
from flask_babel import gettext
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_gateway import access, sentences
from viche_gateway.console.channels import office
from viche_gateway.console.posts import pieces
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import new_request_id, services, settings
from viche_gateway.forms import Form
from viche_gateway.sessions import current_session, signed_in

_MOST_TEXT_BYTES = 8_000_000
"""What a form may hold beside its file."""
_UPLOADS = "uploads/posts"
_MOST_PARTS = 1_000
_WITH_FILES = frozenset({"console.save_post_step", "console.measure_post"})
_ENDS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}


def added(found: Desk, form: Form) -> tuple[list[pb.PostMedia], dict[str, str]]:
    """The file that came with a form, with what is said to be seen on it; or what is wrong with it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return [], {}
    size_bytes = sent.stream.seek(0, SEEK_END)
    sent.stream.seek(0)
    if not size_bytes:
        return [], {"file": sentences.sentence("EMPTY_FILE")}
    if size_bytes > most_mb() * 1_000_000:
        return [], {"file": sentences.sentence("FILE_TOO_LARGE", {"limit": str(most_mb())})}
    name = sent.filename.replace("\\", "/").rpartition("/")[2][-100:]
    try:
        made = _put(found, name, sent.stream, size_bytes)
    except DomainError as error:
        if error.reason == "FILE_TOO_LARGE":  # its bytes were counted above
            return [], {"file": gettext("This picture has too many pixels. Make it smaller.")}
        if error.reason != "FILE_NOT_READABLE":
            raise
        return [], {"file": sentences.of(error)}
    prefix = f"new_alt{pieces.SEPARATOR}"
    alt = {each.removeprefix(prefix): text for each, text in form.values.items() if each.startswith(prefix) and text}
    made.alt.update(alt)
    return [made], {}


def _put(found: Desk, name: str, stream: IO[bytes], size_bytes: int) -> pb.PostMedia:
    """Hands a file on by way of the store of objects, piece by piece; it lies there for the time of the call."""
    upload_id = str(new_id())
    key = f"{_UPLOADS}/{upload_id}"
    services().objects.put(key, stream, size_bytes, "application/octet-stream")
    try:
        return services().posts.add_media(
            signed_in().access_token, new_request_id(), found.post.authority_id, name, upload_id
        )
    finally:
        services().objects.delete(key)


def most_mb() -> int:
    """How large a file may be."""
    return settings().post_file_mb


@access.officer
def post_file(media_id: str) -> Response:
    """A file of a post, shown; or to be saved."""
    found = services().posts.media(signed_in().access_token, office.checked_id(media_id))
    response = Response(services().objects.open(found.object_key), mimetype=_type(found))
    response.content_length = found.media.size_bytes
    if request.args.get("save") == "1":
        name = f"{media_id}.{_ENDS.get(found.media.type, 'bin')}"
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _type(found: pb.GetMediaResponse) -> str:
    return found.media.type if found.media.type in _ENDS else "application/octet-stream"


def _let_files_through(endpoint: str | None, _values: object) -> None:
    """Before anything reads the body; for officers alone."""
    session = current_session() if endpoint in _WITH_FILES and request.method == "POST" else None
    if session is not None and session.person.grants:
        request.max_content_length = most_mb() * 1_000_000 + _MOST_TEXT_BYTES
        request.max_form_memory_size = _MOST_TEXT_BYTES
        request.max_form_parts = _MOST_PARTS


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.url_value_preprocessor(_let_files_through)
    blueprint.add_url_rule("/posts/files/<media_id>", view_func=post_file)
