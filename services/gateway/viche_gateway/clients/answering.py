"""Answering surveys: page by page into a draft, or whole; answers of all who wait together travel in two calls."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc as rpc

from viche_chassis.batching import ThreadBatcher
from viche_chassis.errors import Code, DomainError
from viche_chassis.status import to_status
from viche_gateway.clients.calls import call, checked, raise_for

AUDIENCE = "surveys"
SCOPE = "survey:{}"
REFUSED = "ANSWERS_REFUSED"
# while one batch is being written, the next gets its tokens
LANES = 2
_UPLOAD_TIMEOUT_S = 20.0
ScopeToken = identity_pb2.ScopeTokenResult


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole answer on its way.

    Args:
        access_token: of the person, where the survey counts persons; else empty, and nobody learns who answers.
    """

    survey_id: str
    item: pb.ResponseItem
    access_token: str = ""


class Answering:
    """Identity and surveys, one after the other for a whole batch: each answer waits once."""

    def __init__(self, identity: grpc.Channel, surveys: grpc.Channel) -> None:
        self._scope_tokens = identity_pb2_grpc.ScopeTokensServiceStub(identity)
        self._answers = rpc.AnswersServiceStub(surveys)
        self._batcher: ThreadBatcher[Whole, pb.ResponseResult] = ThreadBatcher(
            self._send, name="responses", lanes=LANES
        )

    def send(self, whole: Whole) -> pb.ResponseResult:
        """What became of a whole answer: counted, or refused with the page to show again.

        Raises:
            DomainError: with the reason of identity or surveys, where there is no page to show.
        """
        result = self._batcher.call(whole)
        if not result.HasField("page"):
            raise_for(result.status)
        return result

    def judged(self, whole: Whole) -> pb.ResponseResult:
        """The same for answers that come as JSON: counted, or with all their faults.

        Raises:
            DomainError: with the reason of identity or surveys, where no answer is at fault.
        """
        result = self._batcher.call(whole)
        if not result.faults:
            raise_for(result.status)
        return result

    def page(self, request: pb.GetAnswerPageRequest) -> pb.AnswerPage:
        """A page to answer. Raises DomainError."""
        return call(self._answers.GetAnswerPage, request).page

    def save(self, request: pb.SaveAnswerPageRequest) -> pb.SaveAnswerPageResponse:
        """Keeps a page of a draft and goes on, or sends the draft. Raises DomainError."""
        return call(self._answers.SaveAnswerPage, request)

    def create_upload(self, request: pb.CreateUploadRequest) -> pb.CreateUploadResponse:
        """Where a file goes that answers a question. Raises DomainError."""
        return call(self._answers.CreateUpload, request, timeout_s=_UPLOAD_TIMEOUT_S)

    def _send(self, wholes: Sequence[Whole]) -> Sequence[pb.ResponseResult]:
        tokens = self._make_tokens(wholes)
        items = [whole.item for whole, token in zip(wholes, tokens, strict=True) if not token.status.code]
        sent = iter(self._make_responses(items) if items else ())
        return [pb.ResponseResult(status=token.status) if token.status.code else next(sent) for token in tokens]

    def _make_tokens(self, wholes: Sequence[Whole]) -> Sequence[ScopeToken]:
        """A result per answer, empty where nobody has to be known; the others have their token afterwards."""
        known = [whole for whole in wholes if whole.access_token]
        made = iter(self._ask_tokens(known) if known else ())
        results = [next(made) if whole.access_token else ScopeToken() for whole in wholes]
        for whole, result in zip(wholes, results, strict=True):
            whole.item.respondent.scope_token = result.scope_token
        return results

    def _ask_tokens(self, wholes: Sequence[Whole]) -> Sequence[ScopeToken]:
        items = [
            identity_pb2.ScopeTokenItem(
                access_token=whole.access_token, audience=AUDIENCE, scope=SCOPE.format(whole.survey_id)
            )
            for whole in wholes
        ]
        request = identity_pb2.BatchCreateScopeTokensRequest(items=items)
        return checked(call(self._scope_tokens.BatchCreateScopeTokens, request).results, len(items))

    def _make_responses(self, items: Sequence[pb.ResponseItem]) -> Sequence[pb.ResponseResult]:
        """Results of all; where they, or the pages to show again, are too long for one message, of each half apart.

        What was accepted on the way is accepted once: answers have ids of their requests.
        """
        request = pb.BatchCreateResponsesRequest(items=items)
        try:
            return checked(call(self._answers.BatchCreateResponses, request).results, len(items))
        except DomainError as error:
            if error.code is not Code.RESOURCE_EXHAUSTED:
                raise
            if len(items) == 1:
                return [pb.ResponseResult(status=to_status(error))]
        half = len(items) // 2
        return [*self._make_responses(items[:half]), *self._make_responses(items[half:])]
