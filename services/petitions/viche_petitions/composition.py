"""Puts petitions together from its database, its keys and the ways to identity and out."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import grpc
from viche.petitions.v1 import (
    answers_pb2_grpc,
    audience_pb2_grpc,
    audit_pb2_grpc,
    behalf_pb2_grpc,
    integrity_pb2_grpc,
    moderation_pb2_grpc,
    office_pb2_grpc,
    opendata_pb2_grpc,
    pauses_pb2_grpc,
    privacy_pb2_grpc,
    signers_pb2_grpc,
    similar_pb2_grpc,
    sponsors_pb2_grpc,
)
from viche.petitions.v1 import organisations_pb2_grpc as organisations_rpc
from viche.petitions.v1 import petitions_pb2_grpc as names

from viche_chassis.app import Register, Task
from viche_chassis.bus import OutboxRelay
from viche_chassis.common import read_key
from viche_chassis.db import Pool
from viche_chassis.objects import ObjectStore
from viche_chassis.plugins import load_plugins
from viche_chassis.rates import Rates
from viche_chassis.sealing import KeyedIndex
from viche_chassis.tokens import Verifier
from viche_chassis.words import Words
from viche_petitions.accepting import Accepting
from viche_petitions.answers import Answering
from viche_petitions.authors import Authors
from viche_petitions.behalf import Behalf
from viche_petitions.config import Settings
from viche_petitions.counting import Watcher
from viche_petitions.email_signing import EmailSigning
from viche_petitions.hooks import Hooks
from viche_petitions.housekeeping import Housekeeping
from viche_petitions.identity import Authorities, People
from viche_petitions.invalidating import Invalidating
from viche_petitions.moderation import Moderation
from viche_petitions.recounting import Recounting
from viche_petitions.rulebook import Rulebook
from viche_petitions.sealing import Sealing
from viche_petitions.servicer.answers import AnswersServicer
from viche_petitions.servicer.audience import AudienceServicer
from viche_petitions.servicer.audit import AuditServicer
from viche_petitions.servicer.behalf import BehalfServicer
from viche_petitions.servicer.counts import CountsServicer
from viche_petitions.servicer.integrity import IntegrityServicer, Work
from viche_petitions.servicer.moderation import ModerationServicer
from viche_petitions.servicer.office import OfficeServicer
from viche_petitions.servicer.opendata import OpenDataServicer
from viche_petitions.servicer.organisations import OrganisationAuthorsServicer
from viche_petitions.servicer.pauses import PausesServicer
from viche_petitions.servicer.petitions import PetitionsServicer
from viche_petitions.servicer.privacy import PrivacyServicer
from viche_petitions.servicer.signatures import SignaturesServicer
from viche_petitions.servicer.signers import SignersServicer
from viche_petitions.servicer.similar import SimilarPetitionsServicer
from viche_petitions.servicer.sponsors import SponsorsServicer
from viche_petitions.signer_names import SignerNames
from viche_petitions.similar import Similar
from viche_petitions.snapshots import Snapshots
from viche_petitions.sponsors import Sponsoring
from viche_petitions.writing import Writing


@dataclass(frozen=True, slots=True)
class Petitions:
    """What petitions serves, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    watcher: Watcher
    housekeeping: Housekeeping
    hooks: Hooks
    similar: Similar
    snapshots: Snapshots
    integrity: Work


@dataclass(frozen=True, slots=True)
class Ways:
    """What petitions is connected to: its database, its way out, identity, identity's keys, and the store of files."""

    pool: Pool
    relay: OutboxRelay
    identity: grpc.aio.Channel
    tokens: Verifier
    objects: ObjectStore | None = None


def compose(settings: Settings, ways: Ways, words: Words) -> Petitions:
    """The servicers and background tasks.

    Raises:
        ConfigError: the master key cannot be read.
    """
    master_key = read_key(settings.data_key)
    plugins, zone = load_plugins(settings.plugins), ZoneInfo(settings.timezone)
    watcher = Watcher(ways.pool, ways.relay, zone)
    housekeeping = Housekeeping(ways.pool, settings.trace_days, ways.objects)
    sealing, rates = Sealing(master_key), Rates(KeyedIndex(master_key, "petitions/rates/v1"), settings.rate_factor)
    writing = Writing(Rulebook(plugins, zone), words, settings.rate_factor, Authors(sealing))
    names_of_signers = SignerNames(sealing)
    people = People(ways.identity)
    by_email = EmailSigning(ways.pool, sealing, people, watcher.accepted, rates)
    signing = SignaturesServicer(
        ways.pool, ways.tokens, Accepting(ways.pool, watcher.accepted, names_of_signers), by_email, writing.rulebook
    )
    authorities = Authorities(ways.identity)
    petitions = PetitionsServicer(ways.pool, writing, authorities, ways.tokens, ways.relay.wake)
    moderation = ModerationServicer(ways.pool, Moderation(writing.rulebook), authorities, ways.relay.wake)
    similar = Similar(ways.pool)
    sponsoring = SponsorsServicer(Sponsoring(ways.pool, sealing, rates, zone, watcher.accepted), ways.tokens)
    work = Work(Invalidating(ways.pool, zone, ways.relay.wake), Recounting(ways.pool, zone), watcher.accepted)
    integrity = IntegrityServicer(ways.pool, zone, Authorities(ways.identity), work)
    answers = AnswersServicer(ways.pool, Answering(zone, settings.languages[0]), ways.relay.wake)
    register: list[Register] = [
        partial(names.add_PetitionsServiceServicer_to_server, petitions),
        partial(moderation_pb2_grpc.add_ModerationServiceServicer_to_server, moderation),
        partial(names.add_SignaturesServiceServicer_to_server, signing),
        partial(integrity_pb2_grpc.add_IntegrityServiceServicer_to_server, integrity),
        partial(names.add_CountsServiceServicer_to_server, CountsServicer(ways.pool)),
        partial(sponsors_pb2_grpc.add_SponsorsServiceServicer_to_server, sponsoring),
        partial(
            signers_pb2_grpc.add_SignersServiceServicer_to_server, SignersServicer(ways.pool, names_of_signers, zone)
        ),
        partial(similar_pb2_grpc.add_SimilarPetitionsServiceServicer_to_server, SimilarPetitionsServicer(similar)),
        partial(answers_pb2_grpc.add_AnswersServiceServicer_to_server, answers),
        partial(audience_pb2_grpc.add_AudienceServiceServicer_to_server, AudienceServicer(ways.pool, ways.tokens)),
        partial(
            privacy_pb2_grpc.add_PrivacyServiceServicer_to_server,
            PrivacyServicer(ways.pool, ways.tokens, names_of_signers),
        ),
        partial(audit_pb2_grpc.add_AuditServiceServicer_to_server, AuditServicer(ways.pool)),
        partial(
            pauses_pb2_grpc.add_PausesServiceServicer_to_server,
            PausesServicer(ways.pool, authorities, settings.languages),
        ),
        partial(office_pb2_grpc.add_OfficeServiceServicer_to_server, OfficeServicer(ways.pool, authorities, zone)),
        partial(
            organisations_rpc.add_OrganisationAuthorsServiceServicer_to_server,
            OrganisationAuthorsServicer(ways.pool, ways.tokens, writing.authors),
        ),
        partial(
            behalf_pb2_grpc.add_BehalfServiceServicer_to_server,
            BehalfServicer(ways.pool, Behalf(writing, people, rates), authorities, sealing, ways.relay.wake),
        ),
        partial(opendata_pb2_grpc.add_OpenDataServiceServicer_to_server, OpenDataServicer(ways.pool, words, zone)),
    ]
    snapshots = Snapshots(ways.pool, zone, settings.public_url)
    tasks: list[Task] = [
        watcher.run,
        housekeeping.run,
        work.invalidating.run,
        work.recounting.run,
        similar.run,
        snapshots.run,
    ]
    return Petitions(register, tasks, watcher, housekeeping, Hooks(ways.pool, plugins, zone), similar, snapshots, work)
