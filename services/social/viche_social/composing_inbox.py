"""Puts together what reads and answers."""

from dataclasses import dataclass
from functools import partial

from viche.social.v1 import inbox_pb2_grpc, learning_pb2_grpc

from viche_chassis.app import Register, Task
from viche_social.calling import Calls
from viche_social.composing_posts import Around
from viche_social.forgetting import Forgetting
from viche_social.hooks import Hooks
from viche_social.intake import Intake
from viche_social.learned import Learned
from viche_social.learning import Learning
from viche_social.people import People
from viche_social.proposing import Proposing
from viche_social.replying import Replier
from viche_social.searching import Searching
from viche_social.servicer.inbox import Within
from viche_social.servicer.inbox_settings import InboxServicer
from viche_social.servicer.learning import LearningServicer
from viche_social.taking import Taking


@dataclass(frozen=True, slots=True)
class Inbox:
    """What is served, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    intake: Intake
    replier: Replier
    taking: Taking
    learning: Learning
    forgetting: Forgetting


def compose_inbox(around: Around, calls: Calls, public_url: str, kept_months: int) -> Inbox:
    """The inbox."""
    people, searching = People(around.master_key), Searching()
    words = Proposing(searching)
    taking, learning = Taking(people, searching, Learned(words)), Learning(around.pool, people, words)
    intake = Intake(around.pool, calls, taking)
    replier = Replier(around.pool, calls, people)
    forgetting = Forgetting(around.pool, people, kept_months)
    hooks = Hooks(around.master_key, public_url)
    within = Within(around.pool, calls, people, searching, intake, hooks, replier.hurry)
    register: list[Register] = [
        partial(inbox_pb2_grpc.add_InboxServiceServicer_to_server, InboxServicer(within, around.region)),
        partial(learning_pb2_grpc.add_LearningServiceServicer_to_server, LearningServicer(around.pool, around.region)),
    ]
    tasks: list[Task] = [intake.run, replier.run, learning.run, forgetting.run]
    return Inbox(register, tasks, intake, replier, taking, learning, forgetting)
