"""Accounts of the officer's authorities in the register: those that are connected, and those that are only known."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import register_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.presence import Presence
from viche_gateway.console.channels import office
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.presence_shapes import TITLES, title_of
from viche_gateway.sessions import signed_in

CHANNELS = "channels"
"""The register of those that are connected."""
_FIELDS = ("authority_id", "platform", "handle", "url")
_NEEDED = ("authority_id", "platform", "handle")
_PLATFORMS = sorted(TITLES.items(), key=lambda pair: pair[1].casefold())


@access.officer
def presence_accounts() -> str:
    """The accounts, by authority and network."""
    authorities = dict(office.authorities(office.CONNECT))
    found = _presence().accounts_of(*authorities)
    return render_template(
        "console/presence/accounts.html", found=found, authorities=authorities, title_of=title_of,
        source_text=_source_text, may_end=_may_end, done=request.args.get("done", ""),
        ended={name: request.args.get(name, "")[:500] for name in _FIELDS},
    )  # fmt: skip


@access.officer
def new_presence_account() -> str:
    """The form that enters an account; it may be filled in already."""
    return _form(Form({name: request.args.get(name, "")[:500] for name in _FIELDS}))


@access.officer
def create_presence_account() -> ResponseReturnValue:
    """Enters an account."""
    form = forms.read(*_FIELDS)
    faults = forms.missing(form, *_NEEDED)
    if form.value("authority_id") and not office.may(office.CONNECT, form.value("authority_id")):
        faults["authority_id"] = sentences.sentence("UNKNOWN_AUTHORITY")
    if faults:
        return _form(Form(form.values, faults)), 400
    wanted = pb.PutAccountRequest(
        request_id=forms.request_id(), **{name: form.value(name) for name in _FIELDS}
    )  # fmt: skip
    try:
        _presence().put_account(signed_in().access_token, wanted)
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return _form(forms.refused(form, error)), 400
    return redirect(url_for("console.presence_accounts", done="entered"), 303)


@access.officer
def end_presence_account(account_id: str) -> ResponseReturnValue:
    """Ends an account today; the page that follows offers to enter it again."""
    ended = _presence().end_account(signed_in().access_token, forms.request_id(), office.checked_id(account_id))
    again: dict[str, Any] = {
        "authority_id": ended.body_id, "platform": ended.platform, "handle": ended.handle, "url": ended.url,
    }  # fmt: skip
    return redirect(url_for("console.presence_accounts", done="ended", **again), 303)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/presence/accounts", view_func=presence_accounts)
    blueprint.add_url_rule("/presence/accounts/new", view_func=new_presence_account)
    blueprint.add_url_rule("/presence/accounts/new", view_func=create_presence_account, methods=["POST"])
    blueprint.add_url_rule("/presence/accounts/<account_id>/end", view_func=end_presence_account, methods=["POST"])


def _form(form: Form) -> str:
    return render_template(
        "console/presence/account.html", form=form, platforms=_PLATFORMS,
        authorities=office.authorities(office.CONNECT),
    )  # fmt: skip


def _may_end(account: pb.Account) -> bool:
    """Others end where they come from: a register when it is read anew, a channel when it is disconnected."""
    return not account.register


def _source_text(account: pb.Account) -> str:
    if account.register == CHANNELS:
        return gettext("Connected")
    if account.register:
        return gettext("From the register %(name)s", name=account.register)
    return gettext("Entered by an officer")


def _presence() -> Presence:
    return Presence(services().channels["social"])
