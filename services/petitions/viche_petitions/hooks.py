"""Tells plugins what has happened to petitions: each in its own time, none in a request or a transaction."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.petitions.v1 import events_pb2

from viche_chassis.bus import Client
from viche_chassis.consuming import Consumer, Event, Handler
from viche_chassis.db import Pool, reading
from viche_chassis.plugins import Plugins
from viche_petitions.domain.petition import Petition
from viche_petitions.writing import must_get
from viche_sdk.types import Event as SdkEvent
from viche_sdk.types import Happened, PetitionAnswered, PetitionClosed, PetitionOpened, PetitionThresholdReached, Terms

AREA = "petitions"
Describe = Callable[[Any, Petition, ZoneInfo], Happened]


class Hooks:
    """Calls the life-cycle hooks of plugins when events arrive.

    Every plugin has a durable consumer of its own, so that one that is slow or fails keeps no other waiting.
    A hook that raises is called again, three times in all; then its event goes to the dead letters.
    """

    def __init__(self, pool: Pool, plugins: Plugins, zone: ZoneInfo) -> None:
        self._pool = pool
        self._plugins = plugins
        self._zone = zone

    def consumers(self, client: Client) -> list[Consumer]:
        """One for each plugin that implements a life-cycle hook."""
        by_plugin: dict[str, dict[type[Any], Handler]] = {}
        for kind, (hook, describe) in _HOOKS.items():
            for plugin in self._plugins.listeners(hook):
                by_plugin.setdefault(plugin, {})[kind] = self._handler(plugin, hook, describe)
        return [
            Consumer(self._pool, client, AREA, f"hooks-{plugin}", handlers) for plugin, handlers in by_plugin.items()
        ]

    def _handler(self, plugin: str, hook: str, describe: Describe) -> Handler:
        async def handle(event: Event) -> None:
            said: Any = event.message
            async with reading(self._pool) as conn:
                petition = await must_get(conn, UUID(said.petition_id))
            await asyncio.to_thread(self._plugins.tell, plugin, hook, describe(said, petition, self._zone))

        return handle


def _opened(said: events_pb2.PetitionOpened, petition: Petition, zone: ZoneInfo) -> PetitionOpened:
    terms, opened_at = _begun(petition)
    # not the time noted with it: it may have been closed early by now
    return PetitionOpened(petition.id, said.number, terms, opened_at, terms.closes_at(opened_at, zone))


def _threshold_reached(
    said: events_pb2.PetitionThresholdReached, petition: Petition, _zone: ZoneInfo
) -> PetitionThresholdReached:
    terms, _ = _begun(petition)
    return PetitionThresholdReached(
        petition.id, said.number, terms, said.threshold, said.signatures, petition.reached[said.threshold]
    )


def _closed(said: events_pb2.PetitionClosed, petition: Petition, _zone: ZoneInfo) -> PetitionClosed:
    terms, _ = _begun(petition)
    reached = tuple(each.name for each in terms.thresholds if each.name in petition.reached)
    assert petition.closed_at is not None  # closing sets it
    ended_by = next((each.detail for each in petition.happenings if each.event == SdkEvent.CLOSED), "")
    return PetitionClosed(
        petition.id, said.number, terms, petition.signature_count, reached, petition.closed_at, ended_by
    )


def _answered(said: events_pb2.PetitionAnswered, petition: Petition, _zone: ZoneInfo) -> PetitionAnswered:
    terms, _ = _begun(petition)
    answer = next(each for each in petition.answers if each.version == said.version)
    return PetitionAnswered(petition.id, said.number, terms, answer.published_at)


def _begun(petition: Petition) -> tuple[Terms, datetime]:
    assert petition.terms is not None  # opening sets both
    assert petition.opened_at is not None
    return petition.terms, petition.opened_at


_HOOKS: Mapping[type[Any], tuple[str, Describe]] = {
    events_pb2.PetitionOpened: ("viche_petition_opened", _opened),
    events_pb2.PetitionThresholdReached: ("viche_petition_threshold_reached", _threshold_reached),
    events_pb2.PetitionAnswered: ("viche_petition_answered", _answered),
    events_pb2.PetitionClosed: ("viche_petition_closed", _closed),
}
