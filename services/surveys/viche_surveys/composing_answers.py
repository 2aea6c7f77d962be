"""Puts together what takes answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viche.surveys.v1 import answers_pb2_grpc

from viche_chassis.app import Register, Task
from viche_chassis.config import ConfigError
from viche_chassis.db import Pool
from viche_chassis.objects import ObjectStore
from viche_chassis.rates import Rates
from viche_chassis.sealing import KeyedIndex, Seal
from viche_chassis.tokens import Verifier
from viche_surveys.accepting import Accepting
from viche_surveys.admission import Admissions
from viche_surveys.answering import Answering, Reader
from viche_surveys.config import Settings
from viche_surveys.identity import Region
from viche_surveys.live import LiveSurveys
from viche_surveys.respondents import Respondents
from viche_surveys.servicer.answers import AnswersServicer
from viche_surveys.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What answers are taken with."""

    pool: Pool
    tokens: Verifier
    objects: ObjectStore
    region: Region
    wake: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What serves answers, and what runs beside."""

    register: list[Register]
    tasks: list[Task]


def compose_answers(settings: Settings, master_key: bytes, around: Surroundings) -> Answers:
    """The servicers and background tasks.

    Raises:
        ConfigError: the time zone cannot be read.
    """
    zone, pool = _zone(settings.timezone), around.pool
    seal = Seal(master_key, "surveys/answers/v1")
    surveys = LiveSurveys(pool)
    people = Respondents(master_key)
    uploads = Uploads(pool, around.objects, seal)
    admissions = Admissions(pool, around.tokens, people, KeyedIndex(master_key, "surveys/invitations/v1"))
    reader = Reader(around.region, uploads, lambda: datetime.now(zone).date())
    accepting = Accepting(pool, seal, zone.key, lambda _: around.wake())
    rates = Rates(KeyedIndex(master_key, "surveys/rates/v1"), settings.rate_factor)
    bodies = KeyedIndex(master_key, "surveys/answer-bodies/v1")
    answering = Answering(pool, surveys, admissions, reader, accepting, rates, bodies)
    register: list[Register] = [
        partial(answers_pb2_grpc.add_AnswersServiceServicer_to_server, AnswersServicer(answering)),  # pyright: ignore[reportAbstractUsage]
    ]
    return Answers(register, [])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError([f"VICHE_TIMEZONE: '{name[:60]}' is no IANA time zone"]) from error
