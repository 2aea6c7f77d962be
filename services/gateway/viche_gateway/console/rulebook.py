"""Rules of authorities: for operators, the figures that an authority sets for a workflow."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.progress import minima_of
from viche_gateway.regions import authority_name, localized
from viche_gateway.sessions import signed_in

SETTING = "settings."
_OPERATOR = "operator"


@access.operator
def rulebook() -> str:
    """The authorities that the operator runs, and the rules that each may set up."""
    return render_template(
        "console/moderation/rulebook.html", authorities=_operated(), workflows=services().petitions.workflows()
    )


@access.operator
def workflow_settings(authority_id: str, workflow: str) -> str:
    """The form with the figures as they are set."""
    chosen = _chosen(authority_id, workflow)
    stored = services().moderation.settings(signed_in().access_token, authority_id, workflow).settings
    values = {f"{SETTING}{each.name}": stored.get(each.name, "") for each in chosen.settings}
    return _page(authority_id, chosen, Form(values))


@access.operator
def save_workflow_settings(authority_id: str, workflow: str) -> ResponseReturnValue:
    """First shows what would hold, then sets it."""
    chosen = _chosen(authority_id, workflow)
    form = forms.read(*(f"{SETTING}{each.name}" for each in chosen.settings))
    if request.form.get("step") == "edit":
        return _page(authority_id, chosen, form)
    is_sure = request.form.get("step") == "set"
    given = {name.removeprefix(SETTING): value for name, value in form.values.items() if value}
    try:
        terms = services().moderation.set_settings(
            signed_in().access_token, authority_id, workflow, given, try_only=not is_sure
        )
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return _page(authority_id, chosen, forms.refused(form, error)), 400
    if is_sure:
        return redirect(
            url_for("console.workflow_settings", authority_id=authority_id, workflow=workflow, done=1), 303
        )  # fmt: skip
    stored = services().moderation.settings(signed_in().access_token, authority_id, workflow).settings
    return render_template(
        "console/moderation/settings_preview.html", authority_id=authority_id, workflow=chosen, form=form, terms=terms,
        changes=_changes(chosen.settings, stored, given), minima_of=minima_of,
    )  # fmt: skip


def _operated() -> list[tuple[str, str]]:
    """Authorities that the person operates, with their names; nothing here is for others."""
    grants = [grant for grant in signed_in().person.grants if grant.role == _OPERATOR]
    covered = sorted({code for grant in grants for code in grant.covers_authority_ids})
    if not covered:
        abort(403)
    return [(each, name) for each in covered if (name := authority_name(each))]


def _chosen(authority_id: str, workflow: str) -> pb.Workflow:
    if authority_id not in dict(_operated()):
        abort(403)
    return next((each for each in services().petitions.workflows() if each.name == workflow), None) or abort(404)


def _changes(
    settings: Sequence[pb.WorkflowSetting], stored: Mapping[str, str], given: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Title, what is set now, and what would be, of those that differ."""
    return [
        (localized(each.title.texts), _said(each, stored.get(each.name, "")), _said(each, given.get(each.name, "")))
        for each in settings
        if stored.get(each.name, "") != given.get(each.name, "")
    ]


def _said(setting: pb.WorkflowSetting, value: str) -> str:
    titles = {choice.value: localized(choice.title.texts) for choice in setting.choices}
    return titles.get(value, value)


def _page(authority_id: str, workflow: pb.Workflow, form: Form) -> str:
    return render_template(
        "console/moderation/settings.html", authority_id=authority_id, workflow=workflow, form=form,
        choices_of=lambda setting: [(each.value, localized(each.title.texts)) for each in setting.choices],
        done=request.args.get("done"),
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/rules", view_func=rulebook)
    blueprint.add_url_rule("/rules/<authority_id>/<workflow>", view_func=workflow_settings)
    blueprint.add_url_rule("/rules/<authority_id>/<workflow>", view_func=save_workflow_settings, methods=["POST"])
