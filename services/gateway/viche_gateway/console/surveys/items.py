"""Writing a question, a group, a page, a limit, or the texts around the survey: one page each, nothing lost."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from viche_chassis.errors import DomainError
from viche_gateway import access, forms
from viche_gateway.console.surveys import editing, fields, office, saying, shapes
from viche_gateway.console.surveys.editing import PAGES, Document, NotThere
from viche_gateway.console.surveys.office import Written
from viche_gateway.console.surveys.shapes import Field
from viche_gateway.forms import Form

_MOST_WAS = 500_000
_NEW_NAMES = {"page": "page_1", "group": "group_1", "repeat": "group_1", "quota": "limit_1"}
_QUOTA, _ABOUT = "quota", "about"
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

    def put(self, document: Document, item: Mapping[str, Any]) -> Document:
        """The document with it said in this way."""
        if self.kind == _ABOUT:
            return editing.put_whole(document, {name: item.get(name, {}) for name in _TEXTS})
        if self.kind == _QUOTA:
            return editing.put_quota(document, self.name, item)
        if self.name:
            return editing.put(document, self.name, item)
        return editing.add(document, self.container, item)

    def now(self, document: Document) -> Mapping[str, Any]:
        """What the document says of it. Raises NotThere."""
        if self.kind == _ABOUT:
            return document
        if not self.name:
            return self.item
        return editing.quota(document, self.name) if self.kind == _QUOTA else editing.find(document, self.name).item


@access.officer
def choose_kind(survey_id: str) -> str:
    """What a new question asks for; or a group."""
    written = office.changeable(survey_id)
    container = _container(written)
    return render_template(
        "console/surveys/kind.html", written=written, container=container, form=Form(),
        kinds=[(kind, saying.kind_words(kind), saying.kind_hint(kind)) for kind in (*shapes.KINDS, "group", "repeat")],
    )  # fmt: skip


@access.officer
def new_survey_item(survey_id: str) -> str:
    """The form of a new question, group, page or limit."""
    written = office.changeable(survey_id)
    piece = _new(written)
    return _form(written, piece, Form(fields.values_of(piece.item, piece.fields, written.languages)))


@access.officer
def add_survey_item(survey_id: str) -> ResponseReturnValue:
    """Adds a question, a group, a page or a limit."""
    written = office.changeable(survey_id)
    return _save(written, _new(written))


@access.officer
def survey_item(survey_id: str, name: str) -> str:
    """The form of a question, a group or a page, with what is wrong with it."""
    written = office.changeable(survey_id)
    return _shown(written, _piece(written, name))


@access.officer
def save_survey_item(survey_id: str, name: str) -> ResponseReturnValue:
    """Changes a question, a group or a page."""
    written = office.changeable(survey_id)
    return _save(written, _piece(written, name))


@access.officer
def survey_limit(survey_id: str, name: str) -> str:
    """The form of a limit to how many answers are taken."""
    written = office.changeable(survey_id)
    return _shown(written, _limit(written, name))


@access.officer
def save_survey_limit(survey_id: str, name: str) -> ResponseReturnValue:
    """Changes a limit, or takes it away."""
    written = office.changeable(survey_id)
    piece = _limit(written, name)
    if request.form.get("act") == "delete":
        return _applied(written, piece, lambda document: editing.put_quota(document, name, None))
    return _save(written, piece)


@access.officer
def survey_texts(survey_id: str) -> str:
    """The form of the title, the introduction and the thanks."""
    written = office.changeable(survey_id)
    return _shown(written, Piece(_ABOUT, written.document))


@access.officer
def save_survey_texts(survey_id: str) -> ResponseReturnValue:
    """Changes the title, the introduction and the thanks."""
    written = office.changeable(survey_id)
    return _save(written, Piece(_ABOUT, written.document))


def _save(written: Written, piece: Piece) -> ResponseReturnValue:
    form = forms.read(*fields.names_of(piece.fields, written.languages))
    said = fields.read(form.values, piece.fields, written.languages, piece.item)
    if piece.name and said.item == piece.item:
        return _back(written, piece.name)  # nothing is to be changed, or the form was sent twice
    if changed := _differences(written, piece, _was()):
        return _form(written, piece, form, changed=changed), 409
    faults = {name: saying.fault_sentence(reason, {"value": form.value(name)}) for name, reason in said.faults.items()}
    name = str(said.item.get("name", ""))
    if piece.kind != _ABOUT and name != piece.name and "name" not in faults and _is_taken(written, piece, name):
        if not piece.name and _was_added(written, said.item, name):
            return _back(written, name)  # the form was sent twice
        faults["name"] = saying.fault_sentence("NAME_TWICE", {"value": name})
    if faults:
        return _form(written, piece, Form(form.values, faults)), 400
    return _applied(written, piece, lambda document: piece.put(document, said.item), form, name)


def _applied(
    written: Written, piece: Piece, change: Callable[[Document], Document], form: Form | None = None, name: str = ""
) -> ResponseReturnValue:
    try:
        saved = office.save(written.id, change)
    except NotThere:
        return redirect(url_for("console.written_survey", survey_id=written.id), 303)
    except DomainError as error:
        values = form.values if form else {}
        said = office.refused(error, name, values, change(written.document))
        return _form(written, piece, Form(values, said)), 400
    if form is None or saved is None or piece.kind in (_ABOUT, _QUOTA):
        return _back(written, name)
    found = office.faults_in(
        change(written.document), [(each.place, each.reason, each.values) for each in saved.faults]
    )
    if any(each.name == name and each.reason not in ("EMPTY",) for each in found):
        return redirect(url_for("console.survey_item", survey_id=written.id, name=name, done="saved"), 303)
    return _back(written, name)


def _back(written: Written, name: str) -> ResponseReturnValue:
    return redirect(url_for("console.written_survey", survey_id=written.id, done="saved", _anchor=name or None), 303)


def _shown(written: Written, piece: Piece) -> str:
    """The form with what the service says is wrong with it."""
    values = fields.values_of(piece.item, piece.fields, written.languages)
    about = [each for each in written.faults if each.name == piece.name and _concerns(piece, each.rest)]
    said = office.sentences_of(about, piece.name, values, written.languages)
    return _form(written, piece, Form(values, said))


def _concerns(piece: Piece, rest: str) -> bool:
    return piece.kind != _ABOUT or rest.split("/")[1:2] in (["title"], ["introduction"], ["thanks"])


def _form(
    written: Written, piece: Piece, form: Form, changed: Sequence[tuple[str, str, str]] = ()
) -> str:  # fmt: skip
    own = [each for each in piece.fields if each.is_localized]
    return render_template(
        "console/surveys/item.html", written=written, piece=piece, form=form, changed=changed,
        localized_fields=own, other_fields=[each for each in piece.fields if not each.is_localized],
        heading=_heading(piece), gettext=gettext, was=json.dumps(_kept(piece), ensure_ascii=False),
        is_saved=request.args.get("done") == "saved", yes=fields.YES,
    )  # fmt: skip


def _heading(piece: Piece) -> str:
    words = saying.kind_words(piece.kind)
    return words if piece.name or piece.kind == _ABOUT else gettext("New: %(what)s", what=words)


def _kept(piece: Piece) -> Mapping[str, Any]:
    """What the form was made from, for when somebody else changes it meanwhile."""
    if not piece.name and piece.kind != _ABOUT:
        return {}
    return fields.values_of(piece.item, piece.fields, _all_languages(piece.item))


def _all_languages(item: Mapping[str, Any]) -> Sequence[str]:
    found = dict.fromkeys(code for name in editing.TEXTS for code in item.get(name, {}) or ())
    for listed in ("options", "rows"):
        for option in item.get(listed, ()):
            found |= dict.fromkeys(option.get("label", {}))
    return sorted(found)


def _was() -> Mapping[str, str]:
    text = request.form.get("was", "")
    try:
        was = json.loads(text) if 0 < len(text) <= _MOST_WAS else {}
    except ValueError:
        abort(400)
    return was if isinstance(was, dict) else {}


def _differences(written: Written, piece: Piece, was: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """Label, former and present value of what somebody else has changed since the form was opened."""
    if not was or str(written.reply.edition) == request.form.get("edition", ""):
        return ()
    now = _kept(piece)
    changed: list[tuple[str, str, str]] = []
    for name in dict.fromkeys((*was, *now)):
        if (before := str(was.get(name, ""))) != (after := str(now.get(name, ""))):
            field = shapes.BY_NAME.get(name.partition(".")[0])
            changed.append((gettext(field.label) if field else name, before, after))
    return changed


def _piece(written: Written, name: str) -> Piece:
    found = written.find(name)
    kind = "page" if found.container == PAGES else shapes.kind_of(found.item)
    return Piece(kind, found.item, name, found.container)


def _limit(written: Written, name: str) -> Piece:
    try:
        return Piece(_QUOTA, editing.quota(written.document, name), name)
    except NotThere:
        abort(404)


def _new(written: Written) -> Piece:
    kind = request.args.get("kind", "")
    if kind not in saying.KINDS or kind == _ABOUT:
        abort(404)
    name = editing.free_name(written.document, _NEW_NAMES.get(kind, "question_1"))
    item: dict[str, Any] = {"name": name}
    if kind in ("page", "group", "repeat"):
        item["items"] = []
    elif kind != _QUOTA:
        item["kind"] = kind
    if kind == "repeat":
        item["repeat"] = {}
    if kind == "scale":
        item |= {"minimum": 1, "maximum": 5, "step": 1}
    container = PAGES if kind in ("page", _QUOTA) else _container(written)
    return Piece(kind, item, container=container)


def _container(written: Written) -> str:
    name = request.args.get("to", "")
    return name if name in editing.containers(written.document) else abort(404)


def _is_taken(written: Written, piece: Piece, name: str) -> bool:
    if piece.kind == _QUOTA:
        return any(each.get("name") == name for each in written.document.get("quotas", ()))
    return editing.has(written.document, name)


def _was_added(written: Written, item: Mapping[str, Any], name: str) -> bool:
    try:
        return dict(editing.find(written.document, name).item) == dict(item)
    except NotThere:
        return False


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/surveys/<survey_id>"
    for path, view, method in (
        (f"{one}/add", choose_kind, "GET"),
        (f"{one}/items", new_survey_item, "GET"),
        (f"{one}/items", add_survey_item, "POST"),
        (f"{one}/items/<name>", survey_item, "GET"),
        (f"{one}/items/<name>", save_survey_item, "POST"),
        (f"{one}/limits/<name>", survey_limit, "GET"),
        (f"{one}/limits/<name>", save_survey_limit, "POST"),
        (f"{one}/texts", survey_texts, "GET"),
        (f"{one}/texts", save_survey_texts, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
