"""Pages, faults and fields, from the domain to messages and back."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from viche.surveys.v1 import answers_pb2 as pb

from viche_surveys.admission import Who
from viche_surveys.begun import Seen
from viche_surveys.domain.answer_errors import AnswerFault
from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.reading import Fields
from viche_surveys.domain.showing import GroupView, OptionView, PageView, QuestionView
from viche_surveys.domain.survey import Admission
from viche_surveys.live import Live

KINDS: Mapping[Kind, Any] = {each: pb.QuestionKind.Value(f"QUESTION_KIND_{each.name}") for each in Kind}


def fields_of(fields: Iterable[pb.FormField]) -> dict[str, list[str]]:
    """Form fields by name; those of the same name together."""
    read: dict[str, list[str]] = {}
    for each in fields:
        read.setdefault(each.name, []).extend(each.values)
    return read


def field_messages(fields: Fields) -> list[pb.FormField]:
    """Form fields."""
    return [pb.FormField(name=name, values=values) for name, values in fields.items()]


def who_of(message: pb.Respondent) -> Who:
    """Who answers."""
    return Who(
        scope_token=message.scope_token,
        invitation=message.invitation,
        partner_id=UUID(message.partner_id) if message.partner_id else None,
        network=message.network,
    )


def fault_message(fault: AnswerFault, *, is_form: bool = True) -> pb.AnswerFault:
    """What is wrong with an answer."""
    field = fault.form_field if is_form else fault.pointer
    return pb.AnswerFault(field=field, reason=fault.reason, values=fault.values, message=fault.message)


def page_message(view: PageView, live: Live, *, seed: int, token: str = "") -> pb.AnswerPage:
    """A page of a survey."""
    return pb.AnswerPage(
        survey_id=str(live.id),
        number=live.number,
        version=live.version,
        name=view.name,
        title=view.title,
        survey_title=view.survey_title,
        introduction=view.introduction,
        items=map(_item, view.items),
        position=view.position,
        count=view.count,
        is_last=view.is_last,
        previous=view.previous,
        language=view.language,
        languages=view.languages,
        token=token,
        seed=seed,
        names_json=view.names,
        has_more=view.has_more,
        needs_sign_in=live.settings.admission is Admission.PERSON,
        needs_human_check=live.settings.needs_human_check and live.settings.admission is Admission.OPEN,
    )


def seen_message(seen: Seen) -> pb.AnswerPage:
    """A page of an answer that is under way."""
    message = page_message(seen.view, seen.live, seed=seen.seed, token=seen.token)
    if seen.expires_at:
        message.expires_at.FromDatetime(seen.expires_at)
    return message


def _item(view: QuestionView | GroupView) -> pb.ItemView:
    if isinstance(view, GroupView):
        return pb.ItemView(group=_group(view))
    return pb.ItemView(question=_question(view))


def _group(view: GroupView) -> pb.GroupView:
    return pb.GroupView(
        name=view.name,
        label=view.label,
        hint=view.hint,
        relevant=view.group.relevant,
        is_hidden=view.is_hidden,
        instances=[pb.InstanceView(items=map(_item, each)) for each in view.instances],
        is_repeat=view.group.repeat is not None,
        can_add=view.can_add,
        can_remove=view.can_remove,
    )


def _question(view: QuestionView) -> pb.QuestionView:
    question = view.asked.question
    return pb.QuestionView(
        field=view.field,
        name=question.name,
        kind=KINDS[question.kind],
        label=view.label,
        hint=view.hint,
        is_required=view.is_required,
        is_hidden=view.is_hidden,
        allows_dont_know=question.allows_dont_know,
        options=map(_option, view.options),
        rows=map(_option, view.rows),
        unit=view.unit,
        low_label=view.low_label,
        high_label=view.high_label,
        filled=field_messages(view.filled),
        faults=map(fault_message, view.faults),
        constraint_message=view.constraint_message,
        label_template=view.label_template,
        **_bounds(question),
    )


def _bounds(question: Question) -> dict[str, Any]:
    """What is handed over as the definition has it."""
    return {
        "is_multiple": question.is_multiple, "minimum": question.minimum, "maximum": question.maximum,
        "step": question.step, "earliest": question.earliest, "latest": question.latest,
        "min_selected": question.min_selected, "max_selected": question.max_selected,
        "min_length": question.min_length, "max_length": question.max_length, "is_long": question.is_long,
        "levels": map(str, question.levels), "media_types": question.media_types,
        "max_size_bytes": question.max_size_bytes or 0, "relevant": question.relevant,
        "constraint": question.constraint, "required_if": question.required_if,
        "option_filter": question.option_filter,
    }  # fmt: skip


def _option(view: OptionView) -> pb.OptionView:
    return pb.OptionView(
        code=view.option.code,
        label=view.label,
        is_exclusive=view.option.is_exclusive,
        is_offered=view.is_offered,
        attributes=view.option.attributes,
    )
