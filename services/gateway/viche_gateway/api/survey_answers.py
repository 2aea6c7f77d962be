"""Answering surveys over the API: whole as JSON, or page by page as a form sends it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError
from marshmallow.fields import Dict as ObjectField
from marshmallow.fields import List as ListField
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import participation_pb2, surveys_pb2

from viche_chassis.errors import DomainError, FieldViolation, InvalidFields
from viche_chassis.telemetry import current_traceparent
from viche_gateway.api import survey_shapes, survey_values
from viche_gateway.api.answering import ANSWERING, respondent, said_of
from viche_gateway.api.fields import REASONS, Sent, Text, Whole, check_text, choice, text
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.api.surveys import INVITATION, LANGUAGE, MOST_LANGUAGE
from viche_gateway.clients.answering import Whole as WholeAnswer
from viche_gateway.context import services, settings
from viche_gateway.portal.surveys import humans
from viche_gateway.portal.surveys.refusing import is_personal
from viche_gateway.portal.surveys.sent import MOVES

_MOST_INT32 = 2**31 - 1
_MOST_INT64 = 2**63 - 1
_MOST_FIELDS = 5_000
_MOST_VALUES = 500
_MOVES = {"on": MOVES[""], **{name: move for name, move in MOVES.items() if name}}
_PROOF = "Solved challenge of /altcha/challenge; without a session and without it, few answers are taken."


class AnswersRefused(InvalidFields):
    """Some answers cannot be taken; the violations say which, and why."""

    reason = "ANSWERS_REFUSED"


class Answers(ObjectField):
    """Answers by the names of their questions."""

    default_error_messages = REASONS

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        given = super()._deserialize(value, attr, data, **kwargs)
        waiting: list[Any] = [given]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                check_text(each)
            elif isinstance(each, dict):
                waiting += [*each, *each.values()]
            elif isinstance(each, list):
                waiting += each
        return given


class FormFields(ObjectField):
    """Fields of a form: a text, or a list of texts, by name."""

    default_error_messages = REASONS

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        given = super()._deserialize(value, attr, data, **kwargs)
        if len(given) > _MOST_FIELDS:
            raise ValidationError(f"TOO_MANY;limit={_MOST_FIELDS}")
        return {check_text(name): _values(each) for name, each in given.items()}


class _AnswerBody(Sent):
    version = Whole(
        least=0, most=_MOST_INT32, load_default=int, metadata={"description": "Version of the form; 0: that of now."}
    )
    seed = Whole(least=0, most=_MOST_INT64, load_default=int, metadata={"description": "Seed of the form; 0: none."})
    language = text(most=MOST_LANGUAGE, load_default=str, metadata={"description": LANGUAGE})
    invitation = text(most=200, load_default=str, metadata={"description": INVITATION})
    altcha = text(most=4000, load_default=str, metadata={"description": _PROOF})


class SurveyResponseBody(_AnswerBody):
    """A whole answer."""

    answers = Answers(
        keys=Text(),
        required=True,
        metadata={
            "description": "By name of the question. single, likert, territory: a code; multiple, ranking: a list of "
            "codes; matrix: an object of row to code, or to a list of codes; scale, number: a number; text, email, "
            "phone: a text; date YYYY-MM-DD, time HH:MM, datetime YYYY-MM-DDTHH:MM; location: "
            '{"lat", "lon"}; consent: true; file: nothing, files '
            "are taken on the portal alone; a repeat: a list of objects; "
            '"I don\'t know": {"dont_know": true}.'
        },
    )


class SurveyDraftBody(_AnswerBody):
    """A page of an answer."""

    token = text(most=200, load_default=str, metadata={"description": "Of the draft; empty: a new one is begun."})
    page = text(least=1, most=100, required=True, metadata={"description": "Name of the page."})
    filled = FormFields(
        keys=Text(),
        data_key="fields",
        required=True,
        metadata={"description": "What is filled in: a text or a list of texts by form field."},
    )
    shown = ListField(
        Text(),
        load_default=list,
        metadata={"description": "Fields that were shown; what appeared since is then shown before going on."},
    )
    move = choice(
        *_MOVES,
        load_default="on",
        metadata={
            "description": "on: the page is checked, and the last one sends the whole answer; back; keep: it is kept "
            "as it is; add, remove: one of the repeat in `group` more or less."
        },
    )
    group = text(most=100, load_default=str, metadata={"description": "For add `NAME`, for remove `NAME.0`."})


class SurveyDraftQuestion(Sent):
    """Which draft."""

    token = text(least=1, most=200, required=True, metadata={"description": "Of the draft."})
    page = text(most=100, load_default=str, metadata={"description": "Name of the page; empty: the one that is next."})
    language = text(most=MOST_LANGUAGE, load_default=str, metadata={"description": LANGUAGE})


def create_survey_response(call: Call, number: int) -> Reply:
    """Sends a whole answer."""
    survey, body = services().surveys.known(number), call.body
    item = pb.ResponseItem(
        request_id=call.request_id,
        number=number,
        version=body["version"],
        seed=body["seed"],
        answers_json=_written(body["answers"]),
        respondent=respondent(survey, None, body["invitation"]),
        language=_language(body),
        traceparent=current_traceparent(),
    )
    access_token = call.session.access_token if call.session and is_personal(survey) else ""
    with said_of(survey):
        humans.prove(survey, body["altcha"], is_signed_in=call.session is not None)
        result = services().answering.judged(WholeAnswer(survey.id, item, access_token))
        if result.faults:
            views = _views(survey, item) if survey.takes_files else {}
            raise AnswersRefused(*(_violation(views, each) for each in result.faults))
    return Reply({"id": result.response_id, "survey_number": number})


def save_survey_page(call: Call, number: int) -> Reply:
    """Keeps a page of an answer, or sends the answer with its last."""
    survey, body = services().surveys.known(number), call.body
    with said_of(survey):
        if not body["token"]:
            humans.prove(survey, body["altcha"], is_signed_in=call.session is not None)
        saved = services().answering.save(
            pb.SaveAnswerPageRequest(
                request_id=call.request_id,
                number=0 if body["token"] else number,
                token=body["token"],
                page=body["page"],
                version=body["version"],
                seed=body["seed"],
                language=_language(body),
                fields=[pb.FormField(name=name, values=values) for name, values in body["filled"].items()],
                shown=body["shown"],
                respondent=respondent(survey, call.session, body["invitation"]),
                move=_MOVES[body["move"]],
                group=body["group"],
            )
        )
    return Reply(_step(saved.page if saved.HasField("page") else None, saved.has_faults, saved.response_id))


def resume_survey_draft(call: Call, number: int) -> Reply:
    """The page of a draft that comes next, or one of it."""
    survey, body = services().surveys.known(number), call.body
    with said_of(survey):
        page = services().answering.page(
            pb.GetAnswerPageRequest(
                token=body["token"],
                page=body["page"],
                language=_language(body),
                respondent=respondent(survey, call.session, ""),
            )
        )
    return Reply(_step(page))


def _step(page: pb.AnswerPage | None, has_faults: bool = False, response_id: str = "") -> dict[str, Any]:
    return {
        "token": page.token or None if page else None,
        "page": survey_values.page(page) if page else None,
        "has_faults": has_faults,
        "response_id": response_id or None,
    }


def _values(given: Any) -> Sequence[str]:
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise ValidationError("WRONG_TYPE")
    if len(values) > _MOST_VALUES:
        raise ValidationError(f"TOO_MANY;limit={_MOST_VALUES}")
    return [check_text(each) for each in values]


def _written(answers: Mapping[str, Any]) -> str:
    try:
        return json.dumps(answers, allow_nan=False)
    except ValueError as error:  # a number beyond what a double holds is read as infinite
        raise InvalidFields(FieldViolation("answers", "WRONG_TYPE", {})) from error


def _violation(views: Mapping[str, pb.QuestionView], fault: pb.AnswerFault) -> FieldViolation:
    """The fault of an answer, said as beside its question."""
    parts = fault.field.removeprefix("/").split("/")
    view = next((views[each] for each in reversed(parts) if each in views), pb.QuestionView())
    said = survey_values.fault(view, fault)
    return FieldViolation(f"answers.{'.'.join(parts)}", said["reason"], {"message": said["detail"]})


def _views(survey: surveys_pb2.Survey, item: pb.ResponseItem) -> Mapping[str, pb.QuestionView]:
    """The questions, to tell those that take files; none where the form is not shown to whoever answers."""
    asked = participation_pb2.ListAnswerPagesRequest(
        number=survey.number, language=item.language, respondent=item.respondent
    )
    try:
        return survey_values.views(services().participation.form(asked))
    except DomainError:
        return {}


def _language(body: Mapping[str, Any]) -> str:
    return body["language"] or settings().default_language


_SENDING = {"ANSWERS_REFUSED": 400, "OUTDATED_VERSION": 409, "QUOTA_FULL": 409, "REQUEST_MISMATCH": 409, **ANSWERING}
_DRAFTS = {"DRAFT_NOT_FOUND": 404, "DRAFT_OUTDATED": 409}

OPERATIONS = (
    Operation(
        method="post",
        path="/surveys/{number}/responses",
        run=create_survey_response,
        summary="Answer a survey",
        tag="surveys",
        description="The whole answer at once, counted when it is answered. With a session where the survey counts "
        "persons. No files are taken here: a question for a file can only be left out, and where it must be answered, "
        "the error says `FILES_ON_THE_PORTAL`.",
        caller=Caller.EITHER,
        body=SurveyResponseBody,
        status=201,
        takes_key=True,
        answer=survey_shapes.SurveyResponseShape,
        reasons=_SENDING,
    ),
    Operation(
        method="post",
        path="/surveys/{number}/drafts",
        run=save_survey_page,
        summary="Answer a survey page by page",
        tag="surveys",
        description="Without a token the first page begins a draft; with it each page goes on, and the last one sends "
        "the answer. A page with faults comes back with all that was filled in. No files are taken here.",
        caller=Caller.EITHER,
        body=SurveyDraftBody,
        takes_key=True,
        answer=survey_shapes.SurveyDraftShape,
        reasons={**_DRAFTS, **_SENDING},
    ),
    Operation(
        method="post",
        path="/surveys/{number}/drafts/resume",
        run=resume_survey_draft,
        summary="Go on with an answer",
        tag="surveys",
        description="The page of a draft that is next. It changes nothing; it is a POST so that the token stands in "
        "no address.",
        caller=Caller.EITHER,
        body=SurveyDraftQuestion,
        answer=survey_shapes.SurveyDraftShape,
        reasons={**_DRAFTS, **ANSWERING},
    ),
)
