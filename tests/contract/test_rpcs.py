"""Every RPC of every contract states who may call it, and refuses everybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from viche.identity.v1 import events_pb2 as identity_events
from viche.notifications.v1 import events_pb2 as notifications_events
from viche.options.v1 import options_pb2
from viche.petitions.v1 import events_pb2 as petitions_events
from viche.social.v1 import events_pb2 as social_events
from viche.surveys.v1 import events_pb2 as surveys_events

from tools.access import area_of, contracts, methods
from tools.access import rpc_path as path
from viche_chassis.access import DEFAULT_CALLERS, Gatekeeper, access_of
from viche_chassis.acts import is_act
from viche_chassis.errors import AccessDenied, Unauthenticated
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import (
    ServiceIdentity,
    Signer,
    Verifier,
    public_key_set,
    read_key_set,
    read_service_keys,
)

SERVICES = ("gateway", "identity", "petitions", "surveys", "social", "notifications", "cli")
READS = ("Get", "List", "Resolve", "Recount", "Simulate", "Check", "Preview", "Read")
# writes whose repeat changes nothing, by what they say rather than by an id of the request
NATURALLY_REPEATABLE = {
    "RequestErasure", "CancelErasure", "ReplayErasures", "EndMySession", "EndOtherSessions",
    "ConsumeSignInLink", "EndSession",
    "EnsureEmailPerson", "BatchEnsurePeople", "BatchCreateSessions", "PutRegion",
    "DeleteGrant", "BatchCreateScopeTokens", "BatchImportPetitions", "PutWorkflowSettings", "BatchCreateSignatures",
    "ConfirmEmailSignature", "Unsubscribe", "Resubscribe", "ClaimCase", "ReleaseCase", "DeleteAnswerTemplate",
    "UndeleteAnswerTemplate", "SetWorkflowSettings", "FollowPetition", "UnfollowPetition", "SetSubscription",
    # a ceremony's token is good for one answer alone, and an authenticator makes no answer twice
    "BeginPasskeyRegistration", "FinishPasskeyRegistration", "BeginPasskeySignIn", "FinishPasskeySignIn",
    "DeleteMyPasskey", "AcceptInvitation", "EndMembership", "CreateOrganisationToken",
    "SetAuthorOrganisation",
    # a visit's state is good once, and beginning another leaves the one before to expire
    "BeginProviderSignIn", "BeginMyProviderVisit", "FinishProviderVisit", "ContinueWithoutAddress",
    "DeleteMyConnection",
    "ReportBounce", "ConfirmAddress",
    # what came before is dropped
    "ReceiveHook",
    # each item brings an id of its own
    "BatchCreateResponses",
}  # fmt: skip
PERSONAL = ("email", "emails", "name", "token", "session_token", "access_token", "scope_token", "network")
# public by the law of petitions, or names of things
PUBLIC_NAMES = {
    "Threshold", "Workflow", "WorkflowSetting", "Clock", "ClosingEvent", "Territory", "Authority",
    "FormField", "QuestionView", "GroupView", "AnswerPage", "QuestionResults", "ReadySurvey",
    "ConnectorInfo", "ConnectorField", "Channel", "AddMediaRequest",
}  # fmt: skip


def messages() -> Iterator[Descriptor]:
    for file in contracts():
        yield from file.message_types_by_name.values()


ALL = [pytest.param(method, id=path(method)) for method in methods()]


class World:
    """Keys of every service and of identity."""

    def __init__(self, folder: Path) -> None:
        self.services = {name: ServiceIdentity(make_key_pair(folder, name)) for name in SERVICES}
        self.signer: Signer = make_key_pair(folder / "signing", "k1")
        self.verifier = Verifier(read_service_keys(folder))
        self.people = Verifier(read_key_set(public_key_set([self.signer])))

    def admit(self, method: MethodDescriptor, metadata: dict[str, str]) -> None:
        Gatekeeper(area_of(method), self.verifier, self.people).admit(access_of(path(method)), metadata)

    def by(self, service: str, method: MethodDescriptor, *roles: str) -> dict[str, str]:
        grants = [{"role": role, "authority": "a", "covers": ["a"]} for role in roles]
        person = self.signer.sign({"aud": "viche", "sub": "p", "grants": grants})
        return {"viche-service": self.services[service].token_for(area_of(method)), "authorization": f"Bearer {person}"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize("method", ALL)
def test_every_rpc_states_its_access(method: MethodDescriptor) -> None:
    access = access_of(path(method))
    assert access is not None, f"{path(method)} has no option (viche.options.v1.access)"
    assert set(access.callers) <= set(SERVICES)
    assert bool(access.roles) == (access.level == options_pb2.LEVEL_OFFICER)
    assert set(access.trusted) <= {"cli"}, "the command line alone may act without a person"


@pytest.mark.parametrize("method", ALL)
def test_every_rpc_refuses_who_is_not_among_its_callers(world: World, method: MethodDescriptor) -> None:
    access = access_of(path(method))
    assert access is not None
    if access.level == options_pb2.LEVEL_ANONYMOUS:
        assert method.name == "ListPublicKeys"
        return
    with pytest.raises(Unauthenticated):
        world.admit(method, {})
    for service in set(SERVICES) - set(access.callers or DEFAULT_CALLERS):
        with pytest.raises(AccessDenied):
            world.admit(method, world.by(service, method, "officer", "operator"))
    for service in access.callers or DEFAULT_CALLERS:
        world.admit(method, world.by(service, method, "officer", "operator"))


@pytest.mark.parametrize("method", ALL)
def test_every_rpc_for_people_refuses_a_service_alone(world: World, method: MethodDescriptor) -> None:
    access = access_of(path(method))
    assert access is not None
    if access.level not in (options_pb2.LEVEL_PERSON, options_pb2.LEVEL_OFFICER):
        return
    metadata = world.by("gateway", method)
    if access.level == options_pb2.LEVEL_OFFICER:
        with pytest.raises(AccessDenied):
            world.admit(method, metadata)
    del metadata["authorization"]
    with pytest.raises(Unauthenticated):
        world.admit(method, metadata)


@pytest.mark.parametrize("method", ALL)
def test_every_write_takes_a_request_id_or_can_be_repeated(method: MethodDescriptor) -> None:
    if method.name.startswith(READS) or method.name in NATURALLY_REPEATABLE:
        return
    assert "request_id" in method.input_type.fields_by_name, f"{path(method)} is a write without request_id"


@pytest.mark.parametrize("message", [pytest.param(m, id=m.full_name) for m in messages()])
def test_personal_fields_and_secrets_are_marked_sensitive(message: Descriptor) -> None:
    if message.name in PUBLIC_NAMES:
        return
    for field in message.fields:
        if field.name in PERSONAL and field.type == FieldDescriptor.TYPE_STRING:
            assert field.GetOptions().Extensions[options_pb2.sensitive], f"{field.full_name} is not marked sensitive"


@pytest.mark.parametrize(
    "module", [identity_events, petitions_events, surveys_events, social_events, notifications_events]
)
def test_events_carry_no_personal_data(module: object) -> None:
    for message in module.DESCRIPTOR.message_types_by_name.values():  # pyright: ignore
        for field in message.fields:
            assert field.name not in PERSONAL
            assert not field.GetOptions().Extensions[options_pb2.sensitive]


# what officers look at without changing anything; all else that they may call is on the trail (ADR 0013)
LOOKED_AT = {
    "CheckDefinition", "CheckPost", "GetAnswerDraft", "GetCase", "GetCaseFile", "GetChannel", "GetCrosstab",
    "GetEvent", "ListEvents", "ListRegistrations", "CheckEdition", "ListEditions", "GetPostMetrics",
    "GetExport", "GetForm", "GetInboxSettings", "GetInvalidationPreview", "GetInvitationCounts", "GetLearning",
    "GetMedia",
    "GetOfficeResults", "GetPausePreview", "GetPost", "GetReport", "GetStepPreview", "GetSurvey", "GetThread",
    "GetTrends", "GetWorkflowSettings", "GetWriter", "ListAnswerTemplates", "ListCannedReplies", "ListCases",
    "ListChannels",
    "ListClosingEvents", "ListColleagues", "ListConnectors", "ListExports", "ListFailedPetitions", "ListGrants",
    "ListInvalidations", "ListNotices", "ListOfficeSurveys", "ListOfficerActions", "ListOrganisations",
    "ListPaperBatches", "ListPartners", "ListPauses", "ListPosts", "ListRecounts", "ListSubmittedPetitions",
    "ListTextAnswers", "ListThreads", "PreviewPage", "PreviewRename", "ReadForm", "ResolveOfficers",
    "SimulatePetition",
}  # fmt: skip


@pytest.mark.parametrize("method", ALL)
def test_every_rpc_of_officers_leaves_an_entry_or_is_a_look(method: MethodDescriptor) -> None:
    access = access_of(path(method))
    assert access is not None
    if access.level == options_pb2.LEVEL_OFFICER:
        assert is_act(access, path(method)) != (method.name in LOOKED_AT)
    else:
        assert not is_act(access, path(method))
