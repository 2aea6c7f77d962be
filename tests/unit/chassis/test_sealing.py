"""What a master key makes stays the same for ever, opens for nobody else, and cannot be forged."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID, uuid4

import pytest

from viche_chassis import base64url
from viche_chassis.sealing import KeyedIndex, LinkTokens, Seal, SignedTokens, Unreadable, derive_key

MASTER, OTHER_MASTER = bytes(range(32)), bytes(32)
ROW = UUID("018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11")
PURPOSE = "identity/personal-data/v1"
SEALED = "0172e7075033e318ae0f3c619c3881ae243988374b8e3b35e1b059e136dd01229385e4ba4b73be"
INDEX = "286acb365f8465fffe76cac2808553012624ff24f6b523382a5e816c0f82c061"
INDEX_WITHIN = "d8fa0120f1f9d2c2d88a811177d7e7fb83535a45a4602cbc9dcf963ba6635390"
TOKEN = "AY9cHnpUfX6bbC9vbQ1aEQiVayiOzjYAmqbO4l5GX8QxHUTh8efbJb6QQHf9c6cj"


def test_a_key_is_hkdf_of_the_master_key_for_its_purpose() -> None:
    """RFC 5869 by hand: without a salt, and one block long."""
    extracted = hmac.digest(bytes(32), MASTER, "sha256")
    assert derive_key(MASTER, PURPOSE) == hmac.digest(extracted, b"viche/identity/personal-data/v1\x01", "sha256")


def test_keys_differ_by_purpose_and_master_key() -> None:
    keys = {derive_key(MASTER, "a/b/v1"), derive_key(MASTER, "a/c/v1"), derive_key(OTHER_MASTER, "a/b/v1")}
    assert len(keys) == 3


def test_sealed_data_stays_readable() -> None:
    assert Seal(MASTER, PURPOSE).open(bytes.fromhex(SEALED), "person_details.name", ROW) == "Олена"


def test_indexes_never_change() -> None:
    """Persons and signatures are found by them."""
    index = KeyedIndex(MASTER, "identity/mailboxes/v1")
    assert index.of("olena@example.org").hex() == INDEX
    assert index.of("olena@example.org", within=ROW.bytes).hex() == INDEX_WITHIN


def test_tokens_never_change() -> None:
    """They are in mails that people keep."""
    assert LinkTokens(MASTER, "identity/sign-in-links/v1").make(ROW) == TOKEN


def test_sealing_twice_gives_different_bytes_that_show_nothing() -> None:
    seal = Seal(MASTER, PURPOSE)
    first, second = (seal.close("olena", "t.c", ROW) for _ in range(2))
    assert first != second
    assert b"olena" not in first


@pytest.mark.parametrize("text", ["", "Олена", "x" * 10_000])
def test_a_seal_opens_in_its_place(text: str) -> None:
    seal = Seal(MASTER, PURPOSE)
    assert seal.open(seal.close(text, "t.c", ROW), "t.c", ROW) == text


@pytest.mark.parametrize(("column", "row"), [("t.email", ROW), ("t.name", uuid4()), ("t", ROW)])
def test_a_seal_that_was_moved_does_not_open(column: str, row: UUID) -> None:
    seal = Seal(MASTER, PURPOSE)
    with pytest.raises(Unreadable):
        seal.open(seal.close("Олена", "t.name", ROW), column, row)


@pytest.mark.parametrize(("master", "purpose"), [(OTHER_MASTER, PURPOSE), (MASTER, "petitions/contacts/v1")])
def test_another_key_opens_nothing(master: bytes, purpose: str) -> None:
    sealed = Seal(MASTER, PURPOSE).close("Олена", "t.c", ROW)
    with pytest.raises(Unreadable):
        Seal(master, purpose).open(sealed, "t.c", ROW)


def test_a_seal_that_was_tampered_with_does_not_open() -> None:
    seal = Seal(MASTER, PURPOSE)
    sealed = seal.close("Олена", "t.c", ROW)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            seal.open(bytes(changed), "t.c", ROW)


def test_a_seal_that_was_cut_short_or_made_longer_does_not_open() -> None:
    seal = Seal(MASTER, PURPOSE)
    sealed = seal.close("Олена", "t.c", ROW)
    for wrong in [*(sealed[:length] for length in range(len(sealed))), sealed + b"\x00"]:
        with pytest.raises(Unreadable):
            seal.open(wrong, "t.c", ROW)


def test_indexes_differ_by_text_place_purpose_and_master_key() -> None:
    index = KeyedIndex(MASTER, "a/b/v1")
    made = {
        index.of("a"), index.of("b"), index.of("a", within=b"1"), index.of("a", within=b"2"),
        KeyedIndex(MASTER, "a/c/v1").of("a"), KeyedIndex(OTHER_MASTER, "a/b/v1").of("a"),
    }  # fmt: skip
    assert len(made) == 6
    assert {len(each) for each in made} == {hashlib.sha256().digest_size}


@pytest.mark.parametrize("body", [b"", b"x", bytes(range(100))])
def test_a_token_says_what_it_is_for(body: bytes) -> None:
    tokens = SignedTokens(MASTER, "a/b/v1")
    assert tokens.read(tokens.make(body)) == body


def test_a_link_token_names_its_link() -> None:
    tokens = LinkTokens(MASTER, "a/b/v1")
    assert tokens.read(tokens.make(ROW)) == ROW


def test_a_signed_body_that_is_no_id_names_no_link() -> None:
    assert LinkTokens(MASTER, "a/b/v1").read(SignedTokens(MASTER, "a/b/v1").make(b"short")) is None


@pytest.mark.parametrize("text", ["", "A", "AAAA", "x", "кирилиця", "\ud800", "=", "====", "." * 64, "a" * 400])
def test_what_is_no_token_is_for_nothing(text: str) -> None:
    assert SignedTokens(MASTER, "a/b/v1").read(text) is None


def test_a_changed_token_is_for_nothing() -> None:
    """Also its last character, some bits of which mean nothing, and what decoders may pass over."""
    tokens = LinkTokens(MASTER, "a/b/v1")
    token = tokens.make(ROW)
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        assert tokens.read(changed) is None
    for changed in (token[:-1], token + "A", token + "=", token + "\n", f" {token}", token + "===="):
        assert tokens.read(changed) is None


def test_a_token_cannot_be_forged_from_others_or_with_another_key() -> None:
    tokens = LinkTokens(MASTER, "a/b/v1")
    token, other = tokens.make(ROW), tokens.make(uuid4())
    plain = base64url.encode(ROW.bytes + hashlib.sha256(ROW.bytes).digest())
    unkeyed = base64url.encode(ROW.bytes + hmac.digest(b"", ROW.bytes, "sha256"))
    for forged in (other[:20] + token[20:], plain, unkeyed, base64url.encode(ROW.bytes)):
        assert tokens.read(forged) is None
    for another in (LinkTokens(OTHER_MASTER, "a/b/v1"), LinkTokens(MASTER, "a/c/v1")):
        assert another.read(token) is None


@pytest.mark.parametrize("value", [b"", b"\xff", b"\xfb\xff", b"abc", bytes(32)])
def test_base64url_comes_back_as_it_went(value: bytes) -> None:
    assert base64url.decode(base64url.encode(value)) == value


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "+/+/", "A A=", "AAA\n", "é"])
def test_base64url_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError):
        base64url.decode(text)
