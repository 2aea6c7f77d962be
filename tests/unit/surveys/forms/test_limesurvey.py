"""LimeSurvey comes in: every question type, relevance, and every fault with its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest

from tests.unit.surveys.forms.workbooks import asked, told
from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import Definition, Group, Kind, Order
from viche_surveys.domain.expressions import evaluate
from viche_surveys.forms import NotAForm, Report, read
from viche_surveys.forms.cel import Cel, Gives
from viche_surveys.forms.expressionscript import Names, translated
from viche_surveys.forms.limesurvey_types import TYPES
from viche_surveys.forms.scope import Untranslatable

Rows = list[dict[str, Any]]


def question(code: str, type_: str, text: str = "A question?", **more: Any) -> dict[str, Any]:
    """A question; `parts` are codes of subquestions, `answers` codes of answers, the rest its fields."""
    return {"title": code, "type": type_, "text": text, **more}


def export(*questions: dict[str, Any], languages: Sequence[str] = ("en",), **sections: Rows) -> bytes:
    """An .lss file with one group."""
    rows: dict[str, Rows] = {
        "groups": [{"gid": "1", "group_order": "1"}],
        "group_l10ns": [{"gid": "1", "group_name": "Roads", "language": each} for each in languages],
        **{name: [] for name in ("questions", "subquestions", "question_l10ns", "answers", "answer_l10ns")},
        "question_attributes": [],
        "surveys": [{"language": languages[0], "format": "G"}],
        "surveys_languagesettings": [{"surveyls_language": each, "surveyls_title": "Survey"} for each in languages],
        **sections,
    }
    for number, each in enumerate(questions, start=1):
        _add(rows, each, f"{number}", languages)
    body = "".join(
        f"<{name}><rows>{''.join(_row(row) for row in listed)}</rows></{name}>" for name, listed in rows.items()
    )
    tags = "".join(f"<language>{each}</language>" for each in languages)
    return (
        f"<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages>{tags}</languages>{body}</document>"
    ).encode()


def _add(rows: dict[str, Rows], given: dict[str, Any], qid: str, languages: Sequence[str]) -> None:
    fields = {
        key: value for key, value in given.items() if key not in ("text", "parts", "answers", "attributes", "scales")
    }
    rows["questions"].append(
        {"qid": qid, "parent_qid": "0", "gid": "1", "sid": "9", "question_order": qid, "mandatory": "N", **fields}
    )
    texts = given["text"] if isinstance(given["text"], dict) else dict.fromkeys(languages, given["text"])
    rows["question_l10ns"] += [{"qid": qid, "question": text, "language": tag} for tag, text in texts.items()]
    parts = [("0", each) for each in given.get("parts", ())] + [("1", each) for each in given.get("scales", ())]
    for number, (scale, code) in enumerate(parts):
        part = f"{qid}0{number}"
        row = {"qid": part, "parent_qid": qid, "title": code, "question_order": str(number), "scale_id": scale}
        rows["subquestions"].append(row)
        rows["question_l10ns"] += [{"qid": part, "question": f"Part {code}", "language": each} for each in languages]
    for number, code in enumerate(given.get("answers", ())):
        code, _, scale = code.partition("@")
        answer = f"{qid}9{number}"
        row = {"aid": answer, "qid": qid, "code": code, "sortorder": str(number), "scale_id": scale or "0"}
        rows["answers"].append(row)
        rows["answer_l10ns"] += [{"aid": answer, "answer": f"Answer {code}", "language": each} for each in languages]
    rows["question_attributes"] += [
        {"qid": qid, "attribute": name, "value": value} for name, value in given.get("attributes", {}).items()
    ]


def _row(row: dict[str, Any]) -> str:
    return "<row>" + "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in row.items()) + "</row>"


def reading(*questions: dict[str, Any], **more: Any) -> Report:
    return read("form.lss", export(*questions, **more))


def defined(*questions: dict[str, Any], **more: Any) -> Definition:
    report = reading(*questions, **more)
    assert report.definition is not None, report.refused
    assert faults(report.definition) == []
    return report.definition


FULL: dict[str, Any] = {"parts": ["SQ1", "SQ2"], "answers": ["A1", "A2"]}
KINDS = {
    "L": Kind.SINGLE, "!": Kind.SINGLE, "O": Kind.SINGLE, "M": Kind.MULTIPLE, "P": Kind.MULTIPLE, "F": Kind.MATRIX,
    "A": Kind.MATRIX, "B": Kind.MATRIX, "C": Kind.MATRIX, "E": Kind.MATRIX, "H": Kind.MATRIX, "1": Kind.MATRIX,
    "5": Kind.SCALE, "G": Kind.SINGLE, "Y": Kind.SINGLE, "N": Kind.NUMBER, "S": Kind.TEXT, "T": Kind.TEXT,
    "U": Kind.TEXT, "D": Kind.DATE, "R": Kind.RANKING, "X": Kind.NOTE, "|": Kind.FILE,
}  # fmt: skip
GROUPS = {"K": Kind.NUMBER, "Q": Kind.TEXT, ";": Kind.TEXT, ":": Kind.NUMBER}


def test_every_type_is_in_these_tests() -> None:
    assert {*KINDS, *GROUPS, "*", "I"} == set(TYPES)


@pytest.mark.parametrize(("type_", "kind"), KINDS.items())
def test_a_type_comes_over(type_: str, kind: Kind) -> None:
    assert asked(defined(question("Q1", type_, **FULL), question("Q2", "S")), "Q1").kind is kind


@pytest.mark.parametrize(("type_", "kind"), GROUPS.items())
def test_several_answers_are_a_group(type_: str, kind: Kind) -> None:
    scales = ["X"] if type_ in ";:" else []
    group = defined(question("Q1", type_, **FULL, scales=scales)).pages[0].items[0]
    assert isinstance(group, Group)
    names = [each.name for each in defined(question("Q1", type_, **FULL, scales=scales)).questions()]
    assert names == (["Q1_SQ1_X", "Q1_SQ2_X"] if scales else ["Q1_SQ1", "Q1_SQ2"])


def test_a_language_switch_is_refused_by_name() -> None:
    report = reading(question("Q1", "I"), question("Q2", "S"))
    assert told(report.refused) == [("question Q1, type", "TYPE_NOT_TAKEN")]


def test_every_fault_is_named() -> None:
    report = reading(
        question("Q1", "S", relevance="1 +"),
        question("Q1", "S", relevance='NOBODY.NAOK == "1"'),
        question("Q3", "?"),
        question("", "S"),
        question("Q5", "L"),
        question("Q6", "F", answers=["A"]),
    )
    assert report.definition is None
    assert sorted(told(report.refused)) == [
        ("question 4", "NAME_MISSING"),
        ("question Q1", "NAME_TWICE"),
        ("question Q1, relevance", "EXPRESSION_SYNTAX"),
        ("question Q1, relevance", "EXPRESSION_UNKNOWN_NAME"),
        ("question Q3, type", "UNKNOWN_TYPE"),
        ("question Q5, answers", "UNKNOWN_LIST"),
        ("question Q6, subquestions", "UNKNOWN_LIST"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"<html/>", b"<document><LimeSurveyDocType>Token</LimeSurveyDocType></document>"]
)
def test_another_file_is_no_form(content: bytes) -> None:
    with pytest.raises(NotAForm):
        read("a.lss", content)


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>&b;</document>'
    with pytest.raises(NotAForm):
        read("a.lss", bomb)


def test_attributes_come_over() -> None:
    definition = defined(
        question("Q1", "M", **FULL, mandatory="Y", attributes={
            "min_answers": "1", "max_answers": "2", "exclude_all_others": "SQ2", "random_order": "1",
        }),
        question("Q2", "N", encrypted="Y", preg="/^[0-9]+$/", attributes={
            "min_num_value_n": "1", "max_num_value_n": "9.5", "num_value_int_only": "1", "suffix": "km",
        }),
        question("Q3", "|", attributes={"allowed_filetypes": "png, pdf", "max_filesize": "10"}),
        question("Q4", "S", attributes={"maximum_chars": "20", "em_validation_q": "strlen(this) > 3"}),
        question("Q5", "M", parts=["SQ1", "SQ2"], attributes={"array_filter": "Q1"}),
    )  # fmt: skip
    first, second, third, fourth, fifth = definition.questions()
    assert (first.is_required, first.min_selected, first.max_selected, first.order) == (True, 1, 2, Order.RANDOM)
    assert [each.is_exclusive for each in first.options] == [False, True]
    assert (second.minimum, second.maximum, second.step, second.unit) == (1, 9.5, 1, {"en": "km"})
    assert (second.is_personal, second.constraint) == (True, 'value.matches("^[0-9]+$")')
    assert (third.media_types, third.max_size_bytes) == (("image/png", "application/pdf"), 10_240)
    assert (fourth.max_length, fourth.constraint) == (20, "size(value) > 3")
    assert fifth.option_filter == "selected(Q1, option.code)"


def test_what_has_no_counterpart_is_told() -> None:
    report = reading(
        question("Q1", "S", "Dear <b>{TOKEN:FIRSTNAME}</b>", attributes={"time_limit": "30"}),
        question("Q2", "S", mandatory="S", attributes={"hidden": "1", "cssclass": "x"}),
        assessments=[{"id": "1"}],
        quota=[{"id": "1"}],
    )
    assert report.definition is not None
    assert told(report.refused) == [
        ("question Q1, time_limit", "ATTRIBUTE_LEFT_OUT"),
        ("question Q1, question", "EXPRESSION_NOT_TAKEN"),
        ("assessments", "ATTRIBUTE_LEFT_OUT"),
        ("quota 1", "ATTRIBUTE_LEFT_OUT"),
    ]
    assert told(report.changed) == [
        ("question Q1, question", "HTML_AS_TEXT"),
        ("question Q2, mandatory", "ATTRIBUTE_CHANGED"),
        ("question Q2, hidden", "ATTRIBUTE_CHANGED"),
    ]
    assert asked(report.definition, "Q1").label == {"en": "Dear {{TOKEN:FIRSTNAME}}"}
    assert asked(report.definition, "Q2").relevant == "false"


def test_quota_counts_one_of_the_answers_of_each_question() -> None:
    report = reading(
        question("Q1", "L", answers=["A1", "A2"]), question("Q2", "M", parts=["S1"]), question("Q3", "Y"),
        quota=[
            {"id": "5", "name": "Young people", "qlimit": "20", "action": "2", "active": "1"},
            {"id": "6", "name": "full", "qlimit": "0", "active": "1"},
            {"id": "7", "name": "asleep", "qlimit": "5", "active": "0"},
            {"id": "8", "name": "other", "qlimit": "5", "active": "1"},
        ],
        quota_members=[
            {"quota_id": "5", "qid": "1", "code": "A1"}, {"quota_id": "5", "qid": "1", "code": "A2"},
            {"quota_id": "5", "qid": "2", "code": "S1"}, {"quota_id": "5", "qid": "3", "code": "Y"},
            {"quota_id": "8", "qid": "1", "code": "A9"},
        ],
        quota_languagesettings=[
            {"quotals_quota_id": "5", "quotals_language": "en", "quotals_message": "<p>Enough.</p>",
             "quotals_url": "https://elsewhere.example"},
        ],
    )  # fmt: skip
    assert report.definition is not None
    assert faults(report.definition) == []
    (quota,) = report.definition.quotas
    assert (quota.name, quota.limit, quota.message) == ("Young_people", 20, {"en": "Enough."})
    condition = '(selected(Q1, "A1") || selected(Q1, "A2")) && selected(Q2, "S1") && selected(Q3, "Y")'
    assert quota.condition == condition
    assert told(report.refused) == [
        ("quota Young people", "ATTRIBUTE_LEFT_OUT"), ("quota full", "ATTRIBUTE_LEFT_OUT"),
        ("quota asleep", "ATTRIBUTE_LEFT_OUT"), ("quota other", "ATTRIBUTE_LEFT_OUT"),
    ]  # fmt: skip
    assert ("quota Young people", "ATTRIBUTE_CHANGED") in told(report.changed)


def test_answers_filled_in_at_first_come_over_where_they_are_answers() -> None:
    texts = [("1", "A2"), ("2", "Y"), ("3", "12"), ("4", "Kyiv"), ("5", "{TOKEN:CITY}"), ("6", "A9"), ("7", "Hello")]
    report = reading(
        question("Q1", "L", answers=["A1", "A2"]), question("Q2", "M", parts=["S1", "S2"]), question("Q3", "N"),
        question("Q4", "Q", parts=["S1", "S2"]), question("Q5", "S"), question("Q6", "L", answers=["A1"]),
        question("Q7", "L", answers=["A1"], other="Y"),
        defaultvalues=[
            {"dvid": number, "qid": number, "sqid": {"2": "201", "4": "400"}.get(number, "0"),
             "specialtype": "other" if number == "7" else ""}
            for number, _ in texts
        ],
        defaultvalue_l10ns=[{"dvid": number, "language": "en", "defaultvalue": text} for number, text in texts],
    )  # fmt: skip
    assert report.definition is not None
    assert faults(report.definition) == []
    found = {each.name: each.default for each in report.definition.questions() if each.default is not None}
    assert found == {"Q1": "A2", "Q2": ["S2"], "Q3": 12.0, "Q4_S1": "Kyiv"}
    assert told(report.refused) == [(f"question Q{number}, default", "DEFAULT_LEFT_OUT") for number in (5, 6, 7)]


def test_answers_filled_in_at_first_by_older_exports_come_over() -> None:
    rows = [
        {"qid": "1", "sqid": "0", "language": tag, "defaultvalue": text} for tag, text in (("en", "a"), ("uk", "b"))
    ]
    report = reading(question("Q1", "S"), languages=("en", "uk"), defaultvalues=rows)
    assert report.definition is not None
    assert asked(report.definition, "Q1").default == "a"
    assert ("question Q1, default", "ATTRIBUTE_CHANGED") in told(report.changed)


def test_other_and_comments_are_questions() -> None:
    definition = defined(question("Q1", "L", answers=["A1"], other="Y"), question("Q2", "O", answers=["A1"]),
                         question("Q3", "P", parts=["SQ1"]))  # fmt: skip
    assert [(each.name, each.relevant) for each in definition.questions()] == [
        ("Q1", ""), ("Q1_other", 'selected(Q1, "other")'), ("Q2", ""), ("Q2_comment", ""), ("Q3", ""),
        ("Q3_SQ1comment", 'selected(Q3, "SQ1")'),
    ]  # fmt: skip


def test_languages_and_texts() -> None:
    definition = defined(
        question("Q1", "S", {"uk": "<p>Як вас <em>звати</em>?</p>", "en": "Your name &amp; town?"}),
        question("Q2", "X", "<p>Hello {Q1},</p><p>a set { of } things</p>"),
        languages=["uk", "en"],
    )
    assert definition.languages == ("uk", "en")
    assert asked(definition, "Q1").label == {"uk": "Як вас звати?", "en": "Your name & town?"}
    assert asked(definition, "Q2").label["en"] == "Hello {Q1},\n\na set {{ of }} things"


def test_two_scales_are_two_matrices() -> None:
    definition = defined(question("Q1", "1", parts=["SQ1"], answers=["A1@0", "B1@1"]))
    assert [(each.name, [option.code for option in each.options]) for each in definition.questions()] == [
        ("Q1", ["A1"]), ("Q1_1", ["B1"]),
    ]  # fmt: skip


def test_an_equation_is_a_calculated_value() -> None:
    report = reading(
        question("Q1", "N"), question("E1", "*", "{Q1.NAOK * 2}"), question("E2", "*", "{rand(1, 6)}"),
        question("Q2", "S", relevance="E1 > 4"), question("Q3", "S", relevance="E2 > 4"),
    )  # fmt: skip
    assert report.definition is not None
    assert asked(report.definition, "E1").expression == "Q1 * 2"
    assert asked(report.definition, "Q2").relevant == "number(E1) > 4"
    assert [each.reason for each in report.refused] == [
        "EXPRESSION_NOT_TAKEN", "CALCULATION_LEFT_OUT", "EXPRESSION_NAME_LEFT_OUT",
    ]  # fmt: skip


def test_a_survey_of_single_questions_has_a_page_for_each() -> None:
    definition = defined(question("Q1", "S"), question("Q2", "S"), surveys=[{"language": "en", "format": "S"}])
    assert [len(page.items) for page in definition.pages] == [1, 1]


NAMES = Names(
    {
        "Q1": Cel("Q1", Gives.TEXT, names=("Q1",)),
        "N1": Cel("N1", Gives.NUMBER, names=("N1",)),
        "M1_SQ1": Cel('selected(M1, "SQ1")', Gives.TRUTH),
        "gone": None,
    }
)


@pytest.mark.parametrize(
    ("script", "cel"),
    [
        ('Q1.NAOK == "A1" and N1 ge 18', 'Q1 == "A1" && N1 >= 18'),
        ('M1_SQ1.NAOK == "Y"', 'selected(M1, "SQ1")'),
        ('M1_SQ1 != "Y"', '!selected(M1, "SQ1")'),
        ('M1_SQ1 == ""', '!selected(M1, "SQ1")'),
        ("is_empty(Q1) || !is_empty(N1.NAOK)", "!answered(Q1) || answered(N1)"),
        ("if(N1 > 3, 'a', \"b\")", 'answered(N1) && N1 > 3 ? "a" : "b"'),
        ("sum(N1, 2) / count(N1, Q1)", "sum([N1, 2]) / sum([answered(N1) ? 1 : 0, answered(Q1) ? 1 : 0])"),
        ("regexMatch('/^a.*/i', Q1)", 'Q1.matches("(?i)^a.*")'),
        ("strlen(Q1) lt 5", "size(Q1) < 5"),
        ('"no " + Q1', '"no " + coalesce(Q1, "")'),
        ("!(N1 < 5)", "!(answered(N1) && N1 < 5)"),
    ],
)
def test_expressionscript_is_put_into_cel(script: str, cel: str) -> None:
    assert translated(script, NAMES).source == cel


def test_a_sum_of_answers_leaves_out_what_is_missing() -> None:
    assert evaluate(translated("sum(N1, 2)", NAMES).source, {}, today=date(2026, 1, 1)) == 2


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("Q1 = 2", "EXPRESSION_NOT_TAKEN"),
        ("substr(Q1, 1)", "EXPRESSION_NOT_TAKEN"),
        ("TOKEN:MAIL", "EXPRESSION_NOT_TAKEN"),
        ("magic(Q1)", "EXPRESSION_UNKNOWN_FUNCTION"),
        ("gone == 1", "EXPRESSION_NAME_LEFT_OUT"),
        ("Q1 ==", "EXPRESSION_SYNTAX"),
        ("strlen()", "EXPRESSION_SYNTAX"),
    ],
)
def test_what_expressionscript_says_and_cel_cannot_is_refused(script: str, reason: str) -> None:
    with pytest.raises(Untranslatable) as refused:
        translated(script, NAMES)
    assert refused.value.reason == reason
