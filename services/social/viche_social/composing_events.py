"""Puts together what public events need."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import grpc
from viche.social.v1 import public_events_pb2_grpc

from viche_chassis.app import Register, Task
from viche_chassis.tokens import Verifier
from viche_social.composing_posts import Around
from viche_social.config import Settings
from viche_social.event_keeping import Keeping
from viche_social.event_mailing import Letters, Postman
from viche_social.holding_events import Holding
from viche_social.notifications import Notifications
from viche_social.registering import Seats
from viche_social.servicer import public_events
from viche_social.servicer.registrations import EventsServicer
from viche_social.visitors import Visitors


@dataclass(frozen=True, slots=True)
class Events:
    """What is served, and what runs beside."""

    register: list[Register]
    tasks: list[Task]
    keeping: Keeping
    postman: Postman


def compose_events(settings: Settings, around: Around, tokens: Verifier, notifications: grpc.aio.Channel) -> Events:
    """Public events."""
    host, kept = urlsplit(settings.public_url).hostname or "", timedelta(days=settings.visitors_kept_days)
    visitors = Visitors(around.master_key)
    letters = Letters(visitors)
    seats = Seats(visitors, letters)
    postman = Postman(around.pool, visitors, Notifications(notifications, settings.public_url, host))
    keeping = Keeping(around.pool, seats, letters, postman.hurry, kept)
    surroundings = public_events.Around(
        around.pool, around.region, tokens, visitors, seats, Holding(seats, letters), postman.hurry,
        settings.timezone, host, kept,
    )  # fmt: skip
    register: list[Register] = [
        partial(public_events_pb2_grpc.add_PublicEventsServiceServicer_to_server, EventsServicer(surroundings))
    ]
    return Events(register, [keeping.run, postman.run], keeping, postman)
