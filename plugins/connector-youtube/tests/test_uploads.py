"""Nothing is uploaded twice, whatever gets lost: the address of an upload is asked first, and the upload goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

import pytest

from viche_connector_youtube.fake import YouTubeFake
from viche_connector_youtube.spec import YOUTUBE
from viche_connector_youtube.uploading import CHUNK_BYTES
from viche_sdk.connectors.testing import Failure, Kit, Reply, Request, Stage
from viche_sdk.connectors.types import Context, Media, MediaKind, Operation, OutcomeUnknown, Pending, Post, Transient

SIZE = 2 * CHUNK_BYTES + 300_000
CONTENT = b"".join(number.to_bytes(4, "big") for number in range(SIZE // 4))
FILM = Media("film-1", MediaKind.VIDEO, "video/mp4", SIZE, "Набережна", 1, 1, 60.0)
POST = Post("Набережну відкрито #місто", "uk", title="Набережна", media=(FILM,))


class Film:
    """Answers `MediaStore`."""

    async def read(self, media: Media) -> bytes:
        return CONTENT

    async def link(self, media: Media) -> str:
        raise NotImplementedError


def on_stage(act: Callable[[Stage, YouTubeFake], Awaitable[None]], make: type[YouTubeFake] = YouTubeFake) -> None:
    """Makes some calls, with a file of three parts."""

    async def run() -> None:
        async with Kit(YOUTUBE, make).stage() as stage:
            context = stage.context

            def with_film() -> Context:
                return replace(context(), media=Film())

            stage.context = with_film
            await act(stage, cast(YouTubeFake, stage.fake))

    asyncio.run(run())


def sent_bytes(fake: YouTubeFake) -> int:
    """How many bytes of films have come in, those that were sent twice counted twice."""
    return sum(len(request.body) for request in fake.requests if request.method == "PUT")


def the_only_video(fake: YouTubeFake) -> bytes:
    """What people see."""
    (video,) = fake.videos.values()
    return video.content


def test_a_film_goes_in_parts() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        await stage.publish(POST)
        assert the_only_video(fake) == CONTENT
        assert sent_bytes(fake) == SIZE

    on_stage(act)


@pytest.mark.parametrize("nth", [2, 3, 4])
def test_a_part_whose_answer_is_lost_is_not_sent_again(nth: int) -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        fake.fail_next(Failure.DROP, nth)
        await stage.publish(POST)
        assert the_only_video(fake) == CONTENT
        assert sent_bytes(fake) == SIZE

    on_stage(act)


@pytest.mark.parametrize("failure", [Failure.UNHEARD, Failure.FAULT, Failure.MAINTENANCE])
def test_a_part_that_did_not_come_in_is_sent_from_where_the_upload_is(failure: Failure) -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        fake.fail_next(failure, 3)
        await stage.publish(POST)
        assert the_only_video(fake) == CONTENT

    on_stage(act)


def test_a_film_that_came_in_before_everything_broke_is_found_by_its_upload() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        key = stage.key()
        fake.fail_next(Failure.DROP, 4)
        fake.fail_next(Failure.FAULT, 5)
        with pytest.raises(OutcomeUnknown):
            await stage.call(Operation.PUBLISH, POST, key)
        before = len(fake.requests)
        found = await stage.call(Operation.FIND, key, POST)
        assert found.ref in fake.videos
        assert [request.method for request in fake.requests[before:]] == ["PUT"]
        assert sent_bytes(fake) == SIZE

    on_stage(act)


def test_an_upload_that_broke_off_goes_on_under_the_same_key() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        key = stage.key()
        fake.fail_next(Failure.UNHEARD, 3)
        fake.fail_next(Failure.UNHEARD, 4)
        with pytest.raises(Transient):
            await stage.call(Operation.PUBLISH, POST, key)
        assert await stage.call(Operation.FIND, key, POST) is None
        before = len(fake.requests)
        assert isinstance(await stage.call(Operation.PUBLISH, POST, key), Pending)
        asked, *parts = [request.headers["content-range"] for request in fake.requests[before:]]
        assert asked == f"bytes */{SIZE}"
        assert parts[0].startswith(f"bytes {CHUNK_BYTES}-")
        assert the_only_video(fake) == CONTENT
        assert len(fake.uploads) == 1

    on_stage(act)


def test_an_upload_that_youtube_has_forgotten_is_looked_for_before_another_begins() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        key = stage.key()
        fake.fail_next(Failure.DROP, 4)
        fake.fail_next(Failure.FAULT, 5)
        with pytest.raises(OutcomeUnknown):
            await stage.call(Operation.PUBLISH, POST, key)
        fake.uploads.clear()
        assert isinstance(await stage.call(Operation.PUBLISH, POST, key), Pending)
        assert len(fake.videos) == 1
        assert not fake.uploads

    on_stage(act)


def test_an_upload_under_another_key_is_another_one() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        fake.fail_next(Failure.UNHEARD, 3)
        fake.fail_next(Failure.UNHEARD, 4)
        with pytest.raises(Transient):
            await stage.call(Operation.PUBLISH, POST, stage.key())
        await stage.call(Operation.PUBLISH, POST, stage.key())
        assert len(fake.uploads) == 2
        assert the_only_video(fake) == CONTENT

    on_stage(act)


@pytest.mark.parametrize(("told", "error"), [({}, Transient), ({"Range": f"bytes=0-{SIZE - 1}"}, OutcomeUnknown)])
def test_an_upload_that_stands_still_ends(told: dict[str, str], error: type[Exception]) -> None:
    class Still(YouTubeFake):
        """Makes no video."""

        def put_upload(self, request: Request) -> Reply:
            return Reply(308, headers=told)

    async def act(stage: Stage, fake: YouTubeFake) -> None:
        with pytest.raises(error, match="the upload stands at"):
            await stage.call(Operation.PUBLISH, POST, stage.key())
        assert len(fake.requests) < 10

    on_stage(act, Still)
