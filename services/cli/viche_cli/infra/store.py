"""Databases and roles of a PostgreSQL server: all SQL that the engines need."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

LOCK = 0x56494348  # "VICH": two starts at once make a database once


def ensure_database(admin_url: str, name: str, password: str) -> str:
    """Makes a role and a database of the same name that it owns, or gives the role this password.

    Returns the URL for the role. `admin_url` names a role that may create databases and roles.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%(lock)s)", {"lock": LOCK})
        _ensure_role(connection, name, password)
        _ensure_owned(connection, name)
    return url_for(admin_url, name, name, password)


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
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password)}@{place}", path=f"/{quote(database)}"))


def _ensure_role(connection: psycopg.Connection, name: str, password: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %(name)s", {"name": name}).fetchone()
    verb = "ALTER" if found else "CREATE"
    connection.execute(sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password)))


def _ensure_owned(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %(name)s", {"name": name}).fetchone():
        return
    # the creator must be a member of the owning role when it is no superuser, as with providers of databases
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
            sql.Identifier(name), sql.Identifier(name)
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
