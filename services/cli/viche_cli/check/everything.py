"""All checks in the order in which one would mend things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from viche_chassis.brand import read_brand
from viche_chassis.config import describe
from viche_chassis.settings import ProcessSettings
from viche_cli import instance
from viche_cli.check import address, brand, configuration, databases, machine, mail, nats, providers, standing
from viche_cli.check.findings import Finding, fail, warn
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.preparing import given
from viche_cli.services import SERVICES

LANGUAGES: tuple[str, ...] = next(
    item["default"] for item in describe(ProcessSettings) if item["variable"] == "VICHE_LANGUAGES"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look at, with the environment of `viche up`."""

    home: Home
    environment: Mapping[str, str]
    # HOST[:PORT] of a name server; empty for the system's
    dns: str = ""
    # names under which the sender's domain may have its DKIM key; empty for the usual ones
    selectors: Sequence[str] = ()
    # whether the services run elsewhere, and the environment alone names their engines
    is_elsewhere: bool = False


def check(asked: Asked) -> Iterator[Finding]:
    """Looks at everything; one thing that does not answer keeps nothing else from being looked at."""
    yield from configuration.check_settings(asked.home, asked.environment)
    yield from configuration.check_languages(_words(asked.environment.get("VICHE_LANGUAGES", "")) or LANGUAGES)
    yield from configuration.check_plugins(_words(asked.environment.get("VICHE_PLUGINS", "")))
    listed, url = (asked.environment.get(name, "").strip() for name in ("VICHE_IDENTITY_PROVIDERS", "VICHE_PUBLIC_URL"))
    yield from providers.check_providers(listed, url)
    if own := _brand_settings(asked):
        yield from brand.check_file(Path(own.brand), own)
    if asked.is_elsewhere:
        yield from _check_elsewhere(asked)
        return
    if not asked.home.path.is_dir():
        yield fail("folder", f"{asked.home.path} is not there", "name the instance's folder with --home")
        return
    yield from machine.check_machine(asked.home)
    yield machine.check_objects(asked.home, asked.environment)
    yield from _check_mail(asked)
    try:
        details = instance.read(asked.home)
    except Fault as fault:
        yield fail("instance", str(fault).partition(":")[0], "start it with `viche up`")
        return
    yield from _check_running(asked, details)


def _check_elsewhere(asked: Asked) -> Iterator[Finding]:
    """Whatever the environment names; keys and folders of services that run elsewhere are not here to be seen."""
    environment = asked.environment
    if environment.get("VICHE_S3_URL", "").strip():
        yield machine.check_objects(asked.home, environment)
    if environment.get("VICHE_SMTP_URL", "").strip():
        yield from _check_mail(asked)
    found = given.database_urls(environment)
    yield from databases.check_databases(found)
    if {"identity", "petitions"} <= found.keys():
        yield from standing.check_standing(found)
    for service in SERVICES:
        if url := environment.get(given.nats_variable(service), "").strip():
            yield nats.check_user(service, url)
    if "identity" in found and (url := environment.get("VICHE_PUBLIC_URL", "").strip()):
        yield from address.check_address(url.rstrip("/"), list(_authorities(found["identity"])), environment)


def _check_mail(asked: Asked) -> Iterator[Finding]:
    url = asked.environment.get("VICHE_SMTP_URL", "").strip()
    if not url:
        yield warn("mail", "stays on this machine, in the catcher", "set VICHE_SMTP_URL and VICHE_MAIL_FROM")
        return
    yield from mail.check_server(url)
    sender = asked.environment.get("VICHE_MAIL_FROM", "")
    resolver = mail.resolver_at(asked.dns)
    yield from mail.check_sender(sender, url, resolver, asked.selectors)
    yield from mail.check_returns(sender, asked.environment.get("VICHE_MAIL_BOUNCES", "").strip(), url, resolver)


def _check_running(asked: Asked, details: Mapping[str, Any]) -> Iterator[Finding]:
    yield from databases.check_databases(details["databases"])
    yield from standing.check_standing(details["databases"])
    is_ours = not asked.environment.get("VICHE_NATS_URL", "").strip()
    yield from nats.check_nats(details["nats_url"], asked.home.nats / "nats.conf" if is_ours else None)
    authorities = _authorities(details["databases"]["identity"])
    yield from address.check_address(details["public_url"], list(authorities), asked.environment)
    if own := _brand_settings(asked):
        found, _ = read_brand(Path(own.brand), own.languages, details["public_url"])
        yield from brand.check_hosts(found, list(authorities.values()), details["public_url"])


def _brand_settings(asked: Asked) -> brand.Around | None:
    """The settings of the brand; None where it has no file, or a setting cannot be read, which is said elsewhere."""
    try:
        own = brand.around(asked.environment)
    except Fault:
        return None
    return own if own.brand else None


def _authorities(url: str) -> dict[str, str]:
    """Ids and slugs of the authorities; none when the database does not answer, which is said elsewhere."""
    try:
        with psycopg.connect(url, connect_timeout=5) as conn:
            return {str(row[0]): row[1] for row in conn.execute("SELECT id, slug FROM authorities").fetchall()}
    except psycopg.Error:
        return {}


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
