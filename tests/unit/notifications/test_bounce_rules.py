"""What a status says about an address, and when the address gets no more mails."""

from datetime import UTC, datetime, timedelta

import pytest

from viche_chassis.ids import new_id
from viche_notifications.domain.bounces import (
    MOST_PERMANENT,
    MOST_TEMPORARY,
    Bounce,
    BounceClass,
    Refusal,
    class_of,
    domain_in,
    refusal_of,
    status_in,
    verdict,
)
from viche_notifications.domain.messages import (
    KINDS,
    PETITION_CLOSED,
    PETITION_REJECTED,
    SIGN_IN,
    State,
    Try,
    before_sending,
)
from viche_notifications.sealing import LONGEST_LOCAL_PART, ReturnAddresses

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HARD, PERMANENT, TEMPORARY = BounceClass.HARD, BounceClass.PERMANENT, BounceClass.TEMPORARY
POLICY, COMPLAINT = BounceClass.POLICY, BounceClass.COMPLAINT


def ago(**time: int) -> datetime:
    return NOW - timedelta(**time)


def several(kind: BounceClass, count: int, at: datetime | None = None) -> list[Bounce]:
    return [Bounce(kind, at or ago(hours=number)) for number in range(count)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", HARD), ("5.1.10", HARD), ("5.2.1", HARD), ("5.2.2", PERMANENT), ("5.0.0", PERMANENT),
        ("5.4.4", PERMANENT), ("5.7.1", POLICY), ("5.7.26", POLICY), ("5.6.7", POLICY), ("5.1.8", POLICY),
        ("4.2.2", TEMPORARY), ("4.4.7", TEMPORARY), ("4.7.0", POLICY), ("2.1.5", None), ("", None),
    ],
)  # fmt: skip
def test_a_status_says_what_is_wrong(status: str, kind: BounceClass | None) -> None:
    assert class_of(status) == kind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1", "5.1.1"), ("5.1.1 (no such user)", "5.1.1"), ("smtp; 550 5.2.1 gone", "5.2.1"),
        ("smtp; 552-5.2.2 full", "5.2.2"), ("550 from 195.1.1.1", ""), ("10.5.1.1", ""), ("3.1.1", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_status_is_found_in_a_text(text: str, status: str) -> None:
    assert status_in(text) == status


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("Ann@City.Example", "city.example"), ("<ann@city.example>", "city.example"), ("ann", ""),
        ("ann@[1.2.3.4]", ""),
        ("ann@" + "a" * 250 + ".example", ""), ("ann@city.example\nX: y", ""), ("ann@<b>.example", ""),
    ],
)  # fmt: skip
def test_a_domain_is_one_that_the_name_system_could_have(address: str, domain: str) -> None:
    assert domain_in(address) == domain


def test_a_server_that_refuses_with_a_status_is_believed() -> None:
    refusal = refusal_of("5.1.1 <ann@city.example>: no such user", "ann@city.example")
    assert refusal == Refusal("5.1.1", "city.example")


@pytest.mark.parametrize("text", ["relaying denied", "2.1.5 fine", "x" * 20 + " 5.1.1", ""])
def test_a_server_that_refuses_without_one_says_nothing_about_the_address(text: str) -> None:
    assert refusal_of(text, "ann@city.example") is None


def test_a_mailbox_that_is_not_there_is_believed_at_once() -> None:
    assert verdict(several(HARD, 1), None, NOW) is HARD


@pytest.mark.parametrize(("kind", "most"), [(PERMANENT, MOST_PERMANENT), (TEMPORARY, MOST_TEMPORARY)])
def test_other_refusals_count_up(kind: BounceClass, most: int) -> None:
    assert verdict(several(kind, most - 1), None, NOW) is None
    assert verdict(several(kind, most), None, NOW) is kind


def test_temporary_refusals_count_for_a_week() -> None:
    old = several(TEMPORARY, 1, ago(days=7, hours=1))
    assert verdict([*old, *several(TEMPORARY, MOST_TEMPORARY - 1)], None, NOW) is None
    young = several(TEMPORARY, 1, ago(days=6, hours=23))
    assert verdict([*young, *several(TEMPORARY, MOST_TEMPORARY - 1)], None, NOW) is TEMPORARY


def test_refusals_of_different_kinds_are_not_added() -> None:
    mixed = [*several(PERMANENT, MOST_PERMANENT - 1), *several(TEMPORARY, MOST_TEMPORARY - 1)]
    assert verdict(mixed, None, NOW) is None


@pytest.mark.parametrize("kind", [PERMANENT, TEMPORARY])
def test_a_mail_that_arrived_later_clears_them(kind: BounceClass) -> None:
    before = several(kind, 10, ago(days=4))
    assert verdict(before, ago(days=5), NOW) is kind
    assert verdict(before, ago(days=3), NOW) is None


def test_a_mail_that_arrived_does_not_bring_a_mailbox_back() -> None:
    assert verdict(several(HARD, 1, ago(days=4)), ago(days=3), NOW) is HARD


@pytest.mark.parametrize("kind", [POLICY, COMPLAINT])
def test_what_is_our_fault_is_not_held_against_the_address(kind: BounceClass) -> None:
    assert verdict(several(kind, 100), None, NOW) is None


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_an_address_that_mail_came_back_from_gets_what_was_asked_for_alone(kind: object) -> None:
    assert kind in KINDS.values()
    claimed = Try(kind, 1, 1, 0, is_suppressed=False, expires_at=None, is_undeliverable=True)  # pyright: ignore
    decision = before_sending(claimed, NOW)
    if claimed.kind.name in ("sign_in", "confirm_signature", "draft_link", "event_confirm"):
        assert decision is None
    else:
        assert decision is not None
        assert decision.state is State.SUPPRESSED


def test_authors_are_not_written_to_in_vain_though_they_cannot_unsubscribe() -> None:
    claimed = Try(PETITION_REJECTED, 1, 1, 0, is_suppressed=True, expires_at=None)
    assert before_sending(claimed, NOW) is None
    assert PETITION_CLOSED.is_optional
    assert SIGN_IN.is_asked_for


class TestReturnAddresses:
    RETURNS = ReturnAddresses(b"k" * 32, "bounces@viche.example")

    def test_each_message_has_its_own(self) -> None:
        first, second = new_id(), new_id()
        address = self.RETURNS.of(first, "mail@viche.example")
        assert address == f"bounces+{self.RETURNS.token(first)}@viche.example"
        assert address != self.RETURNS.of(second, "mail@viche.example")
        assert len(address.partition("@")[0]) <= LONGEST_LOCAL_PART

    def test_it_leads_back_to_the_message(self) -> None:
        message_id = new_id()
        assert self.RETURNS.read(self.RETURNS.token(message_id)) == message_id

    def test_nobody_else_can_make_one(self) -> None:
        message_id = new_id()
        token = self.RETURNS.token(message_id)
        forged = ("b" if token[0] == "a" else "a") + token[1:]
        assert self.RETURNS.read(forged) is None
        assert self.RETURNS.read(ReturnAddresses(b"o" * 32, "").token(message_id)) is None

    @pytest.mark.parametrize("token", ["", "x", "0" * 42, "ы" * 42, "a" * 41, "a" * 43])
    def test_what_is_no_token_leads_nowhere(self, token: str) -> None:
        assert self.RETURNS.read(token) is None

    def test_without_a_mailbox_mail_goes_back_to_the_sender(self) -> None:
        assert ReturnAddresses(b"k" * 32, "").of(new_id(), "mail@viche.example") == "mail@viche.example"

    @pytest.mark.parametrize("mailbox", ["bounces", "a" * 22 + "@viche.example", "пошта@viche.example"])
    def test_a_mailbox_that_cannot_carry_tokens_is_refused(self, mailbox: str) -> None:
        with pytest.raises(ValueError, match="must"):
            ReturnAddresses(b"k" * 32, mailbox)
