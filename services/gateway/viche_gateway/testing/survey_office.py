"""Surveys' double for those who write them: definitions as JSON, editions, forms and links."""

import json
import re
from collections.abc import Iterator
from typing import Any

from viche.surveys.v1 import editing_pb2, editing_pb2_grpc
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc as rpc

from viche_chassis.errors import Code, FieldViolation, InvalidFields
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.surveys import FakeSurveys

NONSENSE = "nonsense("
"""An expression that the double refuses."""


class FakeSurveyOffice(
    rpc.SurveysServiceServicer, rpc.FormsServiceServicer, rpc.InvitationsServiceServicer,
    editing_pb2_grpc.EditingServiceServicer,
):  # fmt: skip
    """Surveys by id with what they ask. It knows three rules: a survey asks something,
    ``answered(NAME)`` asks for a question, and ``NONSENSE`` is no expression.

    What everybody may see is the other double's. ``before_update`` is called once before the next change is taken,
    for what somebody else does meanwhile. ``forms`` are what files hold, by their names. ``renamed`` are new names of
    questions by their former ones, of all changes.
    """

    def __init__(self, public: FakeSurveys) -> None:
        self.public = public
        self.known: dict[str, pb.GetSurveyResponse] = {}
        self.ready: list[pb.ReadySurvey] = []
        self.forms: dict[str, pb.ReadFormResponse] = {}
        self.seen: dict[str, str] = {}
        self.invitations: dict[str, int] = {}
        self.before_update: Any = None
        self.renamed: dict[str, str] = {}

    def add(self, authority_id: str, document: Any, **fields: Any) -> pb.GetSurveyResponse:
        """A survey that asks this; ``fields`` are those of the survey's message."""
        survey = pb.Survey(
            authority_id=authority_id, version=1,
            **{"id": str(new_id()), "state": pb.SURVEY_STATE_DRAFT, "settings": _usual(), **fields},
        )  # fmt: skip
        reply = self.known[survey.id] = pb.GetSurveyResponse(survey=survey, edition=1)
        self._redefine(reply, json.dumps(document, ensure_ascii=False))
        return reply

    def change(self, survey_id: str, document: Any) -> None:
        """Lets somebody else change what a survey asks."""
        self._redefine(self.known[survey_id], json.dumps(document, ensure_ascii=False))
        self.known[survey_id].edition += 1

    def document(self, survey_id: str) -> Any:
        """What a survey asks."""
        return json.loads(self.known[survey_id].definition_json)

    async def CreateSurvey(self, request: Any, context: Any) -> Any:
        if request.request_id not in self.seen:
            settings = request.settings if request.HasField("settings") else _usual()
            made = self.add(request.authority_id, json.loads(request.definition_json), settings=settings)
            self.seen[request.request_id] = made.survey.id
            if request.HasField("origin"):
                made.origin.CopyFrom(request.origin)
                made.origin.read_at.GetCurrentTime()
        made = self.known[self.seen[request.request_id]]
        return pb.CreateSurveyResponse(survey=made.survey, faults=made.faults)

    async def UpdateSurvey(self, request: Any, context: Any) -> Any:
        if self.before_update is not None:
            act, self.before_update = self.before_update, None
            act()
        found = self._find(request.survey_id)
        if self.seen.setdefault(request.request_id, request.SerializeToString().hex()) != (
            request.SerializeToString().hex()
        ):
            raise refusal(Code.ALREADY_EXISTS, "REQUEST_MISMATCH")
        if request.edition != found.edition:
            del self.seen[request.request_id]
            raise refusal(Code.ABORTED, "STALE_VERSION", version=str(found.edition))
        if request.HasField("settings"):
            if not 5 <= request.settings.k <= 1000:
                raise InvalidFields(FieldViolation("settings.k", "OUT_OF_RANGE", {"least": "5", "most": "1,000"}))
            found.survey.settings.CopyFrom(request.settings)
        if request.definition_json:
            faults = list(_faults(json.loads(request.definition_json)))
            if faults and found.survey.state == pb.SURVEY_STATE_OPEN:
                raise _bad_definition(faults)
            self._redefine(found, request.definition_json)
            self.renamed |= request.renamed
        found.edition += 1
        return pb.UpdateSurveyResponse(survey=found.survey, faults=found.faults, edition=found.edition)

    async def GetSurvey(self, request: Any, context: Any) -> Any:
        return self._find(request.survey_id)

    async def ListOfficeSurveys(self, request: Any, context: Any) -> Any:
        found = [each.survey for each in self.known.values() if request.state in (0, each.survey.state)]
        return pb.ListOfficeSurveysResponse(surveys=found)

    async def GetPublicSurvey(self, request: Any, context: Any) -> Any:
        return await self.public.GetPublicSurvey(request, context)

    async def ListSurveys(self, request: Any, context: Any) -> Any:
        return await self.public.ListSurveys(request, context)

    async def OpenSurvey(self, request: Any, context: Any) -> Any:
        found = self._find(request.survey_id)
        if found.faults:
            raise _bad_definition(found.faults)
        found.survey.state = (
            pb.SURVEY_STATE_SCHEDULED if found.survey.settings.HasField("opens_at") else pb.SURVEY_STATE_OPEN
        )
        return pb.OpenSurveyResponse(survey=found.survey)

    async def CloseSurvey(self, request: Any, context: Any) -> Any:
        found = self._find(request.survey_id)
        is_open = found.survey.state == pb.SURVEY_STATE_OPEN
        found.survey.state = pb.SURVEY_STATE_CLOSED if is_open else pb.SURVEY_STATE_DRAFT
        return pb.CloseSurveyResponse(survey=found.survey)

    async def DeleteSurvey(self, request: Any, context: Any) -> Any:
        if self._find(request.survey_id).responses:
            raise refusal(Code.FAILED_PRECONDITION, "SURVEY_NOT_EMPTY")
        del self.known[request.survey_id]
        return pb.DeleteSurveyResponse()

    async def CheckDefinition(self, request: Any, context: Any) -> Any:
        return pb.CheckDefinitionResponse(faults=_faults(json.loads(request.definition_json)))

    async def ListReadySurveys(self, request: Any, context: Any) -> Any:
        return pb.ListReadySurveysResponse(surveys=self.ready)

    async def ReadForm(self, request: Any, context: Any) -> Any:
        if request.filename not in self.forms:
            raise refusal(Code.INVALID_ARGUMENT, "UNKNOWN_FORM")
        return self.forms[request.filename]

    async def GetForm(self, request: Any, context: Any) -> Any:
        text = self._find(request.survey_id).definition_json
        return pb.GetFormResponse(content=text.encode(), filename=f"survey.{request.format}")

    async def PreviewRename(self, request: Any, context: Any) -> Any:
        """Words are names here, wherever they stand; NONSENSE cannot be read."""
        if NONSENSE in request.definition_json:
            found = next(each for each in _faults(json.loads(request.definition_json)) if each.reason != "NO_QUESTIONS")
            return editing_pb2.PreviewRenameResponse(faults=[found])
        text = re.sub(rf"\b{request.item}\b", request.new_name, request.definition_json)
        return editing_pb2.PreviewRenameResponse(definition_json=text, places=["/pages"])

    async def CreateInvitations(self, request: Any, context: Any) -> Any:
        if self._find(request.survey_id).survey.settings.admission != pb.ADMISSION_LINK:
            raise refusal(Code.FAILED_PRECONDITION, "NOT_BY_LINK")
        if request.request_id in self.seen:
            return pb.CreateInvitationsResponse()
        if not 1 <= request.count <= 10_000:
            raise InvalidFields(FieldViolation("count", "OUT_OF_RANGE", {"least": "1", "most": "10,000"}))
        self.seen[request.request_id] = request.survey_id
        made = self.invitations.get(request.survey_id, 0)
        self.invitations[request.survey_id] = made + request.count
        return pb.CreateInvitationsResponse(secrets=[f"secret-{made + each}" for each in range(1, request.count + 1)])

    async def GetInvitationCounts(self, request: Any, context: Any) -> Any:
        self._find(request.survey_id)
        return pb.GetInvitationCountsResponse(made=self.invitations.get(request.survey_id, 0))

    def _find(self, survey_id: str) -> pb.GetSurveyResponse:
        if survey_id not in self.known:
            raise refusal(Code.NOT_FOUND, "SURVEY_NOT_FOUND")
        return self.known[survey_id]

    def _redefine(self, found: pb.GetSurveyResponse, text: str) -> None:
        document = json.loads(text)
        found.definition_json = text
        del found.faults[:]
        found.faults.extend(_faults(document))
        del found.survey.languages[:]
        found.survey.languages.extend(document["languages"])
        found.survey.title.clear()
        found.survey.title.update(document["title"])


def _usual() -> pb.SurveySettings:
    return pb.SurveySettings(
        admission=pb.ADMISSION_OPEN, results=pb.RESULTS_VISIBILITY_LIVE, k=10, is_listed=True, needs_human_check=True
    )


def _faults(document: Any) -> Iterator[pb.DefinitionFault]:
    if not any("kind" in item for page in document["pages"] for item in page["items"]):
        yield pb.DefinitionFault(place="/pages", reason="NO_QUESTIONS")
    for index, page in enumerate(document["pages"]):
        for place, item in enumerate(page["items"]):
            asked = re.fullmatch(r"answered\((\w+)\)", item.get("relevant", ""))
            if asked and not any(each["name"] == asked[1] for other in document["pages"] for each in other["items"]):
                yield pb.DefinitionFault(
                    place=f"/pages/{index}/items/{place}/relevant", reason="EXPRESSION_UNKNOWN_NAME",
                    values={"name": asked[1]},
                )  # fmt: skip
            if item.get("relevant") == NONSENSE:
                yield pb.DefinitionFault(
                    place=f"/pages/{index}/items/{place}/relevant", reason="EXPRESSION_SYNTAX",
                    values={"text": NONSENSE, "line": "1", "column": "9"},
                )  # fmt: skip


class BadDefinition(InvalidFields):
    """What the service says of a definition that cannot be answered."""

    reason = "BAD_DEFINITION"


def _bad_definition(faults: Any) -> BadDefinition:
    return BadDefinition(*(FieldViolation(f"definition{each.place}", each.reason, each.values) for each in faults))
