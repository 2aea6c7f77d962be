"""What somebody else has changed while a form was open: the form carries what it was made from, and it is compared."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, request
from flask_babel import gettext

from viche_gateway.console.surveys import editing, fields, shapes
from viche_gateway.console.surveys.office import Written
from viche_gateway.console.surveys.pieces import ABOUT, Piece

_MOST_WAS = 500_000


def kept(piece: Piece) -> Mapping[str, Any]:
    """What the form was made from."""
    if not piece.name and piece.kind != ABOUT:
        return {}
    return fields.values_of(piece.item, piece.fields, _all_languages(piece.item))


def was() -> Mapping[str, str]:
    """What the form that was sent was made from."""
    text = request.form.get("was", "")
    try:
        carried = json.loads(text) if 0 < len(text) <= _MOST_WAS else {}
    except ValueError:
        abort(400)
    return carried if isinstance(carried, dict) else {}


def differences(written: Written, piece: Piece, before: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """Label, former and present value of what somebody else has changed since the form was opened."""
    if not before or str(written.reply.edition) == request.form.get("edition", ""):
        return ()
    now = kept(piece)
    changed: list[tuple[str, str, str]] = []
    for name in dict.fromkeys((*before, *now)):
        if (former := str(before.get(name, ""))) != (present := str(now.get(name, ""))):
            field = shapes.BY_NAME.get(name.partition(".")[0])
            changed.append((gettext(field.label) if field else name, former, present))
    return changed


def _all_languages(item: Mapping[str, Any]) -> Sequence[str]:
    return sorted({code for _, _, texts in editing.texts_of(item) for code in texts})
