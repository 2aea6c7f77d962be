"""Puts social together from its database, its keys and the ways to identity and out."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import grpc
from viche.social.v1 import (
    audit_pb2,
    audit_pb2_grpc,
    channels_pb2,
    editions_pb2,
    inbox_pb2,
    learning_pb2,
    metrics_pb2,
    posts_pb2,
    presence_pb2,
    presence_pb2_grpc,
    public_events_pb2,
    register_pb2,
    register_pb2_grpc,
)

from viche_chassis.app import Register, Task, contract_names
from viche_chassis.bus import OutboxRelay
from viche_chassis.common import read_key
from viche_chassis.db import Pool
from viche_chassis.objects import ObjectStore
from viche_chassis.tokens import Verifier
from viche_social.calling import Runner
from viche_social.composing_events import Events, compose_events
from viche_social.composing_inbox import Inbox, compose_inbox
from viche_social.composing_posts import Around, Posts, compose_posts
from viche_social.config import Settings
from viche_social.counting import Counting
from viche_social.identity import Region
from viche_social.measuring import Measuring
from viche_social.own_bodies import OwnBodies
from viche_social.servicer.audit import AuditServicer
from viche_social.servicer.presence import PresenceServicer
from viche_social.servicer.register import RegisterServicer

NAMES = contract_names(
    register_pb2,
    presence_pb2,
    channels_pb2,
    posts_pb2,
    editions_pb2,
    metrics_pb2,
    inbox_pb2,
    learning_pb2,
    audit_pb2,
    public_events_pb2,
)
"""Full names of the services."""


@dataclass(frozen=True, slots=True)
class Social:
    """What social serves, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    own_bodies: OwnBodies
    counting: Counting
    posts: Posts
    inbox: Inbox
    events: Events


@dataclass(frozen=True, slots=True)
class Ways:
    """What social is connected to: its database, its way out, identity and its keys, notifications, the store of
    files, and the connectors."""

    pool: Pool
    relay: OutboxRelay
    identity: grpc.aio.Channel
    tokens: Verifier
    notifications: grpc.aio.Channel
    objects: ObjectStore
    connectors: Runner


def compose(settings: Settings, ways: Ways) -> Social:
    """The servicers and background tasks.

    Raises:
        ConfigError: the master key, or a file that the operator names, cannot be read.
    """
    zone, region = ZoneInfo(settings.timezone), Region(ways.identity)
    own_bodies = OwnBodies(ways.pool, region, zone)
    around = Around(ways.pool, ways.objects, region, read_key(settings.data_key), ways.connectors, ways.relay.wake)
    posts = compose_posts(settings, around)
    inbox = compose_inbox(around, posts.calls, settings.public_url, settings.inbox_kept_months)
    events = compose_events(settings, around, ways.tokens, ways.notifications)
    register: list[Register] = [
        partial(
            register_pb2_grpc.add_RegisterServiceServicer_to_server,
            RegisterServicer(ways.pool, own_bodies, zone),
        ),
        partial(
            presence_pb2_grpc.add_PresenceServiceServicer_to_server,
            PresenceServicer(ways.pool, own_bodies, zone),
        ),
        partial(audit_pb2_grpc.add_AuditServiceServicer_to_server, AuditServicer(ways.pool)),
        *posts.register,
        *inbox.register,
        *events.register,
    ]
    counting = Counting(ways.pool, posts.calls, own_bodies, zone)
    tasks = [own_bodies.run, counting.run, Measuring(ways.pool).run, *posts.tasks, *inbox.tasks, *events.tasks]
    return Social(register, tasks, own_bodies, counting, posts, inbox, events)
