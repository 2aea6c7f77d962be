"""What is asked, and what must be answered, as the answers stand."""

from __future__ import annotations

from tests.unit.surveys.answering import from_form, from_json, options, planned, question, wrong
from viche_surveys.domain.definition import Group, Kind, Option, Repeat
from viche_surveys.domain.judging import unseen

PETS = options("cat", "dog")


def test_later_conditions_find_null_where_a_question_is_hidden() -> None:
    survey = planned(
        [
            question(Kind.SINGLE, "pet", options=PETS),
            question(Kind.NUMBER, "walks", relevant='pet == "dog"'),
            question(Kind.TEXT, "why", relevant="walks > 3.0"),
        ]
    )

    judged = from_form(survey, pet="cat", walks="5", why="x")

    assert (judged.shown.answers, judged.shown.hidden, judged.faults) == ({"pet": "cat"}, {"walks", "why"}, ())


def test_what_is_wrong_with_a_hidden_answer_does_not_matter_in_a_form() -> None:
    survey = planned([question(Kind.SINGLE, "pet", options=PETS), question(Kind.NUMBER, relevant='pet == "dog"')])

    assert from_form(survey, pet="cat", q="many").faults == ()
    assert wrong(from_form(survey, pet="dog", q="many")) == [("q", "NOT_A_NUMBER")]


def test_a_hidden_group_or_page_hides_all_that_is_in_it() -> None:
    group = Group(name="g", items=(question(name="a"), Group(name="h", items=(question(name="b"),))), relevant="false")
    survey = planned([question(name="first"), group])

    judged = from_json(survey, {"a": "x", "b": "y"})

    assert judged.shown.hidden == {"g", "a", "h", "b"}
    assert wrong(judged) == [("a", "HIDDEN_ANSWERED"), ("b", "HIDDEN_ANSWERED")]


def test_a_page_without_anything_to_show_is_passed_over() -> None:
    survey = planned(
        [question(name="a")],
        [question(name="b", relevant='a == "x"')],
        [question(Kind.CALCULATED, "c", expression="1")],
    )

    assert from_form(survey).shown.pages == [0]
    assert from_form(survey, a="x").shown.pages == [0, 1]


def test_calculated_values_come_from_what_is_asked_before_them() -> None:
    survey = planned(
        [
            question(Kind.NUMBER, "a"),
            question(Kind.CALCULATED, "twice", expression="a * 2"),
            question(Kind.CALCULATED, "early", expression="later + 1"),
            question(Kind.NUMBER, "later"),
        ]
    )

    assert from_form(survey, a="2,5", later="1").shown.answers == {"a": 2.5, "twice": 5, "later": 1}


def test_dont_know_is_an_answer_to_the_question_and_null_to_conditions() -> None:
    survey = planned(
        [
            question(Kind.NUMBER, "a", allows_dont_know=True, is_required=True, constraint="value > 3.0"),
            question(name="b", relevant="answered(a)"),
        ]
    )

    judged = from_form(survey, a__dont_know="1")

    assert (judged.faults, judged.shown.answers, judged.shown.hidden) == ((), {"a": {"dont_know": True}}, {"b"})


def test_required_questions_and_those_that_become_so() -> None:
    survey = planned([question(name="a", is_required=True), question(name="b", required_if='a == "x"')])

    assert wrong(from_form(survey)) == [("a", "REQUIRED")]
    assert wrong(from_form(survey, a="x")) == [("b", "REQUIRED")]
    assert wrong(from_form(survey, a="y")) == []


def test_a_matrix_that_must_be_answered_needs_every_row() -> None:
    survey = planned([question(Kind.MATRIX, options=PETS, rows=options("r1", "r2"), is_required=True)])

    assert wrong(from_form(survey)) == [("q.r1", "REQUIRED"), ("q.r2", "REQUIRED")]
    assert wrong(from_form(survey, q__r1="cat")) == [("q.r2", "REQUIRED")]


def test_a_constraint_that_does_not_hold_says_the_surveys_own_sentence() -> None:
    survey = planned(
        [
            question(Kind.NUMBER, "low"),
            question(Kind.NUMBER, constraint="value > low", constraint_message={"en": "More than that"}),
        ]
    )

    (fault,) = from_form(survey, low="5", q="4").faults
    assert (fault.field, fault.reason, fault.message) == ("q", "CONSTRAINT", "More than that")
    assert from_form(survey, q="4").faults == ()


def test_options_are_offered_as_answers_let_them() -> None:
    towns = (Option(code="lviv", attributes={"of": "west"}), Option(code="kharkiv", attributes={"of": "east"}))
    survey = planned(
        [
            question(Kind.SINGLE, "side", options=options("west", "east")),
            question(Kind.SINGLE, options=towns, option_filter="option.of == side"),
        ]
    )

    assert from_form(survey, side="west", q="lviv").faults == ()
    assert wrong(from_form(survey, side="west", q="kharkiv")) == [("q", "NOT_OFFERED")]


HOME = Group(
    name="people",
    repeat=Repeat(minimum=1, maximum=2),
    items=(
        question(Kind.NUMBER, "age", is_required=True),
        question(name="school", relevant="age < limit", is_required=True),
        question(Kind.CALCULATED, "place", expression="position()"),
    ),
)
FAMILY = planned([question(Kind.NUMBER, "limit"), HOME, question(Kind.CALCULATED, "n", expression="size(people)")])


def test_names_of_the_same_instance_win() -> None:
    sent = {"people__count": "2", "people__0__age": "40", "people__1__age": "7", "people__1__school": "No 5"}

    judged = from_form(FAMILY, limit="18", **sent)

    assert judged.faults == ()
    assert judged.shown.answers == {
        "limit": 18, "people": [{"age": 40, "place": 1}, {"age": 7, "school": "No 5", "place": 2}], "n": 2
    }  # fmt: skip
    assert judged.shown.hidden == {"people.0.school"}


def test_faults_in_a_repeat_are_at_their_instance() -> None:
    judged = from_form(FAMILY, limit="18", people__count="2", people__0__age="x", people__1__age="7")

    assert wrong(judged) == [("people.0.age", "NOT_A_NUMBER"), ("people.1.school", "REQUIRED")]
    assert judged.faults[1].pointer == "/people/1/school"


def test_instances_are_counted() -> None:
    assert wrong(from_json(FAMILY, {"people": []})) == [("people.count", "TOO_FEW")]
    assert ("people.count", "TOO_MANY") in wrong(from_json(FAMILY, {"people": [{"age": 1}] * 3}))
    assert wrong(from_json(FAMILY, {"people": {"age": 1}}))[0] == ("people", "WRONG_SHAPE")
    assert wrong(from_json(FAMILY, {"people": [{"age": 40, "limit": 1}]})) == [("people.0.limit", "UNKNOWN_QUESTION")]


def test_a_form_cannot_ask_for_instances_without_end() -> None:
    judged = from_form(FAMILY, people__count="9999")

    assert len(judged.given.values["people"]) == 200  # pyright: ignore[reportArgumentType]


def test_what_an_answer_reveals_was_not_seen() -> None:
    survey = planned([question(name="a"), question(name="b", relevant='a == "x"')])

    assert unseen(from_form(survey, a="x"), {"a", "b"}, {"a"}) == {"b"}
    assert unseen(from_form(survey, a="y"), {"a", "b"}, {"a"}) == set()
