"""Tables from counts, and what answers can be sorted by."""

from __future__ import annotations

import pytest

from viche_surveys.domain.crosstab import Association, association, cells
from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question, Repeat
from viche_surveys.domain.facets import facet, facets


def test_association_of_a_table_worked_by_hand() -> None:
    counts = {("a", "x"): 10, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40}
    found = association(["a", "b"], ["x", "y"], counts)
    # 100 (10·40 - 20·30)² / (30 · 70 · 40 · 60)
    assert found.chi_square == pytest.approx(100 * 200**2 / (30 * 70 * 40 * 60))
    assert found.degrees_of_freedom == 1
    assert found.cramers_v == pytest.approx((found.chi_square / 100) ** 0.5)


def test_what_goes_together_wholly_has_a_v_of_one() -> None:
    assert association("abc", "xyz", {("a", "x"): 3, ("b", "y"): 4, ("c", "z"): 5}).cramers_v == pytest.approx(1.0)


@pytest.mark.parametrize("counts", [{}, {("a", "x"): 5}, {("a", "x"): 5, ("a", "y"): 5}])
def test_rows_without_answers_do_not_count(counts: dict[tuple[str, ...], int]) -> None:
    assert association(["a", "b"], ["x", "y"], counts) == Association()


def test_shares_are_of_the_column_by_weights() -> None:
    counted = {("a", "x"): [(0.5, 10)], ("b", "x"): [(2.0, 5), (1.0, 5)]}
    bases = {"x": [pair for pairs in counted.values() for pair in pairs]}
    first, second = cells(["a", "b"], ["x"], counted, bases)
    assert (first.count, first.weighted, first.share) == (10, 5.0, 0.25)
    assert (second.count, second.weighted, second.share) == (10, 15.0, 0.75)
    alone = cells(["a"], ["x"], {("a", "x"): [(1.0, 5)]}, {"x": [(1.0, 20)]})[0]
    assert first.interval.high - first.interval.low > alone.interval.high - alone.interval.low


def test_a_column_without_answers_says_nothing() -> None:
    cell = cells(["a"], ["x"], {}, {})[0]
    assert (cell.count, cell.share, cell.interval.low, cell.interval.high) == (0, 0.0, 0.0, 1.0)


OPTIONS = (Option(code="yes"), Option(code="no"))
SURVEY = Definition(
    languages=("en",), title={"en": "x"},
    pages=(
        Page(name="p", items=(
            Question(name="one", kind=Kind.SINGLE, options=OPTIONS),
            Question(name="One", kind=Kind.SINGLE, options=OPTIONS),
            Question(name="own", kind=Kind.SINGLE, options=OPTIONS, is_personal=True),
            Question(name="why", kind=Kind.TEXT),
            Question(name="rate", kind=Kind.MATRIX, options=OPTIONS, rows=(Option(code="r"),), is_multiple=True),
            Question(name="rank", kind=Kind.RANKING, options=OPTIONS),
            Question(name="stars", kind=Kind.SCALE, minimum=1, maximum=5, high_label={"en": "best"}),
            Group(name="g", items=(Question(name="in_group", kind=Kind.CONSENT),)),
            Group(name="rep", items=(Question(name="in_repeat", kind=Kind.CONSENT),), repeat=Repeat()),
        )),
    ),
)  # fmt: skip


def test_what_answers_can_be_sorted_by() -> None:
    found = list(facets(SURVEY))
    assert [each.name for each in found] == ["one", "One", "rate.r", "rank.yes", "rank.no", "stars", "in_group"]
    assert [each.name for each in found if each.is_several] == ["rate.r"]
    columns = {each.column.lower() for each in found}
    assert len(columns) == len(found)  # databases do not tell cases apart


@pytest.mark.parametrize(
    ("name", "met", "codes"),
    [
        ("one", {"maybe", " dont_know"}, ["yes", "no", "maybe", " dont_know"]),
        ("stars", {"10", "9.5", "2"}, ["2", "9.5", "10"]),
        ("rank.no", set(), ["1", "2"]),
    ],
)
def test_codes_stand_in_their_order(name: str, met: set[str], codes: list[str]) -> None:
    found = facet(SURVEY, name)
    assert found is not None
    assert found.codes(met) == codes


def test_the_ends_of_a_scale_are_labelled() -> None:
    stars = facet(SURVEY, "stars")
    assert stars is not None
    assert [stars.label(code) for code in ("5", "4", "x")] == [{"en": "best"}, {}, {}]
