"""A rehearsal: a backup is put back into a folder and a server of its own, counted, and thrown away."""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import psycopg

from viche_cli.backup import databases, erasures
from viche_cli.backup.archive import Archive
from viche_cli.backup.restoring import KeySource, Target, restore
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import process

# what an operator would miss first, by service and table
COUNTED = (
    ("identity", "persons"),
    ("petitions", "petitions"),
    ("petitions", "signatures"),
    ("petitions", "votes_against"),
    ("surveys", "surveys"),
    ("surveys", "responses"),
    ("social", "posts"),
    ("social", "items"),
    ("notifications", "messages"),
)
SAMPLE = 1_000
PREFIX = ".viche-rehearsal-"
ENDED_WITHIN_S = REMOVED_WITHIN_S = 10
_PERSONS = "SELECT person_id, email FROM person_details ORDER BY person_id LIMIT %(sample)s"
_OPENED = "SELECT id FROM petitions WHERE opened_at IS NOT NULL AND NOT is_archived ORDER BY id"
_SURVEYS = """\
SELECT s.id, (SELECT count(*) FROM responses r WHERE r.survey_id = s.id),
    (SELECT coalesce(sum(t.count), 0)::bigint FROM tallies t WHERE t.survey_id = s.id AND t.question = '')
FROM surveys s
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what a rehearsal has shown; `differs` is how many are not as they should be."""

    what: str
    number: int
    differs: int = 0


def rehearse(archive: Archive, keys: KeySource, erased: Path | None, beside: Path) -> list[Line]:
    """Restores, looks and removes; nothing is started that speaks to anybody.

    To be called in the main thread: a SIGTERM or SIGINT ends the process with 128 + its number, and leaves nothing.

    Args:
        beside: a folder with room for the databases and files.

    Raises:
        Fault: the backup cannot be restored.
        OSError: what was restored cannot be removed.
    """
    killed = _remove_abandoned(beside)
    with _scratch(beside) as folder:
        home = Home(folder / "home")
        restore(archive, keys, Target(home, {}, replace=False), erased)
        with databases.own_server(home) as admin_url:
            urls = databases.urls(home, admin_url)
            return [
                *([Line("rehearsals that were killed, and are removed now", killed)] if killed else []),
                *_rows(urls),
                Line("files", archive.manifest.objects),
                Line("people erased again at the start", len(erasures.read(erased)) if erased else 0),
                *asyncio.run(_petitions(urls["petitions"])),
                _surveys(urls["surveys"]),
                _persons(urls["identity"], home),
            ]


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A folder that is removed at the end of the block or of the process, whichever comes first."""
    folder = beside.absolute() / f"{PREFIX}{secrets.token_hex(4)}"

    def end(number: int, frame: FrameType | None) -> None:
        # at once and not by an exception: Python throws away what is raised beside a fork, and a cleaning up that an
        # exception breaks off leaves people's data
        process.end_children(signal.SIGINT, ENDED_WITHIN_S)  # PostgreSQL's fast shutdown
        if not process.wait_until(lambda: _is_gone(folder), REMOVED_WITHIN_S):
            os.write(2, f"{folder} holds people's data and cannot be removed: remove it.\n".encode())
        os._exit(128 + number)

    handlers = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        folder.mkdir()
        folder.chmod(0o755)  # PostgreSQL's own account must get in
        with _opened(folder) as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder)  # people's data in it must not stay unnoticed
        for each, handler in handlers.items():
            signal.signal(each, handler)


def _remove_abandoned(beside: Path) -> int:
    """Removes what rehearsals that were killed have left; gives how many."""
    removed = 0
    for folder in beside.glob(f"{PREFIX}*"):
        with _opened(folder) as held, suppress(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system takes it from who is gone
            # its PostgreSQL may be on its way out still
            if not process.wait_until(partial(_is_gone, folder), REMOVED_WITHIN_S):
                raise Fault(f"{folder} holds people's data of a rehearsal that was killed: remove it, then try again.")
            removed += 1
    return removed


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_gone(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _rows(urls: Mapping[str, str]) -> list[Line]:
    from psycopg import sql

    found: list[Line] = []
    for service, table in COUNTED:
        with psycopg.connect(urls[service]) as connection:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            found.append(Line(f"{service}: {table}", _number(connection.execute(query).fetchone())))
    return found


async def _petitions(url: str) -> list[Line]:
    """Each petition counted one by one, and as published, at both sides."""
    from viche_chassis.db import open_pool, reading
    from viche_petitions.domain.sides import Side
    from viche_petitions.store import recounts

    counted = published = differs = 0
    async with open_pool(url, 1) as pool, reading(pool) as conn:
        opened = [row[0] for row in await (await conn.execute(_OPENED)).fetchall()]
        for petition_id in opened:
            found = [await recounts.count(conn, petition_id, side) for side in Side]
            counted += sum(each.counted for each in found)
            published += sum(each.published for each in found)
            differs += not all(each.is_right for each in found)
    return [
        Line("petitions counted one by one", len(opened), differs),
        Line("voices counted", counted),
        Line("voices published", published, abs(counted - published)),
    ]


def _surveys(url: str) -> Line:
    with psycopg.connect(url) as connection:
        rows = connection.execute(_SURVEYS).fetchall()
    return Line("surveys whose answers were counted", len(rows), sum(held != tallied for _, held, tallied in rows))


def _persons(url: str, home: Home) -> Line:
    """Whether the keys are those with which personal data was sealed."""
    from viche_chassis.sealing import Seal, Unreadable
    from viche_identity.records import EMAIL, PERSONAL_DATA

    seal = Seal(bytes.fromhex(home.secret("identity.key")), PERSONAL_DATA)
    unreadable = 0
    with psycopg.connect(url) as connection:
        rows = connection.execute(_PERSONS, {"sample": SAMPLE}).fetchall()
    for person_id, email in rows:
        try:
            seal.open(email, EMAIL, person_id)
        except Unreadable:
            unreadable += 1
    return Line("addresses opened with the keys", len(rows), unreadable)


def _number(row: tuple[int, ...] | None) -> int:
    assert row is not None  # an aggregate
    return row[0]
