"""A definition goes out as a document and comes back the same; a broken document says where it is broken."""

import json

import pytest

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
    localized,
)
from viche_surveys.domain.document import NotADefinition, from_json, to_json

SURVEY = Definition(
    languages=("uk", "en"),
    title={"uk": "Дороги", "en": "Roads"},
    pages=(
        Page(
            name="first",
            items=(
                Question(
                    name="road",
                    kind=Kind.SINGLE,
                    label={"uk": "Яка дорога?"},
                    is_required=True,
                    options=(Option(code="a", label={"uk": "А"}), Option(code="none", is_exclusive=True)),
                    order=Order.RANDOM,
                ),
                Question(name="age", kind=Kind.NUMBER, minimum=18, maximum=120.5, step=1, relevant='road == "a"'),
                Group(
                    name="child",
                    repeat=Repeat(minimum=1, maximum=3),
                    items=(Question(name="school", kind=Kind.TEXT, default="9"),),
                ),
            ),
        ),
    ),
    quotas=(Quota(name="q", condition="answered(age)", limit=5),),
)


def document() -> dict:
    return json.loads(json.dumps(to_json(SURVEY)))


def faults_of(changed: object) -> list[tuple[str, str]]:
    with pytest.raises(NotADefinition) as refused:
        from_json(changed)
    return [(fault.place, fault.reason) for fault in refused.value.faults]


def test_a_definition_comes_back_the_same() -> None:
    assert from_json(document()) == SURVEY


def test_what_is_at_its_default_is_left_out() -> None:
    assert document()["pages"][0]["items"][1] == {
        "name": "age", "kind": "number", "minimum": 18, "maximum": 120.5, "step": 1, "relevant": 'road == "a"',
    }  # fmt: skip


def test_every_fault_is_named_with_its_place() -> None:
    broken = document()
    broken["pages"][0]["items"][0]["kind"] = "riddle"
    broken["pages"][0]["items"][1]["minimum"] = "18"
    broken["pages"][0]["colour"] = "red"
    del broken["pages"][0]["items"][2]["items"][0]["name"]
    broken["title"]["uk"] = 5
    assert sorted(faults_of(broken)) == [
        ("/pages/0/colour", "UNKNOWN_FIELD"),
        ("/pages/0/items/0/kind", "UNKNOWN_VALUE"),
        ("/pages/0/items/1/minimum", "WRONG_TYPE"),
        ("/pages/0/items/2/items/0/name", "MISSING"),
        ("/title/uk", "WRONG_TYPE"),
    ]


@pytest.mark.parametrize("value", [None, [], "survey", {"format": "viche-survey/9"}, {}])
def test_another_document_is_refused(value: object) -> None:
    assert faults_of(value) == [("/format", "UNKNOWN_FORMAT")]


def test_a_document_that_is_too_deep_is_refused() -> None:
    items: list = [{"name": "deep", "kind": "note"}]
    for level in range(20):
        items = [{"name": f"g{level}", "items": items}]
    assert ("TOO_DEEP") in {reason for _, reason in faults_of({**document(), "pages": [{"name": "p", "items": items}]})}


@pytest.mark.parametrize(
    ("language", "found"), [("en", "Roads"), ("en-GB", "Roads"), ("uk", "Дороги"), ("bg", "Дороги")]
)
def test_a_text_falls_back(language: str, found: str) -> None:
    assert localized(SURVEY.title, language, SURVEY.languages) == found


def test_questions_in_groups_are_found() -> None:
    assert [question.name for question in SURVEY.questions()] == ["road", "age", "school"]
