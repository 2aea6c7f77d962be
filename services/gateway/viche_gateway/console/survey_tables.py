"""Two questions of a survey against each other, as a table; the address of the page says which, so it can be kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.survey_results import Around, around_of
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.results.view import QuestionView, Shape, view_of
from viche_gateway.portal.surveys.texts import text_of
from viche_gateway.regions import current_region, territory_name
from viche_gateway.sessions import signed_in

_FIELDS = ("rows", "columns", "only")
_MOST_CHARS = 400


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; there is one cell more than columns have names where there are no columns."""

    label: str
    cells: Sequence[pb.CrosstabCell]


@dataclass(frozen=True, slots=True)
class Table:
    """The table in the reader's language."""

    columns: Sequence[str]
    lines: Sequence[Line]
    responses: int
    at: datetime
    chi_square: float
    degrees_of_freedom: int
    cramers_v: float


@access.officer
def survey_table(survey_id: str) -> ResponseReturnValue:
    """The form, and the table where a question is chosen."""
    around = around_of(survey_id)
    form = Form({name: request.args.get(name, "").replace("\x00", "")[:_MOST_CHARS] for name in _FIELDS})
    found = services().results.exact(signed_in().access_token, survey_id)
    questions = view_of(around.survey, found).questions
    form, table = _asked(around, form) if form.value("rows") or form.value("columns") else (form, None)
    page = render_template(
        "console/results/table.html", around=around, form=form, table=table,
        facets=[each for question in questions for each in _facets(question)],
        filters=[each for question in questions for each in _filters(question)],
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _asked(around: Around, form: Form) -> tuple[Form, Table | None]:
    if faults := forms.missing(form, "rows"):
        return Form(form.values, faults), None
    wanted = pb.GetCrosstabRequest(survey_id=around.survey.id, rows=form.value("rows"), columns=form.value("columns"))
    facet, _, code = form.value("only").partition(" ")
    if code:
        question, _, row = facet.partition(".")
        wanted.filters.add(question=question, row=row, codes=[code])
    try:
        found = services().results.crosstab(signed_in().access_token, wanted)
    except DomainError as error:
        if error.code in (Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.PERMISSION_DENIED, Code.NOT_FOUND):
            raise
        return _refused(form, error), None
    return form, _table(found, around.languages)


def _refused(form: Form, error: DomainError) -> Form:
    if error.reason == "NO_SNAPSHOT":
        return Form(form.values, {"": sentences.of(error)})
    return forms.refused(form, error, {"filters[0].question": "only", "filters[0].codes": "only"})


def _table(found: pb.GetCrosstabResponse, languages: Sequence[str]) -> Table:
    columns, rows = _labels(found.column_labels, languages), _labels(found.row_labels, languages)
    width = max(1, len(found.column_codes))
    lines = [
        Line(rows.get(code) or code, found.cells[place * width : (place + 1) * width])
        for place, code in enumerate(found.row_codes)
    ]
    return Table(
        columns=[columns.get(code) or code for code in found.column_codes], lines=lines, responses=found.responses,
        at=found.at.ToDatetime(tzinfo=UTC), chi_square=found.chi_square,
        degrees_of_freedom=found.degrees_of_freedom, cramers_v=found.cramers_v,
    )  # fmt: skip


def _labels(found: Sequence[pb.CodeLabel], languages: Sequence[str]) -> Mapping[str, str]:
    """By code; a code without a label that is a territory's gets its name."""
    known = current_region().territories
    return {
        each.code: text_of(each.label, languages)[1] or (territory_name(each.code) if each.code in known else "")
        for each in found
    }


def _facets(question: QuestionView) -> Iterator[tuple[str, str]]:
    """What can stand in rows or columns, with its words."""
    if question.shape in (Shape.BARS, Shape.SCALE):
        yield question.name, question.text
    for stack in question.stacks:
        yield f"{question.name}.{stack.code}", f"{question.text} – {stack.label}"


def _filters(question: QuestionView) -> Iterator[tuple[str, str]]:
    """An answer each, as its question and its code with a blank between: no code has one."""
    for bar in question.bars:
        yield f"{question.name} {bar.code}", f"{question.text} – {bar.label}"
    for stack in question.stacks:
        for part in stack.parts:
            words = f"{question.text} – {stack.label}: {part.bar.label}"
            yield f"{question.name}.{stack.code} {part.bar.code}", words


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/surveys/<survey_id>/results/table", view_func=survey_table)
