"""Settings: all faults at once, names that nobody reads, languages and plugins."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.resources import as_file, files
from typing import Any

from babel.messages.pofile import read_po

from viche_chassis.config import ConfigError, describe, load
from viche_chassis.plugins import PluginState, load_plugins
from viche_cli.check.findings import Finding, fail, ok, warn
from viche_cli.home import Home
from viche_cli.preparing.given import database_variable, nats_variable
from viche_cli.services import GATEWAY, LOOPBACK, SERVICES, Endpoints, specs
from viche_cli.up.options import PROVIDED

# those that the command line itself reads
OWN = (
    *PROVIDED, "VICHE_URL", "VICHE_TOKEN", "VICHE_PUBLIC_URL",
    *(variable(service) for variable in (database_variable, nats_variable) for service in SERVICES),
)  # fmt: skip
SPEAKERS = {"pages": "viche_gateway", "mails": "viche_notifications"}
SOURCE_LANGUAGE = "en"


def check_settings(home: Home, environment: Mapping[str, str]) -> Iterator[Finding]:
    """The settings as `viche up` would give them to the services."""
    faults: dict[str, None] = {}
    for spec in specs(home, _somewhere(environment), environment):
        try:
            load(_settings_of(spec.name), spec.environment)
        except ConfigError as error:
            faults |= dict.fromkeys(error.faults)
    for fault in faults:
        yield fail("settings", fault.rstrip("."), "correct it")
    unknown = sorted(name for name in environment if name.startswith("VICHE_") and name not in known_settings())
    for name in unknown:
        yield warn("settings", f"nobody reads {name}", _suggestion(name))
    if not faults and not unknown:
        yield ok("settings", "every one is known and can be read")


def known_settings() -> set[str]:
    """Names that something reads."""
    services = (item["variable"] for name in (*SERVICES, GATEWAY) for item in describe(_settings_of(name)))
    return {*services, *OWN}


def check_languages(languages: Sequence[str]) -> Iterator[Finding]:
    """Whether the catalogues of the instance's languages have every text."""
    for speaker, package in SPEAKERS.items():
        for language in languages:
            yield _check_catalogue(speaker, package, language)


def check_plugins(allowed: Sequence[str]) -> Iterator[Finding]:
    """Whether those that are wanted could be loaded."""
    reports = load_plugins(allowed, connectors=True).reports()
    for report in reports:
        if report.state in (PluginState.FAILED, PluginState.MISSING):
            yield fail("plugins", f"{report.name}: {report.reason}", "install or mend it, or correct VICHE_PLUGINS")
    yield ok("plugins", f"{sum(report.state == PluginState.LOADED for report in reports)} are in use")


def _check_catalogue(speaker: str, package: str, language: str) -> Finding:
    subject = f"{speaker} in {language}"
    with as_file(files(package) / "translations" / language / "LC_MESSAGES" / "messages.po") as path:
        if not path.is_file():
            return fail(subject, "there is no catalogue", f"take {language} out of VICHE_LANGUAGES")
        with path.open("rb") as file:
            messages = [each for each in read_po(file, locale=language) if each.id]
    missing = sum(not _is_translated(each) for each in messages)
    if missing and language != SOURCE_LANGUAGE:
        return warn(subject, f"{missing} of {len(messages)} texts are in English", "translate them in messages.po")
    return ok(subject, f"{len(messages)} texts")


def _is_translated(message: Any) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def _suggestion(name: str) -> str:
    near = difflib.get_close_matches(name, sorted(known_settings()), n=1, cutoff=0.75)
    return f"did you mean {near[0]}?" if near else "take it away, or see the table in docs/operating.md"


def _settings_of(service: str) -> type:
    return import_module(f"viche_{service}.config").Settings


def _somewhere(environment: Mapping[str, str]) -> Endpoints:
    """Endpoints that only stand for those that a start would choose."""
    return Endpoints(
        http_listen=f"{LOOPBACK}:8080",
        public_url=environment.get("VICHE_PUBLIC_URL") or f"http://{LOOPBACK}:8080",
        grpc=dict.fromkeys(SERVICES, f"{LOOPBACK}:1"),
        metrics={},
        databases=dict.fromkeys(SERVICES, "postgresql://"),
        nats_url="nats://",
        smtp_url=environment.get("VICHE_SMTP_URL") or f"smtp://{LOOPBACK}:1",
    )
