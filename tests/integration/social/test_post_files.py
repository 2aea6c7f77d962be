"""A platform that fetches files by links gets no post whose files it cannot reach: that is said before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from viche.social.v1 import posts_pb2

from tests.integration.social import world as worlds
from tests.integration.social.world import CITY
from viche_chassis.testing import MemoryStore
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    made = MastodonFake(MASTODON, KitClock(), None)
    yield made
    made.close()


@pytest.mark.parametrize(("fetches", "has_bucket", "said"), [
    (True, False, ["FILES_NOT_REACHED"]), (True, True, []), (False, False, []),
])  # fmt: skip
async def test_files_without_links_are_told(
    migrated: Callable[[str], str],
    tmp_path: Path,
    fake: MastodonFake,
    monkeypatch: pytest.MonkeyPatch,
    fetches: bool,
    has_bucket: bool,
    said: list[str],
) -> None:
    if has_bucket:
        monkeypatch.setattr(MemoryStore, "presigned_get", link)
    file = uuid4()
    async with worlds.world(migrated("social"), tmp_path, [replace(MASTODON, fetches_files=fetches)]) as world:
        channel = await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])
        await world.rows(
            "INSERT INTO media (id, authority_id, title, kind, type, size_bytes, width, height)"
            " VALUES (%s, %s, 'Міст', 'image', 'image/png', 1, 1, 1)", file, CITY,
        )  # fmt: skip
        content = posts_pb2.PostContent(
            kind=posts_pb2.POST_KIND_MOMENTS,
            text={"uk": "Міст відкрито"},
            media=[posts_pb2.PostMedia(id=str(file), alt={"uk": "Міст через річку"})],
            variants=[posts_pb2.Variant(channel_id=channel)],
        )
        checked = await world.posts().CheckPost(posts_pb2.CheckPostRequest(authority_id=str(CITY), content=content))

    assert [each.reason for each in checked.problems] == said


def link(self: MemoryStore, key: str, expires: timedelta) -> str:
    """As a bucket gives it."""
    return f"https://files.example.org/{key}?for={expires.total_seconds():.0f}"
