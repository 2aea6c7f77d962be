"""Identity over a real database, called through its stubs without sockets."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.integration.identity.world import World, open_world


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
