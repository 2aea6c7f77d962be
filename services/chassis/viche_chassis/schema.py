"""Whether a database has the tables that the code needs."""

import asyncio
import logging

import psycopg

from viche_chassis.db import CONNECT_TIMEOUT_S, read_migrations

log = logging.getLogger("viche.schema")

ASK_EVERY_S = 2.0
SAY_EVERY_S = 30.0


def pending(url: str, package: str, *, phases: tuple[str, ...] = ("pre", "post")) -> list[str]:
    """Names of the migrations that a service's database lacks, in their order; changes nothing.

    Raises:
        psycopg.Error: the database does not answer.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as conn:
        applied = _applied(conn)
    wanted = (*read_migrations("viche_chassis"), *read_migrations(package))
    return [each.name for each in wanted if each.phase in phases and each.name not in applied]


async def await_schema(url: str, package: str) -> None:
    """Returns once every migration that has to be there before this code starts is there; until then nothing serves.

    What a newer version has added is no hindrance: its "pre" migrations leave this code working.
    """
    said_at_s, said = 0.0, ""
    loop = asyncio.get_running_loop()
    while lacking := await asyncio.to_thread(_lacking, url, package):
        if lacking != said or loop.time() - said_at_s > SAY_EVERY_S:
            said, said_at_s = lacking, loop.time()
            log.warning("waits for its database, run viche migrate --phase pre", extra={"lacking": lacking})
        await asyncio.sleep(ASK_EVERY_S)


def _lacking(url: str, package: str) -> str:
    try:
        return ", ".join(pending(url, package, phases=("pre",)))
    except psycopg.Error as error:
        return type(error).__name__


def _applied(conn: psycopg.Connection) -> set[str]:
    try:
        return {row[0] for row in conn.execute("SELECT name FROM schema_migrations").fetchall()}
    except psycopg.errors.UndefinedTable:
        return set()
