"""XPath of XLSForm means the same in CEL, what is missing included."""

from datetime import date

import pytest

from viche_surveys.domain.expressions import evaluate, faults
from viche_surveys.forms.cel import Gives
from viche_surveys.forms.scope import AMBIGUOUS, Scope, Untranslatable, Variable
from viche_surveys.forms.xpath import translated

VARIABLES = {
    "age": Variable("age", Gives.NUMBER),
    "sex": Variable("sex", Gives.TEXT),
    "many": Variable("many", Gives.LIST),
    "born": Variable("born", Gives.DATE),
    "agreed": Variable("agreed", Gives.CONSENT),
    "child": Variable("child", repeat="child", is_repeat=True),
    "years": Variable("years", Gives.NUMBER, repeat="child"),
    "gone": Variable(""),
    "both": Variable(AMBIGUOUS),
}
TODAY = date(2026, 11, 23)


def in_cel(source: str) -> str:
    return translated(source, Scope(VARIABLES, "value", Gives.NUMBER)).source


@pytest.mark.parametrize(
    ("xpath", "cel"),
    [
        ("${sex}='f' and ${age}>=15 or ${age} < 3", 'sex == "f" && age >= 15 || age < 3'),
        ("(${age} + 1) * 2 - (3 - 4)", "(age + 1) * 2 - (3 - 4)"),
        (". <= 72", "value <= 72"),
        ("not(selected(${many}, 'c'))", '!selected(many, "c")'),
        ("${sex} = ''", "!answered(sex)"),
        ("${sex} != ''", "answered(sex)"),
        ("'' = ${age}", "!answered(age)"),
        ("string-length(${sex}) = 0", "!answered(sex)"),
        ("string-length(${sex}) > 3", "size(sex) > 3"),
        ("${age} = '5'", "age == 5"),
        ("${sex} = 1", "number(sex) == 1"),
        ("${many} = 'a b'", 'many == ["a", "b"]'),
        ("${agreed} = 'OK'", "answered(agreed)"),
        ("count-selected(${many}) < 3", "count(many) < 3"),
        ("selected-at(${many}, 0)", "many[0]"),
        ("regex(${sex}, '^\\d*$')", 'sex.matches("^\\\\d*$")'),
        ("regex(${sex}, 'a|b')", 'sex.matches("^(?:a|b)$")'),
        ("if(${sex}='f', 'a', 'b')", 'sex == "f" ? "a" : "b"'),
        ("coalesce(${sex}, 'x')", 'coalesce(sex, "x")'),
        ("int(${age} div 2)", "age / 2 - mod(age / 2, 1)"),
        ("${age} mod 2 = 0", "mod(age, 2) == 0"),
        ("round(${age} div 3, 1)", "round(age / 3, 1)"),
        ("today() - ${born}", "days_between(born, today())"),
        ("${born} > today() - 30", "days_between(today(), born) > -30"),
        ("${born} + 7 <= today()", "days_between(today(), born) + 7 <= 0"),
        ("concat('a', ${sex}, ${age})", '"a" + coalesce(sex, "") + coalesce(text(age), "")'),
        ("count(${child})", "count(child)"),
        ("sum(${years})", "sum(child.map(each, each.years))"),
        ("position(..)", "position()"),
        ("../sex = 'f'", 'sex == "f"'),
        ("/data/group/sex = 'f'", 'sex == "f"'),
        ("-${age} < 3", "-age < 3"),
        ("true()", "true"),
        ("boolean-from-string(${sex})", 'sex == "true" || sex == "1"'),
    ],
)
def test_it_is_put_into_cel(xpath: str, cel: str) -> None:
    assert in_cel(xpath) == cel
    assert faults(cel, ["age", "sex", "many", "born", "agreed", "child", "value"]) == []


@pytest.mark.parametrize(
    ("xpath", "answers", "value"),
    [
        ("not(${age} < 5)", {}, True),
        ("not(${age} < 5)", {"age": 3}, False),
        ("not(${age} < 5 or ${age} > 7)", {"age": 6}, True),
        ("if(${age} < 5, 'small', 'other')", {}, "other"),
        ("${sex} != 'f'", {}, True),
        ("${age} > 3 or ${sex} = 'f'", {"sex": "f"}, True),
        ("int((today() - ${born}) div 365.25)", {"born": "2000-11-24"}, 25),
        ("int(0 - 7 div 2)", {}, -3),
        ("ceiling(${age})", {"age": 1.2}, 2),
        ("abs(${age})", {"age": -3}, 3),
        ("regex(${sex}, 'b')", {"sex": "abc"}, False),
        ("concat(${sex}, '-', ${age})", {"age": 3}, "-3"),
        ("count-non-empty(${years})", {"child": [{"years": 1}, {}]}, 1),
        ("count(${years})", {"child": [{"years": 1}, {}]}, 2),
    ],
)
def test_it_gives_what_xpath_gives(xpath: str, answers: dict, value: object) -> None:
    assert evaluate(in_cel(xpath), answers, today=TODAY) == value


@pytest.mark.parametrize(
    ("xpath", "reason", "is_fault"),
    [
        ("1 +", "EXPRESSION_SYNTAX", True),
        ("${age} ? 1", "EXPRESSION_SYNTAX", True),
        ("(" * 100, "EXPRESSION_SYNTAX", True),
        ("selected(${many})", "EXPRESSION_SYNTAX", True),
        ("${nobody} = 1", "EXPRESSION_UNKNOWN_NAME", True),
        ("${both} = 1", "EXPRESSION_AMBIGUOUS_NAME", True),
        ("magic(1)", "EXPRESSION_UNKNOWN_FUNCTION", True),
        ("${gone} = 1", "EXPRESSION_NAME_LEFT_OUT", False),
        ("pulldata('a', 'b', 'c', ${sex})", "EXPRESSION_NOT_TAKEN", False),
        ("indexed-repeat(${years}, ${child}, 1)", "EXPRESSION_NOT_TAKEN", False),
        ("instance('list')/root/item[name = ${sex}]/label", "EXPRESSION_SYNTAX", True),
        ("${last-saved#sex}", "EXPRESSION_NOT_TAKEN", False),
        ("today() + 7", "EXPRESSION_DATE_ARITHMETIC", False),
        ("concat('by ', today() + 7)", "EXPRESSION_DATE_ARITHMETIC", False),
    ],
)
def test_what_cannot_be_said_is_refused(xpath: str, reason: str, is_fault: bool) -> None:
    with pytest.raises(Untranslatable) as refused:
        in_cel(xpath)
    assert (refused.value.reason, refused.value.is_fault) == (reason, is_fault)
