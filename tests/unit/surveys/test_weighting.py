"""Raking meets its targets where that can be, and says how far it is from them where it cannot."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from viche_surveys.domain.weighting import CLOSE, Key, effective, rake

CODES = ("a", "b", "c")
cells = st.tuples(st.sampled_from((*CODES, None)), st.sampled_from((*CODES, None)))
samples = st.dictionaries(cells, st.integers(1, 200), min_size=1)
shares = st.lists(st.integers(1, 20), min_size=3, max_size=3).map(
    lambda parts: {code: part / sum(parts) for code, part in zip(CODES, parts, strict=True)}
)


def shares_of(counts: dict[Key, int], weights: dict[Key, float], place: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for key, count in counts.items():
        if (code := key[place]) is not None:
            sums[code] = sums.get(code, 0.0) + weights[key] * count
    total = sum(sums.values())
    return {code: found / total for code, found in sums.items()}


THIRDS = dict.fromkeys(CODES, 1 / 3)
# two groups of cells that single answers link: the gap shrinks by 3 % a round
LINKED: dict[Key, int] = {
    ("a", "a"): 200, ("a", "c"): 200, ("b", "b"): 200, ("c", "a"): 200, ("c", "c"): 200, ("a", None): 1
}  # fmt: skip


@given(samples, shares, shares)
@example(LINKED, THIRDS, THIRDS)
def test_where_every_cell_has_answers_both_targets_are_met(sample: dict[Key, int], one: dict, other: dict) -> None:
    full: dict[Key, int] = {(row, column): 1 for row in CODES for column in CODES} | sample
    found = rake(full, [one, other])
    assert found.gap <= CLOSE
    for place, target in enumerate((one, other)):
        reached = shares_of(full, dict(found.by_cell), place)
        assert all(abs(reached[code] - share) < 1e-6 for code, share in target.items())


@given(samples, shares, shares)
def test_the_mean_weight_is_one_and_no_weight_is_negative(sample: dict[Key, int], one: dict, other: dict) -> None:
    found = rake(sample, [one, other])
    total = sum(sample.values())
    assert min(found.by_cell.values()) >= 0
    assert abs(sum(found.by_cell[key] * count for key, count in sample.items()) - total) < 1e-6 * total


@given(samples)
def test_the_effective_number_is_never_more_than_the_number(sample: dict[Key, int]) -> None:
    alike = [(2.5, count) for count in sample.values()]
    unlike = [(place + 1.0, count) for place, count in enumerate(sample.values())]
    assert abs(effective(alike) - sum(sample.values())) < 1e-6
    assert effective(unlike) <= sum(sample.values()) + 1e-6


def test_a_worked_example() -> None:
    """Deming and Stephan's way by hand: one target, so weights are target over share."""
    found = rake({("a",): 75, ("b",): 25}, [{"a": 0.5, "b": 0.5}])
    assert {key: round(weight, 9) for key, weight in found.by_cell.items()} == {("a",): round(2 / 3, 9), ("b",): 2.0}
    assert round(effective([(2 / 3, 75), (2.0, 25)]), 6) == 75.0


def test_targets_that_contradict_the_sample_are_told() -> None:
    assert rake({("a", "x"): 10, ("b", "y"): 10}, [{"a": 0.9, "b": 0.1}, {"x": 0.1, "y": 0.9}]).gap > 0.5


def test_who_did_not_answer_keeps_the_weight_of_the_others() -> None:
    found = rake({("a",): 75, ("b",): 25, (None,): 100}, [{"a": 0.5, "b": 0.5}])
    assert round(found.by_cell[(None,)], 9) == 1.0


def test_no_targets_no_weights() -> None:
    found = rake({(): 7}, [])
    assert (found.by_cell[()], found.gap) == (1.0, 0.0)
