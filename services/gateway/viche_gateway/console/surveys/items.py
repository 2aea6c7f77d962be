"""Writing a question, a group, a page, a limit, or the texts around the survey: one page each, nothing lost."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from viche_chassis.errors import DomainError
from viche_gateway import access, forms
from viche_gateway.console.surveys import editing, fields, levels, meanwhile, office, overview, renaming, saying, shapes
from viche_gateway.console.surveys.editing import Document, NotThere
from viche_gateway.console.surveys.office import Written
from viche_gateway.console.surveys.pieces import ABOUT, QUOTA, Piece, container_of, limit_of, new_piece, piece_of
from viche_gateway.forms import Form


@access.officer
def choose_kind(survey_id: str) -> str:
    """What a new question asks for; or a group."""
    written = office.changeable(survey_id)
    container = container_of(written)
    return render_template(
        "console/surveys/kind.html", written=written, container=container, form=Form(),
        kinds=[(kind, saying.kind_words(kind), saying.kind_hint(kind)) for kind in (*shapes.KINDS, "group", "repeat")],
    )  # fmt: skip


@access.officer
def new_survey_item(survey_id: str) -> str:
    """The form of a new question, group, page or limit."""
    written = office.changeable(survey_id)
    piece = new_piece(written)
    return _form(written, piece, Form(fields.values_of(piece.item, piece.fields, written.languages)))


@access.officer
def add_survey_item(survey_id: str) -> ResponseReturnValue:
    """Adds a question, a group, a page or a limit."""
    written = office.changeable(survey_id)
    return _save(written, new_piece(written))


@access.officer
def survey_item(survey_id: str, name: str) -> str:
    """The form of a question, a group or a page, with what is wrong with it."""
    written = office.changeable(survey_id)
    return _shown(written, piece_of(written, name))


@access.officer
def save_survey_item(survey_id: str, name: str) -> ResponseReturnValue:
    """Changes a question, a group or a page."""
    written = office.changeable(survey_id)
    return _save(written, piece_of(written, name))


@access.officer
def survey_limit(survey_id: str, name: str) -> str:
    """The form of a limit to how many answers are taken."""
    written = office.changeable(survey_id)
    return _shown(written, limit_of(written, name))


@access.officer
def save_survey_limit(survey_id: str, name: str) -> ResponseReturnValue:
    """Changes a limit, or takes it away."""
    if request.form.get("act") == "delete":
        return overview.remove_limit(survey_id, name)
    written = office.changeable(survey_id)
    return _save(written, limit_of(written, name))


@access.officer
def survey_texts(survey_id: str) -> str:
    """The form of the title, the introduction and the thanks."""
    written = office.changeable(survey_id)
    return _shown(written, Piece(ABOUT, written.document))


@access.officer
def save_survey_texts(survey_id: str) -> ResponseReturnValue:
    """Changes the title, the introduction and the thanks."""
    written = office.changeable(survey_id)
    return _save(written, Piece(ABOUT, written.document))


def _save(written: Written, piece: Piece) -> ResponseReturnValue:
    form = _sent(piece, written.languages)
    said = fields.read(form.values, piece.fields, written.languages, piece.item)
    if piece.name and said.item == piece.item:
        return _back(written, piece.name)  # nothing is to be changed, or the form was sent twice
    if changed := meanwhile.differences(written, piece, meanwhile.was()):
        return _form(written, piece, form, changed=changed), 409
    faults = {name: saying.fault_sentence(reason, {"value": form.value(name)}) for name, reason in said.faults.items()}
    name = str(said.item.get("name", ""))
    if piece.kind != ABOUT and name != piece.name and "name" not in faults:
        if not piece.name and _was_added(written, said.item, name):
            return _back(written, name)  # the form was sent twice
        faults |= _name_faults(written, piece, name)
    if faults:
        return _form(written, piece, Form(form.values, faults)), 400
    return _applied(written, piece, renaming.change(piece, said.item), form, name)


def _sent(piece: Piece, languages: Sequence[str]) -> Form:
    """What the form was sent with; boxes of one field are one value."""
    form = forms.read(*fields.names_of(piece.fields, languages))
    boxes = {each.name: each for each in piece.fields if each.shape is shapes.Shape.LEVELS}
    return Form({**form.values, **{name: " ".join(request.form.getlist(name)) for name in boxes}})


def _name_faults(written: Written, piece: Piece, name: str) -> Mapping[str, str]:
    """What is wrong with another name than the one that it has."""
    if piece.is_taken(written.document, name):
        return {"name": saying.fault_sentence("NAME_TWICE", {"value": name})}
    if piece.name and piece.is_answered_by_name and (written.reply.responses or written.reply.drafts):
        return {"name": saying.fault_sentence("NAME_ANSWERED", {"value": piece.name})}
    return {}


def _applied(
    written: Written, piece: Piece, change: Callable[[Document], Document], form: Form, name: str
) -> ResponseReturnValue:
    values = form.values
    try:
        saved = office.save(written.id, change, renaming.renames(piece, name))
    except NotThere:
        return redirect(url_for("console.written_survey", survey_id=written.id), 303)
    except renaming.CannotBeRenamed as error:
        said = office.sentences_of(error.faults, piece.name, values, written.languages)
        return _form(written, piece, Form(values, said)), 400
    except DomainError as error:
        said = office.refused(error, name, values, change(written.document))
        return _form(written, piece, Form(values, said)), 400
    if saved is None or piece.kind in (ABOUT, QUOTA):
        return _back(written, name)
    found = office.faults_in(
        change(written.document), [(each.place, each.reason, each.values) for each in saved.faults]
    )
    if any(each.name == name and each.reason not in ("EMPTY",) for each in found):
        return redirect(url_for("console.survey_item", survey_id=written.id, name=name, done="saved"), 303)
    return _back(written, name, "renamed" if piece.name and name != piece.name else "saved")


def _back(written: Written, name: str, done: str = "saved") -> ResponseReturnValue:
    return redirect(url_for("console.written_survey", survey_id=written.id, done=done, _anchor=name or None), 303)


def _shown(written: Written, piece: Piece) -> str:
    """The form with what the service says is wrong with it."""
    values = fields.values_of(piece.item, piece.fields, written.languages)
    about = [each for each in written.faults if each.name == piece.name and _concerns(piece, each.rest)]
    said = office.sentences_of(about, piece.name, values, written.languages)
    return _form(written, piece, Form(values, said))


def _concerns(piece: Piece, rest: str) -> bool:
    return piece.kind != ABOUT or rest.split("/")[1:2] in (["title"], ["introduction"], ["thanks"])


def _form(
    written: Written, piece: Piece, form: Form, changed: Sequence[tuple[str, str, str]] = ()
) -> str:  # fmt: skip
    own = [each for each in piece.fields if each.is_localized]
    others = [each for each in piece.fields if not each.is_localized]
    conditions = [each for each in others if each.name in shapes.CONDITIONS]
    is_named = any(each.name == "name" for each in others)
    return render_template(
        "console/surveys/item.html", written=written, piece=piece, form=form, changed=changed,
        localized_fields=own, main_fields=[each for each in others if each not in conditions and each.name != "name"],
        conditions=conditions, is_named=is_named, names=_names(written, piece), about=saying.kind_hint(piece.kind),
        is_more_open=any(form.value(each.name) or each.name in form.errors for each in conditions)
        or "name" in form.errors,
        heading=_heading(piece), gettext=gettext, was=json.dumps(meanwhile.kept(piece), ensure_ascii=False),
        level_choices=levels.choices(form.value("levels")),
        is_saved=request.args.get("done") == "saved", yes=fields.YES,
    )  # fmt: skip


def _names(written: Written, piece: Piece) -> Sequence[tuple[str, str]]:
    """What conditions can ask for: other questions, with what people read."""
    return [
        (str(each.item["name"]), written.text(each.item.get("label") or {}))
        for each in editing.walk(written.document)
        if each.item.get("name") not in (None, piece.name)
        and each.item.get("kind") != "note"
        and ("kind" in each.item or "repeat" in each.item)
    ]


def _heading(piece: Piece) -> str:
    words = saying.kind_words(piece.kind)
    return words if piece.name or piece.kind == ABOUT else gettext("New: %(what)s", what=words)


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
