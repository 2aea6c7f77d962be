"""The part of ModerationService that is about what authorities keep ready and set."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from viche.petitions.v1 import moderation_pb2 as pb

from viche_chassis.access import covered_authorities, current_person, require_operator
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, NotYourAuthority
from viche_chassis.ids import new_id
from viche_chassis.once import once
from viche_chassis.validation import violations
from viche_petitions import casework
from viche_petitions.domain.drafts import clean_line, clean_text
from viche_petitions.domain.moderation import Template
from viche_petitions.identity import Authorities
from viche_petitions.rulebook import Rulebook
from viche_petitions.servicer import rules
from viche_petitions.servicer.case_messages import template_message
from viche_petitions.store import settings as settings_store
from viche_petitions.store import templates

Context = Any


class TemplatesPart:
    """Answers kept ready, and settings of workflows."""

    def __init__(self, pool: Pool, rulebook: Rulebook, authorities: Authorities) -> None:
        self._pool = pool
        self._rulebook = rulebook
        self._authorities = authorities

    async def ListAnswerTemplates(
        self, request: pb.ListAnswerTemplatesRequest, context: Context
    ) -> pb.ListAnswerTemplatesResponse:
        covered = covered_authorities()
        if request.authority_id and request.authority_id not in covered:
            raise NotYourAuthority()
        if request.authority_id:
            asked = await self._authorities.above(UUID(request.authority_id))
        else:
            asked = sorted(map(UUID, covered))
        async with reading(self._pool) as conn:
            found = await templates.list_(conn, asked)
        return pb.ListAnswerTemplatesResponse(templates=map(template_message, found))

    async def PutAnswerTemplate(
        self, request: pb.PutAnswerTemplateRequest, context: Context
    ) -> pb.PutAnswerTemplateResponse:
        if faults := violations(request.template):
            raise InvalidFields(*faults)
        covered, given = covered_authorities(), _template(request.template)

        async def act(conn: Connection) -> pb.PutAnswerTemplateResponse:
            kept = await casework.put_template(conn, given, covered, is_new=not request.template.id)
            return pb.PutAnswerTemplateResponse(template=template_message(kept))

        return await once(self._pool, current_person(), request, pb.PutAnswerTemplateResponse, act)

    async def DeleteAnswerTemplate(
        self, request: pb.DeleteAnswerTemplateRequest, context: Context
    ) -> pb.DeleteAnswerTemplateResponse:
        async with transaction(self._pool) as conn:
            covered = covered_authorities()
            found = await casework.delete_template(conn, UUID(request.template_id), covered)
        return pb.DeleteAnswerTemplateResponse(template=template_message(found))

    async def UndeleteAnswerTemplate(
        self, request: pb.UndeleteAnswerTemplateRequest, context: Context
    ) -> pb.UndeleteAnswerTemplateResponse:
        async with transaction(self._pool) as conn:
            covered = covered_authorities()
            found = await casework.undelete_template(conn, UUID(request.template_id), covered)
        return pb.UndeleteAnswerTemplateResponse(template=template_message(found))

    async def GetWorkflowSettings(
        self, request: pb.GetWorkflowSettingsRequest, context: Context
    ) -> pb.GetWorkflowSettingsResponse:
        require_operator([request.authority_id])
        workflow = self._rulebook.workflow(request.workflow)
        async with reading(self._pool) as conn:
            found = await settings_store.of_authority(conn, UUID(request.authority_id))
        settings: Mapping[str, str] = found.get(workflow.name, {})
        return pb.GetWorkflowSettingsResponse(settings=settings, is_set_up=workflow.name in found)

    async def SetWorkflowSettings(
        self, request: pb.SetWorkflowSettingsRequest, context: Context
    ) -> pb.SetWorkflowSettingsResponse:
        require_operator([request.authority_id])
        authority = await self._authorities.get(UUID(request.authority_id))
        given = dict(request.settings)
        if request.validate_only:
            terms = self._rulebook.check_settings(authority, request.workflow, given)
        else:
            async with transaction(self._pool) as conn:
                terms = await self._rulebook.put_settings(conn, authority, request.workflow, given)
        return pb.SetWorkflowSettingsResponse(terms=rules.terms_message(terms, for_officers=True))


def _template(message: pb.AnswerTemplate) -> Template:
    texts = {language: clean_text(text) for language, text in message.text.texts.items()}
    return Template(
        UUID(message.id) if message.id else new_id(), UUID(message.authority_id), clean_line(message.title),
        message.reason, {language: text for language, text in texts.items() if text},
    )  # fmt: skip
