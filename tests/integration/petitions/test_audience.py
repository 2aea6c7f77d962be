"""Who is told of a petition: its author, those who signed, those who follow."""

import asyncio
import base64
from typing import Any

import pytest
from viche.petitions.v1 import audience_pb2 as pb
from viche.petitions.v1 import audience_pb2_grpc

from tests.integration.petitions.world import World, pseudonym, request_id
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError


def on(world: World, service: str = "gateway") -> Any:
    """AudienceService as another service calls it."""
    return world._stub(audience_pb2_grpc.AudienceServiceStub, Caller(service))


def list_token(world: World, who: str, scope: str = "followings") -> str:
    sub = base64.urlsafe_b64encode(pseudonym(scope, who)).decode().rstrip("=")
    return world.signer.sign({"iss": "identity", "aud": "petitions", "scope": scope, "sub": sub})


async def follow(world: World, petition_id: str, who: str) -> None:
    await on(world).FollowPetition(
        pb.FollowPetitionRequest(
            petition_id=petition_id, scope_token=world.token(petition_id, who), list_token=list_token(world, who)
        )
    )


async def unfollow(world: World, petition_id: str, who: str) -> None:
    await on(world).UnfollowPetition(
        pb.UnfollowPetitionRequest(
            petition_id=petition_id, scope_token=world.token(petition_id, who), list_token=list_token(world, who)
        )
    )


async def follows(world: World, petition_id: str, who: str) -> bool:
    request = pb.GetFollowingRequest(petition_id=petition_id, scope_token=world.token(petition_id, who))
    return (await on(world).GetFollowing(request)).is_following


async def titles(world: World, who: str) -> list[str]:
    answer = await on(world).ListFollowings(pb.ListFollowingsRequest(list_token=list_token(world, who)))
    return [each.title for each in answer.petitions]


async def audience(world: World, petition_id: str, page_size: int = 0) -> dict[bytes, bool]:
    """All of it, page by page."""
    members: list[pb.AudienceMember] = []
    token = ""
    while True:
        request = pb.ListAudienceRequest(petition_id=petition_id, page_size=page_size, page_token=token)
        answer = await on(world, "notifications").ListAudience(request)
        members += answer.members
        token = answer.next_page_token
        if not token:
            break
    names = [each.pseudonym for each in members]
    assert names == sorted(set(names))
    return {each.pseudonym: each.has_signed for each in members}


async def test_followers_and_signers_are_told_once_each_whatever_the_page(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "ann", "bob", "eve")
    for who in ("bob", "carl", "dora"):
        await follow(world, petition.id, who)
    scope = f"petition:{petition.id}"
    expected = {pseudonym(scope, who): who in ("ann", "bob", "eve") for who in ("ann", "bob", "carl", "dora", "eve")}
    assert await audience(world, petition.id) == expected
    assert await audience(world, petition.id, page_size=1) == expected
    assert await audience(world, petition.id, page_size=2) == expected


async def test_one_follows_and_follows_no_more(world: World) -> None:
    petition = await world.open()
    assert not await follows(world, petition.id, "ann")
    await follow(world, petition.id, "ann")
    assert await follows(world, petition.id, "ann")
    assert not await follows(world, petition.id, "bob")
    assert (await titles(world, "ann"), await titles(world, "bob")) == ([petition.title], [])
    await unfollow(world, petition.id, "ann")
    await unfollow(world, petition.id, "ann")
    assert not await follows(world, petition.id, "ann")
    assert await titles(world, "ann") == []


async def test_two_presses_at_once_follow_once(world: World) -> None:
    petition = await world.open()
    await asyncio.gather(*(follow(world, petition.id, "ann") for _ in range(4)))
    assert len(await audience(world, petition.id)) == 1


async def test_followings_come_in_pages_newest_first(world: World) -> None:
    opened = [await world.open(f"author {n}", title=f"Repair the bridge number {n}") for n in range(3)]
    for petition in opened:
        await follow(world, petition.id, "ann")
    first = await on(world).ListFollowings(pb.ListFollowingsRequest(list_token=list_token(world, "ann"), page_size=2))
    last = await on(world).ListFollowings(
        pb.ListFollowingsRequest(list_token=list_token(world, "ann"), page_size=2, page_token=first.next_page_token)
    )
    numbers = [each.number for each in (*first.petitions, *last.petitions)]
    assert numbers == [each.number for each in reversed(opened)]
    assert last.next_page_token == ""


async def test_what_is_not_public_is_not_followed(world: World) -> None:
    draft = await world.draft()
    with pytest.raises(FakeRpcError) as refused:
        await follow(world, draft.id, "ann")
    assert refused.value.reason == "NOT_PUBLIC"


async def test_tokens_of_other_scopes_are_refused(world: World) -> None:
    petition, other = await world.open(), await world.open("other")
    requests = (
        (world.token(other.id, "ann"), list_token(world, "ann")),
        (world.token(petition.id, "ann"), list_token(world, "ann", "authors")),
    )
    for scope_token, listed in requests:
        with pytest.raises(FakeRpcError) as refused:
            await on(world).FollowPetition(
                pb.FollowPetitionRequest(petition_id=petition.id, scope_token=scope_token, list_token=listed)
            )
        assert refused.value.reason == "TOKEN_REFUSED"
    assert await audience(world, petition.id) == {}


async def test_the_author_is_known_by_the_pseudonym_of_authors(world: World) -> None:
    draft = await world.draft("ann")
    answer = await on(world, "notifications").GetAuthor(pb.GetAuthorRequest(petition_id=draft.id))
    assert answer.pseudonym == pseudonym("authors", "ann")
    with pytest.raises(FakeRpcError) as refused:
        await on(world, "notifications").GetAuthor(pb.GetAuthorRequest(petition_id=request_id()))
    assert refused.value.reason == "PETITION_NOT_FOUND"
