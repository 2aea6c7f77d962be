"""Numbers of questions: exact for officers, gated for everybody."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from viche_surveys.domain.anonymity import WITHHELD
from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question, Repeat
from viche_surveys.domain.results import EXACT, QuestionResults, days, results
from viche_surveys.domain.tallying import ANSWERED, DONT_KNOW, Tally

K = 10


def one(
    question: Question, counts: Mapping[tuple[str, str], int | Tally], responses: int, k: int = K
) -> QuestionResults:
    definition = Definition(languages=("en",), title={"en": "T"}, pages=(Page(name="p", items=(question,)),))
    tallies = {
        (question.name, row, code): each if isinstance(each, Tally) else Tally(each)
        for (row, code), each in counts.items()
    }
    return results(definition, tallies, responses, k)[0]


def choice(kind: Kind = Kind.SINGLE, **more: object) -> Question:
    return Question(name="q", kind=kind, options=tuple(Option(code=code) for code in "abc"), **more)  # type: ignore[arg-type]


def counts_of(found: QuestionResults) -> dict[str, int]:
    return {cell.row + cell.code: cell.count for cell in found.cells}


def test_officers_see_everything_with_shares() -> None:
    found = one(choice(), {("", ANSWERED): 100, ("", "a"): 97, ("", "b"): 3}, 100, EXACT)
    assert counts_of(found) == {"a": 97, "b": 3, "c": 0}
    assert found.cells[0].share == 0.97
    assert found.cells[0].interval.low < 0.97 < found.cells[0].interval.high


def test_everybody_sees_no_small_count() -> None:
    found = one(choice(), {("", ANSWERED): 100, ("", "a"): 60, ("", "b"): 37, ("", "c"): 3}, 100)
    assert counts_of(found) == {"a": 60, "b": WITHHELD, "c": WITHHELD}
    assert found.cells[1].share == WITHHELD


def test_a_survey_of_fewer_than_k_shows_nothing() -> None:
    definition = Definition(languages=("en",), title={"en": "T"}, pages=(Page(name="p", items=(choice(),)),))
    assert results(definition, {("q", "", ANSWERED): Tally(9)}, 9, K) == ()


def test_a_question_that_fewer_than_k_answered_shows_nothing() -> None:
    found = one(choice(), {("", ANSWERED): 9, ("", "a"): 9}, 100)
    assert (found.answered, found.cells) == (WITHHELD, ())


def test_dont_know_is_one_of_the_groups() -> None:
    question = choice(allows_dont_know=True)
    counts = {("", ANSWERED): 150, ("", "a"): 70, ("", "b"): 50, ("", "c"): 27, ("", DONT_KNOW): 3}
    found = one(question, counts, 150)
    assert (counts_of(found), found.dont_know) == ({"a": 70, "b": 50, "c": WITHHELD}, WITHHELD)


def test_an_option_that_nearly_all_chose_tells_about_the_rest() -> None:
    question = choice(Kind.MULTIPLE)
    found = one(question, {("", ANSWERED): 100, ("", "a"): 95, ("", "b"): 60, ("", "c"): 50}, 100)
    assert counts_of(found) == {"a": WITHHELD, "b": 60, "c": 50}


def test_rows_of_a_matrix_are_gated_each() -> None:
    question = choice(Kind.MATRIX, rows=(Option(code="x"), Option(code="y")))
    counts = {("x", "a"): 30, ("x", "b"): 30, ("x", "c"): 30, ("y", "a"): 50, ("y", "b"): 38, ("y", "c"): 2}
    found = one(question, {("", ANSWERED): 90, **counts}, 90)
    assert counts_of(found) == {"xa": 30, "xb": 30, "xc": 30, "ya": 50, "yb": WITHHELD, "yc": WITHHELD}
    assert found.cells[0].share == pytest.approx(1 / 3)


def test_a_ranking_with_small_cells_shows_first_places() -> None:
    question = Question(name="q", kind=Kind.RANKING, options=(Option(code="a"), Option(code="b")))
    found = one(question, {("", ANSWERED): 40, ("a", "1"): 25, ("b", "1"): 15, ("a", "2"): 15, ("b", "2"): 25}, 40)
    assert counts_of(found) == {"a1": 25, "a2": 15, "b1": 15, "b2": 25}
    found = one(question, {("", ANSWERED): 40, ("a", "1"): 25, ("b", "1"): 15, ("a", "2"): 3, ("b", "2"): 25}, 40)
    assert counts_of(found) == {"a1": 25, "a2": WITHHELD, "b1": 15, "b2": WITHHELD}


def numbers(count: int, **more: object) -> dict[tuple[str, str], int | Tally]:
    tally = Tally(count, Decimal(count * 4), Decimal(count * 20), Decimal(1), Decimal(9))
    return {("", ANSWERED): count, ("", ""): tally, **more}  # type: ignore[dict-item]


def test_a_number_has_a_mean_and_for_officers_its_ends() -> None:
    question = Question(name="q", kind=Kind.NUMBER)
    found = one(question, numbers(50), 50).moments
    assert found is not None
    assert (found.count, found.mean, found.least) == (50, 4, None)
    exact = one(question, numbers(50), 50, EXACT).moments
    assert exact is not None
    assert (exact.least, exact.most) == (1, 9)


def test_a_mean_of_a_scale_is_withheld_with_any_of_its_values() -> None:
    question = Question(name="q", kind=Kind.SCALE, minimum=4, maximum=5)
    counts = {**numbers(50), ("", "4"): 46, ("", "5"): 4}
    assert one(question, counts, 50).moments is None
    assert one(question, {**counts, ("", "4"): 30, ("", "5"): 20}, 50).moments is not None


def test_few_who_do_not_know_are_hidden_behind_a_mean_without_a_count() -> None:
    question = Question(name="q", kind=Kind.NUMBER, allows_dont_know=True)
    counts = {**numbers(50), ("", ANSWERED): 53, ("", DONT_KNOW): 3}
    found = one(question, counts, 60)
    assert (found.answered, found.dont_know) == (53, WITHHELD)
    assert found.moments is not None
    assert (found.moments.count, found.moments.mean) == (WITHHELD, 4)


def test_who_did_not_consent_is_a_group() -> None:
    question = Question(name="q", kind=Kind.CONSENT)
    assert counts_of(one(question, {("", ANSWERED): 95, ("", "true"): 95}, 100)) == {"true": WITHHELD}
    assert counts_of(one(question, {("", ANSWERED): 80, ("", "true"): 80}, 100)) == {"true": 80}


def test_personal_questions_and_notes_have_no_numbers() -> None:
    page = Page(
        name="p", items=(Question(name="n", kind=Kind.NOTE), Question(name="m", kind=Kind.EMAIL, is_personal=True))
    )
    assert results(Definition(languages=("en",), title={}, pages=(page,)), {}, 100, K) == ()


def test_numbers_of_a_repeat_stand_for_k_answers_however_often_each_was_given() -> None:
    people = Group(name="people", repeat=Repeat(maximum=4), items=(Question(name="q", kind=Kind.NUMBER),))
    definition = Definition(languages=("en",), title={"en": "T"}, pages=(Page(name="p", items=(people,)),))
    found = [
        results(definition, {("q", row, code): tally for (row, code), tally in _tallied(numbers(count)).items()}, 50, k)
        for count, k in ((39, K), (40, K), (39, EXACT))
    ]
    assert [each.answered for (each,) in found] == [WITHHELD, 40, 39]


def test_nobody_is_told_of_a_place_from_which_few_came() -> None:
    question = Question(name="q", kind=Kind.TERRITORY)
    counts = {("", ANSWERED): 65, ("", "town"): 40, ("", "city"): 20, ("", "village"): 4, ("", "hamlet"): 1}
    assert counts_of(one(question, counts, 65)) == {"town": 40}
    assert len(one(question, counts, 65, EXACT).cells) == 4


def _tallied(counts: dict[tuple[str, str], int | Tally]) -> dict[tuple[str, str], Tally]:
    return {key: each if isinstance(each, Tally) else Tally(each) for key, each in counts.items()}


def test_values_of_a_scale_are_all_listed_in_the_order_of_numbers() -> None:
    question = Question(name="q", kind=Kind.SCALE, minimum=8, maximum=11)
    tallies = {("", ANSWERED): 70, ("", "11"): 20, ("", "10"): 30, ("", "9"): 15, ("", "8"): 5}
    assert list(counts_of(one(question, tallies, 70)).items()) == [
        ("8", WITHHELD), ("9", WITHHELD), ("10", 30), ("11", 20),
    ]  # fmt: skip
    tallies |= {("", "9"): 20, ("", "8"): 0}
    assert list(counts_of(one(question, tallies, 70, EXACT)).items()) == [("8", 0), ("9", 20), ("10", 30), ("11", 20)]
    assert WITHHELD in counts_of(one(question, tallies, 70)).values()  # that nobody chose 8 tells of everybody


def test_values_of_a_scale_are_written_as_answers_are() -> None:
    question = Question(name="q", kind=Kind.SCALE, minimum=-1, maximum=0.2, step=0.3)
    tallies = {("", ANSWERED): 70, ("", "-0.7"): 35, ("", "-0.1"): 35}
    assert list(counts_of(one(question, tallies, 70, EXACT))) == ["-1", "-0.7", "-0.4", "-0.1", "0.2"]


def test_withheld_values_of_a_long_scale_are_not_listed() -> None:
    question = Question(name="q", kind=Kind.SCALE, minimum=0, maximum=100)
    tallies = {("", ANSWERED): 64, ("", "100"): 30, ("", "9"): 30, ("", "50"): 2, ("", "51"): 2}
    assert counts_of(one(question, tallies, 64)) == {"100": 30}


def test_a_value_that_the_scale_does_not_have_any_more_is_not_told_of() -> None:
    question = Question(name="q", kind=Kind.SCALE, minimum=1, maximum=2)
    tallies = {("", ANSWERED): 64, ("", "1"): 30, ("", "2"): 30, ("", "7"): 4}
    assert "7" not in counts_of(one(question, tallies, 64))


def test_answers_are_counted_by_day() -> None:
    tallies = {("", "2026-03-02", "2"): Tally(1), ("", "2026-03-01", "1"): Tally(4), ("", "2026-03-02", "1"): Tally(2)}
    assert list(days(tallies)) == [("2026-03-01", 4), ("2026-03-02", 3)]
