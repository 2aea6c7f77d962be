"""PostgreSQL: the pool, transactions, and migrations in numbered SQL files."""

import hashlib
import re
import select
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.abc import Params
from psycopg.rows import AsyncRowFactory, TupleRow, namedtuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from viche_chassis.acts import Act, current_act
from viche_chassis.errors import Unavailable
from viche_chassis.measuring import showing_pool

Connection = AsyncConnection[TupleRow]
Pool = AsyncConnectionPool[Connection]
Row = TypeVar("Row")

MIGRATION_NAME = re.compile(r"^(\d{4})_(pre|post)_[a-z0-9_]+\.sql$")
MIGRATION_LOCK = 7_168_413_001
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"
REQUEST_STATEMENT_TIMEOUT_MS = 15_000
CONNECT_TIMEOUT_S = 5
WAIT_FOR_CONNECTION_S = 5.0
RECONNECT_FOR_S = 5.0


class MigrationChanged(Exception):
    """A migration that was applied differs from its file now."""


class MigrationMissing(Exception):
    """A migration was to run before another one that it follows."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its owner and name, its phase ("pre" or "post" deploy) and its SQL."""

    name: str
    phase: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


@asynccontextmanager
async def open_pool(url: str, most: int = 8, *, through_pooler: bool = False) -> AsyncIterator[Pool]:
    """A pool of connections with rows as named tuples; opened at once, whether or not the database answers yet.

    Args:
        through_pooler: whether transactions of one connection may meet different sessions of the server, as behind
            PgBouncer: then no statement is prepared, and the role says what the session would (docs/operating).
    """
    session = {"options": f"-c statement_timeout={REQUEST_STATEMENT_TIMEOUT_MS} -c timezone=UTC"}
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=min(2, most),
        max_size=most,
        open=False,
        timeout=WAIT_FOR_CONNECTION_S,
        reconnect_timeout=RECONNECT_FOR_S,
        max_idle=300,
        check=_check,
        kwargs={
            "row_factory": namedtuple_row,
            "autocommit": True,
            "connect_timeout": CONNECT_TIMEOUT_S,
            **({"prepare_threshold": None} if through_pooler else session),
        },
    )
    await pool.open(wait=False)
    try:
        with showing_pool(pool, url):
            yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """A connection for statements that only read: each sees what is committed when it begins, as in a transaction.

    It spares the two round trips of a transaction. What is written here is committed at once, statement by statement.

    Raises:
        Unavailable: the database does not answer.
    """
    try:
        async with pool.connection() as conn:
            yield conn
    except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unavailable(what="database") from error


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A connection in a transaction: committed at the end, rolled back by an exception.

    Where an officer is acting, what they do is written down with what they change.

    Raises:
        Unavailable: the database does not answer.
    """
    try:
        async with pool.connection() as conn, conn.transaction():
            yield conn
            if (act := current_act()) is not None:
                await _write_down(conn, act)
    except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unavailable(what="database") from error


async def in_pages(
    conn: Connection, query: sql.Composable, params: Params, page: int, row_factory: AsyncRowFactory[Row]
) -> AsyncGenerator[list[Row], None]:
    """Rows of a query, ``page`` at a time, so that only these are in memory; one such query at a time.

    The cursor is the transaction's and ends with it: a reader that stops early, or is cancelled while it waits, has
    nothing to close. psycopg's own server cursors stay open when their closing is cancelled.

    Args:
        conn: in a transaction, which a reader that stops early ends too.
    """
    async with conn.cursor(row_factory=row_factory) as cursor:
        await cursor.execute(sql.SQL("DECLARE pages NO SCROLL CURSOR FOR {}").format(query), params, prepare=False)
        fetch = sql.SQL("FETCH FORWARD {} FROM pages").format(sql.Literal(page))
        # prepared, it would be held to the columns of whichever query came first
        while rows := await (await cursor.execute(fetch, prepare=False)).fetchall():
            yield rows
        await cursor.execute("CLOSE pages")


async def _write_down(conn: Connection, act: Act) -> None:
    """Adds the act to the trail, once, if the transaction has changed anything."""
    await conn.execute(
        "INSERT INTO officer_actions (id, service, person, roles, authority_id, action, object, request_id)"
        " SELECT %(id)s, %(service)s, %(person)s, %(roles)s::text[], nullif(%(authority)s, '')::uuid, %(action)s,"
        " %(object)s, nullif(%(request)s, '')::uuid WHERE pg_current_xact_id_if_assigned() IS NOT NULL"
        " ON CONFLICT (id) DO NOTHING",
        {
            "id": act.id, "service": act.service, "person": act.person, "roles": list(act.roles),
            "authority": act.authority_id, "action": act.action, "object": act.object, "request": act.request_id,
        },
    )  # fmt: skip


async def _check(conn: Connection) -> None:
    """Refuses a connection that the server has ended, without a round trip for those that it has not.

    On an idle connection nothing waits to be read, unless the server has ended it or has something to say.
    """
    poll = select.poll()
    poll.register(conn.pgconn.socket, select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(conn)


def read_migrations(package: str) -> list[Migration]:
    """The migrations in ``package``/migrations, in order.

    Raises:
        ValueError: a file is not named NNNN_pre_words.sql or NNNN_post_words.sql, or a number is there twice.
    """
    folder = files(package) / "migrations"
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".sql")),
        key=lambda item: item.name,
    )
    numbers: set[str] = set()
    migrations: list[Migration] = []
    for item in found:
        match = MIGRATION_NAME.match(item.name)
        if match is None or match[1] in numbers:
            raise ValueError(f"{package}/migrations/{item.name}: name it NNNN_pre_words.sql with a number of its own")
        numbers.add(match[1])
        migrations.append(Migration(f"{package}/{item.name}", match[2], item.read_text(encoding="utf-8")))
    return migrations


def migrations_of(package: str) -> list[Migration]:
    """All that a service's database needs, in their order: the chassis' tables first, then the service's own."""
    return [*read_migrations("viche_chassis"), *read_migrations(package)]


def lacking(conn: psycopg.Connection[TupleRow], package: str, phases: tuple[str, ...]) -> list[str]:
    """Names of the migrations that were not applied yet, in their order."""
    try:
        there = {row[0] for row in conn.execute("SELECT name FROM schema_migrations").fetchall()}
    except psycopg.errors.UndefinedTable:
        there = set[str]()
    return [each.name for each in migrations_of(package) if each.phase in phases and each.name not in there]


def migrate(url: str, package: str, *, phases: tuple[str, ...] = ("pre", "post")) -> list[str]:
    """Brings a service's database up to date: the chassis' tables first, then the service's own.

    Each migration runs in a transaction of its own; two that run at once wait for each other.

    Returns:
        names of the migrations that were applied now.
    Raises:
        MigrationChanged: a file was edited after it had been applied.
        MigrationMissing: "post" alone is wanted, and something of "pre" is not there yet.
    """
    applied: list[str] = []
    with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        conn.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        if "pre" not in phases and (missing := lacking(conn, package, ("pre",))):
            raise MigrationMissing(f"{missing[0]} is not there yet")
        for migration in migrations_of(package):
            if migration.phase in phases and _apply(conn, migration):
                applied.append(migration.name)
    return applied


def _apply(conn: psycopg.Connection[TupleRow], migration: Migration) -> bool:
    row = conn.execute("SELECT checksum FROM schema_migrations WHERE name = %s", [migration.name]).fetchone()
    if row is not None:
        if row[0] != migration.checksum:
            raise MigrationChanged(f"{migration.name} was edited after it had been applied; write a new migration")
        return False
    with conn.transaction():
        conn.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        conn.execute(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
        conn.execute(migration.sql)  # pyright: ignore[reportArgumentType, reportCallIssue] (a file of ours)
        conn.execute(
            "INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)",
            [migration.name, migration.checksum],
        )
    return True
