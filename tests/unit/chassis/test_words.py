"""Splitting, lemmas, and what goes into PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from viche_chassis.words import Words, make_dictionaries, split


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder: Path = tmp_path_factory.mktemp("words")
    make_dictionaries(folder, ["en", "uk"])
    return Words(folder)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Repair the Bridge!", ["repair", "the", "bridge"]),
        ("п’ять подвірʼїв", ["п'ять", "подвір'їв"]),
        ("the city's schools", ["the", "city", "schools"]),
        ("COVID-19 + 5G", ["covid", "19", "5g"]),
        ("ﬁre", ["fire"]),
        ("--- ' \" \x00", []),
    ],
)
def test_words_are_folded_and_split(text: str, found: list[str]) -> None:
    assert split(text) == found


def test_vector_holds_forms_and_lemmas_with_weights(words: Words) -> None:
    assert words.vector("en", ("A", "Schools"), ("B", "school")) == "'school':1A,2B 'schools':1A"


def test_long_texts_stay_within_what_postgresql_takes(words: Words) -> None:
    vector = words.vector("en", ("A", "word " * 20_000), ("B", "x" * 5_000))
    assert max(map(len, vector.split())) < 2_000
    assert "16000" in words.vector("en", ("B", " ".join(f"w{number}" for number in range(17_000))))


def test_query_has_every_word_and_the_last_as_a_beginning(words: Words) -> None:
    assert words.query("running scho", "en") == "('run' | 'running') & ('scho' | 'scho':*)"


def test_query_of_signs_alone_is_empty(words: Words) -> None:
    assert words.query("' & | ! :*", "en") == ""
