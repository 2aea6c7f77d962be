"""The notifications process: chooses its parts and puts them together."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viche.notifications.v1 import (
    bounces_pb2,
    bounces_pb2_grpc,
    draft_links_pb2,
    draft_links_pb2_grpc,
    event_mails_pb2,
    event_mails_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
)

from viche_chassis import bus, common, consuming
from viche_chassis.app import Service, Task, contract_names, serve, service_names
from viche_chassis.brand import load_brand
from viche_chassis.config import ConfigError
from viche_chassis.db import Pool, open_pool
from viche_notifications.bounces import BouncesServicer
from viche_notifications.campaigns import Campaigner
from viche_notifications.config import Settings
from viche_notifications.consumer import CONSUMER, Intake
from viche_notifications.digesting import Digester
from viche_notifications.domain.messages import Lane
from viche_notifications.draft_links import DraftLinksServicer
from viche_notifications.event_mails import EventMailsServicer
from viche_notifications.janitor import Janitor
from viche_notifications.mail import MailWriter, Sender, Site, parse_sender
from viche_notifications.office import Office
from viche_notifications.privacy import PrivacyServicer
from viche_notifications.sealing import Contacts, ReturnAddresses, UnsubscribeLinks
from viche_notifications.sender import Desk, Pace, Worker
from viche_notifications.servicer import registrations
from viche_notifications.smtp import SmtpLine, SmtpServer, parse_smtp_url
from viche_notifications.sources import Sources
from viche_notifications.texts import LanguageMissing
from viche_notifications.waking import Bell

PACKAGE = "viche.notifications.v1"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is made from settings alone."""

    settings: Settings
    server: SmtpServer
    sender: Sender
    writer: MailWriter
    contacts: Contacts
    links: UnsubscribeLinks
    returns: ReturnAddresses
    zone: ZoneInfo
    own_hosts: frozenset[str]


async def main(settings: Settings) -> None:
    """Serves until the process is told to end.

    Raises:
        ConfigError: a setting is unusable.
    """
    parts = _prepare(settings)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        me = common.service_identity(settings, "notifications")
        pool = await enter(
            open_pool(settings.database_url, settings.database_pool, through_pooler=settings.database_pooler)
        )
        nats = await enter(bus.connect(settings.nats_url, "notifications"))
        identity = await enter(common.calling(settings.identity_address, "identity", me))
        petitions = await enter(common.calling(settings.petitions_address, "petitions", me))
        social = await enter(common.calling(settings.social_address, "social", me))
        sources = Sources(identity, petitions, parts.own_hosts)
        bells = {lane: Bell() for lane in Lane}
        tasks = _tasks(parts, pool, nats, sources, Office(identity, petitions, social), bells)
        keeper = common.gatekeeper(settings, "notifications", None)
        register = [
            *registrations(pool, parts.links, parts.contacts),
            partial(privacy_pb2_grpc.add_PrivacyServiceServicer_to_server, PrivacyServicer(pool, parts.contacts)),
            partial(
                bounces_pb2_grpc.add_BouncesServiceServicer_to_server,
                BouncesServicer(pool, parts.contacts, parts.returns),
            ),
            partial(
                event_mails_pb2_grpc.add_EventMailsServiceServicer_to_server,
                EventMailsServicer(pool, parts.contacts, sources.sites, settings.languages, bells),
            ),
            partial(
                draft_links_pb2_grpc.add_DraftLinksServiceServicer_to_server,
                DraftLinksServicer(pool, parts.contacts, sources.sites, settings.languages, bells[Lane.URGENT]),
            ),
        ]
        names = [*service_names(PACKAGE), *contract_names(privacy_pb2, bounces_pb2, draft_links_pb2, event_mails_pb2)]
        await serve(Service("notifications", settings.listen, keeper, register, names, tasks))


def _prepare(settings: Settings) -> _Parts:
    master = common.read_key(settings.data_key)
    links = UnsubscribeLinks(master)
    with _naming("VICHE_SMTP_URL"):
        server = parse_smtp_url(settings.smtp_url)
    with _naming("VICHE_MAIL_FROM"):
        sender = parse_sender(settings.mail_from)
    with _naming("VICHE_TIMEZONE"):
        zone = ZoneInfo(settings.timezone)
    with _naming("VICHE_MAIL_BOUNCES"):
        returns = ReturnAddresses(master, settings.mail_bounces)
    brand = load_brand(settings.brand, settings.languages, settings.public_url)
    site = Site(settings.region_name, settings.public_url, settings.languages, zone, sender, brand)
    with _naming("VICHE_LANGUAGES"):
        writer = MailWriter(site, links, returns)
    return _Parts(
        settings, server, sender, writer, Contacts(master), links, returns, zone, frozenset(brand.authorities)
    )


@contextmanager
def _naming(variable: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, ZoneInfoNotFoundError, LanguageMissing) as error:
        raise ConfigError([f"{variable}: {error}."]) from error


def _tasks(
    parts: _Parts,
    pool: Pool,
    nats: bus.Client,
    sources: Sources,
    office: Office,
    bells: Mapping[Lane, Bell],
) -> list[Task]:
    campaign_bell = Bell()
    languages = parts.settings.languages
    intake = Intake(pool, sources, parts.contacts, languages, bells, campaign_bell)
    relay = bus.OutboxRelay(pool, nats, "notifications", parts.settings.nats_replicas)

    def queued() -> None:
        bells[Lane.BULK].ring()
        relay.wake()

    return [
        relay.run,
        consuming.Consumer(pool, nats, "identity", CONSUMER, intake.identity_handlers()).run,
        consuming.Consumer(pool, nats, "petitions", CONSUMER, intake.petitions_handlers()).run,
        Campaigner(pool, sources, parts.contacts, languages, campaign_bell, queued).run,
        Digester(pool, office, parts.contacts, parts.zone, languages, bells[Lane.BULK]).run,
        Janitor(pool).run,
        *_workers(parts, Desk(pool, parts.contacts, parts.writer, Pace()), bells),
    ]


def _workers(parts: _Parts, desk: Desk, bells: Mapping[Lane, Bell]) -> list[Task]:
    server, settings = parts.server, parts.settings
    is_plain = server.start_tls is False and not server.use_tls
    tls = None if is_plain else ssl.create_default_context()

    def worker(lane: Lane) -> Worker:
        line = SmtpLine(server, local_name=parts.sender.domain, timeout_s=desk.pace.step_s, tls=tls)
        return Worker(lane, desk, line, bells[lane])

    counts = {Lane.URGENT: settings.urgent_connections, Lane.BULK: settings.bulk_connections}
    return [worker(lane).run for lane, count in counts.items() for _ in range(count)]


if __name__ == "__main__":
    common.run("notifications", Settings, main)
