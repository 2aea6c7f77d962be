"""Calls to surveys: what everybody may know of them."""

import threading
import time
from collections.abc import Callable, Sequence

import grpc
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc as rpc

from viche_gateway.clients.calls import call

KNOWN_S = 3.0
_MOST_KNOWN = 5_000


class Surveys:
    """The public part of surveys, over one channel.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, channel: grpc.Channel, clock: Callable[[], float] = time.monotonic) -> None:
        self._stub = rpc.SurveysServiceStub(channel)
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[int, tuple[float, pb.Survey]] = {}

    def by_number(self, number: int) -> pb.Survey:
        """A public survey as it is now. Raises DomainError."""
        survey = call(self._stub.GetPublicSurvey, pb.GetPublicSurveyRequest(number=number)).survey
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[number] = (self._clock(), survey)
        return survey

    def known(self, number: int) -> pb.Survey:
        """A public survey as it was at most ``KNOWN_S`` ago: those who answer at once ask for it together.

        What decides, decides in the service by the database's clock. Raises DomainError.
        """
        at, survey = self._known.get(number, (float("-inf"), None))
        return survey if survey is not None and self._clock() < at + KNOWN_S else self.by_number(number)

    def listed(
        self, state: "pb.SurveyState.ValueType", authority_ids: Sequence[str], page_size: int, page_token: str = ""
    ) -> pb.ListSurveysResponse:
        """A page of public surveys: open ones that close soonest first, then closed ones, the latest first."""
        request = pb.ListSurveysRequest(
            state=state, authority_ids=authority_ids, page_size=page_size, page_token=page_token
        )
        return call(self._stub.ListSurveys, request)
