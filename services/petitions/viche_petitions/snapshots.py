"""Once a day all petitions collected here are written down, to be cited: title, state and count, and no name."""

import hashlib
import json
import logging
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from viche_chassis import tables
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.periodic import every
from viche_petitions.domain.petition import COLLECTING, State
from viche_petitions.store import opendata, snapshots
from viche_petitions.store.filters import Filter
from viche_petitions.store.opendata import Entry
from viche_petitions.store.snapshots import Written

log = logging.getLogger("viche.petitions")

LOOK_EVERY_S = 60.0
PAGE = 1000
PART_BYTES = 512 * 1024
OWN = Filter(archived=False)
_GZIP = 16 + zlib.MAX_WBITS
_HEAD = ("Petition", "URL", "State", "Signatures Count")


class Snapshots:
    """Writes the snapshot of a day as soon as the day has begun, or as soon as the service runs on that day.

    An instance without petitions has none: the first one is written on the day on which the first petition opens.

    Args:
        zone: in which days begin and end.
        public_url: of the portal, for the addresses in the files.
    """

    def __init__(self, pool: Pool, zone: ZoneInfo, public_url: str) -> None:
        self._pool = pool
        self._zone = zone.key
        self._public_url = public_url

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.write_due, "snapshots")

    async def write_due(self) -> None:
        """Writes today's snapshot unless it is there."""
        async with reading(self._pool) as conn:
            if await snapshots.exists(conn, await snapshots.today(conn, self._zone)):
                return
            if not await opendata.entries(conn, OWN, 0, 1):
                return
        async with transaction(self._pool) as conn:
            await snapshots.begin(conn)
            day = await snapshots.today(conn, self._zone)
            if not await snapshots.exists(conn, day):  # another replica may have been faster
                await self._write(conn, day)

    async def _write(self, conn: Connection, day: date) -> None:
        forms: tuple[Form, ...] = (TableForm(self._public_url), JsonForm(self._public_url, day, self._zone))
        files = [_File(conn, day, form) for form in forms]
        async for page in _pages(conn):
            for file in files:
                await file.add(page)
        for file in files:
            await snapshots.add(conn, await file.end(), self._zone)
        log.info("snapshot written", extra={"day": day.isoformat(), "petitions": files[0].petitions})


class Form(Protocol):
    """What a file looks like."""

    file_name: str

    def begin(self) -> str:
        """What stands before the first petition."""
        ...

    def rows(self, page: list[Entry]) -> Iterator[str]:
        """Some petitions."""
        ...

    def end(self) -> str:
        """What stands after the last one."""
        ...


class TableForm:
    """The columns of petition.parliament.uk."""

    file_name = "petitions.csv"

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def begin(self) -> str:
        """The names of the columns."""
        return "".join(tables.lines([_HEAD]))

    def rows(self, page: list[Entry]) -> Iterator[str]:
        """A line for each."""
        return tables.lines(
            (each.title, f"{self._public_url}/petitions/{each.number}", _word(each.state), each.signature_count)
            for each in page
        )

    def end(self) -> str:
        """Nothing."""
        return ""


class JsonForm:
    """The list of petition.parliament.uk without texts."""

    file_name = "petitions.json"

    def __init__(self, public_url: str, day: date, zone: str) -> None:
        self._public_url = public_url
        self._head = {"day": day.isoformat(), "time_zone": zone}
        self._comma = ""

    def begin(self) -> str:
        """What day it is."""
        return f'{_json(self._head)[:-1]},"data":['

    def rows(self, page: list[Entry]) -> Iterator[str]:
        """An object for each, on a line of its own."""
        for each in page:
            yield f"{self._comma}\n{_json(self._object(each))}"
            self._comma = ","

    def end(self) -> str:
        """The end of the list."""
        return "\n]}\n"

    def _object(self, entry: Entry) -> dict[str, Any]:
        attributes = {
            "action": entry.title, "state": _word(entry.state), "signature_count": entry.signature_count,
            "created_at": _instant(entry.created_at), "opened_at": _instant(entry.opened_at),
            "closed_at": _instant(entry.closes_at) if entry.state is State.CLOSED else None,
            "closes_at": _instant(entry.closes_at),
        }  # fmt: skip
        links = {"self": f"{self._public_url}/petitions/{entry.number}.json"}
        return {"type": "petition", "id": entry.number, "links": links, "attributes": attributes}


@dataclass(slots=True)
class _File:
    """A file that is compressed and stored part by part as it is made."""

    conn: Connection
    day: date
    form: Form
    petitions: int = 0
    size_bytes: int = 0
    zipped_bytes: int = 0
    parts: int = 0
    waiting: bytearray = field(default_factory=bytearray)
    digest: Any = field(default_factory=hashlib.sha256)
    zipped: Any = field(default_factory=lambda: zlib.compressobj(wbits=_GZIP))

    async def add(self, page: list[Entry]) -> None:
        """Adds some petitions."""
        head = "" if self.size_bytes else self.form.begin()
        self.petitions += len(page)
        self._take((head + "".join(self.form.rows(page))).encode())
        if len(self.waiting) >= PART_BYTES:
            await self._store()

    async def end(self) -> Written:
        """Stores what is left."""
        self._take(self.form.end().encode())
        self._zip(self.zipped.flush())
        await self._store()
        return Written(
            self.day, self.form.file_name, self.size_bytes, self.zipped_bytes, self.digest.hexdigest(), self.petitions,
            self.parts,
        )  # fmt: skip

    def _take(self, content: bytes) -> None:
        self.size_bytes += len(content)
        self.digest.update(content)
        self._zip(self.zipped.compress(content))

    def _zip(self, content: bytes) -> None:
        self.zipped_bytes += len(content)
        self.waiting += content

    async def _store(self) -> None:
        await snapshots.add_part(self.conn, self.day, self.form.file_name, self.parts, bytes(self.waiting))
        self.waiting.clear()
        self.parts += 1


async def _pages(conn: Connection) -> AsyncIterator[list[Entry]]:
    """All petitions collected here; one empty page where there are none."""
    page = await opendata.entries(conn, OWN, 0, PAGE)
    yield page
    while len(page) == PAGE:
        page = await opendata.entries(conn, OWN, page[-1].number, PAGE)
        yield page


def _word(state: State) -> str:
    """The word for a state on the UK's site, where a petition is open as long as it collects."""
    return "open" if state in COLLECTING else state.value


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
