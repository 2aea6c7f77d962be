"""Puts together what takes answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from viche.surveys.v1 import answers_pb2_grpc, participation_pb2_grpc, surveys_pb2_grpc

from viche_chassis.app import Register, Task
from viche_chassis.db import Pool
from viche_chassis.objects import ObjectStore
from viche_chassis.rates import Rates
from viche_chassis.sealing import KeyedIndex, Seal, SignedTokens
from viche_chassis.tokens import Verifier
from viche_surveys.accepting import Accepting
from viche_surveys.admission import Admissions
from viche_surveys.announcing import Announcing
from viche_surveys.answering import Answering, Reader
from viche_surveys.begun import Keeper
from viche_surveys.config import Settings
from viche_surveys.drafts import Drafting
from viche_surveys.housekeeping import Housekeeping
from viche_surveys.identity import Region
from viche_surveys.live import LiveSurveys
from viche_surveys.previewing import Previewing
from viche_surveys.recounting import Recounting
from viche_surveys.respondents import Respondents
from viche_surveys.servicer.answers import AnswersServicer
from viche_surveys.servicer.invitations import InvitationsServicer
from viche_surveys.servicer.participation import ParticipationServicer
from viche_surveys.servicer.privacy import PrivacyServicer
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
    housekeeping: Housekeeping
    recounting: Recounting


def compose_answers(settings: Settings, master_key: bytes, around: Surroundings) -> Answers:
    """The servicers and background tasks."""
    zone, pool = ZoneInfo(settings.timezone), around.pool
    seal = Seal(master_key, "surveys/answers/v1")
    surveys = LiveSurveys(pool)
    people = Respondents(master_key)
    uploads = Uploads(pool, around.objects, seal)
    admissions = Admissions(pool, around.tokens, people, KeyedIndex(master_key, "surveys/invitations/v1"))

    def today() -> date:
        return datetime.now(zone).date()

    reader = Reader(around.region, uploads, today)
    accepting = Accepting(pool, seal, zone.key, lambda _: around.wake())
    rates = Rates(KeyedIndex(master_key, "surveys/rates/v1"), settings.rate_factor)
    bodies = KeyedIndex(master_key, "surveys/answer-bodies/v1")
    answering = Answering(pool, surveys, admissions, reader, accepting, rates, bodies)
    keeper = Keeper(SignedTokens(master_key, "surveys/drafts/v1"), Seal(master_key, "surveys/drafts/v1"))
    drafting = Drafting(
        pool, surveys, admissions, reader, answering, accepting, rates, keeper, settings.draft_days
    )  # fmt: skip
    answers = AnswersServicer(
        answering,
        drafting,
        Announcing(pool, surveys, admissions, uploads, rates),
        Previewing(pool, around.region, today),
    )
    privacy = PrivacyServicer(pool, around.tokens, people, seal)
    participation = ParticipationServicer(pool, drafting, around.tokens, people, keeper)
    links = InvitationsServicer(pool, admissions.secret_hash)
    register: list[Register] = [
        partial(answers_pb2_grpc.add_AnswersServiceServicer_to_server, answers),
        partial(answers_pb2_grpc.add_PrivacyServiceServicer_to_server, privacy),
        partial(participation_pb2_grpc.add_ParticipationServiceServicer_to_server, participation),
        partial(surveys_pb2_grpc.add_InvitationsServiceServicer_to_server, links),
    ]
    housekeeping = Housekeeping(pool, uploads)
    recounting = Recounting(pool, zone.key)
    return Answers(register, [housekeeping.run, recounting.run], housekeeping, recounting)
