"""Doubles of the other services in this process, and an application over them: no sockets, no engines.

They keep what they are told and decide as simply as a test needs; the rules themselves are tested in the services.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from viche.identity.v1 import audit_pb2_grpc as identity_audit
from viche.identity.v1 import identity_pb2 as pb
from viche.identity.v1 import identity_pb2_grpc as identity_rpc
from viche.identity.v1 import notices_pb2_grpc as notices_rpc
from viche.identity.v1 import organisations_pb2_grpc as organisations_rpc
from viche.identity.v1 import partners_pb2_grpc as partners_rpc
from viche.identity.v1 import passkeys_pb2_grpc as passkeys_rpc
from viche.identity.v1 import privacy_pb2_grpc as identity_privacy
from viche.identity.v1 import providers_pb2_grpc as providers_rpc
from viche.notifications.v1 import bounces_pb2_grpc, draft_links_pb2_grpc
from viche.notifications.v1 import notifications_pb2_grpc as notifications_rpc
from viche.notifications.v1 import privacy_pb2_grpc as notifications_privacy
from viche.petitions.v1 import answers_pb2_grpc as answers_rpc
from viche.petitions.v1 import audience_pb2_grpc as audience_rpc
from viche.petitions.v1 import audit_pb2_grpc as petitions_audit
from viche.petitions.v1 import behalf_pb2_grpc as behalf_rpc
from viche.petitions.v1 import integrity_pb2_grpc as integrity_rpc
from viche.petitions.v1 import moderation_pb2_grpc as moderation_rpc
from viche.petitions.v1 import opendata_pb2_grpc
from viche.petitions.v1 import organisations_pb2_grpc as organisation_authors
from viche.petitions.v1 import pauses_pb2_grpc as pauses_rpc
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc
from viche.petitions.v1 import privacy_pb2_grpc as petitions_privacy
from viche.petitions.v1 import signers_pb2_grpc as signers_rpc
from viche.petitions.v1 import similar_pb2_grpc as similar_rpc
from viche.petitions.v1 import sponsors_pb2_grpc as sponsors_rpc
from viche.social.v1 import audit_pb2_grpc as social_audit
from viche.social.v1 import channels_pb2_grpc as social_channels_rpc
from viche.social.v1 import editions_pb2_grpc as social_editions_rpc
from viche.social.v1 import inbox_pb2_grpc as social_inbox_rpc
from viche.social.v1 import learning_pb2_grpc as social_learning_rpc
from viche.social.v1 import metrics_pb2_grpc as social_metrics_rpc
from viche.social.v1 import posts_pb2_grpc as social_posts_rpc
from viche.social.v1 import presence_pb2_grpc as presence_rpc
from viche.social.v1 import public_events_pb2_grpc as public_events_rpc
from viche.social.v1 import register_pb2_grpc as register_rpc
from viche.surveys.v1 import answers_pb2_grpc as survey_answers
from viche.surveys.v1 import audit_pb2_grpc as surveys_audit
from viche.surveys.v1 import editing_pb2_grpc as survey_editing
from viche.surveys.v1 import participation_pb2_grpc
from viche.surveys.v1 import results_pb2_grpc as survey_results
from viche.surveys.v1 import surveys_pb2_grpc as surveys_rpc

from viche_chassis.testing import MemoryStore
from viche_gateway import clients
from viche_gateway.app import Around, alone, create_app
from viche_gateway.config import Secrets, Settings
from viche_gateway.testing.answers import FakeAnswers
from viche_gateway.testing.audience import FakeAudience
from viche_gateway.testing.audit import FakeIdentityTrail, FakePetitionsTrail, FakeSocialTrail, FakeSurveysTrail
from viche_gateway.testing.behalf import FakeBehalf
from viche_gateway.testing.channel import InProcessChannel
from viche_gateway.testing.identity import FakeIdentity
from viche_gateway.testing.integrity import FakeIntegrity
from viche_gateway.testing.moderation import FakeModeration
from viche_gateway.testing.notices import FakeNotices
from viche_gateway.testing.notifications import FakeNotifications
from viche_gateway.testing.opendata import FakeOpenData
from viche_gateway.testing.organisations import FakeOrganisations
from viche_gateway.testing.own import FakeMails, FakeSigned
from viche_gateway.testing.participation import FakeDraftLinks, FakeParticipation
from viche_gateway.testing.partners import FakePartners
from viche_gateway.testing.passkeys import FakePasskeys
from viche_gateway.testing.pauses import FakePauses
from viche_gateway.testing.petitions import FakePetitions
from viche_gateway.testing.presence import FakePresence
from viche_gateway.testing.privacy import FakePrivacy
from viche_gateway.testing.providers import FakeProviders
from viche_gateway.testing.public_events import FakePublicEvents
from viche_gateway.testing.results import FakeResults
from viche_gateway.testing.signers import FakeSigners
from viche_gateway.testing.similar import FakeSimilar
from viche_gateway.testing.social_channels import FakeSocialChannels
from viche_gateway.testing.social_editions import FakeSocialEditions
from viche_gateway.testing.social_inbox import FakeSocialInbox
from viche_gateway.testing.social_learning import FakeSocialLearning
from viche_gateway.testing.social_metrics import FakeSocialMetrics
from viche_gateway.testing.social_posts import FakeSocialPosts
from viche_gateway.testing.sponsors import FakeSponsors
from viche_gateway.testing.survey_office import FakeSurveyOffice
from viche_gateway.testing.surveys import FakeSurveys

COUNCIL = "018f5c1e-0000-7000-8000-000000000001"
TOWN = "018f5c1e-0000-7000-8000-000000000002"
AUTHORITIES = (
    (COUNCIL, "region", "Dibrova Council", "R", "region"), (TOWN, "town", "Verbiv", "R1", "municipality"),
)  # fmt: skip
POPULATIONS = {"R": 900_000, "R1": 12_000}
PLACES = {"R": ("", "Dibrova Region"), "R1": ("R", "Verbiv"), "R2": ("R", "Kalynove")}


class _CompiledTemplates(BytecodeCache):
    """Templates that another application of this process has compiled: compiling is half of a test's time."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _CompiledTemplates()


@dataclass(frozen=True, slots=True)
class World:
    """The doubles, channels that can be cut, and a store of files."""

    identity: FakeIdentity = field(default_factory=FakeIdentity)
    petitions: FakePetitions = field(default_factory=FakePetitions)
    notifications: FakeNotifications = field(default_factory=FakeNotifications)
    notices: FakeNotices = field(default_factory=FakeNotices)
    partners: FakePartners = field(default_factory=FakePartners)
    similar: FakeSimilar = field(default_factory=FakeSimilar)
    integrity: FakeIntegrity = field(default_factory=FakeIntegrity)
    sponsors: FakeSponsors = field(default_factory=FakeSponsors)
    opendata: FakeOpenData = field(init=False)
    answers: FakeAnswers = field(init=False)
    audience: FakeAudience = field(init=False)
    moderation: FakeModeration = field(init=False)
    pauses: FakePauses = field(init=False)
    behalf: FakeBehalf = field(default_factory=FakeBehalf)
    identity_trail: FakeIdentityTrail = field(default_factory=FakeIdentityTrail)
    petitions_trail: FakePetitionsTrail = field(default_factory=FakePetitionsTrail)
    surveys: FakeSurveys = field(default_factory=FakeSurveys)
    survey_office: FakeSurveyOffice = field(init=False)
    participation: FakeParticipation = field(init=False)
    draft_links: FakeDraftLinks = field(default_factory=FakeDraftLinks)
    results: FakeResults = field(default_factory=FakeResults)
    surveys_trail: FakeSurveysTrail = field(default_factory=FakeSurveysTrail)
    social_trail: FakeSocialTrail = field(default_factory=FakeSocialTrail)
    presence: FakePresence = field(default_factory=FakePresence)
    social_channels: FakeSocialChannels = field(default_factory=FakeSocialChannels)
    posts: FakeSocialPosts = field(init=False)
    editions: FakeSocialEditions = field(init=False)
    metrics: FakeSocialMetrics = field(init=False)
    inbox: FakeSocialInbox = field(default_factory=FakeSocialInbox)
    learning: FakeSocialLearning = field(default_factory=FakeSocialLearning)
    public_events: FakePublicEvents = field(default_factory=FakePublicEvents)
    organisations: FakeOrganisations = field(init=False)
    passkeys: FakePasskeys = field(init=False)
    providers: FakeProviders = field(init=False)
    privacy: FakePrivacy = field(init=False)
    mails: FakeMails = field(default_factory=FakeMails)
    signed: FakeSigned = field(init=False)
    signers: FakeSigners = field(init=False)
    channels: dict[str, InProcessChannel] = field(default_factory=dict)
    objects: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        object.__setattr__(self, "opendata", FakeOpenData(self.petitions))
        object.__setattr__(self, "answers", FakeAnswers(self.petitions))
        object.__setattr__(self, "audience", FakeAudience(self.petitions))
        object.__setattr__(self, "signed", FakeSigned(self.petitions))
        object.__setattr__(self, "signers", FakeSigners(self.petitions))
        object.__setattr__(self, "organisations", FakeOrganisations(self.petitions))
        object.__setattr__(self, "passkeys", FakePasskeys(self.identity.stale))
        object.__setattr__(self, "providers", FakeProviders(self.identity.stale))
        object.__setattr__(self, "privacy", FakePrivacy(self.identity.stale))
        object.__setattr__(self, "moderation", FakeModeration(self.petitions))
        object.__setattr__(self, "pauses", FakePauses(self.petitions))
        object.__setattr__(self, "participation", FakeParticipation(self.surveys))
        object.__setattr__(self, "survey_office", FakeSurveyOffice(self.surveys))
        object.__setattr__(self, "posts", FakeSocialPosts(self.social_channels, self.objects))
        object.__setattr__(self, "editions", FakeSocialEditions(self.posts))
        object.__setattr__(self, "metrics", FakeSocialMetrics(self.posts))

    def app(self, around: Around = alone, **settings: Any) -> Flask:
        """An application over the doubles; see :func:`viche_gateway.app.create_app`."""
        self.channels.update(
            identity=InProcessChannel(
                *(_registrar(identity_rpc, name, self.identity) for name in _IDENTITY),
                _registrar(identity_privacy, "PrivacyService", self.privacy),
                _registrar(identity_audit, "AuditService", self.identity_trail),
                _registrar(organisations_rpc, "OrganisationsService", self.organisations),
                _registrar(passkeys_rpc, "PasskeysService", self.passkeys),
                _registrar(providers_rpc, "ProvidersService", self.providers),
                _registrar(notices_rpc, "NoticesService", self.notices),
                _registrar(partners_rpc, "PartnersService", self.partners),
            ),
            petitions=InProcessChannel(
                *(_registrar(petitions_rpc, name, self.petitions) for name in _PETITIONS),
                _registrar(petitions_privacy, "PrivacyService", self.signed),
                _registrar(organisation_authors, "OrganisationAuthorsService", self.organisations),
                _registrar(petitions_audit, "AuditService", self.petitions_trail),
                _registrar(integrity_rpc, "IntegrityService", self.integrity),
                _registrar(opendata_pb2_grpc, "OpenDataService", self.opendata),
                _registrar(answers_rpc, "AnswersService", self.answers),
                _registrar(audience_rpc, "AudienceService", self.audience),
                _registrar(behalf_rpc, "BehalfService", self.behalf),
                _registrar(pauses_rpc, "PausesService", self.pauses),
                _registrar(moderation_rpc, "ModerationService", self.moderation),
                _registrar(signers_rpc, "SignersService", self.signers),
                _registrar(similar_rpc, "SimilarPetitionsService", self.similar.among(self.petitions)),
                _registrar(sponsors_rpc, "SponsorsService", self.sponsors.of(self.petitions)),
            ),
            surveys=InProcessChannel(
                *(_registrar(surveys_rpc, name, self.survey_office) for name in _SURVEYS),
                _registrar(survey_answers, "AnswersService", self.surveys),
                _registrar(survey_answers, "PrivacyService", self.participation),
                _registrar(participation_pb2_grpc, "ParticipationService", self.participation),
                _registrar(survey_editing, "EditingService", self.survey_office),
                _registrar(survey_editing, "PollsService", self.results),
                _registrar(survey_results, "ResultsService", self.results),
                _registrar(survey_results, "ExportsService", self.results),
                _registrar(surveys_audit, "AuditService", self.surveys_trail),
            ),
            social=InProcessChannel(
                _registrar(social_audit, "AuditService", self.social_trail),
                _registrar(presence_rpc, "PresenceService", self.presence),
                _registrar(register_rpc, "RegisterService", self.presence),
                _registrar(social_channels_rpc, "ChannelsService", self.social_channels),
                _registrar(social_posts_rpc, "PostsService", self.posts),
                _registrar(social_editions_rpc, "EditionsService", self.editions),
                _registrar(social_metrics_rpc, "MetricsService", self.metrics),
                _registrar(social_inbox_rpc, "InboxService", self.inbox),
                _registrar(social_learning_rpc, "LearningService", self.learning),
                _registrar(public_events_rpc, "PublicEventsService", self.public_events),
            ),
            notifications=InProcessChannel(
                _registrar(notifications_rpc, "SubscriptionsService", self.notifications),
                _registrar(bounces_pb2_grpc, "BouncesService", self.notifications),
                _registrar(notifications_privacy, "PrivacyService", self.mails),
                _registrar(draft_links_pb2_grpc, "DraftLinksService", self.draft_links),
            ),
        )
        channels: Any = self.channels
        over = clients.over(**channels, objects=self.objects)
        app = create_app(make_settings(**settings), over, Secrets(b"f" * 32, b"c" * 32), around)
        app.jinja_env.bytecode_cache = _TEMPLATES
        return app


_IDENTITY = ("SignInService", "SessionsService", "PeopleService", "AuthoritiesService", "ScopeTokensService")
_SURVEYS = ("SurveysService", "FormsService", "InvitationsService")
_PETITIONS = ("PetitionsService", "SignaturesService", "CountsService")


def make_world() -> World:
    """Two authorities in three territories; Ann is a citizen, Otto an officer of both, Olga operates them."""
    world = World()
    for code, (parent, name) in PLACES.items():
        text = pb.LocalizedText(texts={"en": name})
        world.identity.territories.append(
            pb.Territory(code=code, parent_code=parent, name=text, population=POPULATIONS.get(code, 0))
        )
    for authority_id, slug, name, code, level in AUTHORITIES:
        world.identity.authorities.append(
            pb.Authority(
                id=authority_id, slug=slug, name=pb.LocalizedText(texts={"en": name}), territory_code=code, level=level,
                population=POPULATIONS[code],
            )
        )  # fmt: skip
    world.petitions.authority_id = COUNCIL
    world.identity.add_person("ann", name="Ann Adams", residence_code="R1")
    world.identity.add_person("otto", COUNCIL, TOWN, name="Otto Officer")
    world.identity.add_person("olga", COUNCIL, TOWN, role="operator", name="Olga Operator")
    return world


def make_settings(**differences: Any) -> Settings:
    """Settings of a gateway for tests, apart from ``differences``."""
    values: dict[str, Any] = {
        "http_listen": "127.0.0.1:0",
        "public_url": "http://127.0.0.1:8080",
        "service_key": Path("gateway.pem"),
        "secret_key": Path("secret"),
        "identity_address": "127.0.0.1:1",
        "petitions_address": "127.0.0.1:2",
        "notifications_address": "127.0.0.1:3",
        "surveys_address": "127.0.0.1:4",
        "social_address": "127.0.0.1:5",
        "region_name": "Dibrova Region",
        "rate_factor": 1000.0,
    }
    return Settings(**(values | differences))


def _registrar(module: Any, name: str, servicer: object) -> Any:
    add = getattr(module, f"add_{name}Servicer_to_server")
    return lambda server: add(servicer, server)
