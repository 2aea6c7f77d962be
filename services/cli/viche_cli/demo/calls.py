"""Calls to the services while the demo is loaded; doing one again gives the same answer."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

from viche.identity.v1 import identity_pb2_grpc as identity_rpc
from viche.identity.v1 import partners_pb2_grpc as partners_rpc
from viche.petitions.v1 import answers_pb2_grpc as answers_rpc
from viche.petitions.v1 import integrity_pb2_grpc as integrity_rpc
from viche.petitions.v1 import moderation_pb2_grpc as moderation_rpc
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc
from viche.petitions.v1 import sponsors_pb2_grpc as sponsors_rpc
from viche.social.v1 import channels_pb2_grpc as channels_rpc
from viche.social.v1 import posts_pb2_grpc as posts_rpc
from viche.social.v1 import presence_pb2_grpc as presence_rpc
from viche.social.v1 import public_events_pb2_grpc as events_rpc
from viche.social.v1 import register_pb2_grpc as register_rpc
from viche.surveys.v1 import answers_pb2_grpc as survey_answers_rpc
from viche.surveys.v1 import surveys_pb2_grpc as surveys_rpc

from viche_chassis.clients import person_metadata
from viche_cli.instance import Instance

NAMESPACE = uuid.UUID("018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11")
BATCH = 500
PORTAL_ASKS = ("identity", "petitions", "surveys", "social")
CALL_WITHIN_S = 30.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stubs:
    """Who is asked; settings, people, authorities and the register as "cli", the rest as the portal does."""

    authorities: Any
    people: Any
    sessions: Any
    scope_tokens: Any
    settings: Any
    petitions: Any
    signatures: Any
    sponsors: Any
    moderation: Any
    answers: Any
    integrity: Any
    surveys: Any
    survey_answers: Any
    partners: Any
    register: Any
    presence: Any
    channels: Any
    posts: Any
    events: Any


def stubs_of(instance: Instance, stack: ExitStack) -> Stubs:
    """Over channels that are closed with the stack."""
    ours = {name: stack.enter_context(instance.channel(name)) for name in ("identity", "petitions", "social")}
    portal = {name: stack.enter_context(instance.channel_as("gateway", name)) for name in PORTAL_ASKS}
    return Stubs(
        authorities=identity_rpc.AuthoritiesServiceStub(ours["identity"]),
        people=identity_rpc.PeopleServiceStub(ours["identity"]),
        sessions=identity_rpc.SessionsServiceStub(portal["identity"]),
        scope_tokens=identity_rpc.ScopeTokensServiceStub(portal["identity"]),
        settings=petitions_rpc.PetitionsServiceStub(ours["petitions"]),
        petitions=petitions_rpc.PetitionsServiceStub(portal["petitions"]),
        signatures=petitions_rpc.SignaturesServiceStub(portal["petitions"]),
        sponsors=sponsors_rpc.SponsorsServiceStub(portal["petitions"]),
        moderation=moderation_rpc.ModerationServiceStub(portal["petitions"]),
        answers=answers_rpc.AnswersServiceStub(portal["petitions"]),
        integrity=integrity_rpc.IntegrityServiceStub(portal["petitions"]),
        surveys=surveys_rpc.SurveysServiceStub(portal["surveys"]),
        partners=partners_rpc.PartnersServiceStub(portal["identity"]),
        survey_answers=survey_answers_rpc.AnswersServiceStub(portal["surveys"]),
        register=register_rpc.RegisterServiceStub(ours["social"]),
        presence=presence_rpc.PresenceServiceStub(ours["social"]),
        channels=channels_rpc.ChannelsServiceStub(portal["social"]),
        posts=posts_rpc.PostsServiceStub(portal["social"]),
        events=events_rpc.PublicEventsServiceStub(ours["social"]),
    )


def call(method: Callable[..., T], request: Any, token: str = "") -> T:
    """The answer; `token` is the access token of the person on whose behalf it is asked."""
    metadata = person_metadata(token) if token else ()
    return method(request, metadata=metadata, timeout=CALL_WITHIN_S, wait_for_ready=True)


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Of what one call can take."""
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def request_id(*parts: str) -> str:
    """A request id that a second loading makes again."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def localized(texts: Mapping[str, str]) -> petitions.LocalizedText:
    """Texts by language."""
    return petitions.LocalizedText(texts=dict(texts))
