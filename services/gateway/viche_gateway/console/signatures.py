"""The signatures of a petition: paper, trends, and taking them out of the count; and how counts were checked."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.charts import WIDTH
from viche_gateway.clients.integrity import Decision, Sheets
from viche_gateway.console import filters, texts
from viche_gateway.context import services
from viche_gateway.counting import CHANNELS, GROUPS, REASONS
from viche_gateway.formats import format_number
from viche_gateway.forms import Form
from viche_gateway.regions import path_to, residences
from viche_gateway.sessions import signed_in

PAPER = ("signatures", "reference", "received_on", "territory_code", "note")
BAR_HEIGHT = 100
_MOST_DIGITS = 6
_HOUR_S = 3_600
_HOURS = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour of the chart: its count, and where it stands in a box of WIDTH × BAR_HEIGHT."""

    hour: datetime
    count: int
    x: float
    height: float


@access.officer
def overview(petition_id: str) -> str:
    """How the count is made up, what was decided about it, and ways to look closer."""
    petition = _covered(petition_id)
    return render_template(
        "console/signatures/overview.html",
        petition=petition,
        decisions=services().integrity.decisions(_token(), petition_id),
        done=request.args.get("done"),
    )


@access.officer
def trends(petition_id: str) -> str:
    """Where signatures come from, now and usually."""
    petition = _covered(petition_id)
    found = services().integrity.trends(_token(), petition_id)
    groups = [(gettext(title), [row for row in found.trends if row.group == group]) for group, title in GROUPS.items()]
    return render_template(
        "console/signatures/trends.html",
        petition=petition,
        found=found,
        groups=groups,
        bars=_bars(found),
        signatures_of=lambda row: _link_to(petition_id, row),
    )


@access.officer
def paper(petition_id: str) -> str:
    """Sheets that were entered, and a form for more."""
    return _paper_page(petition_id, Form())


@access.officer
def enter_paper(petition_id: str) -> ResponseReturnValue:
    """Counts the signatures on sheets."""
    form = forms.read(*PAPER)
    faults = forms.missing(form, "signatures", "reference", "received_on")
    count = form.value("signatures")
    if count and not (count.isascii() and count.isdigit() and len(count) <= _MOST_DIGITS):
        faults["signatures"] = sentences.sentence("NOT_A_NUMBER")
    if faults:
        return _paper_page(petition_id, Form(form.values, faults)), 400
    sheets = Sheets(
        int(count), form.value("reference"), form.value("received_on"), path_to(form.value("territory_code")),
        form.value("note"),
    )  # fmt: skip
    try:
        services().integrity.enter_paper(_token(), forms.request_id(), petition_id, sheets)
    except DomainError as error:
        _raise_unless_told(error)
        return _paper_page(petition_id, forms.refused(form, error)), 400
    return redirect(url_for("signatures.paper", petition_id=petition_id, done="entered"), 303)


@access.officer
def choose(petition_id: str) -> ResponseReturnValue:
    """Which signatures to remove; with a filter in the address, what that would do."""
    form = Form({name: request.args.get(name, "").replace("\x00", "").strip()[:40_000] for name in filters.FIELDS})
    return _choosing(petition_id, form) if "look" in request.args else _choose_page(petition_id, form)


@access.officer
def decide(petition_id: str) -> ResponseReturnValue:
    """Asks once, with what citizens will see; then decides."""
    notes = texts.fields_of("note", _covered(petition_id))
    form = forms.read(*filters.FIELDS, "reason", "is_silent", "cutoff_at", "count", "sure", *notes)
    faults = forms.missing(form, "reason")
    if faults:
        return _choosing(petition_id, Form(form.values, faults))
    decision = _decision(form)
    if not form.value("sure"):
        return _ask(petition_id, form, decision)
    try:
        services().integrity.decide(_token(), forms.request_id(), petition_id, decision)
    except DomainError as error:
        _raise_unless_told(error)
        return _choosing(petition_id, forms.refused(form, error, filters.OF_SERVICE))
    return redirect(url_for("signatures.overview", petition_id=petition_id, done="decided"), 303)


@access.officer
def stop(petition_id: str, invalidation_id: str) -> ResponseReturnValue:
    """Stops carrying a decision out."""
    services().integrity.stop(_token(), forms.request_id(), invalidation_id)
    return redirect(url_for("signatures.overview", petition_id=petition_id, done="stopped"), 303)


@access.officer
def ask_undo(petition_id: str, invalidation_id: str) -> str:
    """Asks once before signatures are put back."""
    petition = _covered(petition_id)
    found = {each.id: each for each in services().integrity.decisions(_token(), petition_id)}
    if invalidation_id not in found:
        abort(404)
    return render_template("console/signatures/ask_undo.html", petition=petition, decision=found[invalidation_id])


@access.officer
def undo(petition_id: str, invalidation_id: str) -> ResponseReturnValue:
    """Decides to put signatures back."""
    services().integrity.undo(_token(), forms.request_id(), invalidation_id)
    return redirect(url_for("signatures.overview", petition_id=petition_id, done="undone"), 303)


@access.officer
def numbers() -> str:
    """What recounts have shown."""
    only_wrong = request.args.get("wrong") == "1"
    found = services().integrity.recounts(_token(), request.args.get("from", "")[:500], only_wrong=only_wrong)
    return render_template("console/signatures/numbers.html", found=found, only_wrong=only_wrong)


def _choose_page(petition_id: str, form: Form) -> str:
    return render_template(
        "console/signatures/choose.html",
        petition=_covered(petition_id),
        form=form,
        channels=[(kind, gettext(text)) for kind, text in CHANNELS.items()],
        territories=[(filters.NOWHERE, gettext("Not given")), *residences()],
        batches=[(each.id, each.reference) for each in services().integrity.paper(_token(), petition_id)],
    )


def _choosing(petition_id: str, form: Form) -> ResponseReturnValue:
    """The filter with its preview, or with what is wrong with it."""
    asked = Form({name: form.value(name) for name in filters.FIELDS})
    if faults := filters.faults(asked):
        return _choose_page(petition_id, Form(asked.values, faults)), 400
    try:
        shown = services().integrity.preview(_token(), petition_id, filters.message(asked))
    except DomainError as error:
        _raise_unless_told(error)
        return _choose_page(petition_id, forms.refused(asked, error, filters.OF_SERVICE)), 400
    petition = _covered(petition_id)
    page = render_template(
        "console/signatures/preview.html",
        petition=petition,
        form=form,
        asked=asked,
        shown=shown,
        reasons=[(code, gettext(text)) for code, text in REASONS.items()],
        languages=texts.languages_of(petition),
    )
    return page, 400 if form.errors else 200


def _ask(petition_id: str, form: Form, decision: Decision) -> str:
    is_against, count = decision.filter.is_against, decision.signatures
    removal = petitions_pb2.Removal(
        reason=decision.reason, signatures=count, note=decision.note, is_against=is_against
    )  # fmt: skip
    removal.at.GetCurrentTime()
    removals = petitions_pb2.Removals(
        signatures=0 if is_against else count,
        votes_against=count if is_against else 0,
        items=[] if decision.is_silent else [removal],
    )
    petition = _covered(petition_id)
    return render_template(
        "console/signatures/ask_remove.html",
        petition=petition,
        form=form,
        decision=decision,
        seen=petitions_pb2.Petition(removals=removals),
        button=_button(count, is_against),
    )


def _button(count: int, is_against: bool) -> str:
    shown = format_number(count)
    if is_against:
        return ngettext("Remove %(count)s vote against", "Remove %(count)s votes against", count, count=shown)
    return ngettext("Remove %(count)s signature", "Remove %(count)s signatures", count, count=shown)


def _decision(form: Form) -> Decision:
    cutoff = filters.instant(form.value("cutoff_at"))
    count = form.value("count")
    if cutoff is None or not (count.isascii() and count.isdigit() and len(count) < 12):
        abort(400)
    note = petitions_pb2.LocalizedText(texts=texts.texts_in(form, "note"))
    return Decision(
        filters.message(form), cutoff, int(count), form.value("reason"), note,
        form.value("is_silent") == "yes",
    )  # fmt: skip


def _paper_page(petition_id: str, form: Form) -> str:
    petition = _covered(petition_id)
    return render_template(
        "console/signatures/paper.html",
        petition=petition,
        form=form,
        batches=services().integrity.paper(_token(), petition_id),
        territories=residences(),
        takes_paper="paper" in [channel.kind for channel in petition.terms.channels],
        done=request.args.get("done"),
    )


def _link_to(petition_id: str, row: pb.Trend) -> str:
    """The preview of removing the signatures of a row; empty where they cannot be named."""
    fields = filters.of_trend(row)
    return url_for("signatures.choose", petition_id=petition_id, look="1", **fields) if fields else ""  # pyright: ignore[reportArgumentType]


def _bars(found: pb.GetTrendsResponse) -> list[Bar]:
    """The hours of the last day as bars."""
    if not found.hours:
        return []
    top = max(each.signatures for each in found.hours)
    first = found.since.seconds
    return [
        Bar(
            each.hour.ToDatetime(UTC), each.signatures, (each.hour.seconds - first) / _HOUR_S * (WIDTH / _HOURS),
            each.signatures / top * BAR_HEIGHT,
        )
        for each in found.hours
    ]  # fmt: skip


def _covered(petition_id: str) -> petitions_pb2.Petition:
    """The petition, if a role of the officer holds for its authority, which the service decides."""
    return services().petitions.case(_token(), petition_id)


def _token() -> str:
    return signed_in().access_token


def _raise_unless_told(error: DomainError) -> None:
    """Lets a refusal through that is no fault of what was filled in."""
    if error.code in (Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.PERMISSION_DENIED, Code.NOT_FOUND):
        raise error


def pages() -> Blueprint:
    """The pages, beside those of the console."""
    blueprint = Blueprint("signatures", __name__, url_prefix="/console")
    of_petition = "/petitions/<petition_id>/signatures"
    of_decision = f"{of_petition}/removals/<invalidation_id>"
    blueprint.add_url_rule(of_petition, view_func=overview)
    blueprint.add_url_rule(f"{of_petition}/trends", view_func=trends)
    blueprint.add_url_rule(f"{of_petition}/paper", view_func=paper)
    blueprint.add_url_rule(f"{of_petition}/paper", view_func=enter_paper, methods=["POST"])
    blueprint.add_url_rule(f"{of_petition}/remove", view_func=choose)
    blueprint.add_url_rule(f"{of_petition}/remove", view_func=decide, methods=["POST"])
    blueprint.add_url_rule(f"{of_decision}/stop", view_func=stop, methods=["POST"])
    blueprint.add_url_rule(f"{of_decision}/undo", view_func=ask_undo)
    blueprint.add_url_rule(f"{of_decision}/undo", view_func=undo, methods=["POST"])
    blueprint.add_url_rule("/numbers", view_func=numbers)
    return blueprint
