"""AudienceService."""

from typing import Any
from uuid import UUID

from viche.petitions.v1 import audience_pb2 as pb
from viche.petitions.v1 import audience_pb2_grpc

from viche_chassis import pages
from viche_chassis.db import Pool, reading
from viche_chassis.tokens import Verifier
from viche_petitions.audience import Following
from viche_petitions.domain.errors import PetitionNotFound
from viche_petitions.scope_tokens import read_signer, read_subject
from viche_petitions.servicer import convert
from viche_petitions.store import audience as store

FOLLOWINGS = "followings"
FOLLOWINGS_PAGE = 50
MOST_FOLLOWINGS = 100
AUDIENCE_PAGE = 1_000
Context = Any


class AudienceServicer(audience_pb2_grpc.AudienceServiceServicer):
    """Following, and who is to be told.

    Args:
        tokens: checks scope tokens.
    """

    def __init__(self, pool: Pool, tokens: Verifier) -> None:
        self._pool = pool
        self._tokens = tokens
        self._following = Following(pool)

    async def FollowPetition(self, request: pb.FollowPetitionRequest, context: Context) -> pb.FollowPetitionResponse:
        await self._following.follow(*self._who(request))
        return pb.FollowPetitionResponse()

    async def UnfollowPetition(
        self, request: pb.UnfollowPetitionRequest, context: Context
    ) -> pb.UnfollowPetitionResponse:
        await self._following.unfollow(*self._who(request))
        return pb.UnfollowPetitionResponse()

    async def GetFollowing(self, request: pb.GetFollowingRequest, context: Context) -> pb.GetFollowingResponse:
        who = read_signer(self._tokens, request.scope_token, UUID(request.petition_id))
        async with reading(self._pool) as conn:
            found = await store.is_following(conn, who.petition_id, who.pseudonym)
        return pb.GetFollowingResponse(is_following=found)

    async def ListFollowings(self, request: pb.ListFollowingsRequest, context: Context) -> pb.ListFollowingsResponse:
        person = read_subject(self._tokens, request.list_token, FOLLOWINGS)
        size = pages.page_size(request.page_size, FOLLOWINGS_PAGE, MOST_FOLLOWINGS)
        before = pages.read_page_token(request.page_token, (UUID,))
        async with reading(self._pool) as conn:
            found = await store.list_followings(conn, person, before[0] if before else None, size + 1)
        return pb.ListFollowingsResponse(
            petitions=map(convert.petition_message, found[:size]),
            next_page_token=pages.page_token(found[size - 1].id) if len(found) > size else "",
        )

    async def ListAudience(self, request: pb.ListAudienceRequest, context: Context) -> pb.ListAudienceResponse:
        size = pages.page_size(request.page_size, AUDIENCE_PAGE, AUDIENCE_PAGE)
        after = pages.read_page_token(request.page_token, (bytes.fromhex,))
        async with reading(self._pool) as conn:
            found = await store.list_members(conn, UUID(request.petition_id), after[0] if after else b"", size + 1)
        return pb.ListAudienceResponse(
            members=(pb.AudienceMember(pseudonym=each.pseudonym, has_signed=each.has_signed) for each in found[:size]),
            next_page_token=pages.page_token(found[size - 1].pseudonym.hex()) if len(found) > size else "",
        )

    async def GetAuthor(self, request: pb.GetAuthorRequest, context: Context) -> pb.GetAuthorResponse:
        async with reading(self._pool) as conn:
            found = await store.author(conn, UUID(request.petition_id))
        if found is None:
            raise PetitionNotFound()
        return pb.GetAuthorResponse(pseudonym=found)

    def _who(self, request: pb.FollowPetitionRequest | pb.UnfollowPetitionRequest) -> tuple[UUID, bytes, bytes]:
        who = read_signer(self._tokens, request.scope_token, UUID(request.petition_id))
        return who.petition_id, who.pseudonym, read_subject(self._tokens, request.list_token, FOLLOWINGS)
