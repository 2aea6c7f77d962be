"""Pseudonyms and tokens of sessions."""

import hashlib
import hmac
from uuid import UUID, uuid4

from viche_chassis.sealing import derive_key
from viche_identity.crypto import Pseudonyms, new_session_token, session_token_hash

MASTER = bytes(range(32))
PERSON = UUID("018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11")
PINNED_PSEUDONYM = "832eaac9b65975dcb57723514be203a91a286c4839d1b4c48a4d6626b21cc70f"


def test_a_pseudonym_is_the_hmac_of_the_person_under_the_key_of_the_scope() -> None:
    scope_key = hmac.digest(derive_key(MASTER, "identity/pseudonyms/v1"), b"petition:1", "sha256")
    assert Pseudonyms(MASTER).of("petition:1", PERSON) == hmac.new(scope_key, PERSON.bytes, hashlib.sha256).digest()


def test_pseudonyms_never_change() -> None:
    """A petition knows its signers by them: this value must hold for as long as any instance lives."""
    assert Pseudonyms(MASTER).of("petition:1", PERSON).hex() == PINNED_PSEUDONYM


def test_pseudonyms_differ_by_scope_person_and_member() -> None:
    names = Pseudonyms(MASTER)
    made = [names.of("a", PERSON), names.of("b", PERSON), names.of("a", uuid4()), names.of("a", PERSON, 1)]
    assert len(set(made)) == 4


def test_session_tokens_are_long_and_stored_hashed() -> None:
    first, second = new_session_token(), new_session_token()
    assert first != second
    assert len(first) == 43
    assert session_token_hash(first) == hashlib.sha256(first.encode()).digest()
