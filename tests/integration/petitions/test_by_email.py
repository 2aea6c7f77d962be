"""Signing by e-mail: the mailbox rule, the same answer to everybody, and nothing kept that is not needed."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.test_signing import close
from tests.integration.petitions.world import World, pseudonym, request_id
from viche_chassis.testing import FakeRpcError

ADDRESS = "kateryna@example.org"


async def refusal(call: Any) -> str:
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason


async def count(world: World, petition_id: str) -> int:
    return (await world.get(petition_id)).signature_count


async def test_signature_counts_when_it_is_confirmed_and_not_before(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id, ADDRESS)
    (mail,) = await world.mails()
    assert (mail.email, mail.name, mail.language, mail.petition.id) == (ADDRESS, "Kateryna", "uk", petition.id)
    assert await count(world, petition.id) == 0
    confirmed = await world.confirm(mail.token)
    assert (confirmed.petition.signature_count, await count(world, petition.id)) == (1, 1)
    (event,) = await world.events(events_pb2.SignaturesAccepted)
    assert list(event.signature_ids) == [confirmed.signature_id]


async def test_confirming_again_and_at_once_gives_the_same_answer(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id)
    (mail,) = await world.mails()
    answers = await asyncio.gather(*(world.confirm(mail.token) for _ in range(8)))
    assert {each.signature_id for each in answers} == {(await world.confirm(mail.token)).signature_id}
    assert await count(world, petition.id) == 1


async def test_crowd_that_confirms_at_once_is_counted(world: World) -> None:
    petition = await world.open()
    await asyncio.gather(*(world.begin(petition.id, f"person{number}@example.org") for number in range(30)))
    await asyncio.gather(*(world.confirm(mail.token) for mail in await world.mails()))
    numbers = await world.counts.Recount(pb.RecountRequest(petition_id=petition.id))
    assert (numbers.counted, numbers.published) == (30, 30)


async def test_page_of_the_link_says_what_it_is_for(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id)
    (mail,) = await world.mails()
    request = pb.GetEmailSignatureRequest(token=mail.token)
    before = await world.signing.GetEmailSignature(request)
    await world.confirm(mail.token)
    after = await world.signing.GetEmailSignature(request)
    assert (before.petition.id, before.is_confirmed, before.name) == (petition.id, False, "Kateryna")
    assert (after.is_confirmed, after.name) == (True, "")


async def test_personal_data_is_sealed_and_gone_after_confirmation(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id, ADDRESS, name="Kateryna Unforgettable")
    (mail,) = await world.mails()
    assert "unforgettable" not in dump(world).lower()
    assert ADDRESS not in dump(world)
    await world.confirm(mail.token)
    assert await world.rows("SELECT * FROM pending_contacts") == []


@pytest.mark.parametrize("allowed", [1, 2])
async def test_mailbox_rule_holds_for_two_hundred_at_once(world: World, allowed: int) -> None:
    await world.configure(signatures_per_mailbox=str(allowed))
    petition = await world.open()
    spellings = [f"kateryna+{number}@example.org" for number in range(200)]
    await world.restart(rate_factor=1_000.0)
    await asyncio.gather(
        *(world.begin(petition.id, email, name=f"Name {number % 50}") for number, email in enumerate(spellings))
    )
    mails = await world.mails()
    for token in {mail.token for mail in mails}:
        await world.confirm(token)
    assert (len({mail.token for mail in mails}), await count(world, petition.id)) == (allowed, allowed)


async def test_answer_is_the_same_for_a_mailbox_that_has_signed(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id)
    (mail,) = await world.mails()
    await world.confirm(mail.token)
    await world.begin(petition.id)
    assert len(await world.events(events_pb2.SignatureConfirmationRequested)) == 1


async def test_asking_again_before_confirming_sends_the_mail_again_with_what_was_said_last(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id, residence_code="UA07")
    await world.begin(petition.id, residence_code="UA05")
    first, second = await world.mails()
    assert first.token == second.token
    await world.confirm(second.token)
    tally = await world.counts.GetTally(pb.GetTallyRequest(petition_id=petition.id))
    assert [each.territory_code for each in tally.territories] == ["UA05"]


async def test_repeated_request_sends_one_mail_and_another_body_is_a_mismatch(world: World) -> None:
    petition = await world.open()
    id = request_id()
    await world.begin(petition.id, request_id=id)
    await world.begin(petition.id, request_id=id)
    assert len(await world.events(events_pb2.SignatureConfirmationRequested)) == 1
    assert await refusal(world.begin(petition.id, "another@example.org", request_id=id)) == "REQUEST_MISMATCH"


async def test_person_who_signed_signed_in_does_not_sign_again_by_email(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, f"{ADDRESS}#0")
    await world.begin(petition.id, ADDRESS)
    (mail,) = await world.mails()
    assert await refusal(world.confirm(mail.token)) == "ALREADY_SIGNED"
    assert await count(world, petition.id) == 1


async def test_second_of_a_shared_mailbox_may_sign_after_one_who_signed_signed_in(world: World) -> None:
    await world.configure(signatures_per_mailbox="2")
    petition = await world.open()
    await world.sign_as(petition.id, f"{ADDRESS}#0")
    await world.begin(petition.id, ADDRESS, name="Petro")
    await world.begin(petition.id, ADDRESS, name="Olena")
    petro, olena = await world.mails()
    await world.confirm(olena.token)
    assert await refusal(world.confirm(petro.token)) == "ALREADY_SIGNED"
    assert await count(world, petition.id) == 2


async def test_resident_of_another_territory_is_refused_at_confirmation(world: World) -> None:
    await world.configure(residents_only="true")
    petition = await world.open()
    await world.begin(petition.id, residence_code="UA07")
    (mail,) = await world.mails()
    assert await refusal(world.confirm(mail.token)) == "OTHER_TERRITORY"
    await world.begin(petition.id, residence_code="UA05")
    assert (await world.confirm(mail.token)).signature_id


async def test_assurance_above_email_refuses_signing_by_email(world: World) -> None:
    await world.configure(min_assurance="high")
    petition = await world.open()
    assert await refusal(world.begin(petition.id)) == "ASSURANCE_TOO_LOW"


async def test_closed_petition_is_neither_begun_nor_confirmed(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id)
    (mail,) = await world.mails()
    await close(world, petition.id)
    assert await refusal(world.begin(petition.id, "other@example.org")) == "NOT_OPEN"
    assert await refusal(world.confirm(mail.token)) == "NOT_OPEN"


async def test_late_link_is_expired_its_data_gone_and_the_mailbox_free_again(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id)
    (mail,) = await world.mails()
    await world.rows("UPDATE pending_contacts SET expires_at = now() - interval '1 s'")
    await world.rows("UPDATE email_links SET expires_at = now() - interval '1 s'")
    assert await refusal(world.confirm(mail.token)) == "LINK_EXPIRED"
    await world.petitions.housekeeping.sweep()
    assert await world.rows("SELECT 1 FROM pending_contacts UNION ALL SELECT 1 FROM mailboxes") == []
    states = await world.rows("SELECT state FROM signature_transitions ORDER BY step")
    assert [row[0] for row in states] == ["pending", "expired"]
    assert await refusal(world.confirm(mail.token)) == "LINK_EXPIRED"
    await world.begin(petition.id)
    assert len(await world.rows("SELECT 1 FROM mailboxes")) == 1


@pytest.mark.parametrize("token", ["x", "AAAA", "A" * 64, "ключ", "=" * 8])
async def test_unknown_link_is_unknown(world: World, token: str) -> None:
    assert await refusal(world.confirm(token)) == "LINK_UNKNOWN"
    assert await refusal(world.signing.GetEmailSignature(pb.GetEmailSignatureRequest(token=token))) == "LINK_UNKNOWN"


@pytest.mark.parametrize("email", ["no address", "a@b", "@example.org", "a@example.org\nBcc: b@example.org"])
async def test_what_is_no_address_is_refused(world: World, email: str) -> None:
    petition = await world.open()
    with pytest.raises(FakeRpcError) as refused:
        await world.begin(petition.id, email)
    (violation,) = refused.value.__cause__.violations  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    assert (violation.field, violation.reason) == ("email", "BAD_EMAIL")


async def test_requests_without_a_proof_of_work_are_limited_sooner(world: World) -> None:
    petition = await world.open()
    for number in range(5):
        await world.begin(petition.id, f"person{number}@example.org", human_checked=False)
    with pytest.raises(FakeRpcError) as refused:
        await world.begin(petition.id, "person6@example.org", human_checked=False)
    assert refused.value.reason == "TOO_MANY_REQUESTS"
    assert int(refused.value.values["retry_after_s"]) > 0
    await world.begin(petition.id, "person6@example.org")
    await world.begin(petition.id, "person7@example.org", human_checked=False, network="198.51.100.1")


async def test_mailbox_gets_only_so_many_mails_whatever_the_petition(world: World) -> None:
    petitions = [await world.open(f"author {number}") for number in range(6)]
    for petition in petitions[:5]:
        await world.begin(petition.id, network=petition.id)
    assert await refusal(world.begin(petitions[5].id, network="other")) == "TOO_MANY_REQUESTS"


async def test_signers_by_email_are_among_the_signers(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id, ADDRESS)
    await world.begin(petition.id, "unconfirmed@example.org")
    mail, _ = await world.mails()
    await world.confirm(mail.token)
    found = await world.signers().ListSigners(pb.ListSignersRequest(petition_id=petition.id))
    assert list(found.pseudonyms) == [pseudonym(f"petition:{petition.id}", f"{ADDRESS}#0")]


def dump(world: World) -> str:
    """All rows of the database, as pg_dump shows them."""
    from viche_cli.infra import accounts, binaries

    program = binaries.installation(accounts.unprivileged()) / "bin" / "pg_dump"
    done = subprocess.run([program, "--data-only", world.settings.database_url], capture_output=True, check=True)
    return done.stdout.decode()
