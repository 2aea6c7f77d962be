"""Results and exports in surveys' double."""

from typing import Any

from viche.surveys.v1 import answers_pb2, editing_pb2, editing_pb2_grpc
from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc as rpc

from viche_chassis.errors import Code, DomainError
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.surveys import FakeSurveys


class FakeResults(rpc.ResultsServiceServicer, rpc.ExportsServiceServicer, editing_pb2_grpc.PollsServiceServicer):
    """What was told to it: numbers by survey and by partner, texts, files.

    ``public`` are results by the survey's number, ``exact`` by its id and the partner's, which may be empty.
    ``table`` is what every crosstab is, or why there is none; ``tables`` are those that were asked for.
    """

    def __init__(self) -> None:
        self.totals: dict[str, list[pb.PartnerTotal]] = {}
        self.public: dict[int, pb.Results] = {}
        self.exact: dict[tuple[str, str], pb.Results] = {}
        self.texts: list[pb.TextAnswer] = []
        self.exports: dict[str, pb.GetExportResponse] = {}
        self.ordered: list[pb.CreateExportRequest] = []
        self.table: pb.GetCrosstabResponse | DomainError = pb.GetCrosstabResponse()
        self.tables: list[pb.GetCrosstabRequest] = []

    async def GetPartnerTotals(self, request: Any, context: Any) -> Any:
        return pb.GetPartnerTotalsResponse(totals=self.totals.get(request.partner_id, ()))

    async def GetResults(self, request: Any, context: Any) -> Any:
        if request.number not in self.public:
            raise refusal(Code.NOT_FOUND, "RESULTS_NOT_PUBLIC")
        return pb.GetResultsResponse(results=self.public[request.number])

    async def GetOfficeResults(self, request: Any, context: Any) -> Any:
        found = self.exact.get((request.survey_id, request.partner_id), pb.Results(k=10))
        return pb.GetOfficeResultsResponse(results=found)

    async def ImportPollResults(self, request: Any, context: Any) -> Any:
        polls = self._without_poll(request.survey_id, request.poll.platform, request.poll.poll_id)[0]
        polls.append(request.poll)
        return pb.ImportPollResultsResponse()

    async def DeletePollResults(self, request: Any, context: Any) -> Any:
        removed = self._without_poll(request.survey_id, request.platform, request.poll_id)[1]
        return editing_pb2.DeletePollResultsResponse(poll=removed)

    def _without_poll(self, survey_id: str, platform: str, poll_id: str) -> tuple[Any, pb.PollResults | None]:
        polls = self.exact.setdefault((survey_id, ""), pb.Results(k=10)).polls
        known = next((each for each in polls if (each.platform, each.poll_id) == (platform, poll_id)), None)
        removed = pb.PollResults.FromString(known.SerializeToString()) if known else None
        if known:
            polls.remove(known)
        return polls, removed

    async def ListTextAnswers(self, request: Any, context: Any) -> Any:
        start = int(request.page_token or 0)
        following = str(start + request.page_size) if len(self.texts) > start + request.page_size else ""
        page = self.texts[start : start + request.page_size]
        return pb.ListTextAnswersResponse(answers=page, next_page_token=following)

    async def GetCrosstab(self, request: Any, context: Any) -> Any:
        self.tables.append(request)
        if isinstance(self.table, DomainError):
            raise self.table
        return self.table

    async def CreateExport(self, request: Any, context: Any) -> Any:
        self.ordered.append(request)
        made = pb.Export(
            id=str(new_id()), survey_id=request.survey_id, format=request.format, state="queued",
            with_personal=request.with_personal,
        )  # fmt: skip
        self.exports[made.id] = pb.GetExportResponse(export=made)
        return pb.CreateExportResponse(export=made)

    async def GetExport(self, request: Any, context: Any) -> Any:
        return self._find(request.export_id)

    async def ListExports(self, request: Any, context: Any) -> Any:
        found = [each.export for each in self.exports.values() if each.export.survey_id == request.survey_id]
        return pb.ListExportsResponse(exports=reversed(found))

    async def CancelExport(self, request: Any, context: Any) -> Any:
        found = self._find(request.export_id)
        found.export.state = "cancelled"
        return pb.CancelExportResponse(export=found.export)

    def _find(self, export_id: str) -> pb.GetExportResponse:
        if export_id not in self.exports:
            raise refusal(Code.NOT_FOUND, "EXPORT_NOT_FOUND")
        return self.exports[export_id]


def cell(code: str, count: int, share: float, **fields: Any) -> pb.Cell:
    """A count whose label is the code with a capital; -1 is withheld."""
    is_known = count >= 0
    label = fields.pop("label", {"en": code.capitalize()})
    return pb.Cell(
        code=code, count=count, share=share, label=label, share_low=max(share - 0.05, 0) if is_known else 0,
        share_high=min(share + 0.05, 1) if is_known else 0, **fields,
    )  # fmt: skip


def single(name: str, *cells: pb.Cell, **fields: Any) -> pb.QuestionResults:
    """Numbers of a question with options, of which one is chosen."""
    values: dict[str, Any] = {
        "kind": answers_pb2.QUESTION_KIND_SINGLE, "label": {"en": f"{name.capitalize()}?"}, "answered": 200,
    }  # fmt: skip
    return pb.QuestionResults(name=name, cells=cells, **(values | fields))


def results(surveys: FakeSurveys, number: int, *questions: pb.QuestionResults, **fields: Any) -> pb.Results:
    """Numbers of a survey that the double has."""
    values: dict[str, Any] = {"survey_id": surveys.surveys[number].id, "responses": 200, "k": 10}
    found = pb.Results(questions=questions, **(values | fields))
    found.at.FromJsonString("2026-11-22T10:00:00Z")
    return found
