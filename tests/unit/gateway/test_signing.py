"""Signing: one press for those who are signed in, a mail for others, and a sentence for each refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import Code
from viche_gateway.testing import World
from viche_gateway.testing.channel import refusal

Browse = Callable[..., Browser]
REFUSALS = {
    "NOT_OPEN": "not open for signatures",
    "ALREADY_SIGNED": "signed this petition already",
    "ASSURANCE_TOO_LOW": "by a stronger means than e-mail",
    "OTHER_TERRITORY": "Only people who live here may sign this petition: Verbiv.",
}


def test_one_press_signs_and_thanks_with_the_new_count(browse: Browse, world: World) -> None:
    petition = world.petitions.add(signature_count=41)
    browser = browse("ann")
    browser.open(f"/petitions/{petition.number}/sign")
    answer = browser.send(f"/petitions/{petition.number}/sign")
    assert answer.headers["Location"] == f"/petitions/{petition.number}/thanks"
    assert ">42<" in browser.open(answer.headers["Location"]).text


@pytest.mark.parametrize("reason", REFUSALS)
def test_each_refusal_has_its_own_sentence(browse: Browse, world: World, reason: str) -> None:
    petition = world.petitions.add()
    world.petitions.refusals["ann"] = refusal(Code.FAILED_PRECONDITION, reason, territory_code="R1")
    browser = browse("ann")
    browser.open(f"/petitions/{petition.number}/sign")
    answer = browser.send(f"/petitions/{petition.number}/sign")
    assert answer.status_code == 409
    assert REFUSALS[reason] in answer.text


def test_signed_petition_shows_no_button_to_its_signer(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse("ann")
    browser.open(f"/petitions/{petition.number}/sign")
    browser.send(f"/petitions/{petition.number}/sign")
    assert "Your signature counts" in browser.open(f"/petitions/{petition.number}/sign").text


def test_signature_by_mail_counts_after_the_press_on_the_page(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse()
    browser.open(f"/petitions/{petition.number}/sign")
    answer = browser.send(f"/petitions/{petition.number}/sign/email", name="Ivan", email="ivan@example.org")
    assert answer.headers["Location"] == f"/petitions/{petition.number}/sign/mail"
    browser.open("/confirm/Ivan")
    assert petition.signature_count == 0
    browser.send("/confirm/Ivan")
    assert petition.signature_count == 1


def test_faulty_form_keeps_what_was_written(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse()
    browser.open(f"/petitions/{petition.number}/sign")
    answer = browser.send(f"/petitions/{petition.number}/sign/email", name="Ivan", email="ivan at example")
    assert answer.status_code == 400
    assert 'value="Ivan"' in answer.text
    assert 'href="#email"' in answer.text
    assert "This is not an e-mail address" in answer.text
    assert world.petitions.email_signatures == []


def test_program_that_fills_the_hidden_field_signs_nothing(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse()
    browser.open(f"/petitions/{petition.number}/sign")
    path = f"/petitions/{petition.number}/sign/email"
    answer = browser.send(path, name="Bot", email="bot@example.org", website="https://example.org")
    assert answer.status_code == 303
    assert world.petitions.email_signatures == []


def test_unknown_link_says_what_to_do(browse: Browse) -> None:
    answer = browse().open("/confirm/none")
    assert answer.status_code == 404
    assert "We do not know this link" in answer.text


def test_page_says_that_nothing_was_lost_when_petitions_are_down(browse: Browse, world: World) -> None:
    world.petitions.add(number=700_001)
    browser = browse("ann")
    browser.open("/petitions/700001/sign")
    world.channels["petitions"].is_down = True
    answer = browser.send("/petitions/700001/sign")
    assert answer.status_code == 503
    assert "Nothing was lost" in answer.text
    assert answer.headers["Retry-After"]


def test_bytes_that_are_no_text_are_refused(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    petition = world.petitions.add()
    parts = (b'name"\r\n\r\n\xff\xfe', b'email"\r\n\r\nivan@example.org')
    body = b"".join(b'--x\r\nContent-Disposition: form-data; name="' + part + b"\r\n" for part in parts) + b"--x--"
    path = f"/petitions/{petition.number}/sign/email"
    answer = app.test_client().post(path, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "We could not read what was sent." in answer.text
    assert world.petitions.email_signatures == []


def test_oversized_form_is_refused(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse()
    browser.open(f"/petitions/{petition.number}/sign")
    answer = browser.send(f"/petitions/{petition.number}/sign/email", name="x" * 300_000, email="ivan@example.org")
    assert answer.status_code == 413
    assert "more than we can take at once" in answer.text


@pytest.mark.parametrize("session", ["", "ann"])
def test_signers_are_told_before_they_sign_that_their_names_will_be_public(
    browse: Browse, world: World, session: str
) -> None:
    petition = world.petitions.add()
    browser = browse(session)
    path = f"/petitions/{petition.number}/sign"
    assert "becomes public" not in browser.open(path).text
    petition.terms.signers_shown = "names"
    text = browser.open(path).text
    assert "Your name becomes public" in text
    assert "not published" not in text
