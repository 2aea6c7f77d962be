"""Names of signers: published where the rules say so, and gone with the person or the signature."""

from __future__ import annotations

import asyncio
import base64
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from viche.identity.v1 import events_pb2
from viche.petitions.v1 import (
    opendata_pb2,
    opendata_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
    signers_pb2,
    signers_pb2_grpc,
)  # fmt: skip
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import sponsoring
from tests.integration.petitions.integrity import carry_out, refusal, remove, undo
from tests.integration.petitions.world import VILLAGE, World, person, pseudonym, reason, request_id
from viche_chassis.access import Caller
from viche_chassis.consuming import Event
from viche_chassis.testing import FakeRpcError
from viche_petitions import erasing
from viche_petitions.erasing import Erasing


@pytest.fixture
async def named(world: World) -> pb.Petition:
    """A petition whose signers are published."""
    await world.set_up("petition-ua-president")
    return await world.open(workflow="petition-ua-president")


def claims(who: str) -> dict[str, str]:
    """What identity puts into a token that carries the name."""
    names = base64.urlsafe_b64encode(pseudonym("names", who)).decode().rstrip("=")
    return {"name": who.title(), "name_from": "self", "names": names}


def item(world: World, petition_id: str, who: str) -> pb.SignatureItem:
    return world.item(petition_id, who, **claims(who))


def stub(world: World) -> Any:
    return world._stub(signers_pb2_grpc.SignersServiceStub, Caller("gateway"))


async def page(world: World, petition: pb.Petition, **fields: Any) -> signers_pb2.ListSignerNamesResponse:
    return await stub(world).ListSignerNames(signers_pb2.ListSignerNamesRequest(petition_id=petition.id, **fields))


async def names(world: World, petition: pb.Petition, **fields: Any) -> list[str]:
    return [each.name for each in (await page(world, petition, **fields)).names]


async def test_names_stand_in_the_order_of_signing(world: World, named: pb.Petition) -> None:
    for who in ("olena", "ivan", "anna"):
        assert list(map(reason, await world.sign(item(world, named.id, who)))) == [""]
    found = await page(world, named)
    assert [(each.name, each.name_from) for each in found.names] == [
        ("Olena", "self"), ("Ivan", "self"), ("Anna", "self"),
    ]  # fmt: skip
    assert (found.next_page_token, found.previous_page_token) == ("", "")


async def test_nobody_signs_such_a_petition_without_a_name(world: World, named: pb.Petition) -> None:
    results = await world.sign(world.item(named.id, "olena"), item(world, named.id, "ivan"))
    assert list(map(reason, results)) == ["NAME_NEEDED", ""]
    assert (await world.get(named.id)).signature_count == 1


async def test_no_name_is_kept_where_the_rules_do_not_publish_it(world: World) -> None:
    petition = await world.open()
    assert list(map(reason, await world.sign(item(world, petition.id, "olena")))) == [""]
    assert await world.rows("SELECT 1 FROM signer_names") == []
    with pytest.raises(FakeRpcError, match="NAMES_NOT_PUBLIC"):
        await page(world, petition)


async def test_a_draft_has_no_list(world: World) -> None:
    await world.set_up("petition-ua-president")
    draft = await world.draft(workflow="petition-ua-president")
    with pytest.raises(FakeRpcError, match="PETITION_NOT_FOUND"):
        await page(world, draft)


async def publish_names(world: World) -> None:
    """Lets the rules of all petitions publish names."""
    await world.rows("UPDATE petitions SET terms = jsonb_set(terms, '{signers_shown}', '\"names\"')")


async def test_a_supporter_is_named_once_the_petition_opens(world: World) -> None:
    petition = await sponsoring.sponsoring(world)
    await publish_names(world)
    token = (await sponsoring.link(world, petition)).token
    nameless = sponsoring.support(world, petition, token, "ivan")
    assert await refusal(nameless) == "NAME_NEEDED"
    for number in range(sponsoring.NEEDED):
        who = f"p{number}"
        scope_token = world.token(petition.id, who, **claims(who))
        await sponsoring.support(world, petition, token, who, scope_token=scope_token)
    assert await refusal(page(world, petition)) == "PETITION_NOT_FOUND"
    request = pb.OpenPetitionRequest(request_id=request_id(), petition_id=petition.id)
    await world.on(person("officer", officer_of=VILLAGE)).OpenPetition(request)
    await publish_names(world)  # terms are made anew at the opening
    assert await names(world, petition) == ["P0", "P1", "P2", "P3", "P4"]


async def test_a_name_is_kept_once_whoever_presses_twice(world: World, named: pb.Petition) -> None:
    await asyncio.gather(*(world.sign(item(world, named.id, "olena")) for _ in range(20)))
    assert await names(world, named) == ["Olena"]


async def test_names_are_sealed(world: World, named: pb.Petition) -> None:
    await world.sign(item(world, named.id, "olena"))
    ((sealed,),) = await world.rows("SELECT name FROM signer_names")
    assert b"lena" not in sealed
    assert all(b"lena" not in row[0] for row in await world.rows("SELECT payload FROM outbox"))


async def test_pages_follow_each_other_both_ways(world: World, named: pb.Petition) -> None:
    people = [f"p{number}" for number in range(7)]
    for who in people:
        await world.sign(item(world, named.id, who))
    first = await page(world, named, page_size=3)
    second = await page(world, named, page_size=3, page_token=first.next_page_token)
    third = await page(world, named, page_size=3, page_token=second.next_page_token)
    assert [[each.name for each in found.names] for found in (first, second, third)] == [
        ["P0", "P1", "P2"], ["P3", "P4", "P5"], ["P6"],
    ]  # fmt: skip
    assert not third.next_page_token
    back = await page(world, named, page_size=3, page_token=third.previous_page_token)
    assert (back.names, back.next_page_token) == (second.names, second.next_page_token)
    start = await page(world, named, page_size=3, page_token=back.previous_page_token)
    assert (start.names, start.previous_page_token) == (first.names, "")


async def test_a_page_whose_predecessor_is_gone_leads_to_the_first(world: World, named: pb.Petition) -> None:
    for who in ("olena", "ivan", "anna"):
        await world.sign(item(world, named.id, who))
    first = await page(world, named, page_size=2)
    last = await page(world, named, page_size=2, page_token=first.next_page_token)
    await erase(world, "olena")
    await erase(world, "ivan")
    assert await names(world, named, page_size=2, page_token=last.previous_page_token) == ["Anna"]


async def test_a_day_is_where_the_list_can_begin(world: World, named: pb.Petition) -> None:
    for who, at in (("olena", "2026-03-01T21:59:59Z"), ("ivan", "2026-03-01T22:00:00Z"), ("anna", "2026-03-02T12:00Z")):
        await world.sign(item(world, named.id, who))
        await world.rows(
            "UPDATE signer_names SET signed_at = %s WHERE person = %s",
            datetime.fromisoformat(at), pseudonym("names", who),
        )  # fmt: skip
    await world.restart(timezone="Europe/Kyiv")
    found = await page(world, named, from_day="2026-03-02")
    assert [(each.name, each.day) for each in found.names] == [("Ivan", "2026-03-02"), ("Anna", "2026-03-02")]
    assert await names(world, named, page_token=found.previous_page_token) == ["Olena"]


@pytest.mark.parametrize("fields", [{"from_day": "tomorrow"}, {"page_token": "forged"}])
async def test_what_is_no_place_in_the_list_is_refused(
    world: World, named: pb.Petition, fields: dict[str, str]
) -> None:  # fmt: skip
    assert await refusal(page(world, named, **fields)) == "INVALID_FIELDS"


async def erase(world: World, who: str) -> None:
    """Identity says that somebody was erased."""
    said = events_pb2.PersonErased(
        author=pseudonym("authors", who), followings=pseudonym("followings", who), names=pseudonym("names", who)
    )
    await Erasing(world.pool).erased(Event(uuid4(), said))


async def test_an_erased_person_is_left_out_and_still_counted(world: World, named: pb.Petition) -> None:
    await world.sign(item(world, named.id, "olena"), item(world, named.id, "ivan"))
    await erase(world, "olena")
    assert await names(world, named) == ["Ivan"]
    assert (await world.get(named.id)).signature_count == 2


async def test_an_erased_name_makes_what_was_made_of_the_petition_old(world: World, named: pb.Petition) -> None:
    await world.sign(item(world, named.id, "olena"))
    before = (await world.get(named.id)).updated_at.ToDatetime()
    await erase(world, "ivan")
    assert (await world.get(named.id)).updated_at.ToDatetime() == before
    await erase(world, "olena")
    assert (await world.get(named.id)).updated_at.ToDatetime() > before


async def test_days_of_signing_say_where_names_are_public(world: World, named: pb.Petition) -> None:
    await world.configure()
    other = await world.open("another author", workflow="petition-local")
    await world.sign(item(world, named.id, "olena"), item(world, other.id, "olena"))
    stub = world._stub(opendata_pb2_grpc.OpenDataServiceStub, Caller("gateway"))
    found = (await stub.ListSigningDays(opendata_pb2.ListSigningDaysRequest())).petitions
    assert [(each.number, each.named_petition_id) for each in found] == [(named.number, named.id), (other.number, "")]


async def test_who_signs_by_mail_is_named_once_it_is_confirmed(world: World, named: pb.Petition) -> None:
    await world.begin(named.id, name="Kateryna  Shevchenko")
    assert await names(world, named) == []
    (mail,) = await world.mails()
    await world.confirm(mail.token)
    assert await names(world, named) == ["Kateryna Shevchenko"]
    await erase(world, "kateryna@example.org")
    assert await names(world, named) == []


async def test_a_stranger_gives_nobody_another_name_before_the_press(world: World, named: pb.Petition) -> None:
    await world.begin(named.id, name="Kateryna Shevchenko")
    (mail,) = await world.mails()
    page = await world.signing.GetEmailSignature(pb.GetEmailSignatureRequest(token=mail.token))
    await world.begin(named.id, name="An Insult", network="198.51.100.1")
    assert await refusal(world.confirm(mail.token, page.shown)) == "PENDING_CHANGED"
    assert await names(world, named) == []


async def test_a_removed_signature_is_left_out_until_it_is_put_back(world: World, named: pb.Petition) -> None:
    removed, _ = await world.sign(item(world, named.id, "olena"), item(world, named.id, "ivan"))
    decision = await remove(world, named.id, signature_ids=[removed.signature_id])
    assert await names(world, named) == ["Ivan"]
    await undo(world, decision.id)
    await carry_out(world)
    assert await names(world, named) == ["Olena", "Ivan"]


async def test_the_signer_reads_the_published_name(world: World, named: pb.Petition) -> None:
    await world.sign(item(world, named.id, "olena"))
    privacy = world._stub(privacy_pb2_grpc.PrivacyServiceStub, Caller("gateway"))
    asked = privacy_pb2.SignedBy(petition_id=named.id, scope_token=world.token(named.id, "olena"))
    found = await privacy.ListMySignatures(privacy_pb2.ListMySignaturesRequest(items=[asked]))
    assert [each.published_name for each in found.signatures] == ["Olena"]


async def test_a_name_that_comes_with_a_token_from_before_the_erasure_goes(world: World, named: pb.Petition) -> None:
    late = item(world, named.id, "olena")
    await erase(world, "olena")
    await world.sign(late, item(world, named.id, "ivan"))

    await erasing.forget_again(world.pool)

    assert await names(world, named) == ["Ivan"]
    assert (await world.get(named.id)).signature_count == 2


async def test_nobody_who_was_erased_is_remembered_for_long(world: World) -> None:
    await erase(world, "olena")
    await erasing.forget_again(world.pool)
    assert len(await world.rows("SELECT 1 FROM erased")) == 1
    await world.rows("UPDATE erased SET erased_at = now() - interval '61 minutes'")
    await erasing.forget_again(world.pool)
    assert await world.rows("SELECT 1 FROM erased") == []
