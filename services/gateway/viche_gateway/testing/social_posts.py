"""Social's double for posts. It knows four rules: a text is needed, and an account; an account takes 50 characters at
most; who wrote a post does not approve it. Who writes is called by the session's name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from viche.social.v1 import posts_pb2 as pb
from viche.social.v1 import posts_pb2_grpc as rpc

from viche_chassis.errors import Code
from viche_chassis.ids import new_id
from viche_chassis.testing import MemoryStore
from viche_gateway.testing.channel import access_token, refusal, stamp
from viche_gateway.testing.social_channels import FakeSocialChannels

MOST = 50
EDITABLE = (pb.POST_STATE_DRAFT, pb.POST_STATE_RETURNED)
TROUBLED = (pb.DELIVERY_STATE_REFUSED, pb.DELIVERY_STATE_UNKNOWN, pb.DELIVERY_STATE_BY_HAND)


class FakeSocialPosts(rpc.PostsServiceServicer):
    """Posts by id, files by id, and what everybody sees (``public``); ``asked`` is the last list that was asked for."""

    def __init__(self, channels: FakeSocialChannels, objects: MemoryStore) -> None:
        self.channels = channels
        self.objects = objects
        self.known: dict[str, pb.Post] = {}
        self.seen: dict[str, str] = {}
        self.media: dict[str, pb.GetMediaResponse] = {}
        self.public: list[pb.PublicPost] = []
        self.asked = pb.ListPostsRequest()

    def add(self, authority_id: str, **fields: Any) -> pb.Post:
        """A post; ``fields`` are those of its message."""
        content = pb.PostContent(
            kind=pb.POST_KIND_DECISION, title={"en": "Benches"}, text={"en": "We build benches."}
        )  # fmt: skip
        made = pb.Post(
            authority_id=authority_id, number=len(self.known) + 1,
            **{"id": str(new_id()), "content": content, "state": pb.POST_STATE_DRAFT, "version": 1,
               "written_by": b"otto", "changed_at": stamp(datetime(2026, 11, 20, 9, tzinfo=UTC)), **fields},
        )  # fmt: skip
        self.known[made.id] = made
        return made

    def deliver(self, post: pb.Post, channel_id: str, **fields: Any) -> pb.Delivery:
        """What became of a post at an account."""
        channel = self.channels.known[channel_id]
        return post.deliveries.add(
            id=str(new_id()), channel_id=channel_id, connector=channel.connector, handle=channel.handle, **fields
        )

    async def CreatePost(self, request: Any, context: Any) -> Any:
        if request.request_id not in self.seen:
            made = self.add(request.authority_id, content=request.content, written_by=access_token().encode())
            self.seen[request.request_id] = made.id
        return pb.CreatePostResponse(post=self.known[self.seen[request.request_id]])

    async def UpdatePost(self, request: Any, context: Any) -> Any:
        found = self._editable(request)
        found.content.CopyFrom(request.content)
        found.written_by = access_token().encode()
        found.version += 1
        return pb.UpdatePostResponse(post=found)

    async def CheckPost(self, request: Any, context: Any) -> Any:
        content = request.content
        return pb.CheckPostResponse(
            problems=list(self._problems(content)), previews=[self._preview(content, each) for each in content.variants]
        )

    async def GetPost(self, request: Any, context: Any) -> Any:
        return pb.GetPostResponse(post=self._find(request.post_id))

    async def ListPosts(self, request: Any, context: Any) -> Any:
        self.asked = request
        found = [
            each for each in self.known.values()
            if request.state in (0, each.state) and (not request.needs_somebody or _needs_somebody(each))
        ]  # fmt: skip
        return pb.ListPostsResponse(posts=found)

    async def SubmitPost(self, request: Any, context: Any) -> Any:
        found = self._editable(request)
        self._refuse_problems(found)
        found.state = pb.POST_STATE_SUBMITTED
        return pb.SubmitPostResponse(post=found)

    async def ApprovePost(self, request: Any, context: Any) -> Any:
        found = self._submitted(request)
        self._refuse_problems(found)
        if found.written_by == access_token().encode():
            raise refusal(Code.PERMISSION_DENIED, "OWN_POST")
        if found.content.HasField("publish_at"):
            found.state = pb.POST_STATE_SCHEDULED
            return pb.ApprovePostResponse(post=found)
        found.state = pb.POST_STATE_OUT
        for each in found.content.variants:
            self.deliver(found, each.channel_id, state=pb.DELIVERY_STATE_WAITING)
        return pb.ApprovePostResponse(post=found)

    async def ReturnPost(self, request: Any, context: Any) -> Any:
        found = self._submitted(request)
        found.state, found.returned_because = pb.POST_STATE_RETURNED, request.reason
        return pb.ReturnPostResponse(post=found)

    async def CancelPost(self, request: Any, context: Any) -> Any:
        found = self._find(request.post_id)
        if found.state == pb.POST_STATE_OUT:
            raise refusal(Code.FAILED_PRECONDITION, "POST_IS_OUT")
        found.state = pb.POST_STATE_DRAFT
        return pb.CancelPostResponse(post=found)

    async def DeletePost(self, request: Any, context: Any) -> Any:
        if self._find(request.post_id).state not in EDITABLE:
            raise refusal(Code.FAILED_PRECONDITION, "POST_NOT_EDITABLE")
        del self.known[request.post_id]
        return pb.DeletePostResponse()

    async def WithdrawPost(self, request: Any, context: Any) -> Any:
        found = self._find(request.post_id)
        if found.state != pb.POST_STATE_OUT:
            raise refusal(Code.FAILED_PRECONDITION, "POST_NOT_OUT")
        found.state, found.withdrawn_because = pb.POST_STATE_WITHDRAWN, request.reason
        return pb.WithdrawPostResponse(post=found)

    async def SettleDelivery(self, request: Any, context: Any) -> Any:
        post, found = self._delivery(request.delivery_id)
        if found.state not in (pb.DELIVERY_STATE_UNKNOWN, pb.DELIVERY_STATE_BY_HAND):
            raise refusal(Code.FAILED_PRECONDITION, "DELIVERY_IS_CERTAIN")
        found.state = pb.DELIVERY_STATE_PUBLISHED if request.has_appeared else pb.DELIVERY_STATE_WAITING
        found.url = request.url
        return pb.SettleDeliveryResponse(post=post)

    async def RetryDelivery(self, request: Any, context: Any) -> Any:
        post, found = self._delivery(request.delivery_id)
        if found.state != pb.DELIVERY_STATE_REFUSED:
            raise refusal(Code.FAILED_PRECONDITION, "DELIVERY_NOT_REFUSED")
        found.state = pb.DELIVERY_STATE_WAITING
        return pb.RetryDeliveryResponse(post=post)

    async def AddMedia(self, request: Any, context: Any) -> Any:
        with self.objects.open(f"uploads/posts/{request.upload_id}") as opened:
            content = b"".join(opened)
        if not content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            raise refusal(Code.INVALID_ARGUMENT, "FILE_NOT_READABLE")
        made = pb.PostMedia(id=str(new_id()), kind="image", type="image/png", size_bytes=len(content), width=8,
                            height=6)  # fmt: skip
        key = f"media/{made.id}"
        self.objects.put(key, BytesIO(content), len(content), "image/png")
        self.media[made.id] = pb.GetMediaResponse(media=made, object_key=key)
        return pb.AddMediaResponse(media=made)

    async def GetMedia(self, request: Any, context: Any) -> Any:
        if request.media_id not in self.media:
            raise refusal(Code.NOT_FOUND, "MEDIA_NOT_FOUND")
        return self.media[request.media_id]

    async def ListPublicPosts(self, request: Any, context: Any) -> Any:
        found = [
            each for each in self.public
            if request.number in (0, each.number)
            and (not request.authority_ids or each.authority_id in request.authority_ids)
        ]  # fmt: skip
        return pb.ListPublicPostsResponse(posts=found)

    def _find(self, post_id: str) -> pb.Post:
        if post_id not in self.known:
            raise refusal(Code.NOT_FOUND, "POST_NOT_FOUND")
        return self.known[post_id]

    def _of_version(self, request: Any) -> pb.Post:
        found = self._find(request.post_id)
        if request.version != found.version:
            raise refusal(Code.ABORTED, "STALE_VERSION", version=str(found.version))
        return found

    def _editable(self, request: Any) -> pb.Post:
        found = self._of_version(request)
        if found.state not in EDITABLE:
            raise refusal(Code.FAILED_PRECONDITION, "POST_NOT_EDITABLE")
        return found

    def _submitted(self, request: Any) -> pb.Post:
        found = self._of_version(request)
        if found.state != pb.POST_STATE_SUBMITTED:
            raise refusal(Code.FAILED_PRECONDITION, "POST_NOT_SUBMITTED")
        return found

    def _delivery(self, delivery_id: str) -> tuple[pb.Post, pb.Delivery]:
        for post in self.known.values():
            for each in post.deliveries:
                if each.id == delivery_id:
                    return post, each
        raise refusal(Code.NOT_FOUND, "DELIVERY_NOT_FOUND")

    def _refuse_problems(self, post: pb.Post) -> None:
        if list(self._problems(post.content)):
            raise refusal(Code.FAILED_PRECONDITION, "POST_HAS_PROBLEMS")

    def _problems(self, content: pb.PostContent) -> Iterator[pb.PostProblem]:
        if not content.variants:
            yield pb.PostProblem(field="variants", reason="NO_CHANNELS")
        if not content.text and not any(each.text for each in content.variants):
            yield pb.PostProblem(field="text", reason="NO_TEXT")
        for each in content.variants:
            length = self._preview(content, each).length
            if length > MOST:
                yield pb.PostProblem(channel_id=each.channel_id, field="text", reason="TEXT_TOO_LONG",
                                     value=str(length), limit=str(MOST))  # fmt: skip
            for media in content.media:
                if not media.alt:
                    yield pb.PostProblem(channel_id=each.channel_id, field="media", reason="ALT_MISSING")

    def _preview(self, content: pb.PostContent, variant: pb.Variant) -> pb.PostPreview:
        channel = self.channels.known[variant.channel_id]
        text = variant.text or content.text.get(variant.language or channel.language, "")
        whole = "\n".join(filter(None, (text, content.link)))
        return pb.PostPreview(channel_id=variant.channel_id, text=whole, length=len(whole), most=MOST,
                              by_hand=channel.connector == "assisted")  # fmt: skip


def _needs_somebody(post: pb.Post) -> bool:
    return post.state == pb.POST_STATE_RETURNED or any(each.state in TROUBLED for each in post.deliveries)
