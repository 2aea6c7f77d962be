"""Notifications over a real database and a real mail server, with doubles of identity and petitions."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.integration.notifications.office import PostOffice, post_office
from tests.integration.notifications.world import World, open_world


@pytest.fixture
def notifications_url(migrated: Callable[[str], str]) -> str:
    """An empty database."""
    return migrated("notifications")


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A mail server."""
    async with post_office() as office:
        yield office


@pytest.fixture
async def world(notifications_url: str, office: PostOffice, tmp_path: Path) -> AsyncIterator[World]:
    """All of it."""
    async with open_world(notifications_url, office, tmp_path) as world:
        yield world
