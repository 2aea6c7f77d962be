"""Surveys that are answered while things break, and what somebody says to one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viche.surveys.v1 import results_pb2 as results
from viche.surveys.v1 import results_pb2_grpc as results_rpc
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc as rpc

from tests.integration.reliability.region import CALL_WITHIN_S, Region

K = 5
WAYS = ("foot", "bicycle", "bus", "car")
WISHES = ("trees", "benches", "light")
MOST_TRIPS = 30


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A survey that takes answers; `counts_persons` when everybody answers once and must be signed in."""

    id: str
    number: int
    counts_persons: bool


class Surveys:
    """Surveys of a region, through the calls that portal and console make."""

    def __init__(self, region: Region, channel: Any) -> None:
        self._region = region
        self._surveys: Any = rpc.SurveysServiceStub(channel)
        self._results: Any = results_rpc.ResultsServiceStub(channel)

    def open(self, title: str, *, counts_persons: bool) -> OpenSurvey:
        """One that takes answers from now on."""
        admission = pb.ADMISSION_PERSON if counts_persons else pb.ADMISSION_OPEN
        request = pb.CreateSurveyRequest(
            request_id=str(uuid.uuid4()),
            authority_id=self._region.authority_id,
            definition_json=json.dumps(definition(title)),
            settings=pb.SurveySettings(admission=admission, k=K),
        )
        made = self._call(self._surveys.CreateSurvey, request).survey
        opening = pb.OpenSurveyRequest(request_id=str(uuid.uuid4()), survey_id=made.id)
        opened = self._call(self._surveys.OpenSurvey, opening).survey
        return OpenSurvey(opened.id, opened.number, counts_persons)

    def counted(self, survey: OpenSurvey) -> int:
        """How many answers officers see."""
        request = results.GetOfficeResultsRequest(survey_id=survey.id)
        return self._call(self._results.GetOfficeResults, request).results.responses

    def published(self, survey: OpenSurvey) -> int:
        """How many answers the numbers for everybody are made from; 0 as long as too few have come."""
        return self._call(self._results.GetResults, results.GetResultsRequest(number=survey.number)).results.responses

    def _call(self, method: Any, request: Any) -> Any:
        return method(request, metadata=self._region.as_officer(), timeout=CALL_WITHIN_S, wait_for_ready=True)


def definition(title: str) -> Mapping[str, object]:
    """Three questions on one page."""
    items = [
        {"name": "way", "kind": "single", "is_required": True, "options": _options(WAYS)},
        {"name": "wishes", "kind": "multiple", "options": _options(WISHES)},
        {"name": "trips", "kind": "number", "minimum": 0, "maximum": MOST_TRIPS},
    ]
    return {
        "format": "viche-survey/1",
        "languages": ["en"],
        "title": {"en": title},
        "pages": [{"name": "only", "items": [{**each, "label": {"en": f"{each['name']}?"}} for each in items]}],
    }


def said(request_id: str) -> Mapping[str, object]:
    """What somebody says with this request: always the same, and with others something else."""
    number = uuid.UUID(request_id).int
    wishes = [each for place, each in enumerate(WISHES) if number >> place & 1]
    answer: dict[str, object] = {"way": WAYS[(number >> 8) % len(WAYS)], "trips": (number >> 16) % MOST_TRIPS}
    return answer | ({"wishes": wishes} if wishes else {})


def fields(answer: Mapping[str, Any]) -> Mapping[str, str | Sequence[str]]:
    """The same as a form sends it."""
    return {name: value if isinstance(value, list) else str(value) for name, value in answer.items()}


def _options(codes: Sequence[str]) -> list[Mapping[str, object]]:
    return [{"code": code, "label": {"en": code}} for code in codes]
