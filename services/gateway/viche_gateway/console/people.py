"""People and roles: who may do what for the authorities that the operator runs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.identity.v1 import identity_pb2 as pb

from viche_chassis.errors import Code, DomainError, NotFound
from viche_gateway import access, forms, sentences
from viche_gateway.clients.roles import NewRole
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.regions import authority_name, authority_slug, find_authority
from viche_gateway.sessions import signed_in

OPERATOR = "operator"
DONE = ("given", "taken", "again")
_FIELDS = ("email", "role", "authority", "from_day", "until_day")
_FORM_FIELDS = {"from_at": "from_day", "until_at": "until_day", "authority_slug": "authority"}


def role_names() -> Mapping[str, str]:
    """What each role is called."""
    return {
        "officer": gettext("Officer: does all work on petitions"),
        "moderator": gettext("Moderator: checks, rejects and opens petitions"),
        "press": gettext("Press office: writes what is published"),
        "operator": gettext("Operator: sets rules and gives roles"),
    }


def operated() -> Sequence[tuple[str, str]]:
    """Slug and name of the authorities that the officer operates; 403 where there is none."""
    grants = [grant for grant in signed_in().person.grants if grant.role == OPERATOR]
    ids = {each for grant in grants for each in grant.covers_authority_ids}
    if not ids:
        abort(403)
    return sorted(((authority_slug(each), authority_name(each)) for each in ids), key=lambda pair: pair[1].casefold())


@access.operator
def people() -> ResponseReturnValue:
    """Who holds which role, and the form that gives one."""
    return _page(Form({"authority": request.args.get("authority", "")}))


@access.operator
def give() -> ResponseReturnValue:
    """Gives a role."""
    form = forms.read(*_FIELDS)
    faults = forms.missing(form, "email", "role", "authority") | _bad_days(form)
    if faults:
        return _page(Form(form.values, faults)), 400
    role = NewRole(
        request_id=forms.request_id(),
        email=form.value("email"),
        role=form.value("role"),
        authority_slug=form.value("authority"),
        from_at=_midnight(form.value("from_day")),
        until_at=_midnight(form.value("until_day"), days_later=1),
    )
    try:
        services().identity.roles.give(signed_in().access_token, role)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _page(forms.refused(form, error, _FORM_FIELDS)), 400
    return redirect(url_for("console.people", done="given"), 303)


@access.operator
def ask_take_back(grant_id: str) -> str:
    """Asks once before a role is taken back."""
    operated()
    return render_template("console/people/ask_take_back.html", held=_held(grant_id), role_names=role_names())


@access.operator
def take_back(grant_id: str) -> ResponseReturnValue:
    """Takes a role back."""
    services().identity.roles.take_back(signed_in().access_token, grant_id)
    return redirect(url_for("console.people", done="taken", grant=grant_id), 303)


@access.operator
def give_again(grant_id: str) -> ResponseReturnValue:
    """Takes back the taking back."""
    services().identity.roles.give_again(signed_in().access_token, forms.request_id(), grant_id)
    return redirect(url_for("console.people", done="again"), 303)


def _page(form: Form) -> str:
    authorities = operated()
    over = request.args.get("over") == "1"
    chosen = find_authority(request.args.get("authority", ""))
    page = services().identity.roles.page(
        signed_in().access_token, chosen.id if chosen else "", request.args.get("from", "")[:500], over=over
    )
    done = request.args.get("done", "")
    return render_template(
        "console/people/list.html",
        form=form,
        page=page,
        over=over,
        authorities=authorities,
        role_names=role_names(),
        done=done if done in DONE else "",
        taken=request.args.get("grant", ""),
    )


def _held(grant_id: str) -> pb.HeldGrant:
    """A grant that has not ended, on an authority that the officer operates."""
    token = ""
    while True:
        page = services().identity.roles.page(signed_in().access_token, "", token, over=False)
        for held in page.grants:
            if held.grant.id == grant_id:
                return held
        token = page.next_page_token
        if not token:
            raise NotFound()


def _bad_days(form: Form) -> dict[str, str]:
    bad: dict[str, str] = {}
    for name in ("from_day", "until_day"):
        try:
            _midnight(form.value(name), days_later=1)
        except (ValueError, OverflowError):
            bad[name] = sentences.sentence("BAD_DATE")
    return bad


def _midnight(day: str, days_later: int = 0) -> datetime | None:
    """The instant at which a day begins in the zone of the instance; None for no day.

    Raises:
        ValueError, OverflowError: there is no such day.
    """
    if not day:
        return None
    begins = date.fromisoformat(day) + timedelta(days=days_later)
    return datetime.combine(begins, time(), ZoneInfo(settings().timezone))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/people", view_func=people)
    blueprint.add_url_rule("/people", view_func=give, methods=["POST"])
    blueprint.add_url_rule("/people/<grant_id>/take-back", view_func=ask_take_back)
    blueprint.add_url_rule("/people/<grant_id>/take-back", view_func=take_back, methods=["POST"])
    blueprint.add_url_rule("/people/<grant_id>/again", view_func=give_again, methods=["POST"])
