"""Roles and databases: made by us as the administrator, or as SQL that somebody else runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
from psycopg import sql

from viche_cli.faults import Fault
from viche_cli.infra import store
from viche_cli.infra.store import Owner
from viche_cli.preparing.given import Account, database_variable
from viche_cli.preparing.waiting import NotYet, patiently


def ensure(admin_url: str, accounts: Sequence[Account], connection_limit: int | None, wait_s: float) -> list[str]:
    """Makes what is missing, and sees that every service gets in.

    Returns the names of the databases that were made. Raises Fault.
    """
    owners = [_owner(account, connection_limit) for account in accounts]
    made = patiently("PostgreSQL", lambda: _make(admin_url, owners), wait_s)
    for account in accounts:
        _see(account)
    return made


def script(accounts: Sequence[Account], connection_limit: int | None, *, with_passwords: bool) -> str:
    """SQL for psql that does the same as often as one likes.

    Args:
        with_passwords: puts them into the script; else psql wants a variable SERVICE_password for each.
    """
    lines = [
        "-- For psql, as a role that may create databases and roles. Running it again changes nothing but passwords."
    ]
    if not with_passwords:
        lines += ["-- Passwords are variables: psql " + " ".join(f"-v {each.service}_password=…" for each in accounts)]
    for account in accounts:
        lines += ["", f"-- {account.service}", *_lines(_owner(account, connection_limit), account, with_passwords)]
    return "\n".join(lines) + "\n"


def _lines(owner: Owner, account: Account, with_passwords: bool) -> Iterator[str]:
    role = sql.Identifier(owner.role).as_string()
    create, *settings = store.role_statements(owner, exists=False, password=sql.SQL("''"))
    grant, make, revoke = store.database_statements(owner)
    password = sql.Literal(owner.password).as_string() if with_passwords else f":'{account.service}_password'"
    yield _unless("pg_roles", "rolname", owner.role, create.as_string().removesuffix(" PASSWORD ''"))
    yield f"ALTER ROLE {role} PASSWORD {password};"
    if owner.connection_limit is not None:
        yield f"ALTER ROLE {role} CONNECTION LIMIT {owner.connection_limit};"
    yield from (f"{each.as_string()};" for each in (*settings, grant))
    yield _unless("pg_database", "datname", owner.database, make.as_string())
    yield f"{revoke.as_string()};"


def _unless(table: str, column: str, name: str, statement: str) -> str:
    """Lets psql run the statement where the catalogue does not know the name."""
    query = sql.SQL("SELECT {} WHERE NOT EXISTS (SELECT FROM {} WHERE {} = {}) \\gexec")
    found = sql.Identifier(table), sql.Identifier(column), sql.Literal(name)
    return query.format(sql.Literal(statement), *found).as_string()


def _owner(account: Account, connection_limit: int | None) -> Owner:
    return Owner(account.user, account.database, account.password, connection_limit)


def _make(admin_url: str, owners: list[Owner]) -> list[str]:
    try:
        return store.ensure_owners(admin_url, owners)
    except psycopg.OperationalError as error:
        raise NotYet(
            f"PostgreSQL does not let viche in ({first_line(error)}): start it, or correct VICHE_POSTGRES_URL."
        ) from error
    except store.Unsuitable as error:
        raise Fault(f"{error}.") from error
    except psycopg.Error as error:
        raise Fault(
            f"PostgreSQL does not let viche make its databases ({first_line(error)}): give VICHE_POSTGRES_URL a role "
            "that may create databases and roles."
        ) from error


def _see(account: Account) -> None:
    variable = database_variable(account.service)
    try:
        with psycopg.connect(account.url, connect_timeout=store.CONNECT_WITHIN_S) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise Fault(
            f"The database of {account.service} was prepared and does not let it in ({first_line(error)}): look at "
            f"host, port and options in {variable}, and at pg_hba.conf."
        ) from error


def first_line(error: BaseException) -> str:
    """What went wrong, without the details."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
