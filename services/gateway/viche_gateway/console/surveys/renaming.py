"""Another name for a question, a group or a page: surveys rewrites whatever asks for it, or says what it cannot."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from viche_gateway.console.surveys import editing, office
from viche_gateway.console.surveys.editing import Document
from viche_gateway.console.surveys.office import Fault
from viche_gateway.console.surveys.pieces import ABOUT, QUOTA, Piece
from viche_gateway.context import services
from viche_gateway.sessions import signed_in


class CannotBeRenamed(Exception):
    """Nothing is changed; each fault is an expression that must be changed by hand first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__(", ".join(each.reason for each in faults))


def change(piece: Piece, item: Mapping[str, Any]) -> Callable[[Document], Document]:
    """The change that a form says, with another name wherever it is asked for. It raises CannotBeRenamed."""
    name = item.get("name")
    if not piece.name or name == piece.name or piece.kind in (ABOUT, QUOTA):
        return lambda document: piece.put(document, item)

    def changed(document: Document) -> Document:
        return renamed(piece.put(document, {**item, "name": piece.name}), piece.name, str(name))

    return changed


def renames(piece: Piece, name: str) -> Mapping[str, str]:
    """Former and new names of questions that a form gives another name, for what stands outside of the document."""
    is_renamed = piece.is_answered_by_name and bool(piece.name) and name != piece.name
    return {piece.name: name} if is_renamed else {}


def renamed(document: Document, name: str, new_name: str) -> Document:
    """The document in which something has another name.

    Raises:
        NotThere: nothing is called so.
        CannotBeRenamed: something asks for it that must be changed by hand.
        DomainError: surveys cannot be asked, or this is no definition.
    """
    editing.find(document, name)
    text = json.dumps(document, ensure_ascii=False)
    found = services().survey_office.rename(signed_in().access_token, text, name, new_name)
    if found.faults:
        raise CannotBeRenamed(
            office.faults_in(document, [(each.place, each.reason, each.values) for each in found.faults])
        )
    return json.loads(found.definition_json)
