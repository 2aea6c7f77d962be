"""What everybody sees tells of no group under k, also to a reader who knows the rule and can calculate."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_surveys.domain.anonymity import WITHHELD, choices, partition, places

counts = st.lists(st.integers(0, 60), min_size=1, max_size=8)


def test_small_counts_are_withheld() -> None:
    assert partition([50, 40, 3, 8, 5, 30], 10) == [50, 40, -1, -1, -1, 30]


def test_a_single_small_count_takes_the_next_along() -> None:
    assert partition([50, 40, 3], 10) == [50, -1, -1]


def test_counts_that_their_sum_would_tell_take_the_next_along() -> None:
    assert partition([60, 30, 9, 9], 10) == [60, -1, -1, -1]


def test_nothing_is_withheld_without_a_small_count() -> None:
    assert partition([50, 40, 10], 10) == [50, 40, 10]


@given(counts, st.integers(2, 12))
def test_no_count_under_k_is_shown(given_counts: list[int], k: int) -> None:
    assert all(shown == WITHHELD or shown >= k for shown in partition(given_counts, k))


@given(counts, st.integers(2, 12))
def test_what_is_shown_is_true(given_counts: list[int], k: int) -> None:
    assert all(shown in (WITHHELD, true) for shown, true in zip(partition(given_counts, k), given_counts, strict=True))


@pytest.mark.parametrize(("k", "size", "most"), [(5, 3, 34), (3, 4, 14), (4, 3, 22), (4, 4, 18)])
def test_a_reader_who_tries_all_possible_answers_pins_no_small_group(k: int, size: int, most: int) -> None:
    told = defaultdict(list)
    for cells in product(range(most + 1), repeat=size):
        told[sum(cells), tuple(partition(cells, k))].append(cells)
    for (total, shown), possible in told.items():
        if total > most or set(shown) == {WITHHELD}:  # not all were tried; nothing is told
            continue
        for place in (place for place, count in enumerate(shown) if count == WITHHELD):
            values = {cells[place] for cells in possible}
            assert len(values) > 1 or values.isdisjoint(range(1, k)), (total, shown, values)


def test_whoever_chose_all_but_few_is_not_told() -> None:
    assert choices([95, 60, 50], 100, 10) == [-1, 60, 50]


def test_options_that_everybody_else_must_have_chosen_are_hidden_behind_others() -> None:
    assert choices([50, 45, 5], 100, 10) == [-1, -1, -1]
    assert choices([60, 55, 5], 100, 10) == [60, 55, -1]


def test_a_ranking_is_shown_whole_or_by_its_first_places() -> None:
    assert places({"a": [40, 30, 30], "b": [30, 40, 30]}, 10) == {"a": [40, 30, 30], "b": [30, 40, 30]}
    assert places({"a": [60, 38, 2], "b": [40, 0, 60]}, 10) == {"a": [60, -1, -1], "b": [40, -1, -1]}
