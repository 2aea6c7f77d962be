"""Tables of two questions as messages."""

from collections.abc import Iterator, Sequence

from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_chassis.messages import timestamp
from viche_surveys.crosstabs import Crosstab, Filter, Target, Wanted
from viche_surveys.domain.definition import Definition, Text
from viche_surveys.domain.facets import FACTS, Facet, facet
from viche_surveys.domain.tallying import DONT_KNOW
from viche_surveys.exports import words
from viche_surveys.store.snapshots import Snapshot

ROUNDING = 0.005
"""Shares are often given in whole per cents: their sum may be so far from 1."""


def read_wanted(request: pb.GetCrosstabRequest, definition: Definition) -> Wanted:
    """What is asked for.

    Raises:
        InvalidFields: the survey has no such questions, or shares are none.
    """
    found = list(_violations(request, definition))
    rows = facet(definition, request.rows)
    if found or rows is None:
        raise InvalidFields(*found)
    filters = tuple(Filter(_filtered(definition, each) or each.question, tuple(each.codes)) for each in request.filters)
    targets = tuple(
        Target(question, _shares(each)) for each in request.margins if (question := facet(definition, each.question))
    )
    return Wanted(rows, facet(definition, request.columns), filters, targets)


def crosstab_message(table: Crosstab, wanted: Wanted, snapshot: Snapshot) -> pb.GetCrosstabResponse:
    """The table."""
    return pb.GetCrosstabResponse(
        row_codes=table.row_codes, column_codes=table.column_codes,
        row_labels=_labels(wanted.rows, table.row_codes),
        column_labels=_labels(wanted.columns, table.column_codes) if wanted.columns else (),
        cells=(
            pb.CrosstabCell(
                count=each.count, weighted=each.weighted, share=each.share, share_low=each.interval.low,
                share_high=each.interval.high,
            )
            for each in table.cells
        ),
        responses=table.responses, at=timestamp(snapshot.taken_at) if snapshot.taken_at else None,
        chi_square=table.association.chi_square, degrees_of_freedom=table.association.degrees_of_freedom,
        cramers_v=table.association.cramers_v, effective_n=table.effective_n, margin_gap=table.gap,
    )  # fmt: skip


def _labels(facet: Facet, codes: Sequence[str]) -> Iterator[pb.CodeLabel]:
    for code in codes:
        label: Text = words.DONT_KNOW if code == DONT_KNOW else facet.label(code)
        yield pb.CodeLabel(code=code, label=label)


def _violations(request: pb.GetCrosstabRequest, definition: Definition) -> Iterator[FieldViolation]:
    for field, name in (("rows", request.rows), ("columns", request.columns)):
        if (name or field == "rows") and facet(definition, name) is None:
            yield _unknown(field, name)
    for place, each in enumerate(request.filters):
        if each.question not in FACTS and _filtered(definition, each) is None:
            yield _unknown(f"filters[{place}].question", each.question)
    for place, each in enumerate(request.margins):
        question = facet(definition, each.question)
        if question is None or question.is_several:
            yield _unknown(f"margins[{place}].question", each.question)
            continue
        shares = each.shares.values()
        if any(not 0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > ROUNDING:
            yield invalid(f"margins[{place}].shares", "SHARES_NOT_WHOLE", value=each.question[:60])


def _filtered(definition: Definition, filter: pb.Filter) -> Facet | None:
    if filter.question in FACTS:
        return None
    return facet(definition, f"{filter.question}.{filter.row}" if filter.row else filter.question)


def _shares(margin: pb.Margin) -> dict[str, float]:
    total = sum(margin.shares.values())
    return {code: share / total for code, share in margin.shares.items()}


def _unknown(field: str, name: str) -> FieldViolation:
    return invalid(field, "UNKNOWN_QUESTION", value=name[:60])
