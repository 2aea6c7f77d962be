"""What became of a form of another tool: what came over, what is another way now, and what did not come over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche_surveys.domain.definition import UNASKED, Definition


class NotAForm(ValueError):
    """The file is of none of the formats that are read, or of another than its ending says."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that did not come over as it was.

    Attributes:
        place: in the file's own words, as "sheet survey, row 5, column relevant", or a JSON Pointer in a JSON file.
        reason: stable, UPPER_SNAKE_CASE.
        values: for the sentence that says it; of a workbook also `sheet`, `row` and `column`.
    """

    place: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A form as it was read.

    Attributes:
        definition: None when the form does not compile; then `refused` says why, everything at once.
        format: "xlsform", "limesurvey", "surveyjs" or "viche".
        changed: what is another way in the definition than in the form.
        refused: what did not come over, and what was left out because of it.
    """

    definition: Definition | None
    format: str
    changed: tuple[Finding, ...] = ()
    refused: tuple[Finding, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether there is a survey to save."""
        return self.definition is not None

    @property
    def questions(self) -> int:
        """How many questions came over that people answer."""
        found = self.definition.questions() if self.definition else ()
        return sum(question.kind not in UNASKED for question in found)


@dataclass(slots=True)
class Findings:
    """What is noted while a form is read; a fault keeps it from compiling."""

    changed: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def report(self, definition: Definition | None, format: str) -> Report:
        """The whole; without a definition if there is any fault."""
        if self.faults:
            return Report(None, format, (), _once(self.faults))
        return Report(definition, format, _once(self.changed), _once(self.refused))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, and where what is found there goes."""

    findings: Findings
    words: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def change(self, reason: str, **values: object) -> None:
        """It came over, another way."""
        self.findings.changed.append(self._finding(reason, values))

    def refuse(self, reason: str, **values: object) -> None:
        """It did not come over; the rest did."""
        self.findings.refused.append(self._finding(reason, values))

    def fault(self, reason: str, **values: object) -> None:
        """The form does not compile."""
        self.findings.faults.append(self._finding(reason, values))

    def _finding(self, reason: str, values: Mapping[str, object]) -> Finding:
        return Finding(self.words, reason, {**self.facts, **{name: str(value) for name, value in values.items()}})


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    kept = {(each.place, each.reason, tuple(each.values.items())): each for each in findings}
    return tuple(kept.values())
