"""PostsService."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from viche.social.v1 import posts_pb2 as pb
from viche.social.v1 import posts_pb2_grpc

from viche_chassis import acts, pages
from viche_chassis.access import covered_authorities, current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, NotYourAuthority, invalid
from viche_chassis.ids import new_id
from viche_chassis.messages import aware
from viche_chassis.once import once
from viche_social import posting
from viche_social.calling import Calls
from viche_social.checking import Checking, check_own, surroundings
from viche_social.domain.errors import FileNotReadable, MediaNotFound, PostHasProblems
from viche_social.identity import Region
from viche_social.media import MediaFiles, key
from viche_social.plain import PlainLanguage
from viche_social.register import check_covered
from viche_social.servicer.post_messages import (
    checked_message,
    media_message,
    post_message,
    public_message,
    read_content,
    read_state,
)
from viche_social.store import channels, deliveries, editions
from viche_social.store import posts as store
from viche_social.store.posts import Media, Post, Wanted

PAGE, MOST = 50, 200
PUBLIC_PAGE, MOST_PUBLIC = 20, 100
Context = Any
R = TypeVar("R", pb.CreatePostResponse, pb.UpdatePostResponse, pb.SubmitPostResponse, pb.ApprovePostResponse,
            pb.ReturnPostResponse, pb.CancelPostResponse, pb.WithdrawPostResponse, pb.SettleDeliveryResponse,
            pb.RetryDeliveryResponse)  # fmt: skip


class PostsServicer(posts_pb2_grpc.PostsServiceServicer):
    """Posts from the first draft to what became of them.

    Args:
        pool: of the database.
        region: the authorities.
        checking: looks at posts.
        plain: reads their texts.
        files: of posts.
        calls: of connectors.
        hurry: called when something is to be sent.
        needs_second: whether a second person must approve.
    """

    def __init__(
        self,
        pool: Pool,
        region: Region,
        checking: Checking,
        plain: PlainLanguage,
        files: MediaFiles,
        calls: Calls,
        hurry: Callable[[], None],
        *,
        needs_second: bool,
    ) -> None:
        self._pool = pool
        self._region = region
        self._checking = checking
        self._plain = plain
        self._files = files
        self._calls = calls
        self._hurry = hurry
        self._needs_second = needs_second

    async def CreatePost(self, request: pb.CreatePostRequest, context: Context) -> pb.CreatePostResponse:
        authority_id, content = UUID(request.authority_id), read_content(request.content)
        check_covered(authority_id)
        await self._region.get(authority_id)
        return await self._once(
            request, pb.CreatePostResponse, lambda conn: posting.create(conn, new_id(), authority_id, content)
        )

    async def UpdatePost(self, request: pb.UpdatePostRequest, context: Context) -> pb.UpdatePostResponse:
        id, content = UUID(request.post_id), read_content(request.content)
        return await self._once(
            request, pb.UpdatePostResponse, lambda conn: posting.update(conn, id, request.version, content)
        )

    async def CheckPost(self, request: pb.CheckPostRequest, context: Context) -> pb.CheckPostResponse:
        authority_id, content = UUID(request.authority_id), read_content(request.content)
        check_covered(authority_id)
        async with reading(self._pool) as conn:
            around = await surroundings(conn, content)
        check_own(authority_id, around)
        read = {language: self._plain.read(text, language) for language, text in sorted(content.text.items())}
        readings = {language: reading for language, reading in read.items() if reading}
        return checked_message(await self._checking.check(content, around), readings)

    async def GetPost(self, request: pb.GetPostRequest, context: Context) -> pb.GetPostResponse:
        async with reading(self._pool) as conn:
            post = await posting.covered(conn, UUID(request.post_id))
            return pb.GetPostResponse(post=(await self._messages(conn, [post]))[0])

    async def ListPosts(self, request: pb.ListPostsRequest, context: Context) -> pb.ListPostsResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        after = pages.read_page_token(request.page_token, (_instant, UUID))
        wanted = Wanted(
            asked_authorities(request.authority_ids), read_state(request.state), request.needs_somebody,
            aware(request.since) if request.HasField("since") else None,
            aware(request.until) if request.HasField("until") else None,
        )  # fmt: skip
        async with reading(self._pool) as conn:
            found = await store.listed(conn, wanted, (after[0], after[1]) if after else None, size + 1)
            messages = await self._messages(conn, found[:size])
        last = found[size - 1] if len(found) > size else None
        token = pages.page_token(_time_of(last).isoformat(), last.id) if last else ""
        return pb.ListPostsResponse(posts=messages, next_page_token=token)

    async def SubmitPost(self, request: pb.SubmitPostRequest, context: Context) -> pb.SubmitPostResponse:
        id = UUID(request.post_id)
        await self._refuse_problems(id)
        return await self._once(request, pb.SubmitPostResponse, lambda conn: posting.submit(conn, id, request.version))

    async def ApprovePost(self, request: pb.ApprovePostRequest, context: Context) -> pb.ApprovePostResponse:
        id = UUID(request.post_id)
        await self._refuse_problems(id)
        return await self._once(
            request,
            pb.ApprovePostResponse,
            lambda conn: posting.approve(conn, id, request.version, self._calls.specs, needs_second=self._needs_second),
        )

    async def ReturnPost(self, request: pb.ReturnPostRequest, context: Context) -> pb.ReturnPostResponse:
        id = UUID(request.post_id)
        return await self._once(
            request, pb.ReturnPostResponse, lambda conn: posting.give_back(conn, id, request.version, request.reason)
        )

    async def CancelPost(self, request: pb.CancelPostRequest, context: Context) -> pb.CancelPostResponse:
        return await self._once(
            request, pb.CancelPostResponse, lambda conn: posting.cancel(conn, UUID(request.post_id))
        )

    async def DeletePost(self, request: pb.DeletePostRequest, context: Context) -> pb.DeletePostResponse:
        async def act(conn: Connection) -> pb.DeletePostResponse:
            await posting.delete(conn, UUID(request.post_id))
            return pb.DeletePostResponse()

        return await once(self._pool, current_caller().person, request, pb.DeletePostResponse, act)

    async def WithdrawPost(self, request: pb.WithdrawPostRequest, context: Context) -> pb.WithdrawPostResponse:
        id = UUID(request.post_id)
        return await self._once(
            request, pb.WithdrawPostResponse, lambda conn: posting.withdraw(conn, id, request.reason, self._calls.specs)
        )

    async def SettleDelivery(self, request: pb.SettleDeliveryRequest, context: Context) -> pb.SettleDeliveryResponse:
        id = UUID(request.delivery_id)
        return await self._once(
            request,
            pb.SettleDeliveryResponse,
            lambda conn: posting.settle(conn, id, url=request.url, has_appeared=request.has_appeared),
        )

    async def RetryDelivery(self, request: pb.RetryDeliveryRequest, context: Context) -> pb.RetryDeliveryResponse:
        return await self._once(
            request, pb.RetryDeliveryResponse, lambda conn: posting.retry(conn, UUID(request.delivery_id))
        )

    async def AddMedia(self, request: pb.AddMediaRequest, context: Context) -> pb.AddMediaResponse:
        authority_id = UUID(request.authority_id)
        check_covered(authority_id)
        await self._region.get(authority_id)
        if bool(request.content) == bool(request.upload_id):
            raise InvalidFields(invalid("content", "REQUIRED"))
        media = await self._media(request, authority_id)

        async def act(conn: Connection) -> pb.AddMediaResponse:
            if isinstance(media, FileNotReadable):
                raise media
            await store.insert_media(conn, media)
            acts.about(object=f"media:{media.id}", authority_id=authority_id)
            return pb.AddMediaResponse(media=media_message(media))

        return await once(self._pool, current_caller().person, request, pb.AddMediaResponse, act)

    async def GetMedia(self, request: pb.GetMediaRequest, context: Context) -> pb.GetMediaResponse:
        id = UUID(request.media_id)
        async with reading(self._pool) as conn:
            found = (await store.media(conn, [id])).get(id)
        if found is None:
            raise MediaNotFound()
        check_covered(found.authority_id)
        content = b"" if request.without_content else await self._files.content(id)
        return pb.GetMediaResponse(media=media_message(found), content=content, object_key=key(id))

    async def ListPublicPosts(self, request: pb.ListPublicPostsRequest, context: Context) -> pb.ListPublicPostsResponse:
        size = pages.page_size(request.page_size, PUBLIC_PAGE, MOST_PUBLIC)
        after = pages.read_page_token(request.page_token, (_instant, UUID))
        authorities = [UUID(each) for each in request.authority_ids]
        async with reading(self._pool) as conn:
            found = await store.public(
                conn, authorities, request.number, (after[0], after[1]) if after else None, size + 1
            )
            messages = await _public(conn, found[:size])
        last = found[size - 1] if len(found) > size else None
        token = pages.page_token(_time_of(last).isoformat(), last.id) if last else ""
        return pb.ListPublicPostsResponse(posts=messages, next_page_token=token)

    async def _media(self, request: pb.AddMediaRequest, authority_id: UUID) -> Media | FileNotReadable:
        """The file, prepared; one that cannot be read may have been taken with the same request before."""
        try:
            if request.upload_id:
                return await self._files.take(authority_id, request.name, UUID(request.upload_id))
            return await self._files.put(authority_id, request.name, request.content)
        except FileNotReadable as error:
            return error

    async def _refuse_problems(self, id: UUID) -> None:
        """Lets a post go on that nothing keeps. Asked outside of a transaction: connectors may be other processes."""
        async with reading(self._pool) as conn:
            post = await posting.covered(conn, id)
            around = await surroundings(conn, post.content)
        if (await self._checking.check(post.content, around)).problems:
            raise PostHasProblems()

    async def _once(self, request: Any, answer: type[R], act: Callable[[Connection], Awaitable[Post]]) -> R:
        async def whole(conn: Connection) -> R:
            changed = await act(conn)
            return answer(post=(await self._messages(conn, [changed]))[0])

        return await once(self._pool, current_caller().person, request, answer, whole, self._hurry)

    async def _messages(self, conn: Connection, found: Sequence[Post]) -> list[pb.Post]:
        sent = await deliveries.of_posts(conn, [post.id for post in found])
        known = {each.id: each for each in await channels.by_ids(conn, [each.channel_id for each in sent])}
        files = await store.media(conn, [each.id for post in found for each in post.content.media])
        specs = self._calls.specs
        return [
            post_message(post, [each for each in sent if each.post_id == post.id], known, files, specs)
            for post in found
        ]


async def _public(conn: Connection, found: Sequence[Post]) -> list[pb.PublicPost]:
    ids = [post.id for post in found]
    sent = [each for each in await deliveries.of_posts(conn, ids) if each.state == "published" and each.url]
    known = {each.id: each for each in await channels.by_ids(conn, [each.channel_id for each in sent])}
    corrected = await store.numbers(conn, [post.content.corrects_id for post in found if post.content.corrects_id])
    by = await store.corrections(conn, ids)
    latest = {each.post_id: each for each in await editions.out(conn, ids)}
    return [
        public_message(
            post,
            latest.get(post.id),
            [pb.PublicCopy(platform=known[e.channel_id].platform, url=e.url) for e in sent if e.post_id == post.id],
            corrected.get(post.content.corrects_id, 0) if post.content.corrects_id else 0,
            by.get(post.id, 0),
        )
        for post in found
    ]


def asked_authorities(asked: Sequence[str]) -> list[UUID]:
    """The authorities that are asked for, all of them the caller's; none means all of the caller's."""
    covered = covered_authorities()
    if current_caller().person is not None and any(each not in covered for each in asked):
        raise NotYourAuthority()
    return [UUID(each) for each in asked or covered]


def _time_of(post: Post) -> Any:
    return post.out_at or post.content.publish_at or post.changed_at


def _instant(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)
