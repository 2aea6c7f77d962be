"""Two questions of a survey against each other, as a table; the address of the page says which, so it can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, sentences
from viche_gateway.console import survey_table_form
from viche_gateway.console.survey_results import Around, around_of
from viche_gateway.console.survey_table_form import Asked, Offers
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.results.view import view_of
from viche_gateway.portal.surveys.texts import text_of
from viche_gateway.regions import current_region, territory_name
from viche_gateway.sessions import signed_in

_FAR = 0.005
"""A weighted share that is so far from what was asked is told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; there is one cell more than columns have names where there are no columns."""

    label: str
    cells: Sequence[pb.CrosstabCell]


@dataclass(frozen=True, slots=True)
class Table:
    """The table in the reader's language.

    Attributes:
        effective: how many answers without weights would tell as much.
        is_far: whether the shares that were asked for cannot all be reached.
    """

    columns: Sequence[str]
    lines: Sequence[Line]
    responses: int
    at: datetime
    chi_square: float
    degrees_of_freedom: int
    cramers_v: float
    is_weighted: bool
    effective: int
    is_far: bool


@access.officer
def survey_table(survey_id: str) -> ResponseReturnValue:
    """The form, and the table where a question is chosen."""
    around = around_of(survey_id)
    found = services().results.exact(signed_in().access_token, survey_id)
    offers = survey_table_form.offers_of(view_of(around.survey, found))
    asked = survey_table_form.read(request.args, offers)
    form, table = _answered(around, asked, offers) if asked.is_anything else (asked.form(), None)
    page = render_template(
        "console/results/table.html", around=around, asked=asked, offers=offers, form=form, table=table,
        field_of=survey_table_form.field_of, most_filters=survey_table_form.MOST_FILTERS,
        most_weights=survey_table_form.MOST_WEIGHTS,
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _answered(around: Around, asked: Asked, offers: Offers) -> tuple[Form, Table | None]:
    if faults := survey_table_form.faults(asked, offers):
        return asked.form(faults), None
    try:
        wanted = survey_table_form.message(around.survey.id, asked)
        found = services().results.crosstab(signed_in().access_token, wanted)
    except DomainError as error:
        if error.code in (Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.PERMISSION_DENIED, Code.NOT_FOUND):
            raise
        if error.reason == "NO_SNAPSHOT":
            return asked.form({"": sentences.of(error)}), None
        return survey_table_form.refused(asked, offers, error), None
    return asked.form(), _table(found, around.languages, asked, offers)


def _table(found: pb.GetCrosstabResponse, languages: Sequence[str], asked: Asked, offers: Offers) -> Table:
    columns = _labels(asked.columns, found.column_labels, languages, offers)
    rows = _labels(asked.rows, found.row_labels, languages, offers)
    width = max(1, len(found.column_codes))
    lines = [
        Line(rows.get(code) or code, found.cells[place * width : (place + 1) * width])
        for place, code in enumerate(found.row_codes)
    ]
    return Table(
        columns=[columns.get(code) or code for code in found.column_codes], lines=lines, responses=found.responses,
        at=found.at.ToDatetime(tzinfo=UTC), chi_square=found.chi_square,
        degrees_of_freedom=found.degrees_of_freedom, cramers_v=found.cramers_v,
        is_weighted=bool(asked.weights), effective=round(found.effective_n), is_far=found.margin_gap > _FAR,
    )  # fmt: skip


def _labels(
    facet: str, found: Sequence[pb.CodeLabel], languages: Sequence[str], offers: Offers
) -> Mapping[str, str]:  # fmt: skip
    """By code, as the results call it; a code without a label that is a territory's gets its name."""
    known = current_region().territories
    return {
        each.code: offers.label(facet, each.code)
        or text_of(each.label, languages)[1]
        or (territory_name(each.code) if each.code in known else "")
        for each in found
    }


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/surveys/<survey_id>/results/table", view_func=survey_table)
