"""Signing in through providers, confirming through one, and those that a person is connected with.

A visit begins with a link and not with a form: browsers hold the way of a form against ``form-action``, which knows
this site alone.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from viche.identity.v1 import providers_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, sentences
from viche_gateway.branding.current import here
from viche_gateway.browsers import browser_secret, known_browser
from viche_gateway.clients.providers import CameBack, Start
from viche_gateway.context import client_network, services, settings
from viche_gateway.devices import device_words
from viche_gateway.languages import current_language, localized_path
from viche_gateway.portal.signing_in import local, safe_path
from viche_gateway.regions import localized
from viche_gateway.sessions import COOKIE, forget_current, set_cookie, signed_in

VISIT = "visit"
"""Where the browser's signed cookie holds what its visit to a provider has come to, for the page that says it."""


@access.form
def visit(provider: str) -> ResponseReturnValue:
    """Sends the browser to a provider, from the address to which the provider sends it back."""
    if not here().is_main:
        return _on_the_portal()
    return_path = local(safe_path(request.args.get("next", "")) or "/me")
    return _go(provider, lambda: services().identity.providers.begin(_start(provider, return_path)))


@access.person
def confirm_with(provider: str) -> ResponseReturnValue:
    """Sends who is signed in to a provider, to show there anew who they are."""
    return_path = local(safe_path(request.args.get("next", "")) or "/console")
    return _go_signed_in(provider, return_path, confirms=True)


@access.person
def connect(provider: str) -> ResponseReturnValue:
    """Sends who is signed in to a provider, to connect it; whoever signed in long ago confirms first.

    Who comes from another site presses the button here first: it could have signed them in at the provider as somebody
    else, who would then get into their account.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return redirect(url_for("portal.connections"), 303)
    return_path = local(safe_path(request.args.get("next", "")) or "/me/providers")
    return _go_signed_in(provider, return_path, confirms=False)


@access.form
def come_back(provider: str) -> ResponseReturnValue:
    """Takes what the provider gave the browser; a page of its own says it where that opens no session."""
    try:
        finished = services().identity.providers.finish(_came_back(provider))
    except DomainError as error:
        return _failed(provider, error)
    if not finished.session_token:
        _remember(email=finished.email, token=finished.pending_token)
        return redirect(_in_their_language(url_for("portal.confirm_mailbox", provider=provider)), 303)
    return _signed_in(finished.session_token, finished.expires_at.ToDatetime(tzinfo=UTC), finished.return_path)


@access.form
def failed(provider: str) -> ResponseReturnValue:
    """Says why nobody was signed in, with the other ways."""
    reason = session.get(VISIT, {}).get("reason", "")
    if not reason:
        return redirect(url_for("portal.sign_in"), 303)
    status = 503 if reason in ("PROVIDER_UNAVAILABLE", "UNAVAILABLE") else 400
    again = local(safe_path(session[VISIT].get("again", "")) or "/sign-in")
    page = render_template(
        "account/providers/failed.html", title=_title(provider), said=sentences.sentence(reason), again=again
    )
    return page, status


@access.form
def confirm_mailbox(provider: str) -> ResponseReturnValue:
    """Says that a link went to the address that the provider gave, and offers to go on without it."""
    email = session.get(VISIT, {}).get("email", "")
    if not email:
        return redirect(url_for("portal.sign_in"), 303)
    return render_template("account/providers/mailbox.html", provider=provider, title=_title(provider), email=email)


@access.form
def go_on_without(provider: str) -> ResponseReturnValue:
    """Opens a session for a new person without an address."""
    token = session.get(VISIT, {}).get("token", "")
    if not token:
        return redirect(url_for("portal.sign_in"), 303)
    device = device_words(request.user_agent.string)
    try:
        opened = services().identity.providers.go_on_without_address(token, known_browser(), device)
    except DomainError as error:
        return _failed(provider, error)
    return _signed_in(opened.session_token, opened.expires_at.ToDatetime(tzinfo=UTC), opened.return_path)


@access.person
def connections() -> str:
    """The providers that the person is connected with, and those that they could connect."""
    return _connections_page()


@access.person
def disconnect(connection_id: str) -> ResponseReturnValue:
    """Ends a connection, unless it is the last way in."""
    try:
        services().identity.providers.disconnect(signed_in().access_token, connection_id)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _connections_page(sentences.of(error)), 400
    forget_current()
    return redirect(url_for("portal.connections", ended=1), 303)


def providers() -> Sequence[pb.Provider]:
    """The providers that a page offers; none while identity does not answer, and the rest of the page still helps."""
    try:
        return services().identity.providers.listed()
    except DomainError:
        return []


def confirming_providers() -> list[pb.Provider]:
    """Those that who is signed in is connected with and that can be asked to let them show anew who they are."""
    offered = [each for each in providers() if each.can_confirm]
    if not offered:
        return []
    held = {each.provider for each in services().identity.providers.mine(signed_in().access_token).connections}
    return [each for each in offered if each.id in held]


def provider_title(provider: pb.Provider) -> str:
    """What people call a provider; a title under no language holds for all."""
    return provider.title.texts.get("", "") or localized(provider.title.texts)


def signed_in_by(word: str) -> str:
    """What people call the provider by which a session was opened."""
    return _title(word)


def _go(provider: str, begin: Callable[[], str]) -> ResponseReturnValue:
    _begun_here()
    try:
        url = begin()
    except DomainError as error:
        return _failed(provider, error)
    return redirect(url, 303)


def _go_signed_in(provider: str, return_path: str, *, confirms: bool) -> ResponseReturnValue:
    if not here().is_main:
        return _on_the_portal()
    client, token = services().identity.providers, signed_in().access_token
    _begun_here()
    try:
        url = client.begin_mine(token, _start(provider, return_path), confirms=confirms)
    except DomainError as error:
        if error.reason == "CONFIRM_FIRST":
            return redirect(url_for("portal.show_again", next="/me/providers"), 303)
        return _failed(provider, error)
    return redirect(url, 303)


def _on_the_portal() -> ResponseReturnValue:
    """Providers send everybody back to the portal, and only a browser that set out from there is known there."""
    return redirect(f"{settings().public_url}{local(request.full_path.rstrip('?'))}", 303)


def _begun_here() -> None:
    session[VISIT] = {"language": current_language(), "again": request.full_path.rstrip("?")}


def _start(provider: str, return_path: str) -> Start:
    return Start(provider, browser_secret(), current_language(), return_path, client_network())


def _came_back(provider: str) -> CameBack:
    given = request.args
    return CameBack(
        provider=provider,
        browser=known_browser(),
        state=given.get("state", "")[:200] or "none",
        code=given.get("code", "")[:4000],
        issuer=given.get("iss", "")[:1000],
        error=given.get("error", "")[:200],
        device=device_words(request.user_agent.string),
        replaced=request.cookies.get(COOKIE, "")[:200],
    )


def _signed_in(token: str, expires_at: datetime, return_path: str) -> ResponseReturnValue:
    forget_current()
    session.pop(VISIT, None)
    response = make_response(redirect(safe_path(return_path) or "/me", 303))
    set_cookie(response, token, expires_at)
    return response


def _failed(provider: str, error: DomainError) -> ResponseReturnValue:
    _remember(reason=error.reason)
    return redirect(_in_their_language(url_for("portal.failed_visit", provider=provider)), 303)


def _remember(**what: str) -> None:
    begun = session.get(VISIT, {})
    session[VISIT] = {name: begun.get(name, "") for name in ("language", "again")} | what


def _in_their_language(path: str) -> str:
    """Providers send everybody back to one address, which has the default language."""
    language = session.get(VISIT, {}).get("language", "")
    if language in settings().languages and not request.script_root:
        return localized_path(language, path, settings().default_language)
    return path


def _title(provider: str) -> str:
    return next((provider_title(each) for each in providers() if each.id == provider), provider)


def _connections_page(said: str = "") -> str:
    mine = services().identity.providers.mine(signed_in().access_token)
    held = {each.provider for each in mine.connections}
    return render_template(
        "account/providers/list.html",
        mine=mine,
        offered=[each for each in providers() if each.id not in held],
        titles={each.id: provider_title(each) for each in providers()},
        said=said,
        ended=request.args.get("ended") == "1",
        email=signed_in().person.email,
    )


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    rules: tuple[tuple[str, str, Any, str], ...] = (
        ("/sign-in/with/<provider>", "visit_provider", visit, "GET"),
        ("/sign-in/with/<provider>/back", "come_back", come_back, "GET"),
        ("/sign-in/with/<provider>/failed", "failed_visit", failed, "GET"),
        ("/sign-in/with/<provider>/mailbox", "confirm_mailbox", confirm_mailbox, "GET"),
        ("/sign-in/with/<provider>/mailbox", "go_on_without", go_on_without, "POST"),
        ("/sign-in/again/with/<provider>", "confirm_with", confirm_with, "GET"),
        ("/me/providers", "connections", connections, "GET"),
        ("/me/providers/connect/<provider>", "connect_provider", connect, "GET"),
        ("/me/providers/<connection_id>/end", "disconnect", disconnect, "POST"),
    )
    for rule, endpoint, view, method in rules:
        blueprint.add_url_rule(rule, endpoint, view, methods=[method])


def register(app: Flask) -> None:
    """Gives templates what they need to offer providers."""
    app.jinja_env.globals.update(
        providers=providers,
        confirming_providers=confirming_providers,
        provider_title=provider_title,
        signed_in_by=signed_in_by,
    )
