"""What a page of a survey was sent with: answers under the names of their questions, and what is the page's own.

Names of questions are identifiers, so the page's own fields begin with a hyphen. The guard against forgery has a name
that a question may have, too; it stands first in the form, and so its value is the first one under that name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import abort, current_app, request
from viche.surveys.v1 import answers_pb2 as pb

from viche_gateway.context import new_request_id

Move = pb.SaveAnswerPageRequest
MOVES: Mapping[str, "pb.SaveAnswerPageRequest.Move.ValueType"] = {
    "": Move.MOVE_UNSPECIFIED,
    "back": Move.MOVE_BACK,
    "keep": Move.MOVE_KEEP,
    "find": Move.MOVE_KEEP,  # a place; what is written is kept meanwhile
    "add": Move.MOVE_ADD,
    "remove": Move.MOVE_REMOVE,
}
HONEYPOT = "-homepage"
PROOF = "-altcha"
_MOST = "MAX_CONTENT_LENGTH"
_REPLACEMENT = "\ufffd"  # what stands for bytes that could not be decoded
_MOST_INT32 = 2**31 - 1
_MOST_INT64 = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sent:
    """A page as it was sent.

    Args:
        move: what the person wants; ``group`` is the repeat that it is about.
        language: that the person changes to; empty where they do not.
    """

    request_id: str
    page: str
    version: int
    seed: int
    shown: Sequence[str]
    fields: Sequence[pb.FormField]
    move: "pb.SaveAnswerPageRequest.Move.ValueType"
    group: str
    language: str

    @property
    def goes_on(self) -> bool:
        """Whether the page is to be checked and what follows shown."""
        return self.move == Move.MOVE_UNSPECIFIED


def read(guard: str) -> Sent:
    """The form of this request; bytes that are no UTF-8 are refused."""
    _check_length()
    move, _, group = _own("-move").partition(":")
    language = _own("-to-language")
    return Sent(
        request_id=_request_id(),
        page=_own("-page")[:100],
        version=_number("-version", _MOST_INT32),
        seed=_number("-seed", _MOST_INT64),
        shown=_own("-shown").split(),
        fields=list(_fields(guard)),
        move=MOVES["keep"] if language else MOVES.get(move, Move.MOVE_UNSPECIFIED),
        group=group[:100],
        language=language[:40],
    )


def _check_length() -> None:
    """Refuses more text beside files than a form without files may have."""
    if request.mimetype != "multipart/form-data":
        return
    if sum(len(value) for values in request.form.listvalues() for value in values) > current_app.config[_MOST]:
        abort(413)


def _fields(guard: str) -> "list[pb.FormField]":
    found: list[pb.FormField] = []
    for name, values in request.form.lists():
        given = values[1:] if name == guard else values
        if name.startswith("-") or not given:
            continue
        if _REPLACEMENT in "".join(given):
            abort(400)
        found.append(pb.FormField(name=name, values=given))
    return found


def _own(name: str) -> str:
    return request.form.get(name, "").strip()


def _number(name: str, most: int) -> int:
    text = _own(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most else 0


def _request_id() -> str:
    try:
        return str(UUID(_own("-request")))
    except ValueError:
        return new_request_id()
