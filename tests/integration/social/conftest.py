"""A social service for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.social import world as worlds
from tests.integration.social.letterbox import BOX, LETTERBOX
from tests.integration.social.seeding import put_channel
from tests.integration.social.world import LOOPBACK, World
from viche_chassis.connectors.lanes import Lanes
from viche_chassis.connectors.runner import Connectors, Running, Way
from viche_social.store.channels import Channel


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with worlds.world(migrated("social"), tmp_path) as made:
        yield made


@pytest.fixture
async def post_office(world: World) -> AsyncIterator[World]:
    """The service with a connector to the letterbox, which is empty."""
    BOX.clear()
    connectors = Connectors([Running("connector-letterbox", Way.INSIDE, Lanes([LETTERBOX], LOOPBACK))])
    await connectors.start()
    yield replace(world, ways=replace(world.ways, connectors=connectors)).renewed()
    await connectors.close()


@pytest.fixture
async def channel(post_office: World) -> Channel:
    return await put_channel(post_office, "letterbox", platform="letters")
