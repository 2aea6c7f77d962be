"""Calls to social about posts: by those who write them, and for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import grpc
from viche.social.v1 import posts_pb2 as pb
from viche.social.v1 import posts_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_MEDIA_TIMEOUT_S = 60.0
_CHECK_TIMEOUT_S = 20.0
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Which posts: in a state (0 for any), those that need somebody, with a time from `since` on and before `until`."""

    state: "pb.PostState.ValueType" = pb.POST_STATE_UNSPECIFIED
    needs_somebody: bool = False
    since: datetime | None = None
    until: datetime | None = None
    page_size: int = PAGE
    page_token: str = ""


class SocialPosts:
    """Posts, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.PostsServiceStub(channel)

    def listed(self, access_token: str, asked: Asked) -> pb.ListPostsResponse:
        """A page of posts of the officer's authorities, the latest first."""
        request = pb.ListPostsRequest(
            state=asked.state, needs_somebody=asked.needs_somebody, page_size=asked.page_size,
            page_token=asked.page_token,
        )  # fmt: skip
        if asked.since is not None:
            request.since.FromDatetime(asked.since)
        if asked.until is not None:
            request.until.FromDatetime(asked.until)
        return call(self._stub.ListPosts, request, access_token)

    def get(self, access_token: str, post_id: str) -> pb.Post:
        """One post with its deliveries."""
        return call(self._stub.GetPost, pb.GetPostRequest(post_id=post_id), access_token).post

    def create(self, access_token: str, request_id: str, authority_id: str, content: pb.PostContent) -> pb.Post:
        """Starts a draft."""
        request = pb.CreatePostRequest(request_id=request_id, authority_id=authority_id, content=content)
        return call(self._stub.CreatePost, request, access_token).post

    def update(
        self, access_token: str, request_id: str, post_id: str, version: int, content: pb.PostContent
    ) -> pb.Post:
        """Changes a draft, or a post that was given back."""
        request = pb.UpdatePostRequest(request_id=request_id, post_id=post_id, version=version, content=content)
        return call(self._stub.UpdatePost, request, access_token).post

    def check(self, access_token: str, authority_id: str, content: pb.PostContent) -> pb.CheckPostResponse:
        """What keeps it from going out, and how each account would get it; nothing is stored."""
        request = pb.CheckPostRequest(authority_id=authority_id, content=content)
        return call(self._stub.CheckPost, request, access_token, _CHECK_TIMEOUT_S)

    def submit(self, access_token: str, request_id: str, post_id: str, version: int) -> pb.Post:
        """Hands a post to a second person."""
        request = pb.SubmitPostRequest(request_id=request_id, post_id=post_id, version=version)
        return call(self._stub.SubmitPost, request, access_token, _CHECK_TIMEOUT_S).post

    def approve(self, access_token: str, request_id: str, post_id: str, version: int) -> pb.Post:
        """Lets a post go out, at its time or at once."""
        request = pb.ApprovePostRequest(request_id=request_id, post_id=post_id, version=version)
        return call(self._stub.ApprovePost, request, access_token, _CHECK_TIMEOUT_S).post

    def give_back(self, access_token: str, request_id: str, post_id: str, version: int, reason: str) -> pb.Post:
        """Gives a post back to its author."""
        request = pb.ReturnPostRequest(request_id=request_id, post_id=post_id, version=version, reason=reason)
        return call(self._stub.ReturnPost, request, access_token).post

    def cancel(self, access_token: str, request_id: str, post_id: str) -> pb.Post:
        """Makes a draft again of what has not gone out."""
        request = pb.CancelPostRequest(request_id=request_id, post_id=post_id)
        return call(self._stub.CancelPost, request, access_token).post

    def delete(self, access_token: str, request_id: str, post_id: str) -> None:
        """Deletes a draft."""
        call(self._stub.DeletePost, pb.DeletePostRequest(request_id=request_id, post_id=post_id), access_token)

    def withdraw(self, access_token: str, request_id: str, post_id: str, reason: str) -> pb.Post:
        """Takes a post away wherever that can be done; everybody reads the reason."""
        request = pb.WithdrawPostRequest(request_id=request_id, post_id=post_id, reason=reason)
        return call(self._stub.WithdrawPost, request, access_token).post

    def settle(
        self, access_token: str, request_id: str, delivery_id: str, *, has_appeared: bool, url: str = ""
    ) -> pb.Post:
        """Says what a person found on the platform."""
        request = pb.SettleDeliveryRequest(
            request_id=request_id, delivery_id=delivery_id, has_appeared=has_appeared, url=url
        )
        return call(self._stub.SettleDelivery, request, access_token).post

    def retry(self, access_token: str, request_id: str, delivery_id: str) -> pb.Post:
        """Tries again what was refused."""
        request = pb.RetryDeliveryRequest(request_id=request_id, delivery_id=delivery_id)
        return call(self._stub.RetryDelivery, request, access_token).post

    def add_media(
        self, access_token: str, request_id: str, authority_id: str, file_name: str, upload_id: str
    ) -> pb.PostMedia:
        """Puts a file, whose bytes lie in the store of objects, beside the posts of an authority."""
        request = pb.AddMediaRequest(
            request_id=request_id, authority_id=authority_id, name=file_name, upload_id=upload_id
        )  # fmt: skip
        return call(self._stub.AddMedia, request, access_token, _MEDIA_TIMEOUT_S).media

    def media(self, access_token: str, media_id: str) -> pb.GetMediaResponse:
        """A file, and where its bytes lie in the store of objects."""
        request = pb.GetMediaRequest(media_id=media_id, without_content=True)
        return call(self._stub.GetMedia, request, access_token)

    def public(
        self, authority_ids: Sequence[str], page_size: int = 0, page_token: str = ""
    ) -> pb.ListPublicPostsResponse:
        """What is out, the latest first; of all authorities where none is named."""
        request = pb.ListPublicPostsRequest(authority_ids=authority_ids, page_size=page_size, page_token=page_token)
        return call(self._stub.ListPublicPosts, request)

    def by_number(self, number: int) -> pb.PublicPost | None:
        """The post with this number; None where none of that number is out."""
        found = call(self._stub.ListPublicPosts, pb.ListPublicPostsRequest(number=number)).posts
        return found[0] if found else None
