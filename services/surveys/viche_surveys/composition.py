"""Puts surveys together from its database, its keys and the ways to identity and out."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import grpc
from viche.surveys.v1 import (
    answers_pb2,
    audit_pb2,
    audit_pb2_grpc,
    editing_pb2,
    editing_pb2_grpc,
    participation_pb2,
    results_pb2,
    results_pb2_grpc,
    surveys_pb2,
    surveys_pb2_grpc,
)

from viche_chassis.app import Register, Task, contract_names
from viche_chassis.bus import OutboxRelay
from viche_chassis.common import read_key
from viche_chassis.db import Pool
from viche_chassis.objects import ObjectStore
from viche_chassis.sealing import Seal
from viche_chassis.tokens import Verifier
from viche_surveys.columnar import Engine
from viche_surveys.composing_answers import Surroundings, compose_answers
from viche_surveys.config import Settings
from viche_surveys.consumer import Erasing
from viche_surveys.crosstabs import Crosstabs
from viche_surveys.exporting import Exporting
from viche_surveys.housekeeping import Housekeeping
from viche_surveys.identity import Region
from viche_surveys.publishing import Publisher
from viche_surveys.recounting import Recounting
from viche_surveys.respondents import Respondents
from viche_surveys.servicer.archive import ArchiveServicer
from viche_surveys.servicer.audit import AuditServicer
from viche_surveys.servicer.editing import EditingServicer
from viche_surveys.servicer.exports import ExportsServicer
from viche_surveys.servicer.forms import FormsServicer
from viche_surveys.servicer.polls import PollsServicer
from viche_surveys.servicer.results import ResultsServicer
from viche_surveys.servicer.surveys import SurveysServicer
from viche_surveys.snapshots import Snapshots
from viche_surveys.taking_over import TakingOver
from viche_surveys.timekeeping import Timekeeper

NAMES = contract_names(surveys_pb2, answers_pb2, participation_pb2, results_pb2, audit_pb2, editing_pb2)
"""Full names of the services."""


@dataclass(frozen=True, slots=True)
class Surveys:
    """What surveys serves, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    timekeeper: Timekeeper
    erasing: Erasing
    exporting: Exporting
    housekeeping: Housekeeping
    publisher: Publisher
    snapshots: Snapshots
    recounting: Recounting


@dataclass(frozen=True, slots=True)
class Ways:
    """What surveys is connected to: its database, its way out, identity, identity's keys, and the store of files."""

    pool: Pool
    relay: OutboxRelay
    identity: grpc.aio.Channel
    tokens: Verifier
    objects: ObjectStore


def compose(settings: Settings, ways: Ways) -> Surveys:
    """The servicers and background tasks.

    Raises:
        ConfigError: the master key cannot be read.
    """
    master_key = read_key(settings.data_key)
    seal, region = Seal(master_key, "surveys/answers/v1"), Region(ways.identity)
    around = Surroundings(ways.pool, ways.tokens, ways.objects, region, ways.relay.wake)
    answers = compose_answers(settings, master_key, around)
    engine = Engine()
    crosstabs = Crosstabs(ways.objects, engine)
    register: list[Register] = [
        partial(
            surveys_pb2_grpc.add_SurveysServiceServicer_to_server,
            SurveysServicer(ways.pool, region, ways.relay.wake),
        ),
        partial(surveys_pb2_grpc.add_FormsServiceServicer_to_server, FormsServicer(ways.pool)),
        partial(editing_pb2_grpc.add_EditingServiceServicer_to_server, EditingServicer()),
        partial(editing_pb2_grpc.add_PollsServiceServicer_to_server, PollsServicer(ways.pool)),
        partial(audit_pb2_grpc.add_AuditServiceServicer_to_server, AuditServicer(ways.pool)),
        partial(
            results_pb2_grpc.add_ResultsServiceServicer_to_server,
            ResultsServicer(ways.pool, crosstabs),
        ),
        partial(
            results_pb2_grpc.add_ArchiveServiceServicer_to_server,
            ArchiveServicer(ways.pool, TakingOver(region, seal, ZoneInfo(settings.timezone))),
        ),
        partial(results_pb2_grpc.add_ExportsServiceServicer_to_server, ExportsServicer(ways.pool, ways.objects)),
        *answers.register,
    ]
    timekeeper = Timekeeper(ways.pool, ways.relay.wake)
    exporting = Exporting(ways.pool, ways.objects, seal)
    publisher = Publisher(ways.pool)
    snapshots = Snapshots(ways.pool, ways.objects, engine)
    tasks: list[Task] = [
        timekeeper.run, publisher.run, snapshots.run, crosstabs.run, exporting.run, exporting.sweep_all,
        *answers.tasks,
    ]  # fmt: skip
    erasing = Erasing(ways.pool, Respondents(master_key))
    return Surveys(
        register, tasks, timekeeper, erasing, exporting, answers.housekeeping, publisher, snapshots, answers.recounting
    )
