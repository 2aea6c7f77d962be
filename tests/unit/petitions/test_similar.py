"""How alike titles are, and what they are looked up by."""

from __future__ import annotations

import pytest

from viche_chassis.words import split
from viche_petitions.domain.similarity import Probe, Rarity, probes, similarity, trigrams, trigrams_of

COUNTS = {" re": 400, "rep": 300, "epa": 290, "pai": 280, "air": 300, " th": 900, "the": 900}
RARITY = Rarity(total=100_000, sample=1_000, counts=COUNTS)


def alike(one: str, other: str, rarity: Rarity = RARITY) -> float:
    return similarity(trigrams_of(split(one)), trigrams_of(split(other)), rarity)


def test_trigrams_begin_with_a_blank_and_leave_out_endings() -> None:
    assert trigrams("road") == {" ro", "roa", "oad"}
    assert trigrams("5") == {" 5"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Легалізація марихуани", "Легализация марихуаны"),
        ("п’ять", "пять"),
        ("Подъезд", "подезд"),
        ("ЄДИНИЙ КВИТОК", "Единий квиток"),
    ],
)
def test_same_title_in_another_spelling_is_the_same(one: str, other: str) -> None:
    assert alike(one, other) == pytest.approx(1)


def test_similarity_is_symmetric_and_between_0_and_1() -> None:
    one, other = "Repair the bridge over the river", "Build a bridge over the railway"
    assert 0 < alike(one, other) < 1
    assert alike(one, other) == alike(other, one)
    assert alike(one, "zzz") == 0
    assert alike("!!!", "!!!") == 0


def test_common_words_count_less_than_rare_ones() -> None:
    assert alike("Repair the bridge", "Open the bridge") > alike("Repair the bridge", "Repair the school")


def test_titles_are_alike_before_anything_was_counted() -> None:
    assert alike("Repair the bridge", "Repairing bridges", Rarity()) > 0.5
    assert alike("Repair the bridge", "Repair the bridge", Rarity(1, 1, {" re": 1})) == pytest.approx(1)


def test_rare_trigrams_are_looked_up_alone_and_common_ones_in_twos() -> None:
    looked_up = probes(["repair", "bridge"], RARITY)
    alone = {probe.first for probe in looked_up if probe.first == probe.second}
    assert alone <= trigrams("bridge")
    assert alone
    assert all({*probe} <= trigrams("repair") for probe in looked_up if probe.first != probe.second)


def test_words_that_every_title_has_are_looked_up_in_twos() -> None:
    common = Rarity(100_000, 1_000, dict.fromkeys(trigrams_of(["repair", "school"]), 100))
    looked_up = probes(["repair", "school"], common)
    assert looked_up
    assert all(probe.first != probe.second for probe in looked_up)
    assert any({*probe} & trigrams("repair") and {*probe} & trigrams("school") for probe in looked_up)


def test_long_title_is_looked_up_by_few_probes() -> None:
    words = [f"word{number}" for number in range(40)]
    assert len(probes(words, Rarity())) <= 32
    assert probes(["5"], Rarity()) == [Probe(" 5", " 5")]
    assert probes([], Rarity()) == []
