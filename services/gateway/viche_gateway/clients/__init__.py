"""The other services and the object store, as the gateway calls them: typed functions that raise DomainError."""

from collections.abc import Mapping
from dataclasses import dataclass

import grpc

from viche_chassis.clients import sync_channel
from viche_chassis.objects import ObjectStore, open_store
from viche_chassis.tokens import ServiceIdentity
from viche_gateway.clients.answering import Answering
from viche_gateway.clients.answers import Answers
from viche_gateway.clients.audience import Audience
from viche_gateway.clients.identity import Identity
from viche_gateway.clients.integrity import Integrity
from viche_gateway.clients.moderation import Moderation
from viche_gateway.clients.notices import Notices
from viche_gateway.clients.notifications import Notifications
from viche_gateway.clients.opendata import OpenData
from viche_gateway.clients.participation import Participation
from viche_gateway.clients.partners import Partners
from viche_gateway.clients.pauses import Pauses
from viche_gateway.clients.petitions import Petitions
from viche_gateway.clients.public_events import PublicEvents
from viche_gateway.clients.results import Results
from viche_gateway.clients.signers import Signers
from viche_gateway.clients.signing import Signing
from viche_gateway.clients.similar import Similar
from viche_gateway.clients.social_channels import SocialChannels
from viche_gateway.clients.social_editions import SocialEditions
from viche_gateway.clients.social_inbox import SocialInbox
from viche_gateway.clients.social_metrics import SocialMetrics
from viche_gateway.clients.social_posts import SocialPosts
from viche_gateway.clients.sponsors import Sponsors
from viche_gateway.clients.survey_office import SurveyOffice
from viche_gateway.clients.surveys import Surveys
from viche_gateway.config import Settings


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients of the services, the bare channels by the services' names, and where files are kept."""

    identity: Identity
    petitions: Petitions
    answers: Answers
    moderation: Moderation
    opendata: OpenData
    notifications: Notifications
    signing: Signing
    similar: Similar
    integrity: Integrity
    sponsors: Sponsors
    signers: Signers
    audience: Audience
    notices: Notices
    pauses: Pauses
    partners: Partners
    surveys: Surveys
    survey_office: SurveyOffice
    answering: Answering
    participation: Participation
    results: Results
    social_channels: SocialChannels
    posts: SocialPosts
    editions: SocialEditions
    metrics: SocialMetrics
    inbox: SocialInbox
    public_events: PublicEvents
    channels: Mapping[str, grpc.Channel]
    objects: ObjectStore


def over(
    identity: grpc.Channel,
    petitions: grpc.Channel,
    surveys: grpc.Channel,
    social: grpc.Channel,
    notifications: grpc.Channel,
    objects: ObjectStore,
) -> Clients:
    """Clients over given channels and a given store."""
    channels = {
        "identity": identity, "petitions": petitions, "surveys": surveys, "social": social,
        "notifications": notifications,
    }  # fmt: skip
    return Clients(
        Identity(identity),
        Petitions(petitions),
        Answers(petitions),
        Moderation(petitions),
        OpenData(petitions),
        Notifications(notifications),
        Signing(identity, petitions),
        Similar(petitions),
        Integrity(petitions),
        Sponsors(petitions),
        Signers(petitions),
        Audience(petitions),
        Notices(identity),
        Pauses(petitions),
        Partners(identity, surveys),
        Surveys(surveys),
        SurveyOffice(surveys),
        Answering(identity, surveys),
        Participation(identity, surveys),
        Results(surveys),
        SocialChannels(social),
        SocialPosts(social),
        SocialEditions(social),
        SocialMetrics(social),
        SocialInbox(social),
        PublicEvents(identity, social),
        channels,
        objects,
    )


def connect(settings: Settings, me: ServiceIdentity) -> Clients:
    """Clients over channels to the addresses in ``settings``, calling as ``me``. Raises ConfigError."""
    return over(
        sync_channel(settings.identity_address, "identity", me),
        sync_channel(settings.petitions_address, "petitions", me),
        sync_channel(settings.surveys_address, "surveys", me),
        sync_channel(settings.social_address, "social", me),
        sync_channel(settings.notifications_address, "notifications", me),
        open_store(settings),
    )
