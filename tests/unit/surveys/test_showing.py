"""Pages as they are shown: in the reader's language, in an order that the seed decides, filled in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.surveys.answering import OUTSIDE, TODAY, from_form, options, planned, question
from viche_surveys.domain.definition import Definition, Group, Kind, Option, Order, Page, Repeat
from viche_surveys.domain.judging import judge
from viche_surveys.domain.ordering import shuffled
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.reading import read_form
from viche_surveys.domain.showing import GroupView, Look, PageView, QuestionView, page_view


def page(survey: Plan, index: int = 0, look: Look | None = None, **fields: Any) -> PageView:
    return page_view(survey, index, from_form(survey, **fields), look or Look("en", 1))


def codes(view: PageView) -> list[str]:
    (item,) = view.items
    assert isinstance(item, QuestionView)
    return [each.option.code for each in item.options]


LETTERS = (*options("a", "b", "c", "d", "e"), Option(code="other", keeps_place=True))
SHUFFLED = planned([question(Kind.SINGLE, options=LETTERS, order=Order.RANDOM)])


def test_a_seed_gives_one_order_and_others_give_others() -> None:
    orders = [tuple(codes(page(SHUFFLED, look=Look("en", seed)))) for seed in range(1, 60)]

    assert orders == [tuple(codes(page(SHUFFLED, look=Look("en", seed)))) for seed in range(1, 60)]
    assert {each[-1] for each in orders} == {"other"}
    assert {each[0] for each in orders} == {"a", "b", "c", "d", "e"}


def test_the_order_of_a_seed_never_changes() -> None:
    """Answers are stored with their seed: what was shown can be told years later."""
    assert codes(page(SHUFFLED, look=Look("en", 42))) == ["a", "b", "e", "c", "d", "other"]


def test_an_option_that_is_chosen_alone_stays_at_its_end() -> None:
    letters = (*options("a", "b", "c", "d"), Option(code="none", is_exclusive=True))
    survey = planned([question(Kind.MULTIPLE, options=letters, order=Order.RANDOM)])
    assert {codes(page(survey, look=Look("en", seed)))[-1] for seed in range(40)} == {"none"}


@given(st.lists(st.text(max_size=3), unique=True, max_size=8), st.integers(), st.sets(st.text(max_size=3)))
def test_shuffling_loses_nothing_and_moves_nothing_that_keeps_its_place(
    items: list[str], seed: int, fixed: set[str]
) -> None:
    moved = shuffled(items, seed, "q", str, fixed.__contains__)

    assert sorted(moved) == sorted(items)
    assert all(moved[place] == each for place, each in enumerate(items) if each in fixed)


def test_items_of_a_group_are_shuffled_too() -> None:
    group = Group(name="g", items=tuple(question(name=each) for each in "abcdef"), order=Order.RANDOM)
    survey = planned([group])

    orders = {
        tuple(each.field for each in view.instances[0] if isinstance(each, QuestionView))
        for seed in range(20)
        for view in page(survey, look=Look("en", seed)).items
        if isinstance(view, GroupView)
    }

    assert len(orders) > 10


def test_texts_are_in_the_readers_language_or_in_the_first() -> None:
    asked = replace(question(), label={"uk": "Чому?", "en": "Why?"}, hint={"uk": "Коротко"})
    survey = plan(Definition(languages=("uk", "en"), title={"uk": "Т"}, pages=(Page(name="p", items=(asked,)),)))
    judged = judge(survey, read_form(survey, {}, OUTSIDE), TODAY, "en")

    view = page_view(survey, 0, judged, Look("en", 1))

    (shown,) = view.items
    assert isinstance(shown, QuestionView)
    assert (shown.label, shown.hint, view.survey_title) == ("Why?", "Коротко", "Т")


def test_labels_that_answers_of_the_same_page_change_come_with_their_template() -> None:
    why = replace(question(name="why"), label={"en": "Why {pet}?"})
    pet = question(Kind.SINGLE, "pet", options=options("cat"))
    same, apart = planned([pet, why]), planned([pet], [why])

    here, there = page(same, pet="cat").items[1], page(apart, 1, pet="cat").items[0]

    assert isinstance(here, QuestionView)
    assert isinstance(there, QuestionView)
    assert (here.label, here.label_template) == ("Why Cat?", "Why {pet}?")
    assert (there.label, there.label_template) == ("Why Cat?", "")


def test_a_page_comes_with_the_foreign_answers_that_it_asks_for_and_no_others() -> None:
    survey = planned(
        [question(name="a"), question(name="secret")],
        [question(name="b", relevant='a == "x"', constraint="size(value) > n")],
        [question(Kind.CALCULATED, "n", expression="1")],
    )

    assert json.loads(page(survey, 1, a="x", secret="s").names) == {"a": "x", "n": 1}


def test_defaults_are_filled_in_until_the_page_was_sent() -> None:
    survey = planned([question(Kind.DATE, default="2026-03-01")])

    def filled(look: Look, **fields: str) -> object:
        (view,) = page(survey, 0, look, **fields).items
        assert isinstance(view, QuestionView)
        return view.filled

    assert filled(Look("en", 1)) == {"q.day": ["1"], "q.month": ["3"], "q.year": ["2026"]}
    assert filled(Look("en", 1, frozenset({"page1"}))) == {}
    assert filled(Look("en", 1), q__day="x") == {"q.day": ["x"]}


def test_what_is_written_comes_back_also_where_it_is_wrong() -> None:
    survey = planned([question(Kind.NUMBER)])
    judged = from_form(survey, q="many")

    (view,) = page_view(survey, 0, judged, Look("en", 1, faults=judged.faults)).items

    assert isinstance(view, QuestionView)
    assert (view.filled, [each.reason for each in view.faults]) == ({"q": ["many"]}, ["NOT_A_NUMBER"])


def test_hidden_questions_are_on_the_page_and_calculated_ones_are_not() -> None:
    survey = planned([question(name="a"), question(name="b", relevant="answered(a)"), question(Kind.CALCULATED, "c")])

    shown = [(each.field, each.is_hidden) for each in page(survey).items if isinstance(each, QuestionView)]

    assert shown == [("a", False), ("b", True)]


def test_a_repeat_has_an_instance_for_each_answer() -> None:
    people = Group(name="people", repeat=Repeat(minimum=1, maximum=2), items=(question(name="name"),))
    survey = planned([people])

    one, two = page(survey).items[0], page(survey, people__count="2", people__1__name="Mia").items[0]

    assert isinstance(one, GroupView)
    assert isinstance(two, GroupView)
    assert [(len(each.instances), each.can_add, each.can_remove) for each in (one, two)] == [
        (1, True, False), (2, False, True)
    ]  # fmt: skip
    (second,) = two.instances[1]
    assert isinstance(second, QuestionView)
    assert (second.field, second.filled) == ("people.1.name", {"people.1.name": ["Mia"]})


def test_pages_are_counted_as_the_answers_show_them() -> None:
    survey = planned([question(name="a")], [question(name="b", relevant='a == "x"')], [question(name="c")])

    def where(index: int, **fields: str) -> tuple[int, int, bool, str]:
        view = page(survey, index, None, **fields)
        return view.position, view.count, view.is_last, view.previous

    assert where(0) == (1, 2, False, "")
    assert where(2) == (2, 2, True, "page1")
    assert where(2, a="x") == (3, 3, True, "page2")
