"""Providers of identity: whether the operator's list can be read, and whether those that publish something do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from viche_chassis.config import ConfigError
from viche_chassis.errors import DomainError
from viche_cli.check.findings import Finding, fail, ok, warn
from viche_identity.domain.providers import Kind
from viche_identity.providers.client import ProviderClient, Seen, provider_clients

MOST_SKEW_S = 30.0


def check_providers(path: str, public_url: str) -> Iterator[Finding]:
    """A finding for each provider in the file at ``path``; none where no file is named."""
    try:
        clients = provider_clients(path, public_url)
    except ConfigError as error:
        for fault in error.faults:
            yield fail("providers", fault.removesuffix("."), "correct it, see docs/operating.md")
        return
    for name, client in clients.items():
        yield _check(f"provider {name}", client)


def _check(subject: str, client: ProviderClient) -> Finding:
    try:
        seen = asyncio.run(client.look())
    except DomainError as error:
        why = error.values.get("why", "does not answer, or too slowly")
        return fail(subject, why, "look at the issuer, its hosts and your proxy; people sign in by mail meanwhile")
    if client.provider.kind == Kind.OAUTH2:
        return ok(subject, "is listed; plain OAuth 2.0 publishes nothing to look at")
    return _check_clock(subject, seen)


def _check_clock(subject: str, seen: Seen) -> Finding:
    off_s = abs((datetime.now(UTC) - seen.said_at).total_seconds()) if seen.said_at else 0.0
    if off_s > MOST_SKEW_S:
        said = f"its clock and ours are {off_s:.0f} seconds apart"
        return warn(subject, said, "set this machine's clock by NTP: beyond a minute its tokens are refused")
    return ok(subject, f"answers, with keys ({seen.keys})")
