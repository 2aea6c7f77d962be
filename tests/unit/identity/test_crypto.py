"""Keys and what is made with them."""

import hashlib
import hmac
from uuid import UUID, uuid4

import pytest

from viche_identity.crypto import (
    BlindIndex,
    LinkTokens,
    Pseudonyms,
    Seal,
    Unreadable,
    derive_key,
    new_session_token,
    session_token_hash,
)

MASTER = bytes(range(32))
PERSON = UUID("018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11")
PINNED_PSEUDONYM = "832eaac9b65975dcb57723514be203a91a286c4839d1b4c48a4d6626b21cc70f"
PINNED_INDEX = "286acb365f8465fffe76cac2808553012624ff24f6b523382a5e816c0f82c061"
PINNED_SEALED = "0172e7075033e318ae0f3c619c3881ae243988374b8e3b35e1b059e136dd01229385e4ba4b73be"


def test_keys_differ_by_purpose_and_master_key() -> None:
    keys = {derive_key(MASTER, "a"), derive_key(MASTER, "b"), derive_key(bytes(32), "a")}
    assert len(keys) == 3


def test_a_pseudonym_is_the_hmac_of_the_person_under_the_key_of_the_scope() -> None:
    scope_key = hmac.digest(derive_key(MASTER, "pseudonyms/v1"), b"petition:1", "sha256")
    assert Pseudonyms(MASTER).of("petition:1", PERSON) == hmac.new(scope_key, PERSON.bytes, hashlib.sha256).digest()


def test_pseudonyms_never_change() -> None:
    """A petition knows its signers by them: this value must hold for as long as any instance lives."""
    assert Pseudonyms(MASTER).of("petition:1", PERSON).hex() == PINNED_PSEUDONYM


def test_indexes_never_change() -> None:
    """A person is found by it."""
    assert BlindIndex(MASTER, "mailboxes/v1").of("olena@example.org").hex() == PINNED_INDEX


def test_sealed_data_stays_readable() -> None:
    sealed = bytes.fromhex(PINNED_SEALED)
    assert Seal(MASTER).open(sealed, "person_details.name", PERSON) == "Олена"


def test_pseudonyms_differ_by_scope_person_and_member() -> None:
    names = Pseudonyms(MASTER)
    made = [names.of("a", PERSON), names.of("b", PERSON), names.of("a", uuid4()), names.of("a", PERSON, 1)]
    assert len(set(made)) == 4


def test_sealing_twice_gives_different_bytes() -> None:
    seal = Seal(MASTER)
    assert seal.close("Олена", "t.c", PERSON) != seal.close("Олена", "t.c", PERSON)


def test_a_seal_opens_only_in_its_place() -> None:
    sealed = Seal(MASTER).close("Олена", "t.name", PERSON)
    assert Seal(MASTER).open(sealed, "t.name", PERSON) == "Олена"
    for other in (("t.email", PERSON), ("t.name", uuid4())):
        with pytest.raises(Unreadable):
            Seal(MASTER).open(sealed, *other)


@pytest.mark.parametrize("place", [0, 1, 13, -1])
def test_a_seal_that_was_changed_does_not_open(place: int) -> None:
    sealed = bytearray(Seal(MASTER).close("Олена", "t.c", PERSON))
    sealed[place] ^= 1
    with pytest.raises(Unreadable):
        Seal(MASTER).open(bytes(sealed), "t.c", PERSON)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(40)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        Seal(MASTER).open(sealed, "t.c", PERSON)


def test_another_key_opens_nothing() -> None:
    sealed = Seal(MASTER).close("Олена", "t.c", PERSON)
    with pytest.raises(Unreadable):
        Seal(bytes(32)).open(sealed, "t.c", PERSON)


def test_a_link_token_names_its_link() -> None:
    tokens = LinkTokens(MASTER)
    assert tokens.read(tokens.make(PERSON)) == PERSON


@pytest.mark.parametrize("change", ["", "A", "кирилиця", "=", "." * 64])
def test_what_is_no_link_token_names_nothing(change: str) -> None:
    assert LinkTokens(MASTER).read(change) is None


def test_a_token_for_another_link_cannot_be_guessed_from_one() -> None:
    token = LinkTokens(MASTER).make(PERSON)
    other = LinkTokens(MASTER).make(uuid4())
    assert LinkTokens(MASTER).read(other[:20] + token[20:]) is None
    assert LinkTokens(bytes(32)).read(token) is None


def test_session_tokens_are_long_and_stored_hashed() -> None:
    first, second = new_session_token(), new_session_token()
    assert first != second
    assert len(first) == 43
    assert session_token_hash(first) == hashlib.sha256(first.encode()).digest()
