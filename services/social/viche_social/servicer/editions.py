"""EditionsService."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from viche.social.v1 import editions_pb2 as pb
from viche.social.v1 import editions_pb2_grpc

from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.messages import timestamp
from viche_chassis.once import once
from viche_social import editing, posting
from viche_social.calling import Calls
from viche_social.checking import Checked, Checking, surroundings
from viche_social.domain.editions import Changes, EditionState, is_fixed, is_nowhere_any_more
from viche_social.domain.errors import EditionNotFound, PostHasProblems
from viche_social.domain.posts import PostState
from viche_social.servicer.post_messages import (
    check_lengths,
    content_message,
    preview_message,
    problem_message,
    texts,
)
from viche_social.store import deliveries, posts
from viche_social.store import editions as store
from viche_social.store.editions import Edition
from viche_social.store.posts import Media

Context = Any
R = TypeVar("R", pb.SaveEditionResponse, pb.SubmitEditionResponse, pb.ApproveEditionResponse, pb.ReturnEditionResponse)
_STATES = {
    state: pb.EditionState.Value(f"EDITION_STATE_{state.name}")
    for state in EditionState if state is not EditionState.DROPPED
}  # fmt: skip


class EditionsServicer(editions_pb2_grpc.EditionsServiceServicer):
    """Corrections of posts that are out.

    Args:
        pool: of the database.
        checking: looks at posts.
        calls: of connectors.
        hurry: called when something is to be sent.
        needs_second: whether a second person must approve.
    """

    def __init__(
        self, pool: Pool, checking: Checking, calls: Calls, hurry: Callable[[], None], *, needs_second: bool
    ) -> None:
        self._pool = pool
        self._checking = checking
        self._calls = calls
        self._hurry = hurry
        self._needs_second = needs_second

    async def SaveEdition(self, request: pb.SaveEditionRequest, context: Context) -> pb.SaveEditionResponse:
        id, changes = UUID(request.post_id), _changes(request.content)
        return await self._once(
            request, pb.SaveEditionResponse,
            lambda conn: editing.save(conn, id, request.version, changes, request.what.strip()),
        )  # fmt: skip

    async def CheckEdition(self, request: pb.CheckEditionRequest, context: Context) -> pb.CheckEditionResponse:
        checked, unchangeable = await self._checked(UUID(request.post_id))
        return pb.CheckEditionResponse(
            problems=map(problem_message, checked.problems),
            previews=map(preview_message, checked.previews),
            unchangeable=[str(each) for each in unchangeable],
        )

    async def SubmitEdition(self, request: pb.SubmitEditionRequest, context: Context) -> pb.SubmitEditionResponse:
        id = UUID(request.post_id)
        await self._refuse_problems(id)
        return await self._once(
            request, pb.SubmitEditionResponse, lambda conn: editing.submit(conn, id, request.version)
        )

    async def ApproveEdition(self, request: pb.ApproveEditionRequest, context: Context) -> pb.ApproveEditionResponse:
        id, specs = UUID(request.post_id), self._calls.specs
        await self._refuse_problems(id)
        return await self._once(
            request, pb.ApproveEditionResponse,
            lambda conn: editing.approve(conn, id, request.version, specs, needs_second=self._needs_second),
        )  # fmt: skip

    async def ReturnEdition(self, request: pb.ReturnEditionRequest, context: Context) -> pb.ReturnEditionResponse:
        id = UUID(request.post_id)
        return await self._once(
            request, pb.ReturnEditionResponse,
            lambda conn: editing.give_back(conn, id, request.version, request.reason),
        )  # fmt: skip

    async def DropEdition(self, request: pb.DropEditionRequest, context: Context) -> pb.DropEditionResponse:
        async def act(conn: Connection) -> pb.DropEditionResponse:
            await editing.drop(conn, UUID(request.post_id))
            return pb.DropEditionResponse()

        return await once(self._pool, current_caller().person, request, pb.DropEditionResponse, act)

    async def ListEditions(self, request: pb.ListEditionsRequest, context: Context) -> pb.ListEditionsResponse:
        async with reading(self._pool) as conn:
            post = await posting.covered(conn, UUID(request.post_id))
            found, written = await store.out(conn, [post.id]), await store.open_one(conn, post.id)
            media = await posts.media(conn, [each.id for each in post.content.media])
        return pb.ListEditionsResponse(
            editions=[_message(each, media) for each in found], open=_message(written, media) if written else None
        )

    async def ListPublicEditions(
        self, request: pb.ListPublicEditionsRequest, context: Context
    ) -> pb.ListPublicEditionsResponse:
        async with reading(self._pool) as conn:
            post = next(iter(await posts.public(conn, (), request.number, None, 1)), None) if request.number else None
            is_there = post is not None and post.state is PostState.OUT
            found = await store.out(conn, [post.id]) if post is not None and is_there else []
        return pb.ListPublicEditionsResponse(editions=map(_public, found))

    async def _checked(self, id: UUID) -> tuple[Checked, list[UUID]]:
        """What is to be said about the correction where it changes what is there; and the channels where it cannot.
        Asked outside of a transaction: connectors may be other processes."""
        async with reading(self._pool) as conn:
            post = await posting.covered(conn, id)
            edition = await store.open_one(conn, id)
            if edition is None:
                raise EditionNotFound()
            sent = await deliveries.of_posts(conn, [id])
            by_id = await editing.standings(conn, sent, self._calls.specs)
            content = editing.whole(post, edition)
            around = await surroundings(conn, content)
        there = [each for each in sent if not is_nowhere_any_more(by_id[each.id])]
        fixed = {each.channel_id for each in there if is_fixed(by_id[each.id])}
        reached = {None, *(each.channel_id for each in there)} - fixed
        checked = await self._checking.check(content, around)
        return Checked(
            [each for each in checked.problems if each.channel_id in reached],
            [each for each in checked.previews if each.channel_id in reached],
        ), sorted(fixed)

    async def _refuse_problems(self, id: UUID) -> None:
        if (await self._checked(id))[0].problems:
            raise PostHasProblems()

    async def _once(self, request: Any, answer: type[R], act: Callable[[Connection], Awaitable[Edition]]) -> R:
        async def whole(conn: Connection) -> R:
            edition = await act(conn)
            media = await posts.media(conn, [each.id for each in edition.content.media])
            return answer(edition=_message(edition, media))

        return await once(self._pool, current_caller().person, request, answer, whole, self._hurry)


def _changes(content: pb.EditionContent) -> Changes:
    """What a correction says.

    Raises:
        InvalidFields: something is too long to be kept.
    """
    check_lengths(content)
    return Changes(
        texts(content.title),
        texts(content.text),
        {UUID(each.id): texts(each.alt) for each in content.media},
        {UUID(each.channel_id): each.text for each in content.variants},
    )


def _message(edition: Edition, media: Mapping[UUID, Media]) -> pb.Edition:
    return pb.Edition(
        number=edition.number or 0, content=content_message(edition.content, media), what=edition.what,
        state=_STATES[edition.state], version=edition.version, written_by=edition.written_by or b"",  # pyright: ignore[reportArgumentType]
        approved_by=edition.approved_by or b"", returned_because=edition.returned_because,
        changed_at=timestamp(edition.changed_at), out_at=timestamp(edition.out_at),
    )  # fmt: skip


def _public(edition: Edition) -> pb.PublicEdition:
    return pb.PublicEdition(
        number=edition.number or 0, title=edition.content.title, text=edition.content.text, what=edition.what,
        out_at=timestamp(edition.out_at),
    )  # fmt: skip
