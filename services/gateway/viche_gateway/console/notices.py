"""Notices: a banner on all pages, shown in every language before it goes up; and what holds and held."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import notices_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, notices, sentences
from viche_gateway.clients.notices import NewNotice
from viche_gateway.console.closing import operated
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.languages import NAMES
from viche_gateway.regions import current_region
from viche_gateway.sessions import signed_in

DONE = ("put", "ended")
_KINDS = {"banner": pb.NOTICE_KIND_BANNER, "maintenance": pb.NOTICE_KIND_MAINTENANCE}
_MOST_TEXT = 500


@access.operator
def notice_list() -> str:
    """What holds, the form that puts a banner up, and what was said before."""
    return _page(Form())


@access.operator
def preview_notice() -> ResponseReturnValue:
    """Shows the banner as citizens will see it, in each language."""
    _check()
    form, notice, faults = _read()
    if faults:
        return _page(Form(form.values, faults)), 400
    if "change" in request.form:
        return _page(form)
    message = pb.Notice(text=identity_pb2.LocalizedText(texts=notice.texts), link=notice.link)
    looks = [(code, NAMES.get(code, code), notices.shown(message, code)) for code in settings().languages]
    return render_template("console/notices/preview.html", form=form, looks=looks, until_at=notice.until_at)


@access.operator
def put_notice() -> ResponseReturnValue:
    """Puts the banner up."""
    _check()
    form, notice, faults = _read()
    if faults:
        return _page(Form(form.values, faults)), 400
    try:
        services().notices.put_banner(signed_in().access_token, forms.request_id(), notice)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _page(forms.refused(form, error, _field_names())), 400
    notices.known().forget()
    return redirect(url_for("console.notice_list", done="put"), 303)


@access.operator
def end_notice() -> ResponseReturnValue:
    """Takes a notice down."""
    _check()
    kind = _KINDS.get(request.form.get("kind", "")) or abort(404)
    services().notices.end(signed_in().access_token, forms.request_id(), kind)
    notices.known().forget()
    return redirect(url_for("console.notice_list", done="ended"), 303)


def _may_speak() -> bool:
    """Whether the officer operates everything: a notice stands on the pages of all authorities."""
    return set(operated()).issuperset(current_region().authorities)


def _check() -> None:
    if not _may_speak():
        abort(403)


def _page(form: Form) -> str:
    if not operated():
        abort(403)
    said = services().notices.said(signed_in().access_token)
    done = request.args.get("done", "")
    return render_template(
        "console/notices/list.html", form=form, may_speak=_may_speak(), done=done if done in DONE else "",
        languages=[(code, NAMES.get(code, code)) for code in settings().languages], most=_MOST_TEXT,
        kinds={number: name for name, number in _KINDS.items()}, holding=[each for each in said if each.holds],
        before=[each for each in said if not each.holds],
    )  # fmt: skip


def _field_names() -> Mapping[str, str]:
    first, *_ = codes = settings().languages
    return {f"text.{code}": f"text_{code}" for code in codes} | {"text": f"text_{first}", "until_at": "until"}


def _read() -> tuple[Form, NewNotice, dict[str, str]]:
    codes = settings().languages
    form = forms.read(*(f"text_{code}" for code in codes), "link", "until")
    texts = {code: text for code in codes if (text := form.value(f"text_{code}"))}
    faults: dict[str, str] = {} if texts else forms.missing(form, f"text_{codes[0]}")
    until_at = None
    if form.value("until"):
        try:
            until_at = datetime.fromisoformat(form.value("until")).replace(tzinfo=ZoneInfo(settings().timezone))
        except ValueError:
            faults["until"] = sentences.sentence("BAD_TIME")
    return form, NewNotice(texts, form.value("link"), until_at), faults


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/notices", view_func=notice_list)
    blueprint.add_url_rule("/notices/preview", view_func=preview_notice, methods=["POST"])
    blueprint.add_url_rule("/notices", view_func=put_notice, methods=["POST"])
    blueprint.add_url_rule("/notices/end", view_func=end_notice, methods=["POST"])
