"""Finding persons by pseudonyms among many."""

from random import Random
from uuid import UUID

import pytest

from viche_identity import audiences
from viche_identity.audiences import Audience, Member
from viche_identity.crypto import pseudonym

KEY = b"k" * 32


@pytest.fixture
def people() -> list[UUID]:
    random = Random(7)
    return [UUID(int=random.getrandbits(128)) for _ in range(3_000)]


def test_everybody_is_found_with_the_place_in_the_mailbox(people: list[UUID]) -> None:
    audience = Audience(KEY)
    audience.add(people[:1_000])
    audience.add(people[1_000:])
    audience.settle()
    for person in people:
        for member in (0, 1):
            assert audience.find(pseudonym(KEY, person.bytes, member)) == Member(person, member)


def test_strangers_are_not_found(people: list[UUID]) -> None:
    audience = Audience(KEY)
    audience.add(people[:1_000])
    audience.settle()
    assert all(audience.find(pseudonym(KEY, person.bytes, 0)) is None for person in people[1_000:])


@pytest.mark.parametrize("name", [b"", b"x", b"\0" * 31, b"\0" * 32, b"\xff" * 32, b"\0" * 33])
def test_what_is_no_pseudonym_is_nobody(people: list[UUID], name: bytes) -> None:
    audience = Audience(KEY)
    audience.add(people)
    audience.settle()
    assert audience.find(name) is None


def test_pseudonyms_that_begin_alike_are_told_apart(people: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audiences, "_prefix", lambda name: name[1] & 1)
    audience = Audience(KEY)
    audience.add(people[:500])
    audience.settle()
    assert all(audience.find(pseudonym(KEY, each.bytes, 1)) == Member(each, 1) for each in people[:500])


def test_an_empty_audience_has_nobody() -> None:
    audience = Audience(KEY)
    audience.settle()
    assert audience.find(b"\0" * 32) is None
