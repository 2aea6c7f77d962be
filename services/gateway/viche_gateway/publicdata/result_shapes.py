"""Results of surveys as a table."""

from collections.abc import Iterator

from viche.surveys.v1 import results_pb2 as pb

from viche_gateway.api.survey_results import kind, known
from viche_gateway.portal.surveys.results.view import ResultsView

COLUMNS = (
    "question", "kind", "question_label", "answered", "row", "row_label", "code", "label", "count", "share",
    "share_low", "share_high",
)  # fmt: skip


def rows(view: ResultsView, found: pb.Results) -> Iterator[tuple[object, ...]]:
    """The names of the columns, then a row for each count; labels are in the reader's language."""
    yield COLUMNS
    for question in found.questions:
        shown = view.find(question.name)
        text = shown.text if shown else question.name
        bars = [(bar, "") for bar in shown.bars] if shown else []
        bars += [(part.bar, stack.label) for stack in shown.stacks for part in stack.parts] if shown else []
        about = question.name, kind(question.kind), text, known(question.answered)
        if not bars:
            yield *about, "", "", "", "", None, None, None, None
        for cell, (bar, row_label) in zip(question.cells, bars, strict=False):
            numbers = (None,) * 3 if bar.count is None else (bar.share, bar.low, bar.high)
            yield *about, cell.row, row_label, cell.code, bar.label, bar.count, *numbers
