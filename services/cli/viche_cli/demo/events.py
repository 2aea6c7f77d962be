"""Public events of Verbiv: a hearing next week with few seats, and a meeting that is over, with its main moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from viche.social.v1 import public_events_pb2 as pb

from viche_cli.demo.calls import Stubs, call, request_id

AUTHORITY = "verbiv"
HALL = pb.EventPlace(
    title={"uk": "Міська рада Вербова, зала на першому поверсі", "en": "Verbiv town hall, hall on the ground floor"},
    address={"uk": "площа Вишнева, 1", "en": "1 Cherry Square"},
    accessibility={
        "uk": "Вхід без сходів. Є переклад жестовою мовою.",
        "en": "Step-free entrance. There is a sign language interpreter.",
    },
)


def load_events(stubs: Stubs, authorities: Mapping[str, str], posts: Mapping[str, str], zone: ZoneInfo) -> int:
    """Writes and publishes Verbiv's events; doing it again changes nothing.

    Args:
        stubs: who is asked.
        authorities: ids by slug.
        posts: ids of Verbiv's posts by key; may be empty.
        zone: of the region.
    """
    today = datetime.now(zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    contents = [
        _hearing(today.replace(hour=18) + timedelta(days=7)),
        _meeting(today.replace(hour=17) - timedelta(days=12)),
    ]
    contents[1].moments_post_id = posts.get("library", "")
    for content in contents:
        content.time_zone = zone.key
        _publish(stubs, authorities[AUTHORITY], content)
    return len(contents)


def _publish(stubs: Stubs, authority_id: str, content: pb.EventContent) -> None:
    key = (content.title["en"], content.starts)
    created = pb.CreateEventRequest(request_id=request_id("event", *key), authority_id=authority_id, content=content)
    event = call(stubs.events.CreateEvent, created).event
    asked = pb.PublishEventRequest(
        request_id=request_id("event", "publish", *key), event_id=event.id, version=event.version
    )
    call(stubs.events.PublishEvent, asked)


def _hearing(starts: datetime) -> pb.EventContent:
    return pb.EventContent(
        kind=pb.EVENT_KIND_HEARING,
        title={"uk": "Де будувати нову школу?", "en": "Where shall the new school stand?"},
        summary={
            "uk": "Архітекторка покаже три ділянки. Кожен може сказати, що про них думає, і запитати про дорогу, садок"
            " і сусідів.",
            "en": "The architect shows three plots. Everybody may say what they think, and ask about the road, the"
            " kindergarten and the neighbours.",
        },
        agenda={
            "uk": "18:00 Три ділянки, коротко\n18:30 Запитання\n19:15 Думки мешканців\n19:50 Що буде далі",
            "en": "18:00 Three plots in short\n18:30 Questions\n19:15 What people think\n19:50 What comes next",
        },
        starts=_local(starts),
        ends=_local(starts + timedelta(hours=2)),
        place=HALL,
        contact="school@verbiv.example",
        registration=pb.EventRegistration(is_needed=True, capacity=30, has_waiting_list=True, most_seats=2),
    )


def _meeting(starts: datetime) -> pb.EventContent:
    return pb.EventContent(
        kind=pb.EVENT_KIND_MEETING,
        title={"uk": "Зустріч про нову бібліотеку", "en": "A meeting about the new library"},
        summary={
            "uk": "Чого бракує в бібліотеці і якою вона має бути: розмова з мешканцями.",
            "en": "What the library lacks and what it should be like: a talk with residents.",
        },
        starts=_local(starts),
        ends=_local(starts + timedelta(hours=2)),
        place=HALL,
    )


def _local(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
