"""Signing works while the broker hangs or is gone and while no mail server answers; mails come later, none is lost."""

from __future__ import annotations

import re
import signal
import time
import uuid
from dataclasses import dataclass

import pytest

from tests.integration.reliability import store
from tests.integration.reliability.clients import ApiClient
from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.faults import NATS, await_back, keep_down, pid_of, strike
from tests.integration.reliability.ledger import Channel, Outcome, Request, first_acknowledgements, longest_silence_s
from tests.integration.reliability.letters import Mail, check_mails
from tests.integration.reliability.load import Load, jobs, until_final
from tests.integration.reliability.pace import Pace
from tests.integration.reliability.region import OpenPetition, Person
from viche_cli.infra import process
from viche_notifications.domain.messages import MAX_COPIES

pytestmark = pytest.mark.slow
SEED = 4
SIGNERS, THRESHOLD, MAILERS = 150, 60, 12
HANGS_S, GONE_S = 4.0, 3.0
PATIENCE_S = 90.0
# on a calm machine, see pace.py
SILENT_FOR_S = 2.0
LEAST_SIGNED = 100
# mails whose sender never hears that they were taken
UNHEARD = 3
MAIL_TAKES_S = 0.05
_LINK = re.compile(r"/confirm/(\S+)")


@dataclass(frozen=True, slots=True)
class Outage:
    """What was seen while nothing but the services and their database worked."""

    petition: OpenPetition
    people: list[Person]
    mailers: list[str]
    mails_meanwhile: int
    longest_silence_s: float
    allowed_silence_s: float


@pytest.fixture(scope="module")
def outage(built: Dam) -> Outage:
    """The broker hangs, then it is killed again and again; all the while no mail server answers."""
    petition = built.open_petition("Mend the weir at the mill", THRESHOLD)
    people = built.region.people("miller", SIGNERS)
    mailers = [f"mailer{number}@example.org" for number in range(MAILERS)]
    built.post_office.close()
    strike(built.suite, NATS, signal.SIGSTOP)
    former_pid = pid_of(built.suite, NATS)
    began_s = time.monotonic()
    try:
        with Pace() as pace, Load(built.suite.url, built.ledger, jobs(people, [petition]), seed=SEED, per_s=25.0):
            _ask_for_mails(built, petition, mailers)
            time.sleep(HANGS_S)
            keep_down(built.suite, NATS, GONE_S)
            ended_s = time.monotonic()
            allowed_s = pace.allowed_s(SILENT_FOR_S, began_s)
            give_up_at_s = ended_s + PATIENCE_S
            while _signed(built, petition) < LEAST_SIGNED and time.monotonic() < give_up_at_s:
                keep_down(built.suite, NATS, 0.2)
    finally:
        await_back(built.suite, NATS, former_pid)
    entries = built.entries([petition])
    if _signed(built, petition) == SIGNERS:  # whoever is quiet from then on has nothing to say
        ended_s = min(ended_s, max(answer.answered_at_s for answer in first_acknowledgements(entries)))
    silence_s = longest_silence_s(entries, began_s, ended_s)
    print(f"longest silence {silence_s:.1f} s of {allowed_s:.1f} s")
    receivers = {person.email for person in people} | set(mailers)
    return Outage(petition, people, mailers, len(_mails(built, receivers)), silence_s, allowed_s)


def _signed(built: Dam, petition: OpenPetition) -> int:
    people = (entry for entry in built.entries([petition]) if entry.request.channel is Channel.PERSON)
    return sum(entry.is_acknowledged for entry in people)


@pytest.fixture(scope="module")
def delivered(built: Dam, outage: Outage) -> set[str]:
    """The mail server is back, does not say of some mails that it has them, and the sender is killed amid the others.

    Gives who is to be told of the threshold: the campaign began when everybody had signed.
    """
    entries = built.entries([outage.petition])
    signed = {entry.request.person for entry in entries if entry.is_acknowledged}
    built.post_office.slow_down(MAIL_TAKES_S)
    built.post_office.fall_silent(signed, UNHEARD)
    built.post_office.open()
    process.wait_until(lambda: len(_mails(built, signed)) > len(signed) // 3, PATIENCE_S)
    former_pid = pid_of(built.suite, "notifications")
    with built.database("notifications") as conn:
        strike(built.suite, "notifications")
        store.hurry_messages(conn)  # before its successor has claimed anything
    await_back(built.suite, "notifications", former_pid)
    return signed


def _ask_for_mails(built: Dam, petition: OpenPetition, mailers: list[str]) -> None:
    client = ApiClient(built.suite.url)
    for email in mailers:
        request_id = str(uuid.uuid4())
        built.ledger.sending(Request(email, petition.id, email, Channel.EMAIL))
        asked = until_final(lambda email=email, key=request_id: client.sign_by_email(petition, email, "Olena", key))
        assert asked.outcome is Outcome.ACKNOWLEDGED, asked
    client.close()


def _mails(built: Dam, receivers: set[str]) -> list[Mail]:
    return [mail for mail in built.post_office.mails() if mail.receiver in receivers]


def test_signing_goes_on_meanwhile(built: Dam, outage: Outage) -> None:
    people = [entry for entry in built.entries([outage.petition]) if entry.request.channel is Channel.PERSON]
    assert _signed(built, outage.petition) >= LEAST_SIGNED
    assert [answer for entry in people for answer in entry.answers if answer.outcome is Outcome.FAILED] == []
    assert outage.longest_silence_s < outage.allowed_silence_s
    assert outage.mails_meanwhile == 0


def test_every_confirmation_mail_comes_later_and_its_link_works(
    built: Dam, outage: Outage, delivered: set[str]
) -> None:
    mailers = set(outage.mailers)
    process.wait_until(lambda: {mail.receiver for mail in _mails(built, mailers)} == mailers, PATIENCE_S)
    mails = _mails(built, mailers)
    assert check_mails(mailers, mails, MAX_COPIES) == []
    client = ApiClient(built.suite.url)
    for mail in mails:
        link = _LINK.search(mail.text)
        assert link is not None
        built.ledger.answered(mail.receiver, until_final(lambda token=link[1]: client.confirm(token)))
    client.close()


def test_every_signer_is_told_of_the_threshold_in_few_copies(built: Dam, delivered: set[str]) -> None:
    def all_have_come() -> bool:
        mails = _mails(built, delivered)
        return {mail.receiver for mail in mails} == delivered and len(mails) > len(delivered)

    process.wait_until(all_have_come, PATIENCE_S)
    mails = _mails(built, delivered)
    assert check_mails(delivered, mails, MAX_COPIES) == []
    assert len(mails) > len(delivered)  # some copies there were: the bound was put to the test


def test_every_message_ends_in_a_named_state(built: Dam, delivered: set[str]) -> None:
    def unfinished() -> dict[tuple[str, str], int]:
        with built.database("notifications") as conn:
            states = store.message_states(conn)
        return {key: number for key, number in states.items() if key[1] in ("queued", "sending")}

    assert process.wait_until(lambda: unfinished() == {}, PATIENCE_S), unfinished()


def test_ledger_holds(built: Dam, outage: Outage, delivered: set[str]) -> None:
    findings = built.findings([outage.petition])
    assert not findings, described(findings)
