"""Surveys' double: surveys by number with their pages, drafts by token, and the answers that were taken."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.rpc import status_pb2
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc as answers_rpc
from viche.surveys.v1 import surveys_pb2, surveys_pb2_grpc

from viche_chassis.errors import Code, DomainError
from viche_chassis.ids import new_id
from viche_chassis.status import to_status
from viche_gateway.testing.channel import refusal

Fields = dict[str, Any]
_MOVES = pb.SaveAnswerPageRequest


@dataclass(slots=True)
class FakeDraft:
    """An answer that is under way."""

    number: int
    fields: Fields = field(default_factory=dict)
    respondent: pb.Respondent = field(default_factory=pb.Respondent)


class FakeSurveys(surveys_pb2_grpc.SurveysServiceServicer, answers_rpc.AnswersServiceServicer):
    """What was told to it. It knows one rule: a required question that is seen must be answered.

    ``refusals`` are the errors that everything about a survey is answered with, by its number.
    ``taken`` are the answers that were accepted, ``asked`` all requests about pages and answers in their order.
    """

    def __init__(self) -> None:
        self.surveys: dict[int, surveys_pb2.Survey] = {}
        self.pages: dict[int, list[pb.AnswerPage]] = {}
        self.drafts: dict[str, FakeDraft] = {}
        self.refusals: dict[int, DomainError] = {}
        self.taken: list[Fields] = []
        self.previewed: list[pb.PreviewPageRequest] = []
        self.asked: list[Any] = []
        self.uploads: list[pb.CreateUploadRequest] = []
        self.upload_refusal: DomainError | None = None

    def add(self, *pages: Sequence[pb.QuestionView | pb.GroupView], **fields: Any) -> surveys_pb2.Survey:
        """An open survey with these pages of questions; ``fields`` are those of the message."""
        number = fields.pop("number", 500 + len(self.surveys) + 1)
        settings = surveys_pb2.SurveySettings(
            admission=surveys_pb2.ADMISSION_OPEN, results=surveys_pb2.RESULTS_VISIBILITY_LIVE, k=10, is_listed=True
        )
        settings.MergeFrom(fields.pop("settings", surveys_pb2.SurveySettings()))
        survey = surveys_pb2.Survey(
            id=str(new_id()), number=number, state=fields.pop("state", surveys_pb2.SURVEY_STATE_OPEN), version=1,
            title=fields.pop("title", {"en": "What should the park have?"}), languages=fields.pop("languages", ["en"]),
            settings=settings, pages=len(pages), questions=sum(len(page) for page in pages),
            takes_files=any(getattr(each, "kind", None) == pb.QUESTION_KIND_FILE for page in pages for each in page),
            **fields,
        )  # fmt: skip
        self.surveys[number] = survey
        self.pages[number] = [
            _page(survey, place, len(pages), questions) for place, questions in enumerate(pages, start=1)
        ]
        return survey

    async def GetPublicSurvey(self, request: Any, context: Any) -> Any:
        return surveys_pb2.GetPublicSurveyResponse(survey=self._survey(request.number))

    async def ListSurveys(self, request: Any, context: Any) -> Any:
        found = [
            each for each in self.surveys.values()
            if each.settings.is_listed and (not request.state or each.state == request.state)
            and (not request.authority_ids or each.authority_id in request.authority_ids)
        ]  # fmt: skip
        return surveys_pb2.ListSurveysResponse(surveys=found[: request.page_size or None])

    async def GetAnswerPage(self, request: Any, context: Any) -> Any:
        self.asked.append(request)
        draft = self._draft(request.token) if request.token else FakeDraft(request.number)
        self._check(draft.number)
        page = self._named(draft.number, request.page) if request.page else self.pages[draft.number][0]
        token = request.token or self._begun(request)
        filled = self.drafts[token].fields if token else {}
        return pb.GetAnswerPageResponse(page=self._shown(page, filled, token, request.language))

    def form(self, number: int, language: str) -> list[pb.AnswerPage]:
        """All pages of a survey as nobody has answered them."""
        self._check(number)
        return [self._shown(page, {}, "", language) for page in self.pages[number]]

    async def SaveAnswerPage(self, request: Any, context: Any) -> Any:
        self.asked.append(request)
        number = self._draft(request.token).number if request.token else request.number
        self._check(number)
        token = request.token or f"draft-{len(self.drafts) + 1}"
        draft = self.drafts.setdefault(token, FakeDraft(number))
        draft.fields |= {each.name: list(each.values) for each in request.fields}
        draft.respondent.CopyFrom(request.respondent)
        page = self._named(number, request.page)
        if request.move == _MOVES.MOVE_UNSPECIFIED:
            return self._forward(page, draft, token, request.language)
        wanted = self._named(number, page.previous) if request.move == _MOVES.MOVE_BACK else page
        return pb.SaveAnswerPageResponse(page=self._shown(wanted, draft.fields, token, request.language))

    async def BatchCreateResponses(self, request: Any, context: Any) -> Any:
        return pb.BatchCreateResponsesResponse(results=map(self._accept, request.items))

    async def PreviewPage(self, request: Any, context: Any) -> Any:
        self.previewed.append(request)
        number = next((number for number, each in self.surveys.items() if each.id == request.survey_id), 0)
        self._check(number)
        page = self._named(number, request.page) if request.page else self.pages[number][0]
        fields = {each.name: list(each.values) for each in request.fields}
        shown = self._shown(page, fields, "", request.language, is_checked=request.goes_on)
        if request.goes_on and not any(view.faults for view in _questions(shown)):
            if page.is_last:
                return pb.PreviewPageResponse(fields=request.fields)
            shown = self._shown(self.pages[number][page.position], fields, "", request.language)
        return pb.PreviewPageResponse(page=shown, fields=request.fields)

    async def CreateUpload(self, request: Any, context: Any) -> Any:
        if self.upload_refusal is not None:
            raise self.upload_refusal
        self.uploads.append(request)
        file_id = str(new_id())
        return pb.CreateUploadResponse(file_id=file_id, object_key=f"surveys/{request.number}/{file_id}")

    def _accept(self, item: pb.ResponseItem) -> pb.ResponseResult:
        self.asked.append(item)
        try:
            self._check(item.number)
        except DomainError as error:
            return pb.ResponseResult(status=to_status(error))
        if item.answers_json:
            return self._accept_document(item)
        fields = {each.name: list(each.values) for each in item.fields}
        page = self._shown(self.pages[item.number][0], fields, "", item.language, is_checked=True)
        if faults := [fault for view in _questions(page) for fault in view.faults]:
            status = status_pb2.Status(code=Code.INVALID_ARGUMENT, message="ANSWERS_REFUSED")
            return pb.ResponseResult(status=status, faults=faults, page=page)
        self.taken.append(fields)
        return pb.ResponseResult(response_id=str(new_id()))

    def _accept_document(self, item: pb.ResponseItem) -> pb.ResponseResult:
        given = json.loads(item.answers_json)
        asked = [view for page in self.pages[item.number] for view in _questions(page)]
        missing = [view for view in asked if view.is_required and not given.get(view.name)]
        if missing:
            status = status_pb2.Status(code=Code.INVALID_ARGUMENT, message="ANSWERS_REFUSED")
            faults = [pb.AnswerFault(field=f"/{view.name}", reason="REQUIRED") for view in missing]
            return pb.ResponseResult(status=status, faults=faults)
        self.taken.append(given)
        return pb.ResponseResult(response_id=str(new_id()))

    def _begun(self, request: pb.GetAnswerPageRequest) -> str:
        """The draft of whoever is known and asks; empty where there is none."""
        known = request.respondent.scope_token
        found = (
            token for token, each in self.drafts.items()
            if known and each.number == request.number and each.respondent.scope_token == known
        )  # fmt: skip
        return next(found, "")

    def _forward(self, page: pb.AnswerPage, draft: FakeDraft, token: str, language: str) -> pb.SaveAnswerPageResponse:
        checked = self._shown(page, draft.fields, token, language, is_checked=True)
        if any(view.faults for view in _questions(checked)):
            return pb.SaveAnswerPageResponse(page=checked, has_faults=True)
        if page.is_last:
            self.taken.append(draft.fields)
            del self.drafts[token]
            return pb.SaveAnswerPageResponse(response_id=str(new_id()))
        following = self.pages[draft.number][page.position]
        return pb.SaveAnswerPageResponse(page=self._shown(following, draft.fields, token, language))

    def _shown(
        self, page: pb.AnswerPage, fields: Fields, token: str, language: str, *, is_checked: bool = False
    ) -> pb.AnswerPage:
        shown = pb.AnswerPage()
        shown.CopyFrom(page)
        shown.token = token
        shown.language = language if language in page.languages else page.languages[0]
        for view in _questions(shown):
            own = {name: values for name, values in fields.items() if f"{name}.".startswith(f"{view.field}.")}
            view.filled.extend(pb.FormField(name=name, values=values) for name, values in own.items())
            if is_checked and view.is_required and not view.is_hidden and not any(any(each) for each in own.values()):
                view.faults.add(field=view.field, reason="REQUIRED")
        return shown

    def _named(self, number: int, name: str) -> pb.AnswerPage:
        pages = self.pages[number]
        return next((page for page in pages if page.name == name), pages[0])

    def _draft(self, token: str) -> FakeDraft:
        if token not in self.drafts:
            raise refusal(Code.NOT_FOUND, "DRAFT_NOT_FOUND")
        return self.drafts[token]

    def _survey(self, number: int) -> surveys_pb2.Survey:
        if number not in self.surveys:
            raise refusal(Code.NOT_FOUND, "SURVEY_NOT_FOUND")
        return self.surveys[number]

    def _check(self, number: int) -> None:
        self._survey(number)
        if number in self.refusals:
            raise self.refusals[number]


def question(kind: "pb.QuestionKind.ValueType", name: str, *codes: str, **fields: Any) -> pb.QuestionView:
    """A question with options of these codes, whose labels are the codes with a capital."""
    options = [pb.OptionView(code=code, label=code.capitalize(), is_offered=True) for code in codes]
    options += fields.pop("options", ())
    label = fields.pop("label", f"{name.capitalize()}?")
    return pb.QuestionView(field=name, name=name, kind=kind, label=label, options=options, **fields)


def _page(
    survey: surveys_pb2.Survey, place: int, count: int, views: Iterable[pb.QuestionView | pb.GroupView]
) -> pb.AnswerPage:
    items = [
        pb.ItemView(question=view) if isinstance(view, pb.QuestionView) else pb.ItemView(group=view) for view in views
    ]
    return pb.AnswerPage(
        survey_id=survey.id, number=survey.number, version=survey.version, name=f"page{place}",
        survey_title=next(iter(survey.title.values())), items=items, position=place, count=count, seed=7,
        is_last=place == count, previous=f"page{place - 1}" if place > 1 else "", languages=survey.languages,
    )  # fmt: skip


def _questions(page: pb.AnswerPage) -> list[pb.QuestionView]:
    found: list[pb.QuestionView] = []

    def look(items: Iterable[pb.ItemView]) -> None:
        for item in items:
            if item.HasField("question"):
                found.append(item.question)
            for instance in item.group.instances:
                look(instance.items)

    look(page.items)
    return found
