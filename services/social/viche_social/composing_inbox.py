"""Puts together what reads and answers."""

from dataclasses import dataclass
from functools import partial

from viche.social.v1 import inbox_pb2_grpc

from viche_chassis.app import Register, Task
from viche_social.calling import Calls
from viche_social.composing_posts import Around
from viche_social.hooks import Hooks
from viche_social.intake import Intake
from viche_social.people import People
from viche_social.proposing import Proposing
from viche_social.replying import Replier
from viche_social.searching import Searching
from viche_social.servicer.inbox import Within
from viche_social.servicer.inbox_settings import InboxServicer
from viche_social.taking import Taking


@dataclass(frozen=True, slots=True)
class Inbox:
    """What is served, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    intake: Intake
    replier: Replier
    taking: Taking


def compose_inbox(around: Around, calls: Calls, public_url: str) -> Inbox:
    """The inbox."""
    people, searching = People(around.master_key), Searching()
    taking = Taking(people, searching, Proposing(searching))
    intake = Intake(around.pool, calls, taking)
    replier = Replier(around.pool, calls, people)
    hooks = Hooks(around.master_key, public_url)
    within = Within(around.pool, calls, people, searching, intake, hooks, replier.hurry)
    register: list[Register] = [
        partial(inbox_pb2_grpc.add_InboxServiceServicer_to_server, InboxServicer(within, around.region))
    ]
    return Inbox(register, [intake.run, replier.run], intake, replier, taking)
