"""The accounts of the officer's authorities, and one of them: how it is, paused, asked, disconnected."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import channels_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.channels import office, saying
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

_DONE = ("connected", "renewed", "paused", "resumed", "asked", "disconnected")


@access.officer
def channel_list() -> str:
    """The accounts, those that need somebody first."""
    shows_all = request.args.get("all") == "1"
    found = services().social_channels.listed(signed_in().access_token, with_disconnected=shows_all)
    return render_template(
        "console/channels/list.html", found=found, shows_all=shows_all, done=_done(), titles=office.titles(),
        may_connect=bool(office.covered(office.CONNECT)), say=saying,
    )  # fmt: skip


@access.officer
def channel(channel_id: str) -> str:
    """One account: how it is, and what can be done."""
    return page(channel_id)


def page(channel_id: str, form: Form | None = None) -> str:
    """The page of an account, with what went wrong."""
    found = services().social_channels.get(signed_in().access_token, office.checked_id(channel_id))
    return render_template(
        "console/channels/page.html", channel=found, form=form or Form(), done=_done(), titles=office.titles(),
        may_connect=office.may(office.CONNECT, found.authority_id), say=saying,
    )  # fmt: skip


@access.officer
def pause_channel(channel_id: str) -> ResponseReturnValue:
    """Stops an account, or lets it go on."""
    is_paused = request.form.get("act") == "pause"
    services().social_channels.pause(
        signed_in().access_token, forms.request_id(), office.checked_id(channel_id), is_paused=is_paused
    )
    return redirect(url_for("console.channel", channel_id=channel_id, done="paused" if is_paused else "resumed"), 303)


@access.officer
def refresh_channel(channel_id: str) -> ResponseReturnValue:
    """Asks the platform how an account is."""
    try:
        services().social_channels.refresh(
            signed_in().access_token, forms.request_id(), office.checked_id(channel_id)
        )  # fmt: skip
    except DomainError as error:
        if error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED) or error.reason == "UNAVAILABLE":
            raise
        return page(channel_id, Form({}, {"": sentences.of(error)})), 409
    return redirect(url_for("console.channel", channel_id=channel_id, done="asked"), 303)


@access.officer
def ask_disconnect_channel(channel_id: str) -> str:
    """Asks once before an account is disconnected."""
    found = services().social_channels.get(signed_in().access_token, office.checked_id(channel_id))
    return render_template("console/channels/ask_disconnect.html", channel=found)


@access.officer
def disconnect_channel(channel_id: str) -> ResponseReturnValue:
    """Disconnects an account."""
    services().social_channels.disconnect(
        signed_in().access_token, forms.request_id(), office.checked_id(channel_id)
    )  # fmt: skip
    return redirect(url_for("console.channel_list", done="disconnected"), 303)


def ended_channels() -> Sequence[pb.Channel]:
    """Accounts whose consent has ended, for those who may give it anew; none while the service does not answer."""
    connects = office.covered(office.CONNECT)
    if not connects:
        return ()
    try:
        found = services().social_channels.listed(signed_in().access_token, with_disconnected=False)
    except DomainError:
        return ()
    return [each for each in found if each.state == pb.CHANNEL_STATE_EXPIRED and each.authority_id in connects]


_FAILING = (pb.CHANNEL_STATE_LIMITED, pb.CHANNEL_STATE_UNREACHABLE)


def troubled_channels() -> Sequence[tuple[pb.Channel, str]]:
    """Accounts that fail though their consent holds, with how and since when; none while the service does not
    answer."""
    try:
        found = services().social_channels.listed(signed_in().access_token)
    except DomainError:
        return ()
    return [(each, saying.trouble_words(each)) for each in found if each.state in _FAILING]


def stopped_connectors() -> Sequence[str]:
    """What is to be said of connectors that do not work now and that accounts of the officer's stand on."""
    if not office.covered(office.SEE_CONNECTORS):
        return ()
    try:
        token = signed_in().access_token
        used = {each.connector for each in services().social_channels.listed(token)}
        known = services().social_channels.connectors(token)
    except DomainError:
        return ()
    return [words for each in known if each.name in used and (words := saying.stopped_words(each))]


def _done() -> str:
    done = request.args.get("done", "")
    return done if done in _DONE else ""


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/channels/<channel_id>"
    blueprint.add_url_rule("/channels", view_func=channel_list)
    blueprint.add_url_rule(one, view_func=channel)
    blueprint.add_url_rule(f"{one}/pause", view_func=pause_channel, methods=["POST"])
    blueprint.add_url_rule(f"{one}/refresh", view_func=refresh_channel, methods=["POST"])
    blueprint.add_url_rule(f"{one}/disconnect", view_func=ask_disconnect_channel)
    blueprint.add_url_rule(f"{one}/disconnect", view_func=disconnect_channel, methods=["POST"])
