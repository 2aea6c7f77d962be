"""Mails about a petition use the words of its workflow, where it brings its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.notifications.test_mail import LETTER, LINKS, NOW, RETURNS, SITE, part, read
from viche_notifications.facts import TEXTS, about_asking, facts_of, in_language
from viche_notifications.mail import MailWriter

WORDS = {
    "confirm_signature": {"en": "Confirm your statement", "uk": "Підтвердьте свою заяву"},
    "signatures.one": {"en": "statement", "uk": "заява"},
    "signatures.few": {"uk": "заяви"},
    "signatures.many": {"uk": "заяв"},
    "signatures.other": {"en": "statements"},
}


@pytest.fixture(scope="module")
def writer() -> MailWriter:
    return MailWriter(SITE, LINKS, RETURNS)


def initiative(count: int = 2) -> pb.Petition:
    made = pb.Petition(number=7, title="A park", language="en", signature_count=count)
    for name, texts in WORDS.items():
        made.vocabulary[name].texts.update(texts)
    return made


@pytest.mark.parametrize(("language", "ask"), [("en", "Confirm your statement"), ("uk", "Підтвердьте свою заяву")])
def test_who_signs_is_asked_in_the_words_of_the_workflow(writer: MailWriter, language: str, ask: str) -> None:
    params = in_language(about_asking(initiative()), language)
    mail = read(writer.write(replace(LETTER, kind="confirm_signature", language=language, params=params), NOW))
    assert mail["Subject"] == f"{ask}: A park"
    assert f"{ask}:" in part(mail, "plain")


def test_a_petition_without_words_of_its_own_is_asked_about_as_ever(writer: MailWriter) -> None:
    params = in_language(about_asking(pb.Petition(number=7, title="A park", language="en")), "en")
    mail = read(writer.write(replace(LETTER, kind="confirm_signature", params=params), NOW))
    assert mail["Subject"] == "Confirm your signature: A park"


def test_a_vote_against_is_never_called_a_signature(writer: MailWriter) -> None:
    params = in_language({**about_asking(initiative()), "is_against": True}, "en")
    mail = read(writer.write(replace(LETTER, kind="confirm_signature", params=params), NOW))
    assert mail["Subject"] == "Confirm your vote against: A park"
    text = part(mail, "plain")
    assert "You voted against this petition:" in text
    assert not {"sign", "signed", "signature", "statement"} & set(text.lower().replace(":", " ").split())


@pytest.mark.parametrize(("count", "english", "ukrainian"), [
    (1, "statement", "заява"), (3, "statements", "заяви"), (1000, "statements", "заяв"), (1021, "statements", "заява"),
])  # fmt: skip
def test_a_threshold_is_told_in_the_form_of_the_number(
    writer: MailWriter, count: int, english: str, ukrainian: str
) -> None:
    facts = facts_of("petition_threshold", initiative(), {"threshold": "answer", "signatures": count})
    assert facts is not None
    assert facts[TEXTS]["unit"] == {"en": english, "uk": ukrainian}
    params = in_language(facts, "en")
    mail = read(writer.write(replace(LETTER, params=params), NOW))
    assert mail["Subject"] == f"{count:,} {english}: A park"
