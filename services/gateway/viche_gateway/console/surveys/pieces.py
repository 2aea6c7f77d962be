"""What a form of the editor is about: a question, a group, a page, a limit, or the texts around the survey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from viche_gateway.console.surveys import editing, saying, shapes
from viche_gateway.console.surveys.editing import PAGES, Document, NotThere
from viche_gateway.console.surveys.office import Written
from viche_gateway.console.surveys.shapes import Field

QUOTA, ABOUT = "quota", "about"
_NEW_NAMES = {"page": "page_1", "group": "group_1", "repeat": "group_1", "quota": "limit_1"}
_TEXTS = ("title", "introduction", "thanks")


@dataclass(frozen=True, slots=True)
class Piece:
    """What a form is about.

    Attributes:
        name: empty of what is new, and of the survey as a whole.
        container: of what is new.
    """

    kind: str
    item: Mapping[str, Any]
    name: str = ""
    container: str = ""

    @property
    def fields(self) -> Sequence[Field]:
        """What can be said about it."""
        return shapes.fields_of(self.kind)

    @property
    def is_answered_by_name(self) -> bool:
        """Whether answers are kept under its name."""
        return self.kind == "repeat" or self.kind in shapes.KINDS

    def put(self, document: Document, item: Mapping[str, Any]) -> Document:
        """The document with it said in this way."""
        if self.kind == ABOUT:
            return editing.put_whole(document, {name: item.get(name, {}) for name in _TEXTS})
        if self.kind == QUOTA:
            return editing.put_quota(document, self.name, item)
        if self.name:
            return editing.put(document, self.name, item)
        return editing.add(document, self.container, item)

    def is_taken(self, document: Document, name: str) -> bool:
        """Whether something else of its sort has that name."""
        if self.kind == QUOTA:
            return any(each.get("name") == name for each in document.get("quotas", ()))
        return editing.has(document, name)


def piece_of(written: Written, name: str) -> Piece:
    """The page, the group or the question of that name; 404 where there is none."""
    found = written.find(name)
    kind = "page" if found.container == PAGES else shapes.kind_of(found.item)
    return Piece(kind, found.item, name, found.container)


def limit_of(written: Written, name: str) -> Piece:
    """The limit of that name; 404 where there is none."""
    try:
        return Piece(QUOTA, editing.quota(written.document, name), name)
    except NotThere:
        abort(404)


def new_piece(written: Written) -> Piece:
    """What the address asks to begin: its kind and, but for pages and limits, where it goes."""
    kind = request.args.get("kind", "")
    if kind not in saying.KINDS or kind == ABOUT:
        abort(404)
    item: dict[str, Any] = {"name": editing.free_name(written.document, _NEW_NAMES.get(kind, "question_1"))}
    if kind in ("page", "group", "repeat"):
        item["items"] = []
    elif kind != QUOTA:
        item["kind"] = kind
    if kind == "repeat":
        item["repeat"] = {}
    if kind == "scale":
        item |= {"minimum": 1, "maximum": 5, "step": 1}
    return Piece(kind, item, container=PAGES if kind in ("page", QUOTA) else container_of(written))


def container_of(written: Written) -> str:
    """The page or group that the address says; 404 where there is none."""
    name = request.args.get("to", "")
    return name if name in editing.containers(written.document) else abort(404)
