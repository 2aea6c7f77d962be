"""FormsService."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_surveys import definitions, forms, writing
from viche_surveys.domain.errors import UnknownForm
from viche_surveys.forms import Finding, NotAForm


class FormsServicer(surveys_pb2_grpc.FormsServiceServicer):
    """Definitions that come from other tools, and go there."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ReadForm(self, request: pb.ReadFormRequest, context: Any) -> pb.ReadFormResponse:
        try:
            report = await asyncio.to_thread(forms.read, request.filename, request.content)
        except NotAForm as error:
            raise UnknownForm(text=str(error)) from error
        return pb.ReadFormResponse(
            definition_json=definitions.written(report.definition) if report.definition else "",
            format=report.format, questions=report.questions, changed=_messages(report.changed),
            refused=_messages(report.refused),
        )  # fmt: skip

    async def GetForm(self, request: pb.GetFormRequest, context: Any) -> pb.GetFormResponse:
        if request.format not in forms.WRITTEN:
            raise InvalidFields(invalid("format", "UNKNOWN_VALUE"))
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, UUID(request.survey_id))
            definition = await writing.must_get_definition(conn, survey)
        made = await asyncio.to_thread(forms.write, definition, request.format)
        name = f"survey-{survey.number or str(survey.id)[:8]}.{forms.WRITTEN[request.format]}"
        return pb.GetFormResponse(content=made.content, filename=name, changed=_messages(made.changed))


def _messages(findings: Iterable[Finding]) -> list[pb.DefinitionFault]:
    return [pb.DefinitionFault(place=each.place, reason=each.reason, values=each.values) for each in findings]
