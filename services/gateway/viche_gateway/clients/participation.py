"""Calls to surveys: whole forms, and what a person has answered or begun."""

from collections.abc import Callable, Iterator, Sequence

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.surveys.v1 import answers_pb2, answers_pb2_grpc, participation_pb2_grpc
from viche.surveys.v1 import participation_pb2 as pb

from viche_gateway.clients.answering import AUDIENCE, SCOPE
from viche_gateway.clients.calls import call, checked, raise_for


class Participation:
    """Forms, answers and drafts, over the channels of identity and surveys. All raise DomainError."""

    def __init__(self, identity: grpc.Channel, surveys: grpc.Channel) -> None:
        self._tokens = identity_pb2_grpc.ScopeTokensServiceStub(identity)
        self._own = answers_pb2_grpc.PrivacyServiceStub(surveys)
        self._participation = participation_pb2_grpc.ParticipationServiceStub(surveys)

    def form(self, request: pb.ListAnswerPagesRequest) -> pb.ListAnswerPagesResponse:
        """All pages of a survey."""
        return call(self._participation.ListAnswerPages, request)

    def mine(self, access_token: str) -> tuple[Sequence[answers_pb2.MyResponse], Sequence[pb.MyDraft]]:
        """A person's answers and drafts, the latest first; it takes three calls for every thousand surveys."""
        answers: list[answers_pb2.MyResponse] = []
        drafts: list[pb.MyDraft] = []
        for items in self._proofs(access_token):
            answers += call(self._own.ListMyResponses, answers_pb2.ListMyResponsesRequest(items=items)).responses
            drafts += call(self._participation.ListMyDrafts, pb.ListMyDraftsRequest(items=items)).drafts
        answers.sort(key=lambda each: each.submitted_at.ToNanoseconds(), reverse=True)
        drafts.sort(key=lambda each: each.saved_at.ToNanoseconds(), reverse=True)
        return answers, drafts

    def _proofs(self, access_token: str) -> Iterator[Sequence[answers_pb2.AnsweredBy]]:
        after = ""
        while ids := call(self._own.ListSurveyIds, answers_pb2.ListSurveyIdsRequest(after_id=after)).survey_ids:
            tokens = scope_tokens(self._tokens, access_token, ids)
            yield [
                answers_pb2.AnsweredBy(survey_id=id, scope_token=token) for id, token in zip(ids, tokens, strict=True)
            ]
            after = ids[-1]


def scope_tokens(
    stub: identity_pb2_grpc.ScopeTokensServiceStub,
    access_token: str,
    ids: Sequence[str],
    audience: str = AUDIENCE,
    scope: Callable[[str], str] = SCOPE.format,
) -> list[str]:
    """A person's scope tokens, in the order of the ids. Raises DomainError."""
    items = [identity_pb2.ScopeTokenItem(access_token=access_token, audience=audience, scope=scope(id)) for id in ids]
    request = identity_pb2.BatchCreateScopeTokensRequest(items=items)
    results = checked(call(stub.BatchCreateScopeTokens, request).results, len(items))
    for result in results:
        raise_for(result.status)
    return [result.scope_token for result in results]
