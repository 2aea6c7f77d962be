"""What happens to petitions of the demo after they were handed in: rejections, hearings, answers, removals."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import identity_pb2 as identity
from viche.petitions.v1 import answers_pb2 as answers
from viche.petitions.v1 import integrity_pb2 as integrity
from viche.petitions.v1 import moderation_pb2 as moderation
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import sponsors_pb2 as sponsors

from viche_chassis.objects import ObjectStore
from viche_cli.demo import texts
from viche_cli.demo.calls import Stubs, call, localized, request_id
from viche_cli.demo.paper import pdf
from viche_cli.demo.people import NAMED, DemoPerson
from viche_cli.demo.petitions import DemoPetition
from viche_cli.demo.region import SONIACHNE, UNION
from viche_cli.demo.stories import PETITIONS

OFFICER = "officer@example.org"
OPERATOR = "operator@example.org"
COLLEAGUE = "officer.kalynove@example.org"
SPONSORS = 3
SHEETS = (("DE-14", "DE", 58), ("BG-03", "BG", 38))
HEARING_AFTER = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Scene:
    """The demo after its petitions were made: ids of authorities by slug, petitions as they were made by key."""

    stubs: Stubs
    objects: ObjectStore
    tokens: Mapping[str, str]
    authorities: Mapping[str, str]
    petitions: Mapping[str, petitions.Petition]
    people: Sequence[DemoPerson]
    zone: ZoneInfo

    def now(self, key: str) -> petitions.Petition:
        """A petition as officers see it now."""
        request = petitions.GetCaseRequest(petition_id=self.petitions[key].id)
        return call(self.stubs.petitions.GetCase, request, self.tokens[OPERATOR]).petition


def play(scene: Scene) -> None:
    """Everything that happens. Whatever has happened in an earlier, interrupted loading happens no second time."""
    _keep_templates(scene)
    _reject(scene)
    _ask_a_colleague(scene)
    _support(scene)
    _enter_paper(scene)
    _remove_signatures(scene)
    _consider(scene)
    _announce_a_hearing(scene)
    _answer(scene)


def _keep_templates(scene: Scene) -> None:
    for title, (authority, reason, by_language) in texts.TEMPLATES.items():
        request = moderation.PutAnswerTemplateRequest(
            request_id=request_id("template", authority, title),
            template=moderation.AnswerTemplate(
                authority_id=scene.authorities[authority], title=title, reason=reason, text=localized(by_language)
            ),
        )
        call(scene.stubs.moderation.PutAnswerTemplate, request, scene.tokens[OFFICER])


def _reject(scene: Scene) -> None:
    for key, (reason, language, note) in texts.REJECTIONS.items():
        request = moderation.RejectPetitionRequest(
            request_id=request_id(key, "reject"),
            petition_id=scene.petitions[key].id,
            reason=reason,
            note=note,
            language=language,
        )
        call(scene.stubs.moderation.RejectPetition, request, scene.tokens[OFFICER])


def _ask_a_colleague(scene: Scene) -> None:
    request = moderation.CreateCaseNoteRequest(
        request_id=request_id("toilets", "ask"),
        petition_id=scene.petitions["toilets"].id,
        text=texts.QUESTION,
        asks_opinion=True,
    )
    call(scene.stubs.moderation.CreateCaseNote, request, scene.tokens[COLLEAGUE])


def _support(scene: Scene) -> None:
    """The first of those who are asked support what looks for supporters."""
    petition_id = scene.petitions["tools"].id
    author = _author_of(scene, "tools")
    link = sponsors.GetSponsorLinkRequest(petition_id=petition_id)
    token = call(scene.stubs.sponsors.GetSponsorLink, link, scene.tokens[author.email]).token
    others = [one for one in scene.people[len(NAMED) :] if one is not author]
    for person in others[:SPONSORS]:
        access = scene.tokens[person.email]
        item = identity.ScopeTokenItem(access_token=access, audience="petitions", scope=f"petition:{petition_id}")
        wanted = identity.BatchCreateScopeTokensRequest(items=[item])
        scope_token = call(scene.stubs.scope_tokens.BatchCreateScopeTokens, wanted).results[0].scope_token
        request = sponsors.CreateSponsorshipRequest(
            request_id=request_id("tools", person.email), petition_id=petition_id, token=token, scope_token=scope_token
        )
        call(scene.stubs.sponsors.CreateSponsorship, request, access)


def _author_of(scene: Scene, key: str) -> DemoPerson:
    place = [demo.key for demo in PETITIONS].index(key)
    return scene.people[len(NAMED) + place]


def prolong_the_registration(stubs: Stubs, petition: petitions.Petition, token: str) -> None:
    """The authority takes longer to register an initiative; before it opens."""
    if petition.HasField("opened_at") or any(each.HasField("extended_at") for each in petition.deadlines):
        return
    request = answers.ExtendDeadlineRequest(
        request_id=request_id(petition.id, "extend"),
        petition_id=petition.id,
        clock="registration",
        reason=localized(texts.PROLONGED),
    )
    call(stubs.answers.ExtendDeadline, request, token)


def _enter_paper(scene: Scene) -> None:
    found = scene.now("rivers")
    listed = integrity.ListPaperBatchesRequest(petition_id=found.id)
    there = call(scene.stubs.integrity.ListPaperBatches, listed, scene.tokens[OPERATOR]).batches
    for reference, state, number in SHEETS:
        if reference in [batch.reference for batch in there]:
            continue
        request = integrity.CreatePaperBatchRequest(
            request_id=request_id("rivers", reference),
            petition_id=found.id,
            signatures=number,
            reference=reference,
            received_on=found.opened_at.ToDatetime(tzinfo=UTC).astimezone(scene.zone).date().isoformat(),
            residence_path=[UNION, state],
        )
        call(scene.stubs.integrity.CreatePaperBatch, request, scene.tokens[OPERATOR])


def _remove_signatures(scene: Scene) -> None:
    demo = next(each for each in PETITIONS if each.removed)
    petition_id, token = scene.petitions[demo.key].id, scene.tokens[OFFICER]
    listed = integrity.ListInvalidationsRequest(petition_id=petition_id)
    if call(scene.stubs.integrity.ListInvalidations, listed, token).invalidations:
        return
    chosen = integrity.SignatureFilter(territory_codes=[SONIACHNE])
    looked = integrity.GetInvalidationPreviewRequest(petition_id=petition_id, filter=chosen)
    preview = call(scene.stubs.integrity.GetInvalidationPreview, looked, token)
    request = integrity.CreateInvalidationRequest(
        request_id=request_id(demo.key, "remove"),
        petition_id=petition_id,
        filter=chosen,
        cutoff_at=preview.cutoff_at,
        signatures=preview.signatures,
        reason="automated",
        note=localized(texts.REMOVED),
    )
    call(scene.stubs.integrity.CreateInvalidation, request, token)


def _consider(scene: Scene) -> None:
    request = answers.RecordStepRequest(
        request_id=request_id("ramps", "consider"),
        petition_id=scene.petitions["ramps"].id,
        event="consideration_started",
    )
    call(scene.stubs.answers.RecordStep, request, scene.tokens[COLLEAGUE])


def _announce_a_hearing(scene: Scene) -> None:
    found = scene.now("ramps")
    if found.hearings:
        return
    held_at = Timestamp()
    day = found.opened_at.ToDatetime(tzinfo=UTC) + HEARING_AFTER
    held_at.FromDatetime(day.replace(hour=15, minute=0, second=0, microsecond=0))
    request = answers.PublishHearingRequest(
        request_id=request_id("ramps", "hearing"),
        petition_id=found.id,
        title=localized(texts.HEARING),
        held_at=held_at,
        place=localized(texts.HEARING_PLACE),
    )
    call(scene.stubs.answers.PublishHearing, request, scene.tokens[COLLEAGUE])


def _answer(scene: Scene) -> None:
    found = scene.now("market")
    token = scene.tokens[COLLEAGUE]
    if not found.answers:
        content = _content(texts.ANSWER, _store_document(scene, found.id, token))
        request = answers.PublishAnswerRequest(
            request_id=request_id("market", "answer"), petition_id=found.id, content=content
        )
        found = call(scene.stubs.answers.PublishAnswer, request, token).petition
    if len(found.answers) == 1:
        content = _content(texts.CORRECTED, found.answers[0].documents[0].id)
        content.correction_note.CopyFrom(localized(texts.CORRECTION))
        request = answers.PublishAnswerRequest(
            request_id=request_id("market", "correct"), petition_id=found.id, content=content, corrects_version=1
        )
        call(scene.stubs.answers.PublishAnswer, request, token)


def _content(said: Mapping[str, Mapping[str, str]], document_id: str) -> answers.AnswerContent:
    return answers.AnswerContent(
        decision=petitions.DECISION_PARTLY_ACCEPTED,
        summary=localized(said["summary"]),
        reasons=localized(said["reasons"]),
        signed_by=texts.SIGNED_BY,
        documents=[answers.AnswerDocument(document_id=document_id, title=localized(texts.DOCUMENT_TITLE))],
    )


def _store_document(scene: Scene, petition_id: str, token: str) -> str:
    """The id of the council's decision, a file that the demo makes."""
    content = pdf(texts.DOCUMENT)
    request = answers.CreateDocumentRequest(
        request_id=request_id("market", "document"),
        petition_id=petition_id,
        file_name="decision-14.pdf",
        media_type="application/pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    document_id = call(scene.stubs.answers.CreateDocument, request, token).document_id
    key = f"petitions/{petition_id}/{document_id}"
    scene.objects.put(key, io.BytesIO(content), len(content), "application/pdf")
    return document_id


def counted(demo: DemoPetition) -> int:
    """How many signatures a petition of the demo has in the end."""
    return demo.signatures + demo.on_paper - demo.removed
