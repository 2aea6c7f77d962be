"""Surveys, their forms and what became of answers, as JSON values. An empty text that means "none" becomes null."""

from collections.abc import Iterable, Iterator
from typing import Any

from viche.surveys.v1 import answers_pb2, participation_pb2
from viche.surveys.v1 import surveys_pb2 as pb

from viche_gateway import sentences
from viche_gateway.api.survey_results import kind
from viche_gateway.api.values import Value, moment
from viche_gateway.portal.surveys import faults
from viche_gateway.portal.surveys.lists import shows_results

STATES = {"open": pb.SURVEY_STATE_OPEN, "closed": pb.SURVEY_STATE_CLOSED}
_STATES = {
    pb.SURVEY_STATE_SCHEDULED: "scheduled", pb.SURVEY_STATE_OPEN: "open", pb.SURVEY_STATE_CLOSED: "closed",
}  # fmt: skip
_ADMISSIONS = {pb.ADMISSION_LINK: "link", pb.ADMISSION_PERSON: "person"}
_NUMBERS = ("minimum", "maximum", "step", "min_selected", "max_selected", "min_length", "max_length")
_TEXTS = ("hint", "unit", "low_label", "high_label", "earliest", "latest")
_EXPRESSIONS = ("relevant", "constraint", "required_if", "option_filter", "label_template", "constraint_message")
_WITHOUT_FILE = frozenset({"REQUIRED", "FILE_UNKNOWN", "WRONG_SHAPE"})


def survey(item: pb.Survey) -> Value:
    """A survey as everybody may see it."""
    settings = item.settings
    return {
        "id": item.id,
        "number": item.number,
        "authority_id": item.authority_id or None,
        "state": _STATES.get(item.state, "closed"),
        "title": dict(item.title),
        "introduction": dict(item.introduction),
        "thanks": dict(item.thanks),
        "languages": list(item.languages),
        "admission": _ADMISSIONS.get(settings.admission, "open"),
        "min_assurance": settings.assurance or None,
        "territory_code": settings.territory_code or None,
        "needs_human_check": settings.needs_human_check,
        "opens_at": moment(settings.opens_at),
        "closes_at": moment(settings.closes_at),
        "opened_at": moment(item.opened_at),
        "closed_at": moment(item.closed_at),
        "updated_at": moment(item.updated_at),
        "version": item.version,
        "question_count": item.questions,
        "page_count": item.pages,
        "response_count": item.responses or None,
        "k": settings.k,
        "shows_results": shows_results(item),
    }


def survey_page(found: pb.ListSurveysResponse) -> Value:
    """A page of surveys."""
    return {"surveys": [survey(each) for each in found.surveys], "next_page_token": found.next_page_token or None}


def form(found: participation_pb2.ListAnswerPagesResponse) -> Value:
    """All pages of a survey, which has one at least."""
    first = found.pages[0].page
    return {
        "number": first.number,
        "version": first.version,
        "seed": first.seed,
        "language": first.language,
        "languages": list(first.languages),
        "title": first.survey_title,
        "introduction": first.introduction or None,
        "needs_sign_in": first.needs_sign_in,
        "needs_human_check": first.needs_human_check,
        "pages": [
            {
                "name": each.page.name,
                "title": each.page.title or None,
                "relevant": each.relevant or None,
                "is_hidden": each.is_hidden,
                "items": _items(each.page.items),
            }
            for each in found.pages
        ],
    }


def page(view: answers_pb2.AnswerPage) -> Value:
    """A page as it is to be answered now."""
    return {
        "number": view.number,
        "version": view.version,
        "seed": view.seed,
        "name": view.name,
        "title": view.title or None,
        "language": view.language,
        "position": view.position,
        "count": view.count,
        "is_last": view.is_last,
        "previous": view.previous or None,
        "has_more": view.has_more,
        "expires_at": moment(view.expires_at),
        "items": _items(view.items),
    }


def fault(view: answers_pb2.QuestionView, found: answers_pb2.AnswerFault) -> Value:
    """What is wrong with an answer. No file comes this way, which is said instead of asking for one."""
    if view.kind == answers_pb2.QUESTION_KIND_FILE and found.reason in _WITHOUT_FILE:
        said = {"reason": "FILES_ON_THE_PORTAL", "detail": sentences.sentence("FILES_ON_THE_PORTAL")}
    else:
        detail = faults.sentence_of(view, found.reason, found.values, found.message)
        said = {"reason": found.reason, "detail": detail}
    return {"field": found.field or view.field, **said}


def views(pages: participation_pb2.ListAnswerPagesResponse) -> dict[str, answers_pb2.QuestionView]:
    """The questions of a survey by their names."""
    return {view.name: view for each in pages.pages for view in _views(each.page.items)}


def _views(items: Iterable[answers_pb2.ItemView]) -> Iterator[answers_pb2.QuestionView]:
    for each in items:
        if each.HasField("question"):
            yield each.question
        for instance in each.group.instances:
            yield from _views(instance.items)


def _items(items: Iterable[answers_pb2.ItemView]) -> list[Value]:
    return [
        {"question": _question(each.question), "group": None}
        if each.HasField("question")
        else {"question": None, "group": _group(each.group)}
        for each in items
    ]


def _group(view: answers_pb2.GroupView) -> Value:
    return {
        "name": view.name,
        "label": view.label or None,
        "hint": view.hint or None,
        "relevant": view.relevant or None,
        "is_hidden": view.is_hidden,
        "is_repeat": view.is_repeat,
        "can_add": view.can_add,
        "can_remove": view.can_remove,
        "instances": [_items(each.items) for each in view.instances],
    }


def _question(view: answers_pb2.QuestionView) -> Value:
    figures: dict[str, Any] = {name: getattr(view, name) if view.HasField(name) else None for name in _NUMBERS}
    return {
        "field": view.field,
        "name": view.name,
        "kind": kind(view.kind),
        "label": view.label,
        **{name: getattr(view, name) or None for name in (*_TEXTS, *_EXPRESSIONS)},
        **figures,
        "is_required": view.is_required,
        "is_hidden": view.is_hidden,
        "is_multiple": view.is_multiple,
        "is_long": view.is_long,
        "allows_dont_know": view.allows_dont_know,
        "options": [_option(each) for each in view.options],
        "rows": [_option(each) for each in view.rows],
        "filled": {each.name: list(each.values) for each in view.filled},
        "faults": [fault(view, each) for each in view.faults],
    }


def _option(view: answers_pb2.OptionView) -> Value:
    return {
        "code": view.code,
        "label": view.label,
        "is_exclusive": view.is_exclusive,
        "is_offered": view.is_offered,
        "attributes": dict(view.attributes),
    }
