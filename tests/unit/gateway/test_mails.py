"""Mails to a person: whether they arrive, what can be done, and which ones are wanted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from viche.notifications.v1 import bounces_pb2

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]
HARD, TEMPORARY = bounces_pb2.BOUNCE_CLASS_HARD, bounces_pb2.BOUNCE_CLASS_TEMPORARY
EVERYTHING = "*"


def email_of(world: World, name: str = "ann") -> str:
    return world.identity.people[name].email


def test_a_person_whose_mail_arrives_reads_nothing_of_it(browse: Browse, world: World) -> None:
    browser = browse("ann")
    assert "comes back" not in browser.open("/me").text
    page = browser.open("/me/mails").text
    assert f"We write to {email_of(world)}." in page
    assert "has come back" not in page


@pytest.mark.parametrize(("kind", "words"), [(HARD, "no such mailbox"), (TEMPORARY, "may be full")])
def test_a_person_whose_mail_comes_back_reads_why_and_what_to_do(
    browse: Browse, world: World, kind: bounces_pb2.BounceClass, words: str
) -> None:
    browser = browse("ann")
    world.notifications.undeliverable[email_of(world)] = kind  # pyright: ignore[reportArgumentType]
    assert "Mail to your address comes back." in browser.open("/me").text
    page = browser.open("/me/mails").text
    assert words in page
    assert "2 November 2026" in page


def test_a_link_to_the_address_is_sent_by_a_button(browse: Browse, world: World) -> None:
    browser = browse("ann")
    world.notifications.undeliverable[email_of(world)] = HARD
    browser.open("/me/mails")
    assert browser.send("/me/mails/link").headers["Location"] == "/sign-in/sent"
    asked = world.identity.links[-1]
    assert (asked.email, asked.return_path) == (email_of(world), "/me/mails")
    assert email_of(world) in world.notifications.undeliverable


def test_whoever_uses_a_mailed_link_gets_all_mails_again(browse: Browse, world: World) -> None:
    browser = browse()
    world.notifications.undeliverable[email_of(world)] = HARD
    world.notifications.undeliverable["bob@example.org"] = HARD
    browser.open("/sign-in/ann")
    assert browser.send("/sign-in/ann").status_code == 303
    assert [*world.notifications.undeliverable] == ["bob@example.org"]


def test_whoever_asks_for_a_link_to_a_dead_mailbox_is_told(browse: Browse, world: World) -> None:
    browser = browse()
    world.notifications.undeliverable["ann@example.org"] = HARD
    browser.open("/sign-in")
    told = browser.send("/sign-in", email="ann@example.org").headers["Location"]
    assert told == "/sign-in/sent?comes_back=1"
    assert "Mail to this address has come back before." in browser.open(told).text
    browser.open("/sign-in")
    assert browser.send("/sign-in", email="new@example.org").headers["Location"] == "/sign-in/sent"
    assert "has come back" not in browser.open("/sign-in/sent").text


def test_signing_in_works_while_notifications_is_down(browse: Browse, world: World) -> None:
    browser = browse()
    world.channels["notifications"].is_down = True
    browser.open("/sign-in")
    assert browser.send("/sign-in", email="ann@example.org").headers["Location"] == "/sign-in/sent"
    browser.open("/sign-in/ann")
    assert browser.send("/sign-in/ann").status_code == 303
    assert browse("ann").open("/me").status_code == 200


def test_mails_about_petitions_are_stopped_and_come_again(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/me/mails")
    assert browser.send("/me/mails", subject=EVERYTHING, stop="1").status_code == 303
    assert world.notifications.stopped_by_address == {(email_of(world), EVERYTHING)}
    assert "You get no mails about petitions" in browser.open("/me/mails").text
    browser.send("/me/mails", subject=EVERYTHING)
    assert world.notifications.stopped_by_address == set()


def test_officers_switch_the_mail_of_the_morning(browse: Browse, world: World) -> None:
    world.identity.add_person("otto", "R")
    browser = browse("otto")
    assert "What waits for you as an officer" in browser.open("/me/mails").text
    browser.send("/me/mails", subject="office", stop="1")
    assert world.notifications.stopped_by_address == {("otto@example.org", "office")}
    assert "You stopped the mail that tells in the morning" in browser.open("/me/mails").text
    browser.send("/me/mails", subject="office")
    assert world.notifications.stopped_by_address == set()


def test_citizens_read_nothing_of_the_mail_of_the_morning(browse: Browse) -> None:
    assert "officer" not in browse("ann").open("/me/mails").text


def test_only_kinds_that_there_are_can_be_stopped(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/me/mails")
    assert browser.send("/me/mails", subject="sign_in", stop="1").status_code == 400
    assert world.notifications.stopped_by_address == set()
