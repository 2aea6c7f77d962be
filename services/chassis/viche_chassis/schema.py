"""Whether a database has the tables that the code needs."""

import asyncio
import logging

import psycopg

from viche_chassis.db import CONNECT_TIMEOUT_S, lacking

log = logging.getLogger("viche.schema")

ASK_EVERY_S = 2.0
SAY_EVERY_S = 30.0


def pending(url: str, package: str, *, phases: tuple[str, ...] = ("pre", "post")) -> list[str]:
    """Names of the migrations that a service's database lacks, in their order; changes nothing.

    Raises:
        psycopg.Error: the database does not answer.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as conn:
        return lacking(conn, package, phases)


async def await_schema(url: str, package: str) -> None:
    """Returns once every migration that has to be there before this code starts is there; until then nothing serves.

    What a newer version has added is no hindrance: its "pre" migrations leave this code working.
    """
    said_at_s, said = 0.0, ""
    loop = asyncio.get_running_loop()
    while missing := await asyncio.to_thread(_missing, url, package):
        if missing != said or loop.time() - said_at_s > SAY_EVERY_S:
            said, said_at_s = missing, loop.time()
            log.warning("waits for its database, run viche migrate --phase pre", extra={"lacking": missing})
        await asyncio.sleep(ASK_EVERY_S)


def _missing(url: str, package: str) -> str:
    try:
        return ", ".join(pending(url, package, phases=("pre",)))
    except psycopg.Error as error:
        return type(error).__name__
