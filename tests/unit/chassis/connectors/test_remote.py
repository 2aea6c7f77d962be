"""Files on their way to a connector elsewhere hold a call back for a while, and not for ever."""

import asyncio
from datetime import UTC, datetime

import pytest

from viche_chassis.connectors import remote
from viche_chassis.connectors.calls import Call
from viche_chassis.connectors.opening import own_identity
from viche_chassis.connectors.remote import Remote
from viche_sdk.connectors.types import Media, MediaKind, Post, Transient

PICTURE = Media("m1", MediaKind.IMAGE, "image/png", 3, "Alt")


class Slow:
    """A store that does not answer."""

    async def read(self, media: Media) -> bytes:
        """Never."""
        await asyncio.Event().wait()
        return b""

    async def link(self, media: Media) -> str:
        """At once."""
        return "https://files.example/m1"


async def test_files_that_do_not_come_end_the_call_before_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "FILES_S", 0.05)
    there = Remote("unix:/nowhere", "connector-slow", own_identity("social")[0])
    post = Post("Текст", "uk", media=(PICTURE,))

    outcome = await there.perform(Call("slow", "publish", (post, "key"), datetime.now(UTC), 1.0, media=Slow()))
    await there.close()

    assert isinstance(outcome.error, Transient)
    assert "did not reach" in outcome.error.detail
