"""Which day of a register was read last."""

from datetime import date

from viche_chassis.db import Connection


async def last(conn: Connection, register: str, part: str) -> date | None:
    """The day that a part, "bodies" or "accounts", was read for last; None where it is new."""
    cursor = await conn.execute(
        "SELECT read_on FROM readings WHERE register = %(register)s AND part = %(part)s",
        {"register": register, "part": part},
    )
    (day,) = await cursor.fetchone() or (None,)
    return day


async def note(conn: Connection, register: str, part: str, on: date) -> None:
    """Notes that a part, "bodies" or "accounts", was read for a day."""
    await conn.execute(
        "INSERT INTO readings (register, part, read_on) VALUES (%(register)s, %(part)s, %(on)s)"
        " ON CONFLICT (register, part) DO UPDATE SET read_on = excluded.read_on",
        {"register": register, "part": part, "on": on},
    )
