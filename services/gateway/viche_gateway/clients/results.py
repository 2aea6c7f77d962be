"""Calls to surveys about results, texts and files with answers."""

from collections.abc import Sequence

import grpc
from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc as rpc

from viche_gateway.clients.calls import call

TEXTS = 50
_TABLE_TIMEOUT_S = 25.0


class Results:
    """Numbers for everybody and for officers, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._results = rpc.ResultsServiceStub(channel)
        self._exports = rpc.ExportsServiceStub(channel)

    def public(self, number: int) -> pb.Results:
        """What everybody may see of a survey."""
        return call(self._results.GetResults, pb.GetResultsRequest(number=number)).results

    def exact(self, access_token: str, survey_id: str, partner_id: str = "") -> pb.Results:
        """What those see who wrote the survey; with a partner, of the answers that came through it alone."""
        request = pb.GetOfficeResultsRequest(survey_id=survey_id, partner_id=partner_id)
        return call(self._results.GetOfficeResults, request, access_token).results

    def texts(
        self, access_token: str, survey_id: str, question: str, page_token: str = ""
    ) -> pb.ListTextAnswersResponse:
        """A page of what people wrote, the latest first."""
        request = pb.ListTextAnswersRequest(
            survey_id=survey_id, question=question, page_size=TEXTS, page_token=page_token
        )
        return call(self._results.ListTextAnswers, request, access_token)

    def crosstab(self, access_token: str, request: pb.GetCrosstabRequest) -> pb.GetCrosstabResponse:
        """Two questions against each other, over the latest snapshot."""
        return call(self._results.GetCrosstab, request, access_token, _TABLE_TIMEOUT_S)

    def exports(self, access_token: str, survey_id: str) -> Sequence[pb.Export]:
        """Files with answers, the latest first."""
        return call(self._exports.ListExports, pb.ListExportsRequest(survey_id=survey_id), access_token).exports

    def export(self, access_token: str, export_id: str) -> pb.GetExportResponse:
        """One file, and where it lies."""
        return call(self._exports.GetExport, pb.GetExportRequest(export_id=export_id), access_token)

    def start_export(self, access_token: str, request: pb.CreateExportRequest) -> pb.Export:
        """Has a file made."""
        return call(self._exports.CreateExport, request, access_token).export

    def stop_export(self, access_token: str, request_id: str, export_id: str) -> pb.Export:
        """Stops a file from being made, or throws it away."""
        request = pb.CancelExportRequest(request_id=request_id, export_id=export_id)
        return call(self._exports.CancelExport, request, access_token).export
