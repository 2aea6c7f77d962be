"""Signing in by a link in a mail, and signing out."""

from datetime import UTC

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, mailing
from viche_gateway.branding.current import here
from viche_gateway.browsers import known_browser
from viche_gateway.clients.identity import SignInLink
from viche_gateway.context import client_network, services
from viche_gateway.devices import device_words
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.sessions import COOKIE, clear_cookie, current_session, forget_current, set_cookie, signed_in


@access.form
def sign_in() -> ResponseReturnValue:
    """Asks for the e-mail address."""
    return_path = safe_path(request.args.get("next", ""))
    if current_session() is not None:
        return redirect(local(return_path or "/me"), 303)
    return render_template("account/sign_in.html", form=Form({"next": return_path}))


@access.form
def send_link() -> ResponseReturnValue:
    """Has a link sent; the answer is the same whoever asks."""
    form = forms.read("email", "next")
    faults = forms.missing(form, "email")
    if faults:
        return render_template("account/sign_in.html", form=Form(form.values, faults)), 400
    try:
        services().identity.request_link(
            SignInLink(
                request_id=forms.request_id(),
                email=form.value("email"),
                language=current_language(),
                return_path=safe_path(form.value("next")) or "/me",
                network=client_network(),
                site=here().slug,
            )
        )
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        status = 429 if error.code == Code.RESOURCE_EXHAUSTED else 400
        return render_template("account/sign_in.html", form=forms.refused(form, error)), status
    comes_back = "1" if mailing.comes_back(form.value("email")) else None
    return redirect(url_for("portal.link_sent", comes_back=comes_back), 303)


@access.form
def link_sent() -> str:
    """Says that a mail is on its way."""
    return render_template("account/link_sent.html", comes_back=request.args.get("comes_back") == "1")


@access.form
def link_page(token: str) -> str:
    """The page that the mail opens: mail scanners follow links, so a person presses the button."""
    return render_template("account/link.html", token=token)


@access.form
def use_link(token: str) -> ResponseReturnValue:
    """Uses the link up and signs in."""
    before = request.cookies.get(COOKIE, "")
    device = device_words(request.user_agent.string)
    answer = services().identity.consume_link(token, device, before[:200], known_browser())
    forget_current()
    mailing.arrived(answer.session_token)
    response = make_response(redirect(local(safe_path(answer.return_path) or "/me"), 303))
    set_cookie(response, answer.session_token, answer.expires_at.ToDatetime(tzinfo=UTC))
    return response


@access.person
def show_again() -> str:
    """Asks officers who signed in long ago to confirm that it is them."""
    return_path = safe_path(request.args.get("next", "")) or "/console"
    return render_template("account/confirm.html", form=Form({"next": return_path}), email=signed_in().person.email)


@access.person
def send_confirmation() -> ResponseReturnValue:
    """Has a fresh link sent to the address of the person; it comes back to what was asked for."""
    form = forms.read("next")
    services().identity.request_link(
        SignInLink(
            request_id=forms.request_id(),
            email=signed_in().person.email,
            language=current_language(),
            return_path=safe_path(form.value("next")) or "/console",
            network=client_network(),
            site=here().slug,
        )
    )
    return redirect(url_for("portal.link_sent"), 303)


@access.form
def sign_out() -> ResponseReturnValue:
    """Ends the session, here and in identity."""
    if token := request.cookies.get(COOKIE, ""):
        forget_current()
        services().identity.end_session(token)
    response = make_response(redirect(url_for("portal.home"), 303))
    clear_cookie(response)
    return response


def safe_path(path: str) -> str:
    """``path`` if it stays on this portal (RFC 3986, no authority part), else nothing."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path[:500] if is_local and path.isprintable() else ""


def local(path: str) -> str:
    """``path`` in the language of this page: return paths carry none."""
    return f"{request.script_root}{path}"


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/sign-in", view_func=sign_in)
    blueprint.add_url_rule("/sign-in", view_func=send_link, methods=["POST"])
    blueprint.add_url_rule("/sign-in/sent", view_func=link_sent)
    blueprint.add_url_rule("/sign-in/again", view_func=show_again)
    blueprint.add_url_rule("/sign-in/again", view_func=send_confirmation, methods=["POST"])
    blueprint.add_url_rule("/sign-in/<token>", view_func=link_page)
    blueprint.add_url_rule("/sign-in/<token>", view_func=use_link, methods=["POST"])
    blueprint.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
