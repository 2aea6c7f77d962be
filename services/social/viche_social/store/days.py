"""The day, by the database's clock."""

from datetime import date
from zoneinfo import ZoneInfo

from viche_chassis.db import Connection


async def today(conn: Connection, zone: ZoneInfo) -> date:
    """The day that it is now in a zone."""
    cursor = await conn.execute("SELECT (now() AT TIME ZONE %(zone)s)::date", {"zone": zone.key})
    (day,) = await cursor.fetchone() or (date.min,)
    return day
