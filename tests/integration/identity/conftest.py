"""Identity over a real database, called through its stubs without sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.identity.visiting import ACCOUNTS, OIDC, PUBLIC_URL, Portal, open_portal
from tests.integration.identity.world import World, open_world
from tests.providers.server import ProviderServer, Visitor, provider_server
from viche_identity.providers import web


@pytest.fixture
def identity_url(migrated: Callable[[str], str]) -> str:
    """An empty database for identity."""
    return migrated("identity")


@pytest.fixture
async def world(identity_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Identity with two signing keys, a small region, and nobody in it."""
    async with open_world(identity_url, tmp_path) as world:
        await world.put_region()
        yield world


@pytest.fixture
async def bench_world(identity_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The same where sessions may be opened without a mail and limits are far away."""
    async with open_world(identity_url, tmp_path, allow_direct_sessions=True, rate_factor=1000.0) as world:
        await world.put_region()
        yield world


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderServer]:
    """The provider; tests that change it put it right again."""
    with provider_server(ACCOUNTS, f"{PUBLIC_URL}/sign-in/with/id-test/back") as server:
        yield server


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    """A browser that the provider does not know yet."""
    with Visitor() as visitor:
        yield visitor


@pytest.fixture
async def portal(
    identity_url: str, tmp_path: Path, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Portal]:
    """A portal with the provider, and one that is down."""
    monkeypatch.setattr(web, "WITHIN_S", 60.0)  # the provider answers late where the machine has much else to do
    async with open_portal(identity_url, tmp_path, OIDC, provider.issuer) as portal:
        yield portal
