"""Connecting an account: which platform, what it needs, and the way through it where a person allows it there.

That way begins with a link and not with a form: browsers hold the way of a form against ``form-action``.
"""

from collections.abc import Iterable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import channels_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.social_channels import NewChannel
from viche_gateway.console.channels import office, saying
from viche_gateway.context import new_request_id, services, settings
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.sessions import signed_in

_MOST_STATE = 200
_MOST_CODE = 4_000
_ENTERED = "entered_"


@access.officer
def new_channel() -> str:
    """The platforms: what each can, cannot, costs, and where it may be used."""
    _must_connect()
    connectors = services().social_channels.connectors(signed_in().access_token)
    found = sorted(connectors, key=lambda each: (bool(saying.obstacle(each)), each.title.casefold()))
    return render_template("console/channels/new.html", connectors=found, say=saying)


@access.officer
def channel_form(connector: str) -> str:
    """What a platform needs for an account."""
    _must_connect()
    return _form(_usable(connector), Form({"language": settings().default_language}))


@access.officer
def connect_channel(connector: str) -> ResponseReturnValue:
    """Connects the account, or shows the way to the platform where a person must allow it."""
    _must_connect()
    info = _usable(connector)
    form = forms.read("authority_id", "language", *_names(info.fields))
    known = dict(office.authorities(office.CONNECT))
    authority = form.value("authority_id") or (next(iter(known)) if len(known) == 1 else "")
    faults = {} if authority in known else {
        "authority_id": sentences.sentence("UNKNOWN_AUTHORITY" if authority else "REQUIRED")
    }  # fmt: skip
    faults |= forms.missing(form, *_names([each for each in info.fields if each.is_required]))
    if faults:
        return _form(info, Form(form.values, faults)), 400
    new = NewChannel(
        authority, info.name, form.value("language"), _entered(form, info, secret=False),
        _entered(form, info, secret=True),
    )  # fmt: skip
    token = signed_in().access_token
    try:
        if info.needs_consent:
            return _go(info, services().social_channels.begin(token, forms.request_id(), new))
        made = services().social_channels.connect(token, forms.request_id(), new)
    except DomainError as error:
        return _form(info, _refused(form, info, error)), 400
    return redirect(url_for("console.channel", channel_id=made.id, done="connected"), 303)


@access.officer
def renew_channel_form(channel_id: str) -> str:
    """What connecting an account anew needs."""
    return _renewal(*_known(channel_id), Form())


@access.officer
def renew_channel(channel_id: str) -> ResponseReturnValue:
    """Connects an account anew."""
    channel, info = _known(channel_id)
    token = signed_in().access_token
    form = forms.read(*_names(_secrets(info)))
    try:
        if info.needs_consent:
            return _go(info, services().social_channels.begin_anew(token, forms.request_id(), channel.id))
        secrets = {name: text for name, text in _entered(form, info, secret=True).items() if text}
        if not secrets:
            needed = forms.missing(form, *_names([each for each in _secrets(info) if each.is_required]))
            return _renewal(channel, info, Form(form.values, needed)), 400
        services().social_channels.renew(token, forms.request_id(), channel.id, secrets)
    except DomainError as error:
        return _renewal(channel, info, _refused(form, info, error)), 400
    return redirect(url_for("console.channel", channel_id=channel.id, done="renewed"), 303)


@access.officer
def finish_consent() -> ResponseReturnValue:
    """Takes what the platform gave the officer's browser."""
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not 0 < len(state) <= _MOST_STATE or len(code) > _MOST_CODE:
        return _not_connected(sentences.sentence("CONSENT_NOT_FOUND"))
    try:
        found = services().social_channels.finish(signed_in().access_token, new_request_id(), state, code)
    except DomainError as error:
        if error.reason == "CONSENT_REFUSED" and not error.values.get("detail"):
            return _not_connected(gettext("It was not allowed at the platform, so nothing is connected."))
        return _not_connected(sentences.of(error))
    return redirect(url_for("console.channel", channel_id=found.id, done="connected"), 303)


def _go(info: pb.ConnectorInfo, url: str) -> str:
    return render_template("console/channels/go.html", connector=info, url=url)


def _not_connected(said: str) -> ResponseReturnValue:
    return render_template("console/channels/not_connected.html", said=said), 400


def _form(info: pb.ConnectorInfo, form: Form) -> str:
    return render_template(
        "console/channels/form.html", connector=info, form=_without_secrets(form, info), say=saying,
        authorities=office.authorities(office.CONNECT), entered=_ENTERED,
        languages=[(code, language_name(code)) for code in settings().languages],
    )  # fmt: skip


def _renewal(channel: pb.Channel, info: pb.ConnectorInfo, form: Form) -> str:
    return render_template(
        "console/channels/renew.html", channel=channel, connector=info, form=_without_secrets(form, info),
        fields=_secrets(info), entered=_ENTERED,
    )  # fmt: skip


def _without_secrets(form: Form, info: pb.ConnectorInfo) -> Form:
    hidden = set(_names(_secrets(info)))
    return Form({name: "" if name in hidden else text for name, text in form.values.items()}, form.errors)


def _refused(form: Form, info: pb.ConnectorInfo, error: DomainError) -> Form:
    if error.reason == "UNAVAILABLE" or error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED):
        raise error
    names = {f"{kind}.{each.name}": f"{_ENTERED}{each.name}" for each in info.fields for kind in ("values", "secrets")}
    return forms.refused(form, error, names)


def _entered(form: Form, info: pb.ConnectorInfo, *, secret: bool) -> dict[str, str]:
    return {
        each.name: form.value(f"{_ENTERED}{each.name}") for each in info.fields if ("secret" in each.kind) == secret
    }


def _secrets(info: pb.ConnectorInfo) -> list[pb.ConnectorField]:
    return [each for each in info.fields if "secret" in each.kind]


def _names(fields: Iterable[pb.ConnectorField]) -> list[str]:
    return [f"{_ENTERED}{each.name}" for each in fields]


def _usable(name: str) -> pb.ConnectorInfo:
    """A connector that an account can be connected with; 404 for others, which the list says something about."""
    found = _find(name)
    return abort(404) if saying.obstacle(found) else found


def _find(name: str) -> pb.ConnectorInfo:
    connectors = services().social_channels.connectors(signed_in().access_token)
    return next((each for each in connectors if each.name == name), None) or abort(404)


def _known(channel_id: str) -> tuple[pb.Channel, pb.ConnectorInfo]:
    _must_connect()
    found = services().social_channels.get(signed_in().access_token, office.checked_id(channel_id))
    return found, _find(found.connector)


def _must_connect() -> None:
    if not office.covered(office.CONNECT):
        office.turn_back("console.channel_list")


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for path, view, method in (
        ("/channels/new", new_channel, "GET"),
        ("/channels/new/<connector>", channel_form, "GET"),
        ("/channels/new/<connector>", connect_channel, "POST"),
        ("/channels/consent", finish_consent, "GET"),
        ("/channels/<channel_id>/renew", renew_channel_form, "GET"),
        ("/channels/<channel_id>/renew", renew_channel, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
