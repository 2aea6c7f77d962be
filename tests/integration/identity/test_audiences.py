"""From pseudonyms back to people."""

import asyncio

from viche.identity.v1 import identity_pb2

from tests.integration.identity.world import World
from viche_chassis import base64url

SCOPE = "petition:018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11"
PEOPLE = 10_000
PAGE = 1_000


async def resolve(world: World, *pseudonyms: bytes, scope: str = SCOPE) -> dict[bytes, identity_pb2.Recipient]:
    """Recipients by pseudonym."""
    request = identity_pb2.ResolvePseudonymsRequest(scope=scope, pseudonyms=pseudonyms)
    return {each.pseudonym: each for each in (await world.audiences.ResolvePseudonyms(request)).recipients}


async def add_people(world: World, count: int) -> None:
    for start in range(0, count, PAGE):
        people = [
            identity_pb2.Person(email=f"person{number}@example.org", name=f"Person {number}", language="uk")
            for number in range(start, start + PAGE)
        ]
        await world.bulk.BatchEnsurePeople(identity_pb2.BatchEnsurePeopleRequest(people=people))


async def test_a_pseudonym_gives_address_name_and_language(world: World) -> None:
    signer = await world.ensure("Olena@Приклад.укр", SCOPE, name="Олена", language="bg")
    found = await resolve(world, signer.pseudonym)
    recipient = found[signer.pseudonym]
    assert (recipient.email, recipient.name, recipient.language) == ("Olena@xn--80aikifvh.xn--j1amh", "Олена", "bg")


async def test_an_author_is_found_by_the_pseudonym_of_their_access_token(world: World) -> None:
    _, _, claims = await world.access(await world.session("olena@example.org"))
    author = base64url.decode(claims["authors"])
    found = await resolve(world, author, scope="authors")
    assert [each.email for each in found.values()] == ["olena@example.org"]
    assert await resolve(world, author) == {}


async def test_a_pseudonym_of_another_scope_is_nobody(world: World) -> None:
    signer = await world.ensure("olena@example.org", SCOPE)
    assert await resolve(world, signer.pseudonym, scope="petition:other") == {}


async def test_unknown_and_malformed_pseudonyms_are_left_out(world: World) -> None:
    signer = await world.ensure("olena@example.org", SCOPE)
    assert set(await resolve(world, b"\0" * 32, b"short", b"", signer.pseudonym)) == {signer.pseudonym}


async def test_another_member_of_a_mailbox_is_written_to_without_a_name(world: World) -> None:
    first = await world.ensure("olena@example.org", SCOPE, name="Олена")
    second = await world.ensure("olena@example.org", SCOPE, mailbox_member=1)
    found = await resolve(world, first.pseudonym, second.pseudonym)
    assert [(found[each.pseudonym].email, found[each.pseudonym].name) for each in (first, second)] == [
        ("olena@example.org", "Олена"),
        ("olena@example.org", ""),
    ]


async def test_whoever_signs_while_pages_are_read_is_found(world: World) -> None:
    early = await world.ensure("olena@example.org", SCOPE)
    await resolve(world, early.pseudonym)
    late = await world.ensure("ivan@example.org", SCOPE)
    assert set(await resolve(world, early.pseudonym, late.pseudonym)) == {early.pseudonym, late.pseudonym}


async def test_whoever_is_erased_is_left_out(world: World) -> None:
    signer = await world.ensure("olena@example.org", SCOPE)
    await resolve(world, signer.pseudonym)
    await world.sql("DELETE FROM person_details")
    assert await resolve(world, signer.pseudonym) == {}


async def test_ten_thousand_signers_are_found_page_by_page(bench_world: World) -> None:
    await add_people(bench_world, PEOPLE)
    signers = {}
    for number in range(0, PEOPLE, 100):
        email = f"person{number}@example.org"
        signers[(await bench_world.ensure(email, SCOPE)).pseudonym] = email
    found = await resolve(bench_world, *signers)
    assert {name: recipient.email for name, recipient in found.items()} == signers


async def test_pages_asked_for_at_once_are_computed_once(bench_world: World) -> None:
    await add_people(bench_world, PAGE)
    signer = await bench_world.ensure("person7@example.org", SCOPE)
    pages = await asyncio.gather(*(resolve(bench_world, signer.pseudonym) for _ in range(20)))
    assert all(set(page) == {signer.pseudonym} for page in pages)
