"""Scope tokens: one for each item that may have one, without the database."""

import base64
import json
import time
from pathlib import Path

import pytest
from viche.identity.v1 import identity_pb2

from tests.integration.identity.world import World
from viche_chassis.status import from_status
from viche_chassis.tokens import Verifier, load_signers, public_key_set, read_key_set

SCOPE = "petition:018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11"


async def scope_tokens(world: World, *items: tuple[str, str, str]) -> list[identity_pb2.ScopeTokenResult]:
    """Asks for tokens for (access token, audience, scope)."""
    request = identity_pb2.BatchCreateScopeTokensRequest(
        items=[identity_pb2.ScopeTokenItem(access_token=a, audience=b, scope=c) for a, b, c in items]
    )
    return list((await world.scope_tokens.BatchCreateScopeTokens(request)).results)


async def test_a_scope_token_proves_the_pseudonym_of_one_scope(world: World) -> None:
    known = await world.ensure("olena@example.org", SCOPE, residence_code="UA320401")
    person, access, _ = await world.access(await world.session("olena@example.org"))
    (result,) = await scope_tokens(world, (access, "petitions", SCOPE))
    keys = (await world.keys.ListPublicKeys(identity_pb2.ListPublicKeysRequest())).jwks_json
    claims = Verifier(read_key_set(keys)).verify(result.scope_token, audience="petitions")
    assert (claims["iss"], claims["scope"], claims["assurance"]) == ("identity", SCOPE, "email")
    assert claims["residence"] == ["UA32", "UA3204", "UA320401"]
    assert claims["sub"] == _base64url(known.pseudonym)
    assert person.id not in json.dumps(claims)


async def test_a_bad_item_fails_alone(world: World) -> None:
    _, access, _ = await world.access(await world.session("olena@example.org"))
    results = await scope_tokens(
        world,
        (access, "petitions", SCOPE),
        ("forged", "petitions", SCOPE),
        (access, "", SCOPE),
        (access, "viche", SCOPE),
        (access, "petitions", "bad scope"),
        (access, "petitions", "authors"),
    )
    reasons = [from_status(each.status).reason if each.status.code else "" for each in results]
    assert reasons == ["", "TOKEN_REFUSED", "INVALID_FIELDS", "INVALID_FIELDS", "INVALID_FIELDS", ""]
    assert [bool(each.scope_token) for each in results] == [True, False, False, False, False, True]


async def test_a_scope_token_opens_no_further_scope(world: World) -> None:
    _, access, _ = await world.access(await world.session("olena@example.org"))
    (first,) = await scope_tokens(world, (access, "petitions", SCOPE))
    (second,) = await scope_tokens(world, (first.scope_token, "petitions", "authors"))
    assert from_status(second.status).reason == "TOKEN_REFUSED"


async def test_a_scope_token_ends_with_its_access_token(world: World, tmp_path: Path) -> None:
    _, _, claims = await world.access(await world.session("olena@example.org"))
    signer = load_signers(tmp_path / "signing")[-1]
    old = signer.sign({key: value for key, value in claims.items() if key not in {"exp", "iat", "kid"}}, life_s=60)
    (result,) = await scope_tokens(world, (old, "petitions", SCOPE))
    ends_at = Verifier(read_key_set(public_key_set([signer]))).verify(result.scope_token, audience="petitions")["exp"]
    assert ends_at - time.time() <= 60


async def test_an_expired_access_token_makes_nothing(world: World, tmp_path: Path) -> None:
    _, _, claims = await world.access(await world.session("olena@example.org"))
    signer = load_signers(tmp_path / "signing")[-1]
    old = signer.sign({key: value for key, value in claims.items() if key not in {"exp", "iat", "kid"}}, life_s=-1)
    (result,) = await scope_tokens(world, (old, "petitions", SCOPE))
    assert from_status(result.status).reason == "TOKEN_REFUSED"


async def test_former_keys_stay_published_and_their_tokens_hold(world: World, tmp_path: Path) -> None:
    _, _, claims = await world.access(await world.session("olena@example.org"))
    former = load_signers(tmp_path / "signing")[0]
    token = former.sign({key: value for key, value in claims.items() if key not in {"exp", "iat", "kid"}})
    (result,) = await scope_tokens(world, (token, "petitions", SCOPE))
    keys = json.loads((await world.keys.ListPublicKeys(identity_pb2.ListPublicKeysRequest())).jwks_json)["keys"]
    assert result.scope_token
    assert [key["kid"] for key in keys] == ["2026-01", "2026-02"]
    assert all("d" not in key for key in keys)


async def test_tokens_need_no_database(world: World) -> None:
    _, access, _ = await world.access(await world.session("olena@example.org"))
    await world.pool.close()
    (result,) = await scope_tokens(world, (access, "petitions", SCOPE))
    assert result.scope_token


@pytest.mark.parametrize("count", [1, 1000])
async def test_results_stand_in_the_order_of_the_items(world: World, count: int) -> None:
    _, access, _ = await world.access(await world.session("olena@example.org"))
    results = await scope_tokens(world, *((access, "petitions", f"petition:{number}") for number in range(count)))
    scopes = [world.identity.verifier.verify(each.scope_token, audience="petitions")["scope"] for each in results]
    assert scopes == [f"petition:{number}" for number in range(count)]


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


async def named(world: World, *items: tuple[str, bool]) -> list[identity_pb2.ScopeTokenResult]:
    """Asks for tokens of the scope for (access token, with the name)."""
    request = identity_pb2.BatchCreateScopeTokensRequest(
        items=[
            identity_pb2.ScopeTokenItem(access_token=access, audience="petitions", scope=SCOPE, with_name=with_name)
            for access, with_name in items
        ]
    )
    return list((await world.scope_tokens.BatchCreateScopeTokens(request)).results)


async def claims_of(world: World, token: str, audience: str = "petitions") -> dict[str, object]:
    keys = (await world.keys.ListPublicKeys(identity_pb2.ListPublicKeysRequest())).jwks_json
    return dict(Verifier(read_key_set(keys)).verify(token, audience=audience))


async def test_a_token_for_a_survey_says_by_what_the_answer_is_forgotten(world: World) -> None:
    _, access, _ = await world.access(await world.session("olena@example.org"))
    asked = ["survey:1", "survey:2", "petition:1"]
    made = await scope_tokens(world, *((access, "surveys", scope) for scope in asked))
    first, second, other = [await claims_of(world, each.scope_token, "surveys") for each in made]
    assert first["answers"] == second["answers"] not in (first["sub"], second["sub"])
    assert first["sub"] != second["sub"]
    assert "answers" not in other


async def test_a_token_names_a_person_only_where_it_was_asked_for(world: World) -> None:
    known = await world.ensure("olena@example.org", SCOPE, name="Olena Koval")
    _, access, _ = await world.access(await world.session("olena@example.org"))
    plain, with_name = await named(world, (access, False), (access, True))
    assert {"name", "name_from", "names"}.isdisjoint(await claims_of(world, plain.scope_token))
    claims = await claims_of(world, with_name.scope_token)
    assert (claims["name"], claims["name_from"]) == ("Olena Koval", "self")
    assert claims["names"] == _base64url(known.names_pseudonym) != claims["sub"]


async def test_who_has_no_name_gets_no_token_with_one(world: World) -> None:
    await world.ensure("olena@example.org", SCOPE, name="")
    _, access, _ = await world.access(await world.session("olena@example.org"))
    results = await named(world, (access, True), (access, False), ("forged", True))
    reasons = [from_status(each.status).reason if each.status.code else "" for each in results]
    assert reasons == ["NAME_NEEDED", "", "TOKEN_REFUSED"]


async def test_who_shares_a_mailbox_is_erased_with_its_person(world: World) -> None:
    first = await world.ensure("olena@example.org", SCOPE)
    second = await world.ensure("olena@example.org", SCOPE, mailbox_member=1)
    assert first.pseudonym != second.pseudonym
    assert first.names_pseudonym == second.names_pseudonym
