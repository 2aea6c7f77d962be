"""Puts together what connects channels and sends posts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from viche.social.v1 import channels_pb2_grpc, editions_pb2_grpc, metrics_pb2_grpc, posts_pb2_grpc

from viche_chassis.app import Register, Task
from viche_chassis.connectors.given import Networks
from viche_chassis.db import Pool
from viche_chassis.objects import ObjectStore
from viche_sdk.connectors.http import GuardedHttp, hosts_of
from viche_sdk.connectors.types import ConnectorSpec
from viche_social.applications import read_applications
from viche_social.asking import PostAsking
from viche_social.calling import Calls, Runner
from viche_social.checking import Checking
from viche_social.config import Settings
from viche_social.connecting import Connecting
from viche_social.domain.posts import PostKind
from viche_social.hooks import Hooks
from viche_social.identity import Region
from viche_social.media import MediaFiles
from viche_social.plain import PlainLanguage
from viche_social.renewing import Renewing
from viche_social.schedule import Schedule
from viche_social.secrets import Secrets
from viche_social.sending import Sender
from viche_social.servicer.channels import ChannelsServicer
from viche_social.servicer.editions import EditionsServicer
from viche_social.servicer.metrics import MetricsServicer
from viche_social.servicer.posts import PostsServicer


@dataclass(frozen=True, slots=True)
class Around:
    """What posts are surrounded by.

    Args:
        pool: of the database.
        objects: where files are kept.
        region: the authorities.
        master_key: of the service.
        runner: runs connectors.
        wake: called after a commit that left something in the outbox.
    """

    pool: Pool
    objects: ObjectStore
    region: Region
    master_key: bytes
    runner: Runner
    wake: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Posts:
    """What is served, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    calls: Calls
    sender: Sender
    schedule: Schedule
    connecting: Connecting
    renewing: Renewing
    asking: PostAsking
    files: MediaFiles


def compose_posts(settings: Settings, around: Around) -> Posts:
    """Channels and posts.

    Raises:
        ConfigError: a file that the operator names cannot be read.
    """
    files, secrets = MediaFiles(around.objects, settings.post_file_mb * 1_000_000), Secrets(around.master_key)
    applications = read_applications(Path(settings.connectors) if settings.connectors else None)
    calls = Calls(around.pool, around.runner, secrets, files, applications)
    sender = Sender(around.pool, calls, around.wake)
    networks = Networks(settings.connector_networks)
    connecting = Connecting(
        around.pool, calls, sender.hurry,
        country=settings.country, language=settings.languages[0], allows_loopback=networks.has_loopback,
    )  # fmt: skip
    renewing = Renewing(around.pool, calls, connecting, partial(_http, networks))
    checking = Checking(calls, frozenset(map(PostKind, settings.sourced_posts)))
    plain = PlainLanguage(Path(settings.office_words) if settings.office_words else None)
    schedule, asking = Schedule(around.pool, calls, sender.hurry), PostAsking(around.pool, calls)
    register: list[Register] = [
        partial(
            channels_pb2_grpc.add_ChannelsServiceServicer_to_server,
            ChannelsServicer(
                around.pool, around.region, calls, connecting, secrets, partial(_http, networks), settings.country,
                settings.public_url, Hooks(around.master_key, settings.public_url),
            ),
        ),
        partial(
            posts_pb2_grpc.add_PostsServiceServicer_to_server,
            PostsServicer(
                around.pool, around.region, checking, plain, files, calls, sender.hurry,
                needs_second=settings.four_eyes,
            ),
        ),
        partial(
            editions_pb2_grpc.add_EditionsServiceServicer_to_server,
            EditionsServicer(around.pool, checking, calls, sender.hurry, needs_second=settings.four_eyes),
        ),
        partial(metrics_pb2_grpc.add_MetricsServiceServicer_to_server, MetricsServicer(around.pool, calls)),
    ]  # fmt: skip
    tasks: list[Task] = [sender.run, schedule.run, connecting.run, renewing.run, asking.run, files.run]
    return Posts(register, tasks, calls, sender, schedule, connecting, renewing, asking, files)


def _http(networks: Networks, spec: ConnectorSpec, values: Mapping[str, str]) -> GuardedHttp:
    """The HTTP that a round of consent goes through: to the connector's own hosts."""
    return GuardedHttp(hosts_of(spec, values), trusted=networks.read(), allows_loopback=networks.has_loopback)
