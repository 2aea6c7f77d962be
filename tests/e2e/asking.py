"""Surveys of tests, opened as the command line does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc as rpc

from tests.suite import Suite
from viche_cli.instance import connect

LANGUAGES = ("en", "uk", "bg", "ru")
OPEN = pb.SurveySettings(
    admission=pb.ADMISSION_OPEN, results=pb.RESULTS_VISIBILITY_LIVE, k=10, is_listed=True, needs_human_check=False
)


def texts(english: str) -> Mapping[str, str]:
    """The same words in every language."""
    return dict.fromkeys(LANGUAGES, english)


TWO_PAGES: Mapping[str, Any] = {
    "format": "viche-survey/1",
    "languages": list(LANGUAGES),
    "title": texts("What should the park have?"),
    "pages": [
        {
            "name": "wish",
            "items": [
                {
                    "name": "park",
                    "kind": "single",
                    "label": texts("What comes first?"),
                    "is_required": True,
                    "options": [
                        {"code": "benches", "label": texts("Benches")}, {"code": "lamps", "label": texts("Lamps")},
                    ],
                }
            ],
        },
        {"name": "reason", "items": [{"name": "why", "kind": "text", "label": texts("Why?")}]},
    ],
}  # fmt: skip


def open_survey(suite: Suite, definition: Mapping[str, Any], settings: pb.SurveySettings = OPEN) -> int:
    """Opens a survey at the first authority and gives its public number."""
    instance = connect(suite.home.path)
    with instance.channel("identity") as identity, instance.channel("surveys") as channel:
        known = identity_pb2_grpc.AuthoritiesServiceStub(identity).ListAuthorities(
            identity_pb2.ListAuthoritiesRequest(), timeout=10
        )
        surveys = rpc.SurveysServiceStub(channel)
        made = surveys.CreateSurvey(
            pb.CreateSurveyRequest(
                request_id=str(uuid4()), authority_id=known.authorities[0].id, definition_json=json.dumps(definition),
                settings=settings,
            ),
            timeout=10,
        )  # fmt: skip
        assert list(made.faults) == []
        opened = surveys.OpenSurvey(
            pb.OpenSurveyRequest(request_id=str(uuid4()), survey_id=made.survey.id), timeout=10
        )  # fmt: skip
        return opened.survey.number
