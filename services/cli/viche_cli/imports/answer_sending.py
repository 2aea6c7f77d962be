"""Takes answers over into a survey, batch by batch, and tells what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from viche.surveys.v1 import results_pb2 as pb

from viche_cli.imports.answers import Answer, RefusedRow, batches

BATCH = 200
BATCH_BYTES = 200_000  # the gateway takes 256 KiB from afar
TIMEOUT_S = 60.0
MOST_TOLD = 1_000
"""Rows that are named; of more that are refused only the number is told."""


@dataclass(slots=True)
class Report:
    """What became of the rows of a file."""

    file: str
    is_check: bool = False
    rows: int = 0
    added: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[RefusedRow] = field(default_factory=list)
    interrupted: bool = False

    def refuse(self, refusal: RefusedRow) -> None:
        """Notes a row that does not come over."""
        self.refused += 1
        if len(self.refusals) < MOST_TOLD:
            self.refusals.append(refusal)

    def line(self) -> str:
        """The report as a sentence."""
        if self.is_check:
            can = self.rows - self.refused
            return f"{self.file}: {self.rows} rows; {can} can go in as far as the file tells, {self.refused} cannot."
        told = (
            f"{self.file}: {self.rows} rows; {self.added} new, {self.unchanged} there already, {self.refused} refused."
        )
        return f"{told} Stopped before the rest: the same command goes on." if self.interrupted else told

    def as_document(self) -> dict[str, Any]:
        """The report for scripts."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Target:
    """Where answers go."""

    stub: Any
    survey_id: str
    source: str


def check(found: Iterable[Answer | RefusedRow], report: Report) -> None:
    """Only looks."""
    for _ in _sound(found, report):
        pass


def send(found: Iterable[Answer | RefusedRow], report: Report, target: Target) -> Iterator[int]:
    """Sends answers as they are read; an interrupt ends it after a whole batch.

    Yields:
        rows that were read so far.
    """
    try:
        for chunk in _chunks(_sound(found, report)):
            for batch in batches(chunk, BATCH, BATCH_BYTES):
                _send(batch, report, target)
            yield report.rows
    except KeyboardInterrupt:
        report.interrupted = True


def _send(batch: Sequence[Answer], report: Report, target: Target) -> None:
    request = pb.BatchImportResponsesRequest(
        request_id=str(uuid.uuid4()), survey_id=target.survey_id, source=target.source, items=map(message_of, batch)
    )
    response = target.stub.BatchImportResponses(request, timeout=TIMEOUT_S)
    report.added += response.accepted
    report.unchanged += response.repeated_before
    rows = {each.id: each.row for each in batch}
    for fault in response.faults:
        reason = fault.faults[0].reason if fault.faults else "REFUSED"
        said = ", ".join(f"{each.field or 'it'} {each.reason}" for each in fault.faults)
        report.refuse(RefusedRow(rows[fault.external_id], reason, f"the surveys service does not take it: {said}"))


def message_of(answer: Answer) -> pb.ImportedResponse:
    """An answer as it travels."""
    item = pb.ImportedResponse(external_id=answer.id, answers_json=answer.answers_json)
    if answer.given_at:
        item.submitted_at.FromDatetime(answer.given_at)
    return item


def _sound(found: Iterable[Answer | RefusedRow], report: Report) -> Iterator[Answer]:
    for each in found:
        report.rows += 1
        if isinstance(each, RefusedRow):
            report.refuse(each)
        else:
            yield each


def _chunks(found: Iterator[Answer]) -> Iterator[list[Answer]]:
    chunk: list[Answer] = []
    for each in found:
        chunk.append(each)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
