"""SurveyJS comes in: every type, conditions, and every fault with its place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.unit.surveys.forms.workbooks import asked, told
from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import Definition, Group, Kind, Order, Repeat
from viche_surveys.domain.expressions import evaluate
from viche_surveys.forms import NotAForm, Report, read
from viche_surveys.forms.cel import Cel, Gives
from viche_surveys.forms.scope import Untranslatable
from viche_surveys.forms.surveyjs_expressions import Names, translated
from viche_surveys.forms.surveyjs_types import CONTAINERS, KINDS, REFUSED

AB = ["a", {"value": "b", "text": "Option B"}]
FULL: dict[str, dict[str, Any]] = {
    "radiogroup": {"choices": AB}, "dropdown": {"choices": AB}, "buttongroup": {"choices": AB},
    "checkbox": {"choices": AB}, "tagbox": {"choices": AB}, "ranking": {"choices": AB}, "imagepicker": {"choices": AB},
    "matrix": {"columns": AB, "rows": ["r1", "r2"]}, "expression": {"expression": "1 + 1"},
    "html": {"html": "<p>Hi</p>"},
    "panel": {"elements": [{"type": "text", "name": "in_panel"}]},
    "paneldynamic": {"templateElements": [{"type": "text", "name": "in_panel"}]},
    "matrixdynamic": {"columns": [{"name": "c"}], "choices": AB},
    "matrixdropdown": {"columns": [{"name": "c"}], "rows": ["r1", "r2"], "choices": AB},
    "slider": {"max": 10},
    "multipletext": {"items": [{"name": "i1"}, {"name": "i2"}]},
}  # fmt: skip


def element(type_: str, name: str = "q", **more: Any) -> dict[str, Any]:
    """A question with what its type needs."""
    return {"type": type_, "name": name, "title": f"Title of {name}", **FULL.get(type_, {}), **more}


def reading(*elements: dict[str, Any], **more: Any) -> Report:
    document = {"locale": "en", "pages": [{"name": "p", "elements": list(elements)}], **more}
    return read("form.json", json.dumps(document).encode())


def defined(*elements: dict[str, Any], **more: Any) -> Definition:
    report = reading(*elements, **more)
    assert report.definition is not None, report.refused
    assert faults(report.definition) == []
    return report.definition


@pytest.mark.parametrize(("type_", "kind"), KINDS.items())
def test_a_type_comes_over(type_: str, kind: Kind) -> None:
    assert asked(defined(element(type_), element("text", "more")), "q").kind is kind


@pytest.mark.parametrize("type_", sorted(CONTAINERS))
def test_a_container_is_a_group(type_: str) -> None:
    group = defined(element(type_)).pages[0].items[0]
    assert isinstance(group, Group)
    assert (group.repeat is not None) == type_.endswith("dynamic")


@pytest.mark.parametrize("type_", sorted(REFUSED))
def test_a_type_is_refused_by_name(type_: str) -> None:
    report = reading(element(type_), element("text", "more"))
    assert told(report.refused) == [("/pages/0/elements/0/type", "TYPE_NOT_TAKEN")]
    assert report.questions == 1


@pytest.mark.parametrize(
    ("input_", "kind"),
    [("number", Kind.NUMBER), ("date", Kind.DATE), ("datetime-local", Kind.DATETIME), ("time", Kind.TIME),
     ("email", Kind.EMAIL), ("tel", Kind.PHONE), ("url", Kind.TEXT), ("text", Kind.TEXT)],
)  # fmt: skip
def test_a_text_is_what_its_input_is(input_: str, kind: Kind) -> None:
    assert asked(defined(element("text", inputType=input_)), "q").kind is kind


def test_every_fault_is_named_with_its_place() -> None:
    report = reading(
        element("riddle"),
        element("text", ""),
        element("text", "a", visibleIf="{nobody} = 1", validators=[{"type": "magic"}]),
        element("radiogroup", "b", choices=[]),
        element("text", "c", visibleIf="{a} ="),
    )
    assert report.definition is None
    assert sorted(told(report.refused)) == [
        ("/pages/0/elements/0/type", "UNKNOWN_TYPE"),
        ("/pages/0/elements/1/name", "NAME_MISSING"),
        ("/pages/0/elements/2/validators/0/type", "UNKNOWN_TYPE"),
        ("/pages/0/elements/2/visibleIf", "EXPRESSION_UNKNOWN_NAME"),
        ("/pages/0/elements/3/choices", "UNKNOWN_LIST"),
        ("/pages/0/elements/4/visibleIf", "EXPRESSION_SYNTAX"),
    ]


def test_a_schema_is_no_survey() -> None:
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Some schema", "definitions": {}}
    report = read("schema.json", json.dumps(schema).encode())
    assert [each.reason for each in report.refused] == ["NOT_A_SURVEY"]
    assert report.refused[0].values == {"what": "a JSON Schema (Some schema)"}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_no_form(content: bytes) -> None:
    with pytest.raises(NotAForm):
        read("a.json", content)


def test_properties_come_over() -> None:
    definition = defined(
        element("text", "a", isRequired=True, description="Think", maxLength=9, defaultValue="x"),
        element("text", "n", inputType="number", min=1, max=9, step=1, defaultValue=3),
        element("checkbox", "c", minSelectedChoices=1, maxSelectedChoices=2, choicesOrder="random", hasOther=True,
                showNoneItem=True, defaultValue=["a"], showCommentArea=True),
        element("rating", "r", rateMin=0, rateMax=10, minRateDescription="Bad", maxRateDescription="Good"),
        element("boolean", "y", labelTrue="Aye"),
        element("file", "f", acceptedTypes="image/*,.pdf", maxSize=1000),
        element("text", "v", validators=[{"type": "regex", "regex": "^a", "text": "Begin with a"},
                                         {"type": "expression", "expression": "{v} != {a}"}]),
        element("radiogroup", "d", visibleIf="{c} contains 'a'", enableIf="{n} > 2", requiredIf="{y} = true"),
    )  # fmt: skip
    text, number, check, other, comment, rating, yes, file, valid, last = definition.questions()
    assert (text.is_required, text.hint, text.max_length, text.default) == (True, {"en": "Think"}, 9, "x")
    assert (number.minimum, number.maximum, number.step, number.default) == (1, 9, 1, 3)
    assert (check.min_selected, check.max_selected, check.order) == (1, 2, Order.RANDOM)
    assert [(each.code, each.is_exclusive) for each in check.options] == [
        ("a", False), ("b", False), ("none", True), ("other", False),
    ]  # fmt: skip
    assert (other.name, other.relevant, comment.name) == ("c_other", 'selected(c, "other")', "c_comment")
    assert (rating.minimum, rating.maximum, rating.low_label) == (0, 10, {"en": "Bad"})
    assert [(each.code, each.label["en"]) for each in yes.options] == [("true", "Aye"), ("false", "No")]
    assert (file.media_types, file.max_size_bytes) == (("image/*",), 1000)
    assert valid.constraint == 'value.matches("^a") && value != a'
    assert valid.constraint_message == {"en": "Begin with a"}
    assert (last.relevant, last.required_if) == ('selected(c, "a") && n > 2', 'y == "true"')


def test_languages_and_piping() -> None:
    definition = defined(
        element("text", "name", title={"default": "Your <b>name</b>?", "uk": "Як вас звати?"}),
        element("html", "h", html={"default": "Hello {name} {unknown}", "uk": "Вітаємо, {name}"}),
    )
    assert definition.languages == ("en", "uk")
    assert asked(definition, "name").label == {"en": "Your name?", "uk": "Як вас звати?"}
    assert asked(definition, "h").label == {"en": "Hello {name} {{unknown}}", "uk": "Вітаємо, {name}"}


def test_panels_that_people_add_are_a_repeat() -> None:
    definition = defined(
        {
            "type": "paneldynamic", "name": "kids", "minPanelCount": 1, "maxPanelCount": 4,
            "templateElements": [
                {"type": "text", "name": "age", "inputType": "number"},
                {"type": "text", "name": "school", "visibleIf": "{panel.age} > 6"},
            ],
        },
        element("expression", "total", expression="sumInArray({kids}, 'age')"),
    )  # fmt: skip
    group = definition.pages[0].items[0]
    assert isinstance(group, Group)
    assert group.repeat == Repeat(minimum=1, maximum=4)
    assert asked(definition, "school").relevant == "age > 6"
    assert asked(definition, "total").expression == "sum(kids.map(each, each.age))"


def test_a_table_of_questions_is_a_group_per_row() -> None:
    columns = [{"name": "who", "cellType": "text"}, {"name": "how", "visibleIf": "{row.who} = 'x'"}]
    definition = defined(element("matrixdropdown", columns=columns))
    assert [(each.name, each.kind, each.relevant) for each in definition.questions()] == [
        ("q_r1_who", Kind.TEXT, ""), ("q_r1_how", Kind.SINGLE, 'q_r1_who == "x"'),
        ("q_r2_who", Kind.TEXT, ""), ("q_r2_how", Kind.SINGLE, 'q_r2_who == "x"'),
    ]  # fmt: skip


def test_a_choice_may_have_a_condition() -> None:
    definition = defined(
        element("text", "a"),
        element(
            "radiogroup", choices=["x", {"value": "y", "visibleIf": "{a} notempty"}], choicesVisibleIf="{item} != 'z'"
        ),
    )
    assert asked(definition, "q").option_filter == '(option.code != "y" || answered(a)) && option.code != "z"'


def test_a_calculated_value_stands_after_what_it_asks_for() -> None:
    report = read("a.json", json.dumps({
        "pages": [{"name": f"p{n}", "elements": [element("text", f"q{n}", inputType="number")]} for n in range(3)],
        "calculatedValues": [{"name": "sum", "expression": "{q0} + {q1}"}],
    }).encode())  # fmt: skip
    assert report.definition is not None
    assert [[item.name for item in page.items] for page in report.definition.pages] == [["q0"], ["q1", "sum"], ["q2"]]


def test_what_has_no_counterpart_is_told() -> None:
    report = reading(
        element("text", "a", readOnly=True, correctAnswer="x"),
        element("dropdown", "b", choicesByUrl={"url": "https://towns.example"}),
        element("text", "c", visibleIf="{b} = 1"),
        element("text", "my question", visibleIf="{a} = 'x'"),
        element("radiogroup", "d", choices=[{"value": 1, "imageLink": "a.png"}]),
        triggers=[{"type": "visible", "expression": "{a} = 1"}],
        navigateToUrl="https://elsewhere.example",
    )
    assert sorted(told(report.refused)) == [
        ("/navigateToUrl", "ATTRIBUTE_LEFT_OUT"),
        ("/pages/0/elements/0/correctAnswer", "ATTRIBUTE_LEFT_OUT"),
        ("/pages/0/elements/0/readOnly", "ATTRIBUTE_LEFT_OUT"),
        ("/pages/0/elements/1/choicesByUrl", "OPTIONS_IN_FILE"),
        ("/pages/0/elements/2/visibleIf", "EXPRESSION_NAME_LEFT_OUT"),
        ("/pages/0/elements/4/choices/0/imageLink", "MEDIA_LEFT_OUT"),
        ("/triggers/0", "TRIGGER_LEFT_OUT"),
    ]
    assert ("/pages/0/elements/3/name", "RENAMED") in told(report.changed)


def test_survey_that_is_complete_hides_the_pages_after_what_it_asks_for() -> None:
    pages = [
        {"name": f"page_{name}", "elements": [element("text", name, inputType="number")]}
        for name in ("age", "job", "home")
    ]
    report = reading(
        pages=pages,
        triggers=[
            {"type": "complete", "expression": "{age} < 18"},
            {"type": "complete", "name": "job", "operator": "equal", "value": 3},
        ],
    )
    assert report.definition is not None
    assert faults(report.definition) == []
    first, second, third = (page.relevant for page in report.definition.pages)
    assert (first, second) == ("", "!(answered(age) && age < 18)")
    assert [holds(third, {"age": age, "job": job}) for age, job in ((None, None), (17, None), (30, 3))] == [
        True, False, False,
    ]  # fmt: skip
    assert told(report.refused) == []
    assert [place for place, _ in told(report.changed)] == ["/triggers/0", "/triggers/1"]


def holds(condition: str, answers: dict[str, Any]) -> bool:
    return evaluate(condition, answers, today=date(2026, 3, 1)) is True


def test_value_that_triggers_set_is_calculated_and_an_answer_of_a_person_is_not() -> None:
    setting = {"type": "setvalue", "setToName": "group"}
    report = reading(
        element("text", "age", inputType="number"),
        element("text", "town"),
        element("text", "hint", visibleIf="{group} = 'old'"),
        triggers=[
            {**setting, "expression": "{age} < 30", "setValue": "young"},
            {**setting, "expression": "{age} > 60", "setValue": "old"},
            {"type": "setvalue", "expression": "{age} > 1", "setToName": "town", "setValue": "Lviv"},
            {"type": "copyvalue", "expression": "{age} > 1", "setToName": "place", "fromName": "town"},
            {"type": "skip", "expression": "{age} > 1", "gotoName": "hint"},
        ],
    )
    assert report.definition is not None
    group, place = asked(report.definition, "group"), asked(report.definition, "place")
    assert [each.kind for each in (group, place)] == [Kind.CALCULATED] * 2
    said = [evaluate(group.expression, {"age": age}, today=date(2026, 3, 1)) for age in (20, 40, 70, None)]
    assert said == ["young", None, "old", None]
    assert evaluate(place.expression, {"age": 5, "town": "Kyiv"}, today=date(2026, 3, 1)) == "Kyiv"
    assert told(report.refused) == [("/triggers/2", "TRIGGER_LEFT_OUT"), ("/triggers/4", "TRIGGER_LEFT_OUT")]
    assert faults(report.definition) == []


NAMES = Names(
    {
        "t": Cel("t", Gives.TEXT, names=("t",)),
        "n": Cel("n", Gives.NUMBER, names=("n",)),
        "m": Cel("m", Gives.LIST, names=("m",)),
        "born": Cel("born", Gives.DATE, names=("born",)),
        "table": Cel("table", names=("table",)),
        "gone": None,
    },
    near={"age": Cel("age", Gives.NUMBER, names=("age",))},
)


@pytest.mark.parametrize(
    ("source", "cel"),
    [
        ("{t} = 'a' and {n} >= 18", 't == "a" && n >= 18'),
        ("{t} equal 'a' or {n} lessorequal 5", 't == "a" || n <= 5'),
        ("{m} contains 'a'", 'selected(m, "a")'),
        ("{m} notcontains 'a'", '!selected(m, "a")'),
        ("{t} contains 'a'", 'contains(t, "a")'),
        ("{m} anyof ['a', 'b']", 'selected(m, "a") || selected(m, "b")'),
        ("{m} allof ['a', 'b']", 'selected(m, "a") && selected(m, "b")'),
        ("{t} empty", "!answered(t)"),
        ("{t} notempty and {n} > 1", "answered(t) && n > 1"),
        ("iif({n} > 3, 'x', 'y')", 'answered(n) && n > 3 ? "x" : "y"'),
        ("!({n} > 3)", "!(answered(n) && n > 3)"),
        ("age({born}) >= 18", "years_between(born, today()) >= 18"),
        ("{n} % 2 = 0", "mod(n, 2) == 0"),
        ("({n} + 1) * 2", "(n + 1) * 2"),
        ("{table.row1} = 'a'", 'table.row1 == "a"'),
        ("{panel.age} > 3", "age > 3"),
        ("'a' + {n}", '"a" + coalesce(text(n), "")'),
        ("{t} = yes", 't == "yes"'),
        ("sum({n}, 2) - -1", "sum([n, 2]) - -1"),
    ],
)
def test_expressions_are_put_into_cel(source: str, cel: str) -> None:
    assert translated(source, NAMES).source == cel


def test_a_negation_holds_where_nothing_is_answered() -> None:
    assert evaluate(translated("!({n} > 3)", NAMES).source, {}, today=date(2026, 1, 1)) is True


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{gone} = 1", "EXPRESSION_NAME_LEFT_OUT"),
        ("{t} ^ 2", "EXPRESSION_NOT_TAKEN"),
        ("displayValue('t')", "EXPRESSION_NOT_TAKEN"),
        ("magic({t})", "EXPRESSION_UNKNOWN_FUNCTION"),
        ("{t} = ", "EXPRESSION_SYNTAX"),
        ("{who} = 1", "EXPRESSION_UNKNOWN_NAME"),
        ("age()", "EXPRESSION_SYNTAX"),
    ],
)
def test_what_cannot_be_said_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Untranslatable) as refused:
        translated(source, NAMES)
    assert refused.value.reason == reason
