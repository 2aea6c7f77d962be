"""Where the signatures of a petition come from, now and usually."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from viche_chassis.db import Connection
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.trends import Group, Trend, Window, of_groups, of_hours
from viche_petitions.store import drafts, meant
from viche_petitions.store import trends as store
from viche_petitions.store.trends import Source

SOURCES: Mapping[Group, Source] = {
    Group.NETWORK: store.NETWORK,
    Group.MAIL_DOMAIN: store.MAIL_DOMAIN,
    Group.TERRITORY: store.TERRITORY,
}


@dataclass(frozen=True, slots=True)
class Trends:
    """All rows, and the hours of the last day with their signatures."""

    rows: list[Trend]
    hours: list[tuple[datetime, int]]
    since: datetime


async def of_petition(conn: Connection, petition: Petition) -> Trends:
    """The trends of a petition that was opened here."""
    assert petition.opened_at is not None  # the caller has seen it
    await meant.allow_long_statements(conn)
    window = Window.at(await drafts.now(conn), petition.opened_at)
    hours = await store.hours(conn, petition.id, window.since)
    rows = of_hours(hours, window)
    for group, source in SOURCES.items():
        counted = await store.by_hour(conn, petition.id, source, window.since)
        keys = sorted({key for key, at, _ in counted if at >= window.now})
        others = await store.of_others(conn, petition.id, source, window.now, keys)
        rows += of_groups(group, counted, others, window)
    return Trends(rows, [each for each in hours if each[0] >= window.now], window.now)
