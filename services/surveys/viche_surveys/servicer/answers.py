"""AnswersService."""

import random
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc

from viche_chassis.errors import DomainError, InvalidFields, invalid
from viche_chassis.metrics import responses
from viche_chassis.status import to_status
from viche_chassis.telemetry import link_current
from viche_chassis.validation import validate, violations
from viche_surveys.announcing import Announcing
from viche_surveys.answering import Answering, Item, Result, language_of
from viche_surveys.begun import Sent
from viche_surveys.domain.answer_errors import AnswersRefused
from viche_surveys.domain.judging import Judged, on_page, page_of, unseen
from viche_surveys.domain.paging import Move
from viche_surveys.domain.plan import Plan
from viche_surveys.domain.showing import Look, page_view
from viche_surveys.drafts import Drafting
from viche_surveys.previewing import Previewing
from viche_surveys.servicer.answer_messages import fault_message, fields_of, page_message, seen_message, who_of

Context = Any


_MOVES = {
    pb.SaveAnswerPageRequest.MOVE_UNSPECIFIED: Move.ON,
    pb.SaveAnswerPageRequest.MOVE_BACK: Move.BACK,
    pb.SaveAnswerPageRequest.MOVE_KEEP: Move.KEEP,
    pb.SaveAnswerPageRequest.MOVE_ADD: Move.ADD,
    pb.SaveAnswerPageRequest.MOVE_REMOVE: Move.REMOVE,
}


class AnswersServicer(answers_pb2_grpc.AnswersServiceServicer):
    """Answering."""

    def __init__(
        self, answering: Answering, drafting: Drafting, announcing: Announcing, previewing: Previewing
    ) -> None:
        self._answering = answering
        self._drafting = drafting
        self._announcing = announcing
        self._previewing = previewing

    async def GetAnswerPage(self, request: pb.GetAnswerPageRequest, context: Context) -> pb.GetAnswerPageResponse:
        validate(request.respondent)
        seen = await self._drafting.look(
            request.number, request.token, request.page, request.language, who_of(request.respondent), new_seed()
        )
        return pb.GetAnswerPageResponse(page=seen_message(seen))

    async def SaveAnswerPage(self, request: pb.SaveAnswerPageRequest, context: Context) -> pb.SaveAnswerPageResponse:
        saved = await self._drafting.save(_sent(request))
        if isinstance(saved, UUID):
            return pb.SaveAnswerPageResponse(response_id=str(saved))
        return pb.SaveAnswerPageResponse(page=seen_message(saved), has_faults=saved.has_faults)

    async def CreateUpload(self, request: pb.CreateUploadRequest, context: Context) -> pb.CreateUploadResponse:
        validate(request.respondent)
        return await self._announcing.announce(request, who_of(request.respondent))

    async def PreviewPage(self, request: pb.PreviewPageRequest, context: Context) -> pb.PreviewPageResponse:
        _validate_fields(request.fields)
        return await self._previewing.show(request)

    async def BatchCreateResponses(
        self, request: pb.BatchCreateResponsesRequest, context: Context
    ) -> pb.BatchCreateResponsesResponse:
        link_current(item.traceparent for item in request.items)
        read = [_read_or_refuse(item) for item in request.items]
        items = [each for each in read if isinstance(each, Item)]
        taken = iter(zip(items, await self._answering.take(items), strict=True))
        return pb.BatchCreateResponsesResponse(
            results=[_result(*next(taken)) if isinstance(each, Item) else _refused(each) for each in read]
        )


def _sent(request: pb.SaveAnswerPageRequest) -> Sent:
    validate(request.respondent)
    _validate_fields(request.fields)
    if request.move not in _MOVES:
        raise InvalidFields(invalid("move", "UNKNOWN_VALUE"))
    return Sent(
        request_id=UUID(request.request_id),
        number=request.number,
        token=request.token,
        page=request.page,
        version=request.version,
        seed=request.seed or new_seed(),
        language=request.language,
        fields=fields_of(request.fields),
        shown=frozenset(request.shown) if request.shown else None,
        who=who_of(request.respondent),
        move=_MOVES[request.move],
        group=request.group,
    )


def _validate_fields(fields: Iterable[pb.FormField]) -> None:
    found = [violation for each in fields for violation in violations(each)]
    if found:
        raise InvalidFields(*found)


def _read_or_refuse(item: pb.ResponseItem) -> Item | DomainError:
    found = [*violations(item), *violations(item.respondent), *(v for each in item.fields for v in violations(each))]
    return InvalidFields(*found) if found else _read(item)


def _read(item: pb.ResponseItem) -> Item:
    return Item(
        request_id=UUID(item.request_id),
        number=item.number,
        version=item.version,
        seed=item.seed or None,
        fields=None if item.answers_json else fields_of(item.fields),
        answers_json=item.answers_json,
        who=who_of(item.respondent),
        language=item.language,
        shown=frozenset(item.shown) if item.shown else None,
    )


def _refused(error: DomainError) -> pb.ResponseResult:
    responses.add(1, {"viche.response.outcome": error.reason})
    return pb.ResponseResult(status=to_status(error))


def _result(item: Item, result: Result) -> pb.ResponseResult:
    if not isinstance(result.outcome, DomainError):
        responses.add(1, {"viche.response.outcome": "ACCEPTED"})
        return pb.ResponseResult(response_id=str(result.outcome))
    message = _refused(result.outcome)
    if isinstance(result.outcome, AnswersRefused):
        is_form = item.fields is not None
        message.faults.extend(fault_message(each, is_form=is_form) for each in result.outcome.faults)
        if is_form:
            message.page.CopyFrom(_page_again(item, result))
    return message


def _page_again(item: Item, result: Result) -> pb.AnswerPage:
    """The page with the first fault, as it was filled in."""
    assert result.live is not None
    assert result.judged is not None  # answers are judged before they are refused
    live, judged = result.live, result.judged
    index = _first_page(live.plan, judged, item.shown)
    faults, names = on_page(live.plan, index, judged.faults), live.plan.pages[index].names
    new = unseen(judged, names, item.shown) if item.shown is not None else set[str]()
    seed = item.seed or new_seed()
    look = Look(
        language=language_of(live.plan, item.language),
        seed=seed,
        visited=frozenset(each.page.name for each in live.plan.pages),
        faults=tuple(each for each in faults if each.field not in new),
        has_more=bool(new),
    )
    return page_message(page_view(live.plan, index, judged, look), live, seed=seed)


def _first_page(plan: Plan, judged: Judged, shown: frozenset[str] | None) -> int:
    """The first page that has to be looked at once more."""
    with_faults = (page_of(plan, fault) for fault in judged.faults)
    with_more = (
        index for index, page in enumerate(plan.pages) if shown is not None and unseen(judged, page.names, shown)
    )
    return min((each for each in (*with_faults, *with_more) if each is not None), default=0)


def new_seed() -> int:
    """A seed for the order in which things are shown; never 0, which means none."""
    return random.randrange(1, 2**31)  # noqa: S311 (nothing secret)
