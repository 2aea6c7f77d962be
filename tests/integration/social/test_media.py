"""Files of posts: brought through the store of objects, prepared, and taken away again where nobody wants them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from viche.social.v1 import posts_pb2

from tests.integration.social.world import CITY, World, request_id
from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_social.media import Pieces, key, made_at

VIDEO = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 4_096


def picture(width: int = 40) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, 30), "green").save(out, "JPEG", exif=b"Exif\x00\x00secret place")
    return out.getvalue()


def bring(world: World, content: bytes) -> str:
    upload_id = str(new_id())
    world.objects.put(f"uploads/posts/{upload_id}", BytesIO(content), len(content), "application/octet-stream")
    return upload_id


async def add(world: World, upload_id: str, repeated: str = "") -> posts_pb2.PostMedia:
    request = posts_pb2.AddMediaRequest(
        request_id=repeated or request_id(), authority_id=str(CITY), name="bridge", upload_id=upload_id
    )
    return (await world.posts().AddMedia(request)).media


def kept(world: World, media: posts_pb2.PostMedia) -> bytes:
    with world.objects.open(key(UUID(media.id))) as opened:
        return b"".join(opened)


async def test_a_video_goes_through_as_it_is(world: World) -> None:
    media = await add(world, bring(world, VIDEO))

    assert (media.kind, media.type, media.size_bytes) == ("video", "video/mp4", len(VIDEO))
    assert kept(world, media) == VIDEO


async def test_a_picture_loses_what_a_camera_wrote_into_it(world: World) -> None:
    media = await add(world, bring(world, picture()))

    assert (media.kind, media.width, media.height) == ("image", 40, 30)
    assert b"secret place" not in kept(world, media)


async def test_a_repeat_gets_the_same_file_though_its_upload_is_gone(world: World) -> None:
    upload_id, repeated = bring(world, picture()), request_id()
    media = await add(world, upload_id, repeated)
    world.objects.delete(f"uploads/posts/{upload_id}")

    assert (await add(world, upload_id, repeated)).id == media.id


async def test_an_upload_that_is_not_there_is_refused(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        await add(world, str(new_id()))

    assert refused.value.reason == "FILE_NOT_READABLE"


async def test_a_file_over_the_setting_is_refused_before_it_is_read(world: World) -> None:
    world.social.posts.files._most_bytes = len(VIDEO) - 1  # pyright: ignore[reportPrivateUsage]

    with pytest.raises(DomainError) as refused:
        await add(world, bring(world, VIDEO))

    assert refused.value.reason == "FILE_TOO_LARGE"


async def test_bytes_come_either_in_the_call_or_through_the_store(world: World) -> None:
    both = posts_pb2.AddMediaRequest(
        request_id=request_id(), authority_id=str(CITY), content=picture(), upload_id=bring(world, picture())
    )
    neither = posts_pb2.AddMediaRequest(request_id=request_id(), authority_id=str(CITY))

    for wrong in (both, neither):
        with pytest.raises(DomainError) as refused:
            await world.posts().AddMedia(wrong)
        assert refused.value.reason == "INVALID_FIELDS"


async def test_where_the_bytes_lie_is_told_without_them(world: World) -> None:
    media = await add(world, bring(world, picture()))
    found = await world.posts().GetMedia(posts_pb2.GetMediaRequest(media_id=media.id, without_content=True))

    assert (found.content, found.object_key) == (b"", key(UUID(media.id)))


async def test_uploads_that_were_left_behind_are_taken_away_after_a_day(world: World) -> None:
    fresh = bring(world, picture())
    old_ms = int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1_000)
    old = str(UUID(int=(old_ms << 80) | (7 << 76) | (2 << 62) | 1))
    world.objects.put(f"uploads/posts/{old}", BytesIO(b"x"), 1, "application/octet-stream")
    await world.social.posts.files.sweep()

    assert list(world.objects.list("uploads/")) == [f"uploads/posts/{fresh}"]


@pytest.mark.parametrize("name", ["notes.txt", "ffffffff-ffff-4fff-8fff-ffffffffffff"])
async def test_what_others_put_beside_uploads_ends_nothing(world: World, name: str) -> None:
    world.objects.put(f"uploads/posts/{name}", BytesIO(b"x"), 1, "application/octet-stream")
    await world.social.posts.files.sweep()

    assert list(world.objects.list("uploads/")) == [f"uploads/posts/{name}"]


def test_an_id_knows_when_it_was_made() -> None:
    assert abs(made_at(new_id()) - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_chunks_are_read_in_pieces_of_any_size(size: int) -> None:
    def chunks() -> Iterator[bytes]:
        yield from (b"ab", b"cdef", b"g")

    stream, found = Pieces(chunks()), b""
    while piece := stream.read(size):
        assert len(piece) <= size
        found += piece

    assert found == b"abcdefg"
