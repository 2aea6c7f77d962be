"""A definition goes out as XLSForm and comes in the same, and pyxform reads it."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from tests.unit.surveys.forms.workbooks import asked
from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import (
    Definition,
    Group,
    Kind,
    Option,
    Order,
    Page,
    Question,
    Quota,
    Repeat,
)
from viche_surveys.forms import read, write
from viche_surveys.forms.cel_to_xpath import Form, NotSaid, xpath
from viche_surveys.ready import ready_surveys

OPTIONS = (
    Option(code="a", label={"uk": "А", "en": "A"}),
    Option(code="none", label={"uk": "Нічого", "en": "None"}, is_exclusive=True, attributes={"town": "x"}),
)


def question(name: str, kind: Kind, **more: Any) -> Question:
    return Question(name=name, kind=kind, label={"uk": f"Питання «{name}» {{{{x}}}}", "en": f"“{name}”?"}, **more)


EVERYTHING = Definition(
    languages=("uk", "en", "bg"),
    title={"uk": "Опитування", "en": "Survey"},
    introduction={"uk": "Вітаємо.\n\nДва рядки."},
    thanks={"en": "Thanks, {name}", "uk": "Дякуємо"},
    quotas=(Quota(name="q", condition='single == "a"', limit=5, message={"uk": "Досить"}),),
    pages=(
        Page(
            name="first",
            title={"uk": "Перша"},
            items=(
                question("name", Kind.TEXT, is_personal=True, min_length=2, max_length=50, is_long=True),
                question("single", Kind.SINGLE, options=OPTIONS, is_required=True, order=Order.RANDOM, default="a"),
                question("many", Kind.MULTIPLE, options=OPTIONS, max_selected=1, allows_dont_know=True,
                         option_filter='option.town == "x" || selected(many, option.code)', default=["a"]),
                question("table", Kind.MATRIX, options=OPTIONS, is_multiple=True,
                         rows=(Option(code="r1", label={"uk": "1"}), Option(code="r2", label={"uk": "2"})),
                         relevant='single == "a"', constraint="count(value) > 1"),
                question("one_row", Kind.MATRIX, options=OPTIONS, rows=(Option(code="r1", label={"uk": "1"}),)),
                question("rank", Kind.RANKING, options=OPTIONS, min_selected=1),
                question("scale", Kind.SCALE, minimum=0, maximum=10, step=1, low_label={"uk": "Ні"}),
                question("long_scale", Kind.SCALE, minimum=1, maximum=100, step=1),
                question("likert", Kind.LIKERT, options=OPTIONS, required_if="answered(name)"),
                question("number", Kind.NUMBER, minimum=18, maximum=99.5, unit={"uk": "км"}, default=20.5,
                         constraint="value != 50 || name == \"it's \\\"\"", constraint_message={"uk": "Ні"}),
                question("whole", Kind.NUMBER, step=1, relevant="number > 3 && !(many.exists(m, m == 'a'))"),
            ),
        ),
        Page(
            name="second",
            relevant='table.r1 == "a" && !answered(rank)',
            items=(
                question("day", Kind.DATE, earliest="2026-01-01", constraint="value <= today()", default="2026-02-01"),
                question("time", Kind.TIME), question("moment", Kind.DATETIME), question("mail", Kind.EMAIL),
                question("phone", Kind.PHONE), question("town", Kind.TERRITORY, levels=(2,)),
                question("place", Kind.LOCATION), question("paper", Kind.FILE, media_types=("application/pdf",)),
                question("photo", Kind.FILE, media_types=("image/png",), max_size_bytes=1000),
                question("agreed", Kind.CONSENT, is_required=True),
                Question(name="note", kind=Kind.NOTE, label={"uk": "Вам {years_between(day, today())}, {name}"}),
                Question(name="index", kind=Kind.CALCULATED, expression="round(number / 2, 1)"),
                Question(name="odd", kind=Kind.CALCULATED, expression='{"a": 1}.a'),
                Group(
                    name="outer", label={"uk": "Група"}, order=Order.RANDOM, hint={"uk": "Підказка"},
                    items=(
                        Group(
                            name="child", repeat=Repeat(minimum=1, maximum=3), relevant="scale >= 5",
                            items=(question("age", Kind.NUMBER), question("school", Kind.TEXT, relevant="age > 6")),
                        ),
                    ),
                ),
                Question(name="sum", kind=Kind.CALCULATED, expression="sum(child.map(c, c.age)) + count(child)"),
            ),
        ),
    ),
)  # fmt: skip


def converted(content: bytes) -> str:
    """What pyxform makes of a workbook; it raises where it finds a fault."""
    from pyxform.xls2xform import convert

    return convert(xlsform=content, file_type=".xlsx", validate=False, pretty_print=False).xform


def edited(content: bytes, sheet: str, header: str, name: str, value: str) -> bytes:
    """The workbook with one cell changed, in the row of that name."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = book[sheet]
    headers = [cell.value for cell in rows[1]]
    for row in rows.iter_rows(min_row=2):
        if row[headers.index("name")].value == name:
            row[headers.index(header)].value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def back(content: bytes) -> Definition:
    definition = read("survey.xlsx", content).definition
    assert definition is not None
    return definition


def test_everything_goes_out_and_comes_in_the_same() -> None:
    written = write(EVERYTHING, "xlsform")
    assert back(written.content) == EVERYTHING
    assert "<h:title>Опитування</h:title>" in converted(written.content)


def test_it_comes_in_the_same_through_json() -> None:
    assert read("survey.json", write(EVERYTHING, "viche").content).definition == EVERYTHING


@pytest.mark.parametrize("name", ready_surveys())
def test_ready_surveys_go_out_and_come_in_the_same(name: str) -> None:
    definition = ready_surveys()[name].definition
    content = write(definition, "xlsform").content
    assert back(content) == definition
    assert converted(content)


def test_a_draft_with_faults_goes_out_too() -> None:
    broken = Definition(
        languages=("uk",), title={},
        pages=(Page(name="p", items=()), Page(name="q", items=(Question(name="a", kind=Kind.SINGLE),))),
    )  # fmt: skip
    assert faults(broken)
    assert back(write(broken, "xlsform").content) == broken


def test_rows_that_are_called_like_questions_come_in_the_same() -> None:
    rows = (Option(code="x", label={"uk": "1"}), Option(code="y", label={"uk": "2"}))
    table = Question(name="t", kind=Kind.MATRIX, label={"uk": "T"}, options=OPTIONS, rows=rows)
    alone = Question(name="s", kind=Kind.MATRIX, label={"uk": "T"}, options=OPTIONS, rows=rows[:1])
    other = Question(name="x", kind=Kind.TEXT, label={"uk": "X"}, relevant='t.x == "a" && s.x == "a"')
    definition = Definition(languages=("uk",), title={"uk": "T"}, pages=(Page(name="p", items=(alone, table, other)),))
    assert back(write(definition, "xlsform").content) == definition


def test_very_long_texts_are_cut_into_cells() -> None:
    label = {"uk": "ї{1 + 1}" * 2_500}
    definition = Definition(
        languages=("uk",), title={"uk": "T"},
        pages=(Page(name="p", items=(Question(name="a", kind=Kind.TEXT, label=label),)),),
    )  # fmt: skip
    assert back(write(definition, "xlsform").content) == definition


def test_what_somebody_edits_goes_before_our_columns() -> None:
    content = write(EVERYTHING, "xlsform").content
    changed = edited(content, "survey", "label::English (en)", "number", "How far?")
    changed = edited(changed, "survey", "constraint", "number", ". > 5")
    report = read("survey.xlsx", changed)
    assert report.definition is not None
    number = asked(report.definition, "number")
    assert (number.label["en"], number.constraint, number.unit) == ("How far?", "value > 5", {"uk": "км"})
    assert "EDITED_CELL_HOLDS" in {each.reason for each in report.changed}
    assert asked(report.definition, "scale") == asked(EVERYTHING, "scale")


def test_an_edited_row_keeps_its_kind_until_its_type_is_edited() -> None:
    content = edited(write(EVERYTHING, "xlsform").content, "survey", "label::English (en)", "mail", "Your mail?")
    assert asked(back(content), "mail").kind is Kind.EMAIL
    assert asked(back(edited(content, "survey", "type", "mail", "date")), "mail").kind is Kind.DATE


def test_an_edited_choice_goes_before_our_columns() -> None:
    content = edited(write(EVERYTHING, "xlsform").content, "choices", "label::English (en)", "none", "Nothing")
    assert asked(back(content), "likert").options[1].label["en"] == "Nothing"


def test_what_xpath_cannot_say_is_told() -> None:
    told = {each.values["name"] for each in write(EVERYTHING, "xlsform").changed}
    assert told == {"second", "whole", "number", "odd"}


def test_columns_of_ours_that_are_broken_are_faults() -> None:
    content = edited(write(EVERYTHING, "xlsform").content, "survey", "viche::kind", "phone", "{")
    assert {each.reason for each in read("survey.xlsx", content).refused} == {"BAD_JSON"}
    settings = write(EVERYTHING, "xlsform").content
    book = openpyxl.load_workbook(io.BytesIO(settings))
    headers = [cell.value for cell in book["settings"][1]]
    book["settings"].cell(2, headers.index("viche::quotas") + 1).value = json.dumps([{"name": 1}])
    file = io.BytesIO()
    book.save(file)
    assert {each.reason for each in read("survey.xlsx", file.getvalue()).refused} == {"BAD_DOCUMENT"}


FORM = Form(names={"age", "sex", "many", "child", "years"}, repeats={"child"}, rows={"table.r1": "r1"})


@pytest.mark.parametrize(
    ("cel", "written"),
    [
        ('sex == "f" && age >= 15 || age < 3', "${sex} = 'f' and ${age} >= 15 or ${age} < 3"),
        ("!answered(age)", "${age} = ''"),
        ("answered(sex)", "${sex} != ''"),
        ('!(selected(many, "a") || age > 3)', "not(selected(${many}, 'a') or ${age} > 3)"),
        ("(age + 1) * 2 - (3 - 4)", "(${age} + 1) * 2 - (3 - 4)"),
        ("mod(age + 1, 2) == 0", "(${age} + 1) mod 2 = 0"),
        ('sex == "f" ? 1 : 2', "if(${sex} = 'f', 1, 2)"),
        ('many == ["a", "b"]', "${many} = 'a b'"),
        ('table.r1 == "a"', "${r1} = 'a'"),
        ("count(many) < 3", "count-selected(${many}) < 3"),
        ("count(child) < 3", "count(${child}) < 3"),
        ("sum(child.map(each, each.years))", "sum(${years})"),
        ('"a" + coalesce(text(age), "")', "concat('a', ${age})"),
        ('option.town == sex && option.code != "x"', "town = ${sex} and name != 'x'"),
        ('value.matches("^a")', "regex(., '^a')"),
        ('value == "it\'s"', '. = "it\'s"'),
        ("days_between(age, today()) > 3", "decimal-date-time(today()) - decimal-date-time(${age}) > 3"),
    ],
)
def test_cel_is_put_into_xpath(cel: str, written: str) -> None:
    assert xpath(cel, FORM) == written


@pytest.mark.parametrize(
    "cel", ["nobody == 1", "many.exists(m, m == 'a')", "years_between(age, age)", 'sex == "\'\\""', "a.b.c"]
)
def test_what_xpath_cannot_say_is_not_said(cel: str) -> None:
    with pytest.raises(NotSaid):
        xpath(cel, FORM)
