"""What calls are about, there when they are made: petitions, sessions, roles at the authority in the middle."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import identity_pb2, organisations_pb2, organisations_pb2_grpc
from viche.petitions.v1 import moderation_pb2, pauses_pb2, pauses_pb2_grpc, petitions_pb2
from viche.social.v1 import inbox_pb2, inbox_pb2_grpc, presence_pb2
from viche.surveys.v1 import results_pb2, results_pb2_grpc, surveys_pb2

from tests.integration.access.doors import Door
from tests.integration.access.events import of_events
from tests.integration.access.posts import of_posts
from tests.integration.petitions import integrity, moderating
from tests.integration.petitions.world import World, pseudonym
from tests.integration.social import letterbox, seeding
from tests.integration.social import world as socials
from tests.integration.surveys import world as surveys
from tools.access import Place, Standing
from viche_chassis.access import Caller, read_person
from viche_chassis.testing import FakeChannel
from viche_petitions.servicer.audience import FOLLOWINGS
from viche_surveys.definitions import written

OTHERWISE: Mapping[str, Mapping[str, Any]] = {
    "CreateGrant": {"role": "officer"},
    "ImportRegister": {"register": "companies"},
    "ImportFigures": {
        "on": "2026-03-01",
        "figures": [presence_pb2.Figure(platform="x", handle="nobody", metric="followers", value=1)],
    },
    "CreateDraftFor": {
        "email": "olena@example.org",
        "name": "Olena",
        "language": "en",
        "title": "Put up a bench there",
    },
    "AssignThread": {"assignee": b"a colleague"},
    "RecordStep": {"event": "consideration_started"},
    "GetStepPreview": {"event": "consideration_started"},
    "GetForm": {"format": "viche"},
    "GetCrosstab": {"rows": "road"},
    "ListTextAnswers": {"question": "why"},
    "PreviewRename": {"item": "why", "new_name": "reason"},
    "DeletePollResults": {"platform": "telegram", "poll_id": "1"},
    "ImportPollResults": {
        "poll": results_pb2.PollResults(
            platform="telegram",
            poll_id="1",
            options=[results_pb2.PollOption(text="North Road", votes=1)],
            taken_at=Timestamp(seconds=1_767_225_600),
        )
    },
}
"""Values that one RPC alone takes."""
NOTICE = {"kind": 1, "text": identity_pb2.LocalizedText(texts={"en": "We are closed on Monday."})}


async def subjects(door: Door, method: str) -> dict[str, Any]:
    """Values of fields by name, for one RPC."""
    known: dict[str, Any] = {"request_id": str(uuid4())}
    if door.area in _OF:
        known |= {"authority_id": door.authorities[Place.OWN], **await _OF[door.area](door.world, method)}
    return {**known, **OTHERWISE.get(method, {})}


async def _identity(world: Any, method: str) -> dict[str, Any]:
    known: dict[str, Any] = {"authority_slug": "east", **NOTICE}
    if "Session" in method or "Passkey" in method:
        known["session_token"] = await world.session(f"{uuid4()}@example.org")
    if "Organisation" in method:
        known |= {"organisation_id": await _organisation(world), "version": 1, "kind": 1}
    if "Partner" in method:
        known |= {"partner_id": await _partner(world), "title": "School", "origins": [f"https://{uuid4()}.example"]}
    if method in ("DeleteGrant", "UndeleteGrant"):
        (grant,) = await world.grant(f"{uuid4()}@example.org", "officer", "east")
        known["grant_id"] = grant.id
    return known


async def _organisation(world: Any) -> str:
    _, _, claims = await world.access(await world.session(f"{uuid4()}@example.org"))
    stub: Any = organisations_pb2_grpc.OrganisationsServiceStub(world.channel("gateway", read_person(claims)))
    (east,) = await world.sql("SELECT id FROM authorities WHERE slug = 'east'")
    asked = organisations_pb2.PutOrganisationRequest(
        request_id=str(uuid4()), title="Friends of the river", register_number="12345678",
        kind=organisations_pb2.ORGANISATION_KIND_ASSOCIATION,
        authority_id=str(east[0]),
    )  # fmt: skip
    return (await stub.PutOrganisation(asked)).organisation_id


async def _partner(world: Any) -> str:
    (east,) = await world.sql("SELECT id FROM authorities WHERE slug = 'east'")
    added = "INSERT INTO partners (id, name, authority_id) VALUES (%(id)s, 'School', %(authority)s)"
    await world.sql(added, id=(id := uuid4()), authority=east[0])
    return str(id)


async def _petitions(world: World, method: str) -> dict[str, Any]:
    petition = await world.open(str(Standing.AUTHOR))
    known: dict[str, Any] = {"petition_id": petition.id, "scope_token": world.token(petition.id, "somebody")}
    if "ollow" in method:
        known["list_token"] = world.token(petition.id, "somebody", scope=FOLLOWINGS)
    if method == "SetAuthorOrganisation":
        author = base64.urlsafe_b64encode(pseudonym("authors", str(Standing.AUTHOR))).decode().rstrip("=")
        known["organisation_id"] = organisation = str(uuid4())
        confirmed = {"title": "Friends of the river", "register_number": "12345678", "confirmed_at": 1}
        scope = f"organisation:{organisation}"
        known["organisation_token"] = world.token(petition.id, "", scope=scope, sub=author, **confirmed)
    if method in ("CancelInvalidation", "UndoInvalidation"):
        await world.sign_as(petition.id, "one", "two")
        known["invalidation_id"] = (await integrity.decide(world, petition.id, channel="person")).id
    if method == "CreateInvalidation":
        known |= {"cutoff_at": petition.opened_at, "reason": "other"}
    if method in ("EndPause", "ProlongTerms"):
        known["pause_id"] = await _pause(world)
    if method in ("DeleteAnswerTemplate", "UndeleteAnswerTemplate"):
        known["template_id"] = await _template(world, is_deleted=method.startswith("Un"))
    return known


async def _pause(world: World) -> str:
    """A pause that is still to come, so that it stops nothing here."""
    reason = petitions_pb2.LocalizedText(texts={"en": "There will be an election."})
    asked = pauses_pb2.CreatePauseRequest(
        request_id=str(uuid4()), authority_id=str(moderating.CITY), reason=reason, stops_signing=True
    )
    asked.from_at.FromDatetime(datetime(2098, 1, 1, tzinfo=UTC))
    asked.until_at.FromDatetime(datetime(2099, 1, 1, tzinfo=UTC))
    channel: Any = FakeChannel(*world.petitions.register, caller=Caller("cli"))
    return (await pauses_pb2_grpc.PausesServiceStub(channel).CreatePause(asked)).pause.id


async def _template(world: World, *, is_deleted: bool) -> str:
    text = petitions_pb2.LocalizedText(texts={"en": "The state decides."})
    template = moderation_pb2.AnswerTemplate(authority_id=str(moderating.CITY), title=str(uuid4()), text=text)
    asked = moderation_pb2.PutAnswerTemplateRequest(request_id=str(uuid4()), template=template)
    stub = moderating.moderation(world)
    made = (await stub.PutAnswerTemplate(asked)).template.id
    if is_deleted:
        await stub.DeleteAnswerTemplate(moderation_pb2.DeleteAnswerTemplateRequest(template_id=made))
    return made


async def _surveys(world: surveys.World, method: str) -> dict[str, Any]:
    admission = surveys_pb2.ADMISSION_LINK if "Invitation" in method else surveys_pb2.ADMISSION_OPEN
    is_draft = method in ("DeleteSurvey", "BatchImportResponses")
    survey = await (world.draft if is_draft else world.open)(surveys.ROADS, admission=admission)
    known: dict[str, Any] = {
        "survey_id": survey.id, "number": survey.number, "definition_json": written(surveys.ROADS), "edition": 2,
        "scope_token": world.token(survey.id, "somebody"), "answers_json": '{"road": "north"}', "count": 1,
    }  # fmt: skip
    if "Export" in method:
        asked = results_pb2.CreateExportRequest(request_id=str(uuid4()), survey_id=survey.id, format="csv")
        stub = world.stub(results_pb2_grpc.ExportsServiceStub, surveys.OFFICER)
        known |= {"format": "csv", "export_id": (await stub.CreateExport(asked)).export.id}
    return known


async def _social(world: socials.World, method: str) -> dict[str, Any]:
    known: dict[str, Any] = {"platform": "mastodon", "handle": "city@social.example"}
    known["authority_ids"] = [str(socials.CITY)]
    if "Channel" in method or "Hook" in method:
        known["channel_id"] = str((await seeding.put_channel(world)).id)
    if any(word in method for word in ("Thread", "Item", "Reply", "EraseAuthor")):
        known |= await _conversation(world, "unknown" if method == "SettleReply" else "refused")
    if method == "EndAccount":
        known["account_id"] = (await world.put_account(handle=str(uuid4()))).id
    return known | await of_posts(world, method) | await of_events(world, method)


async def _conversation(world: socials.World, reply_state: str) -> dict[str, Any]:
    channel = await seeding.put_channel(world)
    await seeding.take(world, channel, letterbox.item(str(uuid4()), "When will the bridge be open?"))
    (row,) = await world.rows("SELECT id, first_item FROM threads WHERE channel_id = %s", channel.id)
    reply_id = await seeding.reply_of(world, row[0], reply_state)
    canned = inbox_pb2.PutCannedReplyRequest(
        request_id=str(uuid4()), authority_id=str(socials.CITY), language="en", title="Thanks", text="Thank you."
    )
    kept = (await world.stub(inbox_pb2_grpc.InboxServiceStub, socials.PRESS).PutCannedReply(canned)).reply
    return {"thread_id": str(row[0]), "item_id": str(row[1]), "reply_id": str(reply_id), "id": kept.id}


_OF: Mapping[str, Callable[[Any, str], Awaitable[dict[str, Any]]]] = {
    "identity": _identity,
    "petitions": _petitions,
    "surveys": _surveys,
    "social": _social,
}
