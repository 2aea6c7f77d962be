"""Files of a post: taken once, kept when a form comes back, shown and given to those who post by hand."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file
from flask_babel import gettext
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access, sentences
from viche_gateway.console.channels import office
from viche_gateway.console.posts import pieces
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import new_request_id, services
from viche_gateway.forms import Form
from viche_gateway.sessions import current_session, signed_in

MOST_MB = 7
"""What fits into one call to social."""
MOST_BYTES = MOST_MB * 1_000_000
_MOST_FORM_BYTES = MOST_BYTES + 1_000_000
_MOST_PARTS = 1_000
_WITH_FILES = frozenset({"console.save_post_step", "console.measure_post"})
_ENDS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}


def added(found: Desk, form: Form) -> tuple[list[pb.PostMedia], dict[str, str]]:
    """The file that came with a form, with what is said to be seen on it; or what is wrong with it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return [], {}
    content = sent.stream.read(MOST_BYTES + 1)
    if not content:
        return [], {"file": sentences.sentence("EMPTY_FILE")}
    if len(content) > MOST_BYTES:
        return [], {"file": sentences.sentence("FILE_TOO_LARGE", {"limit": str(MOST_MB)})}
    name = sent.filename.replace("\\", "/").rpartition("/")[2][-100:]
    try:
        made = services().posts.add_media(
            signed_in().access_token, new_request_id(), found.post.authority_id, name, content
        )  # fmt: skip
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


@access.officer
def post_file(media_id: str) -> Response:
    """A file of a post, shown; or to be saved."""
    found = services().posts.media(signed_in().access_token, office.checked_id(media_id))
    saves = request.args.get("save") == "1"
    options: dict[str, Any] = {"download_name": f"{media_id}.{_ENDS.get(found.media.type, 'bin')}"} if saves else {}
    return send_file(BytesIO(found.content), mimetype=_type(found), as_attachment=saves, **options)


def _type(found: pb.GetMediaResponse) -> str:
    return found.media.type if found.media.type in _ENDS else "application/octet-stream"


def _let_files_through(endpoint: str | None, _values: object) -> None:
    """Before anything reads the body; for officers alone."""
    if endpoint in _WITH_FILES and request.method == "POST" and current_session() is not None:
        request.max_content_length = request.max_form_memory_size = _MOST_FORM_BYTES
        request.max_form_parts = _MOST_PARTS


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.url_value_preprocessor(_let_files_through)
    blueprint.add_url_rule("/posts/files/<media_id>", view_func=post_file)
