"""XLSForm comes in: every type, every column, and every fault with its place."""

import pytest

from tests.unit.surveys.forms.workbooks import asked, defined, reading, told, workbook
from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import Group, Kind, Order, Repeat
from viche_surveys.forms import NotAForm, read

COLORS = [("list_name", "name", "label"), ("colors", "red", "Red"), ("colors", "blue", "Blue")]
HEADER = ("type", "name", "label")


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("text", Kind.TEXT), ("string", Kind.TEXT), ("add text prompt", Kind.TEXT), ("integer", Kind.NUMBER),
        ("decimal", Kind.NUMBER), ("percentage", Kind.NUMBER), ("range", Kind.SCALE), ("note", Kind.NOTE),
        ("date", Kind.DATE), ("time", Kind.TIME), ("dateTime", Kind.DATETIME), ("geopoint", Kind.LOCATION),
        ("acknowledge", Kind.CONSENT), ("image", Kind.FILE), ("photo", Kind.FILE), ("audio", Kind.FILE),
        ("video", Kind.FILE), ("file", Kind.FILE), ("barcode", Kind.TEXT), ("phone number", Kind.PHONE),
        ("select_one colors", Kind.SINGLE), ("select one from colors", Kind.SINGLE), ("rank colors", Kind.RANKING),
        ("select_multiple colors", Kind.MULTIPLE), ("select all that apply from colors", Kind.MULTIPLE),
        ("today", Kind.CALCULATED),
    ],
)  # fmt: skip
def test_a_type_comes_over(type_: str, kind: Kind) -> None:
    definition = defined([HEADER, (type_, "q", "Question"), ("text", "more", "More")], COLORS)
    assert asked(definition, "q").kind is kind
    assert faults(definition) == []


@pytest.mark.parametrize(
    ("type_", "reason"),
    [
        ("start", "METADATA_LEFT_OUT"), ("end", "METADATA_LEFT_OUT"), ("deviceid", "METADATA_LEFT_OUT"),
        ("username", "METADATA_LEFT_OUT"), ("audit", "METADATA_LEFT_OUT"), ("email", "METADATA_LEFT_OUT"),
        ("geotrace", "SHAPE_NOT_TAKEN"), ("geoshape", "SHAPE_NOT_TAKEN"), ("background-audio", "DEVICE_LEFT_OUT"),
        ("start-geopoint", "DEVICE_LEFT_OUT"), ("csv-external", "FILE_NOT_TAKEN"),
        ("select_one_from_file towns.csv", "OPTIONS_IN_FILE"), ("select_one ${more}", "OPTIONS_FROM_ANSWERS"),
    ],
)  # fmt: skip
def test_a_type_is_refused_by_name_and_the_rest_comes_over(type_: str, reason: str) -> None:
    name = "audit" if type_ == "audit" else "q"
    report = reading([HEADER, ("text", "more", "More"), (type_, name, "Question")])
    assert report.is_ok
    assert told(report.refused) == [("sheet survey, row 3, column type", reason)]
    assert report.questions == 1


def test_every_fault_is_named_with_sheet_row_and_column() -> None:
    report = reading(
        [
            ("type", "name", "label", "relevant", "constraint"),
            ("text", "a", "A", "${nobody} = 1", ". < "),
            ("select_one nowhere", "b", "B"),
            ("riddle", "c", "C"),
            ("text", "a", "A again"),
            ("text", "", "No name"),
            ("begin group", "g", "G"),
            ("end repeat", ""),
            ("text", "9lives", "Name"),
        ],
        [("list_name", "name", "label"), ("colors", "", "Red")],
    )
    assert report.definition is None
    assert report.changed == ()
    assert sorted(told(report.refused)) == [
        ("sheet choices, row 2, column name", "NAME_MISSING"),
        ("sheet survey, row 2, column constraint", "EXPRESSION_SYNTAX"),
        ("sheet survey, row 2, column relevant", "EXPRESSION_UNKNOWN_NAME"),
        ("sheet survey, row 3, column type", "UNKNOWN_LIST"),
        ("sheet survey, row 4, column type", "UNKNOWN_TYPE"),
        ("sheet survey, row 5, column name", "NAME_TWICE"),
        ("sheet survey, row 6, column name", "NAME_MISSING"),
        ("sheet survey, row 7, column type", "BEGIN_WITHOUT_END"),
        ("sheet survey, row 8, column type", "END_WITHOUT_BEGIN"),
        ("sheet survey, row 9, column name", "BAD_NAME"),
    ]


def test_a_row_of_csv_is_named_by_its_line() -> None:
    content = b'"survey",,\n,"type","name"\n,"text","a"\n\n,"riddle","b"\n'
    assert told(read("form.csv", content).refused) == [("sheet survey, row 5, column type", "UNKNOWN_TYPE")]


def test_what_only_pyxform_finds_is_told_with_its_row() -> None:
    report = reading([(*HEADER, "parameters"), ("image", "a", "A", "max-pixels=many")])
    assert report.definition is None
    assert report.refused[-1].reason == "REFUSED_BY_PYXFORM"
    assert "max-pixels" in report.refused[-1].values["text"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken"])
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_a_broken_file_is_no_form(name: str, content: bytes) -> None:
    with pytest.raises(NotAForm):
        read(name, content)


def test_an_empty_workbook_has_no_questions() -> None:
    assert told(reading([HEADER]).refused) == [("sheet survey, row 1", "NO_QUESTIONS")]
    assert told(read("a.xlsx", workbook([("a",), ("b",)])).refused) == [
        ("sheet survey, row 1, column type", "COLUMN_MISSING")
    ]


def test_columns_of_a_question_come_over() -> None:
    definition = defined(
        [
            ("type", "name", "label", "hint", "required", "constraint", "constraint_message", "default", "relevant"),
            ("text", "a", "A?", "Think", "yes"),
            ("integer", "b", "B?", "", "${a} = 'x'", ". >= 18 and . < 99", "Of age", "20", "${a} != ''"),
        ]
    )
    first, second = definition.questions()
    assert (first.hint, first.is_required, first.required_if) == ({"en": "Think"}, True, "")
    assert (second.is_required, second.required_if) == (False, 'a == "x"')
    assert second.constraint == "value >= 18 && value < 99"
    assert (second.constraint_message, second.default, second.relevant) == ({"en": "Of age"}, 20.0, "answered(a)")
    assert second.step == 1


def test_a_condition_that_cannot_be_said_is_left_out_and_told() -> None:
    report = reading([(*HEADER, "relevant"), ("text", "a", "A", "pulldata('t', 'c', 'k', 'v') = 1")])
    assert report.is_ok
    assert told(report.refused) == [("sheet survey, row 2, column relevant", "EXPRESSION_NOT_TAKEN")]


def test_what_refers_to_a_question_that_did_not_come_over_is_told() -> None:
    report = reading(
        [
            (*HEADER, "calculation", "relevant"),
            ("deviceid", "device", ""),
            ("calculate", "half", "", "concat(${device}, 'a')"),
            ("text", "a", "A", "", "${half} = 'x'"),
        ]
    )
    assert [each.reason for each in report.refused] == [
        "METADATA_LEFT_OUT", "EXPRESSION_NAME_LEFT_OUT", "CALCULATION_LEFT_OUT", "EXPRESSION_NAME_LEFT_OUT",
    ]  # fmt: skip
    assert report.definition is not None
    assert [each.name for each in report.definition.questions()] == ["a"]


def test_languages_come_from_headers() -> None:
    definition = defined(
        [
            ("type", "name", "label::Ukrainian (uk)", "label::English (en)", "hint::Ukrainian (uk)"),
            ("select_one c", "q", "Колір ${why}?", "Colour ${why}?", "Один"),
            ("text", "why", "Чому “так”?", "Why {so}?"),
        ],
        [("list_name", "name", "label::Ukrainian (uk)", "label::English (en)"), ("c", "red", "Червоний", "Red")],
        settings=[("form_title", "default_language"), ("Кольори", "Ukrainian (uk)")],
    )
    question, why = definition.questions()
    assert definition.languages == ("uk", "en")
    assert definition.title == {"uk": "Кольори"}
    assert question.label == {"uk": "Колір {why}?", "en": "Colour {why}?"}
    assert question.options[0].label == {"uk": "Червоний", "en": "Red"}
    assert why.label == {"uk": "Чому “так”?", "en": "Why {{so}}?"}


@pytest.mark.parametrize(
    ("label", "language"), [("Як?", "uk"), ("Її", "uk"), ("Это", "ru"), ("Къде", "bg"), ("A", "en")]
)
def test_a_language_that_nobody_names_is_guessed_and_told(label: str, language: str) -> None:
    report = reading([HEADER, ("text", "q", label)])
    assert report.definition is not None
    assert report.definition.languages == (language,)
    assert report.changed[0].reason == "LANGUAGE_GUESSED"


def test_or_other_is_an_option_and_a_question() -> None:
    definition = defined([HEADER, ("select_multiple colors or_other", "q", "Which?")], COLORS)
    question, other = definition.questions()
    assert [each.code for each in question.options] == ["red", "blue", "other"]
    assert (other.name, other.kind, other.relevant) == ("q_other", Kind.TEXT, 'selected(q, "other")')


def test_a_filter_of_choices_asks_for_attributes() -> None:
    definition = defined(
        [
            (*HEADER, "choice_filter"),
            ("select_one state", "state", "State"),
            ("select_one city", "city", "City", "state=${state} and name != 'x'"),
        ],
        [
            ("list_name", "name", "label", "state", "remark"),
            ("state", "a", "A", "", ""), ("city", "x", "X", "a", "r"), ("city", "y", "Y", "b", "r"),
        ],
    )  # fmt: skip
    city = asked(definition, "city")
    assert city.option_filter == 'option.state == state && option.code != "x"'
    assert city.options[0].attributes == {"state": "a"}


def test_external_choices_are_taken_in() -> None:
    report = reading(
        [
            (*HEADER, "choice_filter"),
            ("text", "state", "State"),
            ("select_one_external city", "city", "C", "state=${state}"),
        ],
        external_choices=[("list_name", "name", "label", "state"), ("city", "x", "X", "a")],
    )
    assert report.definition is not None
    assert asked(report.definition, "city").options[0].attributes == {"state": "a"}
    assert ("sheet survey, row 3, column type", "EXTERNAL_CHOICES_TAKEN_IN") in told(report.changed)


def test_parameters_come_over() -> None:
    report = reading(
        [
            (*HEADER, "parameters", "appearance"),
            ("select_one colors", "q", "Q", "randomize=true seed=5", "likert"),
            ("range", "r", "R", "start=0 end=10 step=2"),
            ("range", "far", "F", "start=0 end=100 step=1"),
            ("text", "t", "T", "rows=5", "w3"),
        ],
        COLORS,
    )
    assert report.definition is not None
    choice, scale, number, text = report.definition.questions()
    assert (choice.kind, choice.order) == (Kind.LIKERT, Order.RANDOM)
    assert (scale.kind, scale.minimum, scale.maximum, scale.step) == (Kind.SCALE, 0, 10, 2)
    assert (number.kind, number.maximum) == (Kind.NUMBER, 100)
    assert text.is_long
    assert told(report.changed) == [
        ("sheet survey, row 2, column parameters", "SEED_IS_OURS"),
        ("sheet survey, row 5, column appearance", "APPEARANCE_LEFT_OUT"),
    ]


def test_groups_at_the_top_are_pages() -> None:
    definition = defined(
        [
            (*HEADER, "relevant"),
            ("text", "first", "First"),
            ("begin group", "g", "Group", "${first} = 'a'"),
            ("text", "in_g", "In it"),
            ("end group", "", ""),
            ("text", "last", "Last"),
        ]
    )
    assert [(page.name, page.title, page.relevant) for page in definition.pages] == [
        ("page", {}, ""), ("g", {"en": "Group"}, 'first == "a"'), ("page_2", {}, ""),
    ]  # fmt: skip


def test_only_field_lists_are_pages_where_there_is_one() -> None:
    definition = defined(
        [
            (*HEADER, "appearance"),
            ("begin group", "g", "Group"),
            ("text", "in_g", "In it"),
            ("end group", "", ""),
            ("begin group", "h", "Page", "field-list"),
            ("text", "in_h", "In it"),
            ("end group", "", ""),
        ]
    )
    assert [page.name for page in definition.pages] == ["page", "h"]
    assert isinstance(definition.pages[0].items[0], Group)


@pytest.mark.parametrize(
    ("count", "repeat"), [("", Repeat(minimum=0, maximum=20)), ("3", Repeat(minimum=3, maximum=3)),
    ("${n}", Repeat(minimum=2, maximum=2)), ("${first}", Repeat(minimum=0, maximum=20))],
)  # fmt: skip
def test_a_repeat_is_a_group_that_repeats(count: str, repeat: Repeat) -> None:
    report = reading(
        [
            (*HEADER, "repeat_count", "calculation"),
            ("integer", "first", "First"),
            ("calculate", "n", "", "", "2"),
            ("begin repeat", "child", "Child", count),
            ("text", "who", "Who, number ${first}?"),
            ("end repeat", "", ""),
            ("note", "sum", "${who}"),
        ]
    )
    assert report.definition is not None
    group = next(item for item in report.definition.pages[0].items if isinstance(item, Group))
    assert group.repeat == repeat
    assert asked(report.definition, "who").label == {"en": "Who, number {first}?"}
    assert asked(report.definition, "sum").label == {"en": "{child.map(each, each.who)}"}
    assert [each.reason for each in report.refused] == (["REPEAT_COUNT_LEFT_OUT"] if count == "${first}" else [])


def test_a_repeat_in_a_repeat_is_refused() -> None:
    report = reading(
        [
            HEADER, ("begin repeat", "a", "A"), ("text", "x", "X"), ("begin repeat", "b", "B"), ("text", "y", "Y"),
            ("end repeat", "", ""), ("end repeat", "", ""),
        ]
    )  # fmt: skip
    assert told(report.refused) == [("sheet survey, row 4, column type", "REPEAT_IN_REPEAT")]


def test_groups_that_are_too_deep_go_up() -> None:
    survey = [HEADER]
    for level in range(5):
        survey.append(("begin group", f"g{level}", f"G{level}"))
    survey.append(("text", "x", "X"))
    survey += [("end group", "", "")] * 5
    report = reading(survey)
    assert report.definition is not None
    assert faults(report.definition) == []
    assert asked(report.definition, "x").label == {"en": "X"}
    assert {each.reason for each in report.changed} == {"LANGUAGE_GUESSED", "GROUP_DISSOLVED"}


TABLE = [
    (*HEADER, "appearance", "relevant", "hint"),
    ("begin group", "table", "Rate", "table-list"),
    ("select_one colors", "a", "Roads"),
    ("select_one colors", "b", "Parks"),
    ("end group", "", ""),
    ("text", "why", "Why?", "", "${a} = 'red'"),
]


def test_a_table_list_is_a_matrix() -> None:
    definition = defined(TABLE, COLORS)
    table = asked(definition, "table")
    assert (table.kind, [row.code for row in table.rows], table.is_multiple) == (Kind.MATRIX, ["a", "b"], False)
    assert table.label == {"en": "Rate"}
    assert asked(definition, "why").relevant == 'table.a == "red"'


def test_a_table_list_whose_rows_have_hints_is_a_page() -> None:
    survey = [*TABLE[:2], ("select_one colors", "a", "Roads", "", "", "Look"), *TABLE[3:]]
    definition = defined(survey, COLORS)
    assert asked(definition, "a").kind is Kind.SINGLE
    assert asked(definition, "why").relevant == 'a == "red"'


def test_a_loop_is_written_out() -> None:
    definition = defined(
        [
            HEADER,
            ("begin loop over colors", "l", "Loop"),
            ("integer", "n", "How many %(label)s?"),
            ("end loop", "", ""),
        ],
        COLORS,
    )
    assert [(each.name, each.label["en"]) for each in definition.questions()] == [
        ("n_red", "How many Red?"), ("n_blue", "How many Blue?"),
    ]  # fmt: skip


def test_a_loop_that_is_too_large_is_a_fault() -> None:
    many = [COLORS[0], *(("many", f"c{n}", f"C{n}") for n in range(1_001))]
    inside = [("text", f"q{n}", f"Q{n}") for n in range(2)]
    report = reading([HEADER, ("begin loop over many", "l", "L"), *inside, ("end loop", "", "")], many)
    assert ("sheet survey, row 2, column type", "TOO_MANY_ROWS") in told(report.refused)


def test_names_that_expressions_use_otherwise_are_changed() -> None:
    report = reading([(*HEADER, "relevant"), ("text", "value", "V"), ("text", "my-q.1", "M", "${value} = 'a'")])
    assert report.definition is not None
    assert [(each.name, each.relevant) for each in report.definition.questions()] == [
        ("value_", ""), ("my_q_1", 'value_ == "a"'),
    ]  # fmt: skip
    assert told(report.changed) == [
        ("sheet survey, row 2, column name", "RENAMED"), ("sheet survey, row 3, column name", "RENAMED"),
    ]  # fmt: skip


def test_the_same_name_in_two_groups_is_changed_and_cannot_be_referred_to() -> None:
    survey = [
        (*HEADER, "relevant"), ("begin group", "g", "G"), ("text", "a", "A"), ("end group", "", ""),
        ("begin group", "h", "H"), ("text", "a", "A"), ("end group", "", ""),
    ]  # fmt: skip
    assert [each.name for each in defined(survey).questions()] == ["a", "a_2"]
    report = reading([*survey, ("text", "b", "B", "${a} = 'x'")])
    assert told(report.refused) == [("sheet survey, row 8, column relevant", "EXPRESSION_AMBIGUOUS_NAME")]


def test_what_has_no_counterpart_is_told() -> None:
    report = reading(
        [
            (*HEADER, "guidance_hint", "required_message", "media::image", "trigger", "remarks", "default"),
            ("text", "b", "B"),
            ("text", "a", "A", "More", "Do", "a.png", "${b}", "Mine", "today()"),
        ]
    )
    assert {each.reason for each in report.refused} == {
        "GUIDANCE_LEFT_OUT", "REQUIRED_MESSAGE_LEFT_OUT", "MEDIA_LEFT_OUT", "TRIGGER_LEFT_OUT", "DEFAULT_LEFT_OUT",
    }  # fmt: skip
    assert told(report.changed) == [("sheet survey, row 1, column remarks", "COLUMN_LEFT_OUT")]


def test_what_keeps_the_survey_from_opening_is_told() -> None:
    report = reading([(*HEADER, "relevant"), ("text", "a", "A", "${b} = 'x'"), ("text", "b", "B")])
    assert report.is_ok
    assert told(report.refused) == [("/pages/0/items/0/relevant", "EXPRESSION_LATER")]
