"""A petition is spoken of in the words of its workflow, where it brings its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.testing import World
from viche_gateway.vocabulary import name_and_number, of_signatures, signatures_unit

WORDS = {
    "petition": {"en": "initiative", "uk": "ініціатива"},
    "signatures.one": {"en": "statement", "uk": "заява"},
    "signatures.few": {"uk": "заяви"},
    "signatures.many": {"uk": "заяв"},
    "signatures.other": {"en": "statements"},
    "sign_this": {"en": "Support this initiative", "uk": "Підтримати цю ініціативу"},
    "signature_counts": {"en": "Your statement counts", "uk": "Вашу заяву враховано"},
    "confirm_signature": {"en": "Confirm your statement", "uk": "Підтвердьте свою заяву"},
}


def initiative(world: World, **fields: Any) -> pb.Petition:
    made = world.petitions.add(**fields)
    for name, texts in WORDS.items():
        made.vocabulary[name].texts.update(texts)
    return made


def text_of(app: Flask, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", app.test_client().get(path).text))


@pytest.mark.parametrize(("language", "count", "unit"), [
    ("en", 1, "statement"), ("en", 12, "statements"), ("uk", 1, "заява"), ("uk", 3, "заяви"), ("uk", 12, "заяв"),
    ("uk", 21, "заява"),
])  # fmt: skip
def test_the_word_follows_the_number(app: Flask, world: World, language: str, count: int, unit: str) -> None:
    with app.test_request_context("/"), force_locale(language):
        assert signatures_unit(initiative(world, signature_count=count)) == unit


def test_a_language_that_the_workflow_lacks_has_the_portals_words(app: Flask, world: World) -> None:
    made = initiative(world, signature_count=2)
    for name in WORDS:
        if name.startswith("signatures."):
            made.vocabulary[name].texts.pop("en", None)
    with app.test_request_context("/"):
        assert signatures_unit(made) == "signatures"
        assert of_signatures(made, 1000) == "of 1,000 signatures"


def test_a_petition_without_words_of_its_own_has_the_portals(app: Flask, world: World) -> None:
    made = world.petitions.add(signature_count=1)
    with app.test_request_context("/"):
        assert (name_and_number(made), signatures_unit(made)) == (f"Petition {made.number}", "signature")
        assert of_signatures(made, 1000) == "of 1,000 signatures"


def test_page_speaks_of_an_initiative(app: Flask, world: World) -> None:
    made = initiative(world, signature_count=5)
    text = text_of(app, f"/petitions/{made.number}")
    assert f"Initiative {made.number}" in text
    assert "5 of 1,000 statements" in text
    assert "Support this initiative" in text
    assert "Sign this petition" not in text


def test_form_and_thanks_speak_of_an_initiative(app: Flask, world: World) -> None:
    made = initiative(world, signature_count=5)
    assert "Support this initiative" in text_of(app, f"/petitions/{made.number}/sign")
    thanks = text_of(app, f"/petitions/{made.number}/thanks")
    assert "Your statement counts" in thanks
    assert "of 1,000 statements" in thanks
    assert "signature" not in thanks


def test_who_has_signed_before_is_told_in_the_words_of_the_workflow(app: Flask, world: World) -> None:
    made = initiative(world)
    world.petitions.signed.add((made.id, "ann"))
    client = app.test_client()
    client.set_cookie("viche_session", "ann")
    assert "Your statement counts" in client.get(f"/petitions/{made.number}/sign").text
