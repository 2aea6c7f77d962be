"""Passkeys: a person's own ones, and signing in with one. The browser's part is a script; mails need none."""

from datetime import UTC

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from viche_chassis.errors import Code, DomainError
from viche_chassis.relying_party import relying_party
from viche_gateway import access, forms, sentences
from viche_gateway.clients.passkeys import Answer, Begun
from viche_gateway.context import client_network, services, settings
from viche_gateway.devices import device_words
from viche_gateway.forms import Form
from viche_gateway.portal.signing_in import local, safe_path
from viche_gateway.sessions import COOKIE, current_session, forget_current, set_cookie, signed_in

CEREMONY = "passkey"
"""Where the browser's signed cookie holds the token of its ceremony: an answer counts in the browser that asked."""


@access.person
def passkeys() -> str:
    """The person's passkeys, and the form that adds one."""
    return _page(Form({"name": device_words(request.user_agent.string)}), said=request.args.get("done", ""))


@access.person
def creation_options() -> Response:
    """What the browser needs to make a passkey."""
    return _options(services().identity.passkeys.begin_registration(signed_in().access_token))


@access.person
def add_passkey() -> ResponseReturnValue:
    """Adds the passkey that the browser has made."""
    form = forms.read("name", "credential")
    faults = forms.missing(form, "name") or _unmade(form)
    if faults:
        return _page(Form(form.values, faults)), 400
    token, credential = session.pop(CEREMONY, ""), form.value("credential")
    try:
        services().identity.passkeys.finish_registration(
            signed_in().access_token, token, credential, form.value("name")
        )
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _page(forms.refused(form, error)), 400
    return redirect(url_for("portal.passkeys", done="added"), 303)


@access.person
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Removes a passkey; mails remain as a way in."""
    services().identity.passkeys.delete(signed_in().access_token, passkey_id)
    return redirect(url_for("portal.passkeys", done="removed"), 303)


@access.form
def request_options() -> Response:
    """What the browser needs to use a passkey: any one of the portal, or one of the person who is signed in."""
    known = current_session()
    return _options(services().identity.passkeys.begin_sign_in(known.token if known else "", client_network()))


@access.form
def use_passkey() -> ResponseReturnValue:
    """Signs in with what the browser's passkey said."""
    form = forms.read("next", "credential")
    if faults := _unmade(form):
        return _refused(Form(form.values, faults))
    before = request.cookies.get(COOKIE, "")[:200]
    answer = Answer(
        session.pop(CEREMONY, ""), form.value("credential"), device_words(request.user_agent.string), before
    )
    try:
        opened = services().identity.passkeys.finish_sign_in(answer)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _refused(forms.refused(form, error))
    forget_current()
    response = make_response(redirect(local(safe_path(form.value("next")) or "/me"), 303))
    set_cookie(response, opened.session_token, opened.expires_at.ToDatetime(tzinfo=UTC))
    return response


@access.form
def show_sign_in() -> ResponseReturnValue:
    """For those who reload the page that said why a passkey did not sign in."""
    return redirect(url_for("portal.sign_in"), 303)


def passkey_origin() -> str:
    """Where browsers make and use the portal's passkeys; empty where they do not."""
    party = relying_party(settings().public_url)
    return party.origin if party else ""


def has_passkeys() -> bool:
    """Whether the person who is signed in can confirm with a passkey."""
    return bool(passkey_origin()) and bool(services().identity.passkeys.mine(signed_in().access_token))


def _options(begun: Begun) -> Response:
    session[CEREMONY] = begun.token
    return Response(begun.options, mimetype="application/json")


def _unmade(form: Form) -> dict[str, str]:
    """What to say where the script has not asked the browser for a passkey."""
    return {} if form.value("credential") and session.get(CEREMONY) else {"": sentences.sentence("CEREMONY_OVER")}


def _page(form: Form, said: str = "") -> str:
    held = services().identity.passkeys.mine(signed_in().access_token)
    return render_template("account/passkeys/list.html", form=form, held=held, said=said)


def _refused(form: Form) -> ResponseReturnValue:
    """The page that the person came from, with the reason."""
    known = current_session()
    if known is None:
        return render_template("account/sign_in.html", form=form), 400
    return render_template("account/confirm.html", form=form, email=known.person.email), 400


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/me/passkeys", view_func=passkeys)
    blueprint.add_url_rule("/me/passkeys", view_func=add_passkey, methods=["POST"])
    blueprint.add_url_rule("/me/passkeys/options.json", view_func=creation_options, methods=["POST"])
    blueprint.add_url_rule("/me/passkeys/<passkey_id>/remove", view_func=remove_passkey, methods=["POST"])
    blueprint.add_url_rule("/sign-in/passkey", view_func=show_sign_in)
    blueprint.add_url_rule("/sign-in/passkey", view_func=use_passkey, methods=["POST"])
    blueprint.add_url_rule("/sign-in/passkey/options.json", view_func=request_options, methods=["POST"])


def register(app: Flask) -> None:
    """Gives templates what they need to offer passkeys."""
    app.jinja_env.globals.update(passkey_origin=passkey_origin, has_passkeys=has_passkeys)
