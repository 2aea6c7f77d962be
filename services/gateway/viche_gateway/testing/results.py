"""Results in surveys' double."""

from typing import Any

from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc as rpc


class FakeResults(rpc.ResultsServiceServicer):
    """Totals by partner."""

    def __init__(self) -> None:
        self.totals: dict[str, list[pb.PartnerTotal]] = {}

    async def GetPartnerTotals(self, request: Any, context: Any) -> Any:
        return pb.GetPartnerTotalsResponse(totals=self.totals.get(request.partner_id, ()))
