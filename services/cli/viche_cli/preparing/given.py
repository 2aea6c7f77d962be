"""Addresses of engines, one for each service, as the environment gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from viche_cli.faults import Fault
from viche_cli.services import SERVICES


@dataclass(frozen=True, slots=True)
class Account:
    """What the URL of an engine says of who uses it."""

    service: str
    url: str = field(repr=False)
    user: str
    password: str = field(repr=False)
    # of PostgreSQL's URLs; empty in others
    database: str = ""


def database_variable(service: str) -> str:
    """The setting that names a service's database to commands about several services."""
    return f"VICHE_{service.upper()}_DATABASE_URL"


def nats_variable(service: str) -> str:
    """The setting that names a service's user of NATS to commands about several services."""
    return f"VICHE_{service.upper()}_NATS_URL"


def database_urls(environment: Mapping[str, str]) -> dict[str, str]:
    """URLs of the databases that are named, by service."""
    named = {service: environment.get(database_variable(service), "").strip() for service in SERVICES}
    return {service: url for service, url in named.items() if url}


def all_database_urls(environment: Mapping[str, str]) -> dict[str, str]:
    """URLs of the databases by service: of none, or of all. Raises Fault when only some are named."""
    return {each.service: each.url for each in databases(environment)} if database_urls(environment) else {}


def databases(environment: Mapping[str, str]) -> list[Account]:
    """Role and database of every service. Raises Fault when one is missing, or two services would share one."""
    urls = database_urls(environment)
    _refuse_missing([database_variable(name) for name in SERVICES if name not in urls], "PostgreSQL")
    found = [
        _account(service, url, database_variable(service), ("postgresql", "postgres")) for service, url in urls.items()
    ]
    for account in found:
        if not account.database:
            raise Fault(
                f"{database_variable(account.service)} names no database: end it with /viche_{account.service}."
            )
    _refuse_shared({each.service: each.database for each in found}, "database")
    _refuse_shared({each.service: each.user for each in found}, "user")
    return found


def nats_users(environment: Mapping[str, str]) -> list[Account]:
    """The user of every service. Raises Fault when one is missing, or two services would share one."""
    named = {service: environment.get(nats_variable(service), "").strip() for service in SERVICES}
    _refuse_missing([nats_variable(name) for name, url in named.items() if not url], "NATS")
    found = [_account(service, url, nats_variable(service), ("nats", "tls")) for service, url in named.items()]
    _refuse_shared({each.service: each.user for each in found}, "user")
    return found


def _account(service: str, url: str, variable: str, schemes: tuple[str, ...]) -> Account:
    parts = urlsplit(url.split(",")[0] if "nats" in schemes else url)  # of a cluster's servers the first tells
    if parts.scheme not in schemes or not parts.hostname:
        raise Fault(f"{variable} does not begin with {schemes[0]}://USER:PASSWORD@HOST: correct it.")
    if not parts.username or not parts.password:
        raise Fault(f"{variable} lacks user or password: write {schemes[0]}://USER:PASSWORD@HOST, percent-encoded.")
    database = unquote(parts.path.removeprefix("/"))
    return Account(service, url, unquote(parts.username), unquote(parts.password), database)


def _refuse_missing(variables: list[str], engine: str) -> None:
    if variables:
        raise Fault(f"{', '.join(variables)} not set: give every service its own address of {engine}.")


def _refuse_shared(names: Mapping[str, str], what: str) -> None:
    first: dict[str, str] = {}
    for service, name in names.items():
        if name in first:
            raise Fault(
                f"{first[name]} and {service} share the {what} {name}: give each service its own in its address."
            )
        first[name] = service
