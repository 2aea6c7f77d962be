"""My participation: my petitions, and what I say of myself."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, mailing
from viche_gateway.clients.identity import MeChange
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.languages import alternates
from viche_gateway.portal.events import own as events
from viche_gateway.portal.surveys import mine as surveys
from viche_gateway.regions import residences
from viche_gateway.sessions import forget_current, signed_in

_FIELDS = ("name", "residence_code", "language")


@access.person
def me() -> str:
    """My petitions, my answers to surveys, events I have registered for, and my details."""
    session = signed_in()
    mine = services().petitions.mine(session.access_token)
    email = session.person.email
    return render_template(
        "account/me.html",
        session=session,
        mine=mine,
        lines=surveys.mine(session),
        registrations=events.mine(session),
        saved=request.args.get("saved") == "1",
        comes_back=bool(email) and mailing.comes_back(email),
    )


@access.person
def details() -> str:
    """The form for name, residence and language."""
    person = signed_in().person
    form = Form({name: getattr(person, name) for name in _FIELDS})
    return _details_page(form)


@access.person
def save_details() -> ResponseReturnValue:
    """Changes name, residence and language."""
    form = forms.read(*_FIELDS)
    change = MeChange(request_id=forms.request_id(), **form.values)
    try:
        services().identity.update_me(signed_in().access_token, change)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _details_page(forms.refused(form, error)), 400
    forget_current()
    return redirect(url_for("portal.me", saved=1), 303)


@access.person
def my_sessions() -> str:
    """Where the person is signed in."""
    held = services().identity.my_sessions(signed_in().access_token)
    return render_template("account/sessions.html", held=held, ended=request.args.get("ended") == "1")


@access.person
def end_my_session(session_id: str) -> ResponseReturnValue:
    """Signs out somewhere else."""
    services().identity.end_my_session(signed_in().access_token, session_id)
    return redirect(url_for("portal.my_sessions", ended=1), 303)


@access.person
def end_other_sessions() -> ResponseReturnValue:
    """Signs out everywhere else."""
    services().identity.end_other_sessions(signed_in().access_token)
    return redirect(url_for("portal.my_sessions", ended=1), 303)


def _details_page(form: Form) -> str:
    languages = [(code, name) for code, name, _ in alternates()]
    return render_template("account/details.html", form=form, residences=residences(), languages=languages)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/me", view_func=me)
    blueprint.add_url_rule("/me/details", view_func=details)
    blueprint.add_url_rule("/me/details", view_func=save_details, methods=["POST"])
    blueprint.add_url_rule("/me/sessions", view_func=my_sessions)
    blueprint.add_url_rule("/me/sessions/<session_id>/end", view_func=end_my_session, methods=["POST"])
    blueprint.add_url_rule("/me/sessions/end-others", view_func=end_other_sessions, methods=["POST"])
