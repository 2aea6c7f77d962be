"""Databases and roles of a PostgreSQL server: all SQL that the engines need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

LOCK = 0x56494348  # "VICH": two starts at once make a database once
# what a session of a service may do without a time limit of its own: pools and migrations set shorter ones
LIMITS = {"statement_timeout": "15min", "idle_in_transaction_session_timeout": "5min"}
CONNECT_WITHIN_S = 5
POWERS = {
    "rolsuper": "SUPERUSER",
    "rolcreatedb": "CREATEDB",
    "rolcreaterole": "CREATEROLE",
    "rolreplication": "REPLICATION",
    "rolbypassrls": "BYPASSRLS",
}
"""What no service may do, by the column of pg_roles that says whether one may."""
NO_POWERS = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


@dataclass(frozen=True, slots=True)
class Owner:
    """A role and the database that it owns.

    Args:
        connection_limit: most connections that the role may have; None leaves it as it is.
    """

    role: str
    database: str
    password: str = field(repr=False)
    connection_limit: int | None = None


class Unsuitable(Exception):
    """A role or a database is there and must not be used as it is; says why, and what to do."""


def ensure_database(admin_url: str, name: str, password: str) -> str:
    """Makes a role and a database of the same name that it owns, or gives the role this password.

    Returns the URL for the role. `admin_url` names a role that may create databases and roles.
    """
    ensure_owners(admin_url, [Owner(name, name, password)])
    return url_for(admin_url, name, name, password)


def ensure_owners(admin_url: str, owners: list[Owner]) -> list[str]:
    """Makes roles and databases that are missing, and gives every role its password and limits.

    Returns the names of databases that were made. Raises psycopg.Error, or Unsuitable for a role with powers or a
    database of somebody else's.
    """
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=CONNECT_WITHIN_S) as connection:
        connection.execute("SELECT pg_advisory_lock(%(lock)s)", {"lock": LOCK})
        for owner in owners:
            _ensure_role(connection, owner)
        return [owner.database for owner in owners if _ensure_owned(connection, owner)]


def drop_database(admin_url: str, name: str) -> None:
    """Drops a database with whoever is connected to it, and its role."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


def databases(admin_url: str, names: list[str]) -> list[str]:
    """Those of these databases that there are."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname = ANY(%(names)s) ORDER BY datname", {"names": names}
        ).fetchall()
    return [row[0] for row in rows]


def rename_database(admin_url: str, name: str, new_name: str) -> None:
    """Gives a database, to which nobody is connected, another name. Raises psycopg.Error."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new_name))
        )


def url_for(url: str, database: str, user: str, password: str) -> str:
    """The URL of another database and role on the same server; options of the URL stay."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    user, password, database = (quote(each, safe="") for each in (user, password, database))
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{place}", path=f"/{database}"))


def role_statements(owner: Owner, *, exists: bool, password: sql.Composable) -> Iterator[sql.Composed]:
    """What makes or renews a role, statement by statement."""
    role = sql.Identifier(owner.role)
    limit = sql.SQL("")
    if owner.connection_limit is not None:
        limit = sql.SQL(" CONNECTION LIMIT {}").format(sql.Literal(owner.connection_limit))
    # only a superuser may name powers in ALTER ROLE, even to take none away
    made = sql.SQL("ALTER ROLE {} LOGIN") if exists else sql.SQL("CREATE ROLE {} LOGIN" + NO_POWERS)
    yield sql.Composed([made.format(role), limit, sql.SQL(" PASSWORD "), password])
    for name, value in LIMITS.items():
        yield sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(name), sql.Literal(value))


def database_statements(owner: Owner) -> Iterator[sql.Composed]:
    """What makes the database, statement by statement, none of them in a transaction."""
    role, database = sql.Identifier(owner.role), sql.Identifier(owner.database)
    # the creator must be a member of the owning role when it is no superuser, as with providers of databases
    yield sql.SQL("GRANT {} TO CURRENT_USER").format(role)
    yield sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(database, role)
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)


def _ensure_role(connection: psycopg.Connection, owner: Owner) -> None:
    found = connection.execute(
        sql.SQL("SELECT {} FROM pg_roles WHERE rolname = {}").format(
            sql.SQL(", ").join(map(sql.Identifier, POWERS)), sql.Literal(owner.role)
        )
    ).fetchone()
    if found is not None and any(found):
        powers = " ".join(f"NO{power}" for power, held in zip(POWERS.values(), found, strict=True) if held)
        raise Unsuitable(
            f"The role {owner.role} may do more than a service should: name another user, or run ALTER ROLE "
            f"{owner.role} {powers}"
        )
    # the server's log may keep statements: it gets a verifier, not the password (RFC 5803)
    verifier = connection.pgconn.encrypt_password(owner.password.encode(), owner.role.encode(), b"scram-sha-256")
    for statement in role_statements(owner, exists=found is not None, password=sql.Literal(verifier.decode())):
        connection.execute(statement)


def _ensure_owned(connection: psycopg.Connection, owner: Owner) -> bool:
    """Whether the database was made now."""
    held_by = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %(name)s", {"name": owner.database}
    ).fetchone()
    if held_by is None:
        for statement in database_statements(owner):
            connection.execute(statement)
        return True
    if held_by[0] != owner.role:
        raise Unsuitable(
            f"The database {owner.database} belongs to {held_by[0]}: name another, or run ALTER DATABASE "
            f"{owner.database} OWNER TO {owner.role}"
        )
    return False
