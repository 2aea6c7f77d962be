"""One export from its first response to its codebook. It computes and blocks: it is made for threads."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from viche_surveys.domain.definition import Definition
from viche_surveys.domain.exports import Stored
from viche_surveys.domain.personal import joined
from viche_surveys.exports import ddi
from viche_surveys.exports.columns import Plan, Response
from viche_surveys.exports.formats import Format
from viche_surveys.exports.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted.

    Attributes:
        identifier: of the survey, as people cite it.
        versions: all that were answered, and the one that is answered now.
        language: of labels; "" is the first of the survey.
    """

    identifier: str
    versions: Mapping[int, Definition]
    format: Format
    language: str
    with_personal: bool
    file_name: str
    made_at: datetime


class Making:
    """Writes into a file: measured first where that is needed, then begun, row by row, and ended.

    Args:
        out: a file that can be sought; stays open.
        unseal: gives the personal answers of a response that has some, as a JSON object.
    """

    def __init__(self, order: Order, out: BinaryIO, unseal: Callable[[Stored], str]) -> None:
        self._order = order
        self._out = out
        self._unseal = unseal
        self._plan = Plan(order.versions, with_personal=order.with_personal)
        self._measuring = self._plan.measuring(needs_widths=order.format.needs_widths)
        self.written = 0

    @property
    def measures(self) -> bool:
        """Whether all responses have to be measured before the first is written."""
        return self._measuring.is_needed

    def measure(self, responses: Sequence[Stored]) -> None:
        """Looks at some responses."""
        for each in responses:
            self._measuring.take(self._answers(each))

    def begin(self) -> None:
        """Writes what stands before the first row."""
        order = self._order
        self._columns = self._plan.columns(self._measuring.measures, keeps_dont_know=order.format.keeps_dont_know)
        newest = order.versions[max(order.versions)]
        self._table = Table(
            identifier=order.identifier,
            title=newest.title,
            introduction=newest.introduction,
            languages=newest.languages,
            language=order.language or newest.languages[0],
            variables=self._columns.variables,
            made_at=order.made_at,
            sets=self._columns.sets,
        )
        self._writer = order.format.writer(self._out, self._table)

    def add(self, responses: Sequence[Stored]) -> None:
        """Writes some rows."""
        self._writer.add(self._columns.rows([self._response(each) for each in responses]))
        self.written += len(responses)

    def end(self) -> bytes:
        """Writes what stands after the last row, and gives the codebook."""
        self._writer.end()
        return ddi.codebook(
            self._table,
            file_name=self._order.file_name,
            media_type=self._order.format.media_type,
            cases=self.written,
        )

    def _response(self, stored: Stored) -> Response:
        return Response(
            id=stored.id, version=stored.version, submitted_at=stored.submitted_at, language=stored.language,
            channel=stored.channel, partner_id=stored.partner_id, territory_code=stored.territory_code,
            assurance=stored.assurance, source=stored.source, answers=self._answers(stored),
        )  # fmt: skip

    def _answers(self, stored: Stored) -> dict[str, Any]:
        answers: dict[str, Any] = json.loads(stored.answers)
        return answers if stored.private is None else joined(answers, json.loads(self._unseal(stored)))
