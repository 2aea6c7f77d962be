"""A survey as citizens will see it, page by page; nothing of what is filled in is kept."""

import json
from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import answers_pb2 as pb

from viche_chassis.errors import InvalidFields
from viche_gateway import access
from viche_gateway.console.surveys import office
from viche_gateway.console.surveys.office import Written
from viche_gateway.context import services
from viche_gateway.languages import current_language
from viche_gateway.portal.surveys import places, sent
from viche_gateway.portal.surveys.sent import Move
from viche_gateway.portal.surveys.showing import shown
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.portal.surveys.way import way_here
from viche_gateway.sessions import signed_in

_MOST_CARRIED = 2_000_000
_MOST_LANGUAGE = 40
Fields = Mapping[str, Sequence[str]]


@access.officer
def preview_survey(survey_id: str) -> ResponseReturnValue:
    """The first page."""
    return _show(office.read(survey_id), "", {})


@access.officer
def preview_next_page(survey_id: str) -> ResponseReturnValue:
    """The page after one that was filled in; the same one where something of it needs another look."""
    written = office.read(survey_id)
    given = sent.read("csrf_token")
    own = {each.name: list(each.values) for each in given.fields}
    on_page = [f"{each}." for each in given.shown]
    before = {
        name: values for name, values in _carried().items() if not any(f"{name}.".startswith(each) for each in on_page)
    }
    if given.move in (Move.MOVE_ADD, Move.MOVE_REMOVE):
        return _show(written, given.page, {**before, **own}, move=given.move, group=given.group)
    if places.is_sought():
        return _show(written, given.page, {**before, **own})
    return _show(written, given.page, {**before, **own}, frozenset(given.shown))


def _show(
    written: Written,
    page: str,
    fields: Fields,
    seen: frozenset[str] | None = None,
    move: "Move.Move.ValueType" = Move.MOVE_UNSPECIFIED,
    group: str = "",
) -> ResponseReturnValue:
    """A page, or where it was sent the one after it.

    Args:
        seen: fields that were on the page that was sent. One that its answers bring up keeps the page, as there is no
            script that would have shown it.
        move: one entry more of the repeat that ``group`` names, or one less.
    """
    language = request.args.get("language", "")[:_MOST_LANGUAGE] or current_language()
    asked = pb.PreviewPageRequest(
        survey_id=written.id, page=page, language=language, move=move, group=group,
        fields=[pb.FormField(name=name, values=values) for name, values in fields.items()],
    )  # fmt: skip
    try:
        found = _asked(asked, seen)
    except InvalidFields:
        return render_template("console/surveys/preview.html", written=written, page=None, is_faulty=True), 409
    carried = {each.name: list(each.values) for each in found.fields} or fields
    is_over = not found.HasField("page")
    return render_template(
        "console/surveys/preview.html", written=written, page=None if is_over else found.page, is_faulty=False,
        shown=None if is_over else shown(found.page), carried_fields=json.dumps(carried, ensure_ascii=False),
        way=way_here(), language=language,
        languages=[(code, language_name(code)) for code in written.languages],
    )  # fmt: skip


def _asked(asked: pb.PreviewPageRequest, seen: frozenset[str] | None) -> pb.PreviewPageResponse:
    token = signed_in().access_token
    if seen is not None:
        same = services().survey_office.preview(token, asked)
        if not seen.issuperset(shown(same.page).fields.split()):
            same.page.has_more = True
            return same
        asked.goes_on = True
    return services().survey_office.preview(token, asked)


def _carried() -> Fields:
    """What was filled in on the pages before."""
    text = request.form.get("-carried", "")
    try:
        found = json.loads(text) if 0 < len(text) <= _MOST_CARRIED else {}
        return {str(name): [str(each) for each in values] for name, values in found.items()}
    except (ValueError, AttributeError, TypeError):
        abort(400)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/surveys/<survey_id>/preview"
    blueprint.add_url_rule(path, view_func=preview_survey)
    blueprint.add_url_rule(path, view_func=preview_next_page, methods=["POST"])
