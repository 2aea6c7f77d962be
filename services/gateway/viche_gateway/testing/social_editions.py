"""Social's double for corrections of posts that are out. Accounts named in ``fixed`` cannot be changed."""

from typing import Any

from viche.social.v1 import editions_pb2 as pb
from viche.social.v1 import editions_pb2_grpc as rpc
from viche.social.v1 import posts_pb2

from viche_chassis.errors import Code
from viche_gateway.testing.channel import access_token, refusal
from viche_gateway.testing.social_posts import FakeSocialPosts

_EDITABLE = (pb.EDITION_STATE_DRAFT, pb.EDITION_STATE_RETURNED)


class FakeSocialEditions(rpc.EditionsServiceServicer):
    """Editions by the id of their post: those that are out, and those that are being written."""

    def __init__(self, posts: FakeSocialPosts) -> None:
        self.posts = posts
        self.out: dict[str, list[pb.Edition]] = {}
        self.open: dict[str, pb.Edition] = {}
        self.fixed: list[str] = []
        self.public: dict[int, list[pb.PublicEdition]] = {}

    async def SaveEdition(self, request: Any, context: Any) -> Any:
        post, before = self._post(request.post_id), self.open.get(request.post_id)
        if request.version != (before.version if before else 0):
            raise refusal(Code.ABORTED, "STALE_VERSION")
        if before and before.state not in _EDITABLE:
            raise refusal(Code.FAILED_PRECONDITION, "EDITION_NOT_EDITABLE")
        made = pb.Edition(content=post.content, what=request.what, state=pb.EDITION_STATE_DRAFT,
                          version=request.version + 1, written_by=access_token().encode())  # fmt: skip
        for texts, given in ((made.content.title, request.content.title), (made.content.text, request.content.text)):
            texts.clear()
            texts.update(given)
        own = {each.channel_id: each.text for each in request.content.variants}
        for variant in made.content.variants:
            variant.text = own.get(variant.channel_id, variant.text)
        alt = {each.id: each.alt for each in request.content.media}
        for media in made.content.media:
            if media.id in alt:
                media.alt.clear()
                media.alt.update(alt[media.id])
        self.open[request.post_id] = made
        return pb.SaveEditionResponse(edition=made)

    async def CheckEdition(self, request: Any, context: Any) -> Any:
        found = self._open(request.post_id)
        checked = await self.posts.CheckPost(posts_pb2.CheckPostRequest(content=found.content), context)
        return pb.CheckEditionResponse(
            problems=[each for each in checked.problems if each.channel_id not in self.fixed],
            previews=[each for each in checked.previews if each.channel_id not in self.fixed],
            unchangeable=self.fixed,
        )

    async def SubmitEdition(self, request: Any, context: Any) -> Any:
        found = self._open(request.post_id, request.version)
        if found.content == self._post(request.post_id).content:
            raise refusal(Code.FAILED_PRECONDITION, "NOTHING_CHANGED")
        found.state = pb.EDITION_STATE_SUBMITTED
        return pb.SubmitEditionResponse(edition=found)

    async def ApproveEdition(self, request: Any, context: Any) -> Any:
        found, post = self._submitted(request), self._post(request.post_id)
        if found.written_by == access_token().encode():
            raise refusal(Code.PERMISSION_DENIED, "OWN_POST")
        found.state, found.number = pb.EDITION_STATE_OUT, post.edition + 1
        post.content.CopyFrom(found.content)
        post.edition = found.number
        self.out.setdefault(request.post_id, []).append(self.open.pop(request.post_id))
        return pb.ApproveEditionResponse(edition=found)

    async def ReturnEdition(self, request: Any, context: Any) -> Any:
        found = self._submitted(request)
        found.state, found.returned_because = pb.EDITION_STATE_RETURNED, request.reason
        return pb.ReturnEditionResponse(edition=found)

    async def DropEdition(self, request: Any, context: Any) -> Any:
        self._open(request.post_id)
        del self.open[request.post_id]
        return pb.DropEditionResponse()

    async def ListEditions(self, request: Any, context: Any) -> Any:
        self._post(request.post_id, is_out=False)
        return pb.ListEditionsResponse(editions=self.out.get(request.post_id, []), open=self.open.get(request.post_id))

    async def ListPublicEditions(self, request: Any, context: Any) -> Any:
        return pb.ListPublicEditionsResponse(editions=self.public.get(request.number, []))

    def _post(self, post_id: str, *, is_out: bool = True) -> posts_pb2.Post:
        if post_id not in self.posts.known:
            raise refusal(Code.NOT_FOUND, "POST_NOT_FOUND")
        post = self.posts.known[post_id]
        if is_out and post.state != posts_pb2.POST_STATE_OUT:
            raise refusal(Code.FAILED_PRECONDITION, "POST_NOT_OUT")
        return post

    def _open(self, post_id: str, version: int | None = None) -> pb.Edition:
        if post_id not in self.open:
            raise refusal(Code.NOT_FOUND, "EDITION_NOT_FOUND")
        if version is not None and self.open[post_id].version != version:
            raise refusal(Code.ABORTED, "STALE_VERSION")
        return self.open[post_id]

    def _submitted(self, request: Any) -> pb.Edition:
        found = self._open(request.post_id, request.version)
        if found.state != pb.EDITION_STATE_SUBMITTED:
            raise refusal(Code.FAILED_PRECONDITION, "EDITION_NOT_SUBMITTED")
        return found
