"""A social service for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.integration.social import world as worlds


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with worlds.world(migrated("social"), tmp_path) as made:
        yield made
