"""A survey as a whole: its pages and questions with their faults, and what is done to one of them at once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, sentences
from viche_gateway.console.surveys import editing, office, saying, shapes
from viche_gateway.console.surveys.editing import Document, Found, NotThere
from viche_gateway.console.surveys.office import Fault, Written
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import who_may_answer

_DONE = (
    "created",
    "saved",
    "renamed",
    "moved",
    "copied",
    "restored",
    "opened",
    "scheduled",
    "closed",
    "taken_back",
    "settings",
)
_MOST_ITEM = 500_000
_UNKNOWN = "EXPRESSION_UNKNOWN_NAME"


@dataclass(frozen=True, slots=True)
class Row:
    """A page, a group or a question in the overview.

    Attributes:
        depth: 0 for pages.
        last: whether nothing comes after it in what it stands in.
    """

    found: Found
    kind: str
    depth: int
    is_last: bool
    words: str
    faults: tuple[Fault, ...]

    @property
    def name(self) -> str:
        """Of the item."""
        return str(self.found.item.get("name", ""))


@dataclass(frozen=True, slots=True)
class Removed:
    """What was just taken away, and where it stood."""

    container: str
    index: int
    item: Mapping[str, Any]
    words: str

    @property
    def text(self) -> str:
        """For the button that puts it back."""
        return json.dumps(
            {"container": self.container, "index": self.index, "item": dict(self.item)}, ensure_ascii=False
        )


@access.officer
def written_survey(survey_id: str) -> str:
    """The survey: pages, questions, what is wrong, and what can be done."""
    return show(office.read(survey_id))


@access.officer
def change_item(survey_id: str, name: str) -> ResponseReturnValue:
    """Moves, copies or takes away a page, a group or a question."""
    act = request.form.get("act", "")
    changes: dict[str, tuple[Callable[[Document], Document], str]] = {
        "up": (lambda document: editing.move(document, name, -1), "moved"),
        "down": (lambda document: editing.move(document, name, 1), "moved"),
        "copy": (lambda document: editing.duplicate(document, name), "copied"),
    }
    if act == "delete":
        return _remove(survey_id, name)
    if act not in changes:
        abort(400)
    change, done = changes[act]
    back = _standing(office.changeable(survey_id), name) if done == "moved" else {}
    return applied(survey_id, change, done, name, **back)


@access.officer
def place_item(survey_id: str, name: str) -> ResponseReturnValue:
    """Asks where an item is to go."""
    written = office.changeable(survey_id)
    return _place(written, written.find(name), Form())


@access.officer
def move_item(survey_id: str, name: str) -> ResponseReturnValue:
    """Moves an item to another page or group."""
    written = office.changeable(survey_id)
    chosen, found = request.form.get("container", ""), written.find(name)
    if chosen not in editing.containers(written.document, name):
        return _place(written, found, Form({}, {"container": sentences.sentence("REQUIRED")})), 400
    back = _standing(written, name)
    return applied(survey_id, lambda document: editing.move_to(document, name, chosen), "moved", name, **back)


@access.officer
def put_item_back(survey_id: str, name: str) -> ResponseReturnValue:
    """Puts what was moved where it was before."""
    container, index = request.form.get("was_in", ""), request.form.get("was_at", "")
    if not (index.isascii() and index.isdigit() and len(index) < 6):
        abort(400)
    return applied(survey_id, lambda document: editing.place(document, name, container, int(index)), "restored", name)


@access.officer
def restore_item(survey_id: str) -> ResponseReturnValue:
    """Puts back what was taken away."""
    text = request.form.get("removed", "")
    try:
        removed = json.loads(text if len(text) <= _MOST_ITEM else "")
        container, index, item = str(removed["container"]), int(removed["index"]), dict(removed["item"])
    except (ValueError, TypeError, KeyError):
        abort(400)

    def change(document: Document) -> Document:
        if _is_back(document, container, str(item.get("name", ""))):
            return document
        return editing.restore(document, container, index, item)

    return applied(survey_id, change, "restored", "")


def _is_back(document: Document, container: str, name: str) -> bool:
    if container != editing.QUOTAS:
        return editing.has(document, name)
    return any(each.get("name") == name for each in document.get("quotas", ()))


def remove_limit(survey_id: str, name: str) -> ResponseReturnValue:
    """Takes a limit away, and offers to put it back."""
    written = office.changeable(survey_id)
    limits = list(written.document.get("quotas", ()))
    found = [index for index, each in enumerate(limits) if each.get("name") == name]
    if not found:
        return redirect(url_for("console.written_survey", survey_id=survey_id), 303)
    try:
        office.save(survey_id, lambda document: editing.put_quota(document, name, None))
    except DomainError as error:
        return refused(survey_id, error)
    return show(office.read(survey_id), removed=Removed(editing.QUOTAS, found[0], limits[found[0]], name))


def applied(
    survey_id: str, change: Callable[[Document], Document], done: str, name: str, **back: Any
) -> ResponseReturnValue:  # fmt: skip
    """Changes the survey and goes back to it; says there what does not let it be changed.

    Args:
        back: where something stood that is moved, so that it can be put back.
    """
    try:
        office.save(survey_id, change)
    except NotThere:
        return redirect(url_for("console.written_survey", survey_id=survey_id), 303)
    except DomainError as error:
        return refused(survey_id, error)
    anchor = None if back else name or None  # the button that puts it back stands at the top
    return redirect(url_for("console.written_survey", survey_id=survey_id, done=done, **back, _anchor=anchor), 303)


def _standing(written: Written, name: str) -> dict[str, str]:
    found = written.find(name)
    return {"moved": name, "was_in": found.container, "was_at": str(found.index)}


def refused(survey_id: str, error: DomainError) -> tuple[str, int]:
    """The overview with what does not let the survey be changed; or the page of errors."""
    if error.code not in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION, Code.ABORTED):
        raise error
    written = office.read(survey_id)
    said = office.refused(error, "", {}, written.document)
    return show(written, form=Form({}, said)), 400


def _remove(survey_id: str, name: str) -> ResponseReturnValue:
    written = office.changeable(survey_id)
    try:
        found = editing.find(written.document, name)
    except NotThere:
        return redirect(url_for("console.written_survey", survey_id=survey_id), 303)
    try:
        office.save(survey_id, lambda document: editing.remove(document, name))
    except DomainError as error:
        return refused(survey_id, error)
    removed = Removed(found.container, found.index, found.item, words_of(written, found))
    after = office.read(survey_id)
    return show(after, removed=removed, broken=_broken(written, after))


def _broken(before: Written, after: Written) -> Sequence[Fault]:
    """What asks for something that is not there any more, each once."""
    known = {(each.name, each.rest, each.reason) for each in before.faults}
    new = [each for each in after.faults if (each.name, each.rest, each.reason) not in known]
    return [each for each in new if each.reason == _UNKNOWN]


def show(
    written: Written, *, form: Form | None = None, removed: Removed | None = None, broken: Sequence[Fault] = ()
) -> str:
    """The page of a survey.

    Args:
        broken: what asks for what was removed.
    """
    moved = request.args.get("moved", "")
    done = request.args.get("done", "")
    faults = written.faults
    return render_template(
        "console/surveys/overview.html", written=written, survey=written.survey, rows=rows(written), removed=removed,
        broken=broken,
        moved=words_of(written, editing.find(written.document, moved)) if editing.has(written.document, moved) else "",
        form=form or Form(), faults_found=faults, whole=[each for each in faults if not each.name],
        done=done if done in _DONE else "", may_write=office.may_write() and not written.is_closed,
        may_close=office.may_write(), state=saying.state_words(written.survey), kind_words=saying.kind_words,
        who=who_may_answer(written.survey), quotas=written.document.get("quotas", ()),
    )  # fmt: skip


def rows(written: Written) -> list[Row]:
    """The lines of the overview."""
    by_name: dict[str, list[Fault]] = {}
    for each in written.faults:
        by_name.setdefault(each.name, []).append(each)
    found = list(editing.walk(written.document))
    made: list[Row] = []
    for each in found:
        depth = each.pointer.count("/items/")
        later = f"{each.pointer.rpartition('/')[0]}/{each.index + 1}"
        is_last = all(other.pointer != later for other in found)
        kind = "page" if each.container == editing.PAGES else shapes.kind_of(each.item)
        own = tuple(by_name.get(str(each.item.get("name", "")), ()))
        made.append(Row(each, kind, depth, is_last, words_of(written, each), own))
    return made


def words_of(written: Written, found: Found) -> str:
    """What an item is called for a person: its text, else its name."""
    item = found.item
    words = written.text(item.get("title") or item.get("label") or {})
    if not words and found.container == editing.PAGES:
        return gettext("Page %(number)s", number=found.index + 1)
    return words or str(item.get("name", ""))


def _place(written: Written, found: Found, form: Form) -> str:
    choices = [
        (name, words_of(written, editing.find(written.document, name)))
        for name in editing.containers(written.document, str(found.item["name"]))
        if name != found.container
    ]
    return render_template(
        "console/surveys/move.html", written=written, found=found, words=words_of(written, found), form=form,
        choices=choices,
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/surveys/<survey_id>"
    for path, view, method in (
        (one, written_survey, "GET"),
        (f"{one}/restore", restore_item, "POST"),
        (f"{one}/items/<name>/act", change_item, "POST"),
        (f"{one}/items/<name>/back", put_item_back, "POST"),
        (f"{one}/items/<name>/move", place_item, "GET"),
        (f"{one}/items/<name>/move", move_item, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
