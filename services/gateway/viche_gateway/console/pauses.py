"""Pauses: an operator says what stops and why, sees what that would stop and how citizens read it, then decides."""

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import pauses_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.pauses import NewPause
from viche_gateway.console.closing import operated
from viche_gateway.context import new_request_id, services, settings
from viche_gateway.forms import Form
from viche_gateway.languages import NAMES
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

DONE = ("decided", "ended")
_YES = ("stops_signing", "stops_opening", "prolongs")
_MOST_REASON = 200
_MOST_S = 5.0
_NUMBERS = re.compile(r"[\s,;]+")


@access.operator
def pause_list() -> str:
    """What is paused, the form of a new pause, and pauses that are over."""
    return _page(Form({"stops_signing": "yes"}))


@access.operator
def preview_pause() -> ResponseReturnValue:
    """Says what a pause would stop, and how citizens will read it."""
    form, pause, faults = _read()
    if pause is None or faults:
        return _page(Form(form.values, faults)), 400
    if "change" in request.form:
        return _page(form)
    try:
        found = services().pauses.preview(signed_in().access_token, pause)
    except DomainError as error:
        return _refused(form, error)
    return render_template(
        "console/pauses/preview.html",
        form=form,
        pause=pause,
        found=found,
        languages=_languages(),
        prolongs=_wants(form),
    )


@access.operator
def decide_pause() -> ResponseReturnValue:
    """Decides the pause, and prolongs terms where the operator wants that."""
    form, pause, faults = _read()
    if pause is None or faults:
        return _page(Form(form.values, faults)), 400
    token = signed_in().access_token
    try:
        decided = services().pauses.decide(token, forms.request_id(), pause)
    except DomainError as error:
        return _refused(form, error)
    left = _prolong(decided.id) if _wants(form) else None
    return redirect(url_for("console.pause_list", done="decided", pause=decided.id, left=left), 303)


@access.operator
def prolong_terms(pause_id: str) -> ResponseReturnValue:
    """Goes on prolonging terms; what one press cannot do is left for the next."""
    return redirect(url_for("console.pause_list", pause=pause_id, left=_prolong(pause_id)), 303)


@access.operator
def end_pause(pause_id: str) -> ResponseReturnValue:
    """Ends a pause before its time."""
    services().pauses.end(signed_in().access_token, forms.request_id(), pause_id)
    return redirect(url_for("console.pause_list", done="ended"), 303)


def _prolong(pause_id: str) -> int:
    """How many petitions are left after some seconds."""
    until = time.monotonic() + _MOST_S
    while True:
        left = services().pauses.prolong(signed_in().access_token, new_request_id(), pause_id)
        if not left or time.monotonic() >= until:
            return left


def _page(form: Form) -> str:
    known = services().pauses.decided(signed_in().access_token)
    running = [each for each in known if not _is_over(each)]
    done, left = request.args.get("done", ""), request.args.get("left", "")
    return render_template(
        "console/pauses/list.html", form=form, running=running, past=[each for each in known if _is_over(each)],
        authorities=sorted(((each, authority_name(each)) for each in operated()), key=lambda pair: pair[1].casefold()),
        languages=_languages(), most=_MOST_REASON, done=done if done in DONE else "",
        left=int(left) if left.isascii() and left.isdigit() and len(left) < 10 else None,
        operated=operated(), pause_id=next((each.id for each in running if each.id == request.args.get("pause")), ""),
    )  # fmt: skip


def _is_over(pause: pb.Pause) -> bool:
    return pause.HasField("ended_at") or pause.until_at.seconds <= time.time()


def _languages() -> list[tuple[str, str]]:
    return [(code, NAMES.get(code, code)) for code in settings().languages]


def _wants(form: Form) -> bool:
    """Whether terms are to be prolonged, too."""
    return form.value("prolongs") == "yes"


def _refused(form: Form, error: DomainError) -> ResponseReturnValue:
    if error.code == Code.UNAVAILABLE:
        raise error
    names = {f"reason.{code}": f"reason_{code}" for code in settings().languages}
    names |= {"reason": f"reason_{settings().default_language}", "until_at": "until", "except_numbers": "except"}
    return _page(forms.refused(form, error, names)), 400


def _read() -> tuple[Form, NewPause | None, dict[str, str]]:
    """The form, the pause that it asks for (None where it is not known until when), and what is wrong with it."""
    codes = settings().languages
    form = forms.read("authority", "from", "until", "except", *_YES, *(f"reason_{code}" for code in codes))
    reason = {code: text for code in codes if (text := form.value(f"reason_{code}"))}
    faults = forms.missing(form, "authority", "until")
    if not reason:
        faults |= forms.missing(form, f"reason_{codes[0]}")
    if form.value("authority") and form.value("authority") not in operated():
        faults["authority"] = sentences.sentence("UNKNOWN_AUTHORITY")
    from_at, until_at = _instant(form, "from", faults), _instant(form, "until", faults)
    numbers = [each for each in _NUMBERS.split(form.value("except")) if each]
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in numbers):
        faults["except"] = sentences.sentence("NOT_A_NUMBER")
    if faults or until_at is None:
        return form, None, faults
    stops = {name: form.value(name) == "yes" for name in _YES[:2]}
    wanted = NewPause(
        form.value("authority"), from_at, until_at, reason, **stops, except_numbers=list(map(int, numbers))
    )
    return form, wanted, faults


def _instant(form: Form, name: str, faults: dict[str, str]) -> datetime | None:
    """An instant in the zone of the instance; None for none, with a sentence where it is no instant."""
    if not form.value(name):
        return None
    try:
        return datetime.fromisoformat(form.value(name)).replace(tzinfo=ZoneInfo(settings().timezone))
    except ValueError:
        faults[name] = sentences.sentence("BAD_TIME")
        return None


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/pauses", view_func=pause_list)
    blueprint.add_url_rule("/pauses/preview", view_func=preview_pause, methods=["POST"])
    blueprint.add_url_rule("/pauses", view_func=decide_pause, methods=["POST"])
    blueprint.add_url_rule("/pauses/<pause_id>/prolong", view_func=prolong_terms, methods=["POST"])
    blueprint.add_url_rule("/pauses/<pause_id>/end", view_func=end_pause, methods=["POST"])
