"""Answers that authorities keep ready: a list, a form with a field per language, and deleting that can be undone."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import moderation_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.console.filling import VARIABLES
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.languages import alternates
from viche_gateway.regions import authority_name, localized
from viche_gateway.sessions import signed_in

TEXT_LIMIT = 3000
_TEXT = "text."


@access.officer
def answer_templates() -> str:
    """All templates of the officer's authorities."""
    found = services().moderation.templates(signed_in().access_token)
    return render_template(
        "console/moderation/templates.html", templates=found, reasons=_reasons(), done=request.args.get("done"),
        languages=alternates(),
        deleted=request.args.get("deleted", "")[:36],
    )  # fmt: skip


@access.officer
def edit_template(template_id: str) -> str:
    """The form for one; "new" begins an empty one."""
    return _page(template_id, _form_of(_template(template_id)))


@access.officer
def save_template(template_id: str) -> ResponseReturnValue:
    """Adds or replaces one."""
    form = forms.read("authority_id", "title", "reason", *_text_fields())
    texts = {name.removeprefix(_TEXT): value for name, value in form.values.items() if name.startswith(_TEXT) and value}
    template = pb.AnswerTemplate(
        id="" if template_id == "new" else template_id, authority_id=form.value("authority_id"),
        title=form.value("title"), reason=form.value("reason"),
    )  # fmt: skip
    template.text.texts.update(texts)
    faults = forms.missing(form, "authority_id", "title")
    if not texts:
        faults |= forms.missing(form, _text_fields()[0])
    if faults:
        return _page(template_id, Form(form.values, faults)), 400
    try:
        services().moderation.put_template(signed_in().access_token, forms.request_id(), template)
    except DomainError as error:
        if error.code in (Code.UNAVAILABLE, Code.NOT_FOUND):
            raise
        return _page(template_id, forms.refused(form, error)), 400
    return redirect(url_for("console.answer_templates", done="saved"), 303)


@access.officer
def delete_template(template_id: str) -> ResponseReturnValue:
    """Deletes one; the list offers to undo it."""
    services().moderation.delete_template(signed_in().access_token, template_id)
    return redirect(url_for("console.answer_templates", deleted=template_id), 303)


@access.officer
def undelete_template(template_id: str) -> ResponseReturnValue:
    """Brings one back."""
    services().moderation.undelete_template(signed_in().access_token, template_id)
    return redirect(url_for("console.answer_templates", done="restored"), 303)


def _template(template_id: str) -> pb.AnswerTemplate:
    if template_id == "new":
        return pb.AnswerTemplate()
    found = services().moderation.templates(signed_in().access_token)
    return next((each for each in found if each.id == template_id), None) or abort(404)


def _form_of(template: pb.AnswerTemplate) -> Form:
    values = {"authority_id": template.authority_id, "title": template.title, "reason": template.reason}
    return Form(values | {name: template.text.texts.get(name.removeprefix(_TEXT), "") for name in _text_fields()})


def _text_fields() -> list[str]:
    return [f"{_TEXT}{code}" for code, _, _ in alternates()]


def _reasons() -> dict[str, str]:
    """The reasons of the rules in use, by code; where rules word one differently, all its titles."""
    titles: dict[str, dict[str, None]] = {}
    for workflow in services().petitions.workflows(in_use=True):
        for reason in workflow.rejection_reasons:
            titles.setdefault(reason.code, {})[localized(reason.title.texts)] = None
    return {code: "; ".join(found) for code, found in titles.items()}


def _authorities() -> list[tuple[str, str]]:
    covered = sorted({code for grant in signed_in().person.grants for code in grant.covers_authority_ids})
    return [(each, name) for each in covered if (name := authority_name(each))]


def _page(template_id: str, form: Form) -> str:
    return render_template(
        "console/moderation/template.html", template_id=template_id, form=form, authorities=_authorities(),
        reasons=list(_reasons().items()), limit=TEXT_LIMIT, variables=", ".join(f"{{{name}}}" for name in VARIABLES),
        languages=[(f"{_TEXT}{code}", name) for code, name, _ in alternates()],
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/templates", view_func=answer_templates)
    blueprint.add_url_rule("/templates/<template_id>", view_func=edit_template)
    blueprint.add_url_rule("/templates/<template_id>", view_func=save_template, methods=["POST"])
    blueprint.add_url_rule("/templates/<template_id>/delete", view_func=delete_template, methods=["POST"])
    blueprint.add_url_rule("/templates/<template_id>/undelete", view_func=undelete_template, methods=["POST"])
