"""Changes of a survey's definition, and what forms say of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from viche_gateway.console.surveys import editing, fields, saying
from viche_gateway.console.surveys.editing import NotThere
from viche_gateway.console.surveys.findings import FINDINGS
from viche_gateway.console.surveys.shapes import KINDS, fields_of, kind_of
from viche_gateway.sentences import SENTENCES
from viche_surveys.domain.definition import Kind
from viche_surveys.domain.document import from_json, to_json
from viche_surveys.forms.sentences import SENTENCES as OF_FILES
from viche_surveys.ready import ready_surveys

QUESTIONS: dict[str, Any] = {name: {"name": name, "kind": "text", "label": {"en": name.upper()}} for name in "abcd"}


def survey() -> dict[str, Any]:
    inner = {"name": "group", "items": [QUESTIONS["c"], QUESTIONS["d"]]}
    return {
        "format": editing.FORMAT, "languages": ["en", "uk"], "title": {"en": "Ways", "uk": "Шляхи"},
        "pages": [{"name": "one", "items": [QUESTIONS["a"], QUESTIONS["b"]]}, {"name": "two", "items": [inner]}],
        "quotas": [{"name": "some", "condition": 'a == "x"', "limit": 5}],
    }  # fmt: skip


def names(document: Any) -> list[str]:
    return [str(found.item["name"]) for found in editing.walk(document)]


def test_everything_is_found_by_its_name_with_its_place() -> None:
    found = editing.find(survey(), "d")
    assert (found.container, found.index, found.pointer, found.page) == ("group", 1, "/pages/1/items/0/items/1", "two")
    assert editing.find(survey(), "two").container == editing.PAGES
    with pytest.raises(NotThere):
        editing.find(survey(), "e")


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (lambda old: editing.add(old, "group", {"name": "e", "kind": "text"}), "one a b two group c d e"),
        (lambda old: editing.add(old, editing.PAGES, {"name": "three", "items": []}), "one a b two group c d three"),
        (lambda old: editing.put(old, "a", {"name": "z", "kind": "date"}), "one z b two group c d"),
        (lambda old: editing.remove(old, "a"), "one b two group c d"),
        (lambda old: editing.remove(old, "two"), "one a b"),
        (lambda old: editing.move(old, "b", -1), "one b a two group c d"),
        (lambda old: editing.move(old, "a", -1), "one a b two group c d"),
        (lambda old: editing.move(old, "d", 5), "one a b two group c d"),
        (lambda old: editing.move(old, "two", -1), "two group c d one a b"),
        (lambda old: editing.move_to(old, "a", "group"), "one b two group c d a"),
        (lambda old: editing.move_to(old, "group", "one"), "one a b group c d two"),
        (lambda old: editing.duplicate(old, "a"), "one a a_2 b two group c d"),
        (lambda old: editing.duplicate(old, "two"), "one a b two group c d two_2 group_2 c_2 d_2"),
        (lambda old: editing.restore(old, "one", 1, {"name": "e", "kind": "text"}), "one a e b two group c d"),
        (lambda old: editing.restore(old, "one", 9, {"name": "e", "kind": "text"}), "one a b e two group c d"),
        (lambda old: editing.restore(old, "gone", 0, {"name": "e", "kind": "text"}), "one a b two e group c d"),
        (lambda old: editing.restore(old, "pages", 0, {"name": "zero", "items": []}), "zero one a b two group c d"),
    ],
)  # fmt: skip
def test_a_change_makes_a_new_document_and_leaves_the_old(change: Any, after: str) -> None:
    old = survey()
    kept = deepcopy(old)
    assert names(change(old)) == after.split()
    assert old == kept


def test_what_is_taken_away_and_put_back_is_as_it_was() -> None:
    for name in names(survey()):
        found = editing.find(survey(), name)
        gone = editing.remove(survey(), name)
        assert editing.restore(gone, found.container, found.index, found.item) == survey()


def test_a_group_goes_neither_into_itself_nor_into_what_is_in_it() -> None:
    assert list(editing.containers(survey(), "group")) == ["one", "two"]
    with pytest.raises(NotThere):
        editing.move_to(survey(), "two", "group")


def test_a_name_is_made_free() -> None:
    document = editing.add(survey(), "one", {"name": "question_1", "kind": "text"})
    assert editing.free_name(document, "question_1") == "question_2"
    assert editing.free_name(document, "some") == "some_2"
    assert editing.free_name(document, "new") == "new"


def test_a_language_goes_with_all_its_texts() -> None:
    two = editing.add_language(editing.remove_language(survey(), "uk"), "bg")
    assert (two["languages"], two["title"]) == (["en", "bg"], {"en": "Ways"})
    assert editing.put_language_first(two, "bg")["languages"] == ["bg", "en"]


def test_texts_of_the_whole_that_are_empty_are_left_out() -> None:
    changed = editing.put_whole({**survey(), "thanks": {"en": "Thank you"}}, {"title": {}, "thanks": {}})
    assert changed["title"] == {}
    assert "thanks" not in changed


def test_limits_are_put_and_taken_away() -> None:
    more = editing.put_quota(survey(), "", {"name": "more", "condition": "true", "limit": 1})
    assert [each["name"] for each in more["quotas"]] == ["some", "more"]
    assert editing.quota(more, "more")["limit"] == 1
    assert "quotas" not in editing.put_quota(survey(), "some", None)
    with pytest.raises(NotThere):
        editing.quota(survey(), "none")


@pytest.mark.parametrize("name", list(ready_surveys()))
def test_forms_give_back_what_they_show(name: str) -> None:
    document = to_json(ready_surveys()[name].definition)
    languages = document["languages"]
    for found in editing.walk(document):
        kind = kind_of(found.item) if found.container != editing.PAGES else "page"
        shown = fields.values_of(found.item, fields_of(kind), languages)
        said = fields.read(shown, fields_of(kind), languages, found.item)
        assert said.faults == {}
        assert from_json(_around(document, said.item)) == from_json(_around(document, found.item))


def _around(document: Any, item: Any) -> Any:
    page = item if "kind" not in item and "title" in item else {"name": "only", "items": [item]}
    return {**document, "pages": [page]}


def read(kind: str, values: dict[str, str], former: dict[str, Any] | None = None) -> Any:
    return fields.read({"name": "q", **values}, fields_of(kind), ["en", "uk"], former or {"name": "q", "kind": kind})


def test_options_keep_their_codes_where_only_the_words_are_written() -> None:
    former = {"name": "q", "kind": "single", "options": [{"code": "bus", "label": {"en": "By bus"}}]}
    item = read("single", {"options.en": "By bus\nOn foot\ncar | By \\| car | motor=yes; wheels=4"}, former).item
    assert item["options"] == [
        {"code": "bus", "label": {"en": "By bus"}}, {"code": "option_1", "label": {"en": "On foot"}},
        {"code": "car", "label": {"en": "By | car"}, "attributes": {"motor": "yes", "wheels": "4"}},
    ]  # fmt: skip


def test_labels_of_other_languages_go_by_code_and_make_no_options() -> None:
    item = read("single", {"options.en": "a | A\nb | B", "options.uk": "b | Б\nc | Ц"}).item
    assert [each["label"] for each in item["options"]] == [{"en": "A"}, {"en": "B", "uk": "Б"}]


def test_options_are_marked_by_their_codes() -> None:
    item = read("multiple", {"options.en": "a | A\nnone | None", "exclusive": "none", "keeps_place": "none"}).item
    assert item["options"][1] == {"code": "none", "label": {"en": "None"}, "is_exclusive": True, "keeps_place": True}
    assert item["options"][0] == {"code": "a", "label": {"en": "A"}}


@pytest.mark.parametrize(
    ("kind", "field", "text", "reason"),
    [
        ("number", "minimum", "many", "NO_NUMBER"),
        ("number", "minimum", "nan", "NO_NUMBER"),
        ("number", "minimum", "1e400", "NO_NUMBER"),
        ("text", "max_length", "2.5", "NOT_A_NUMBER"),
        ("text", "name", "two words", "BAD_NAME"),
        ("text", "name", "", "REQUIRED"),
    ],
)
def test_what_cannot_be_read_is_said(kind: str, field: str, text: str, reason: str) -> None:
    assert read(kind, {field: text}).faults == {field: reason}


def test_numbers_are_read_as_they_are_written_here_and_elsewhere() -> None:
    item = read("number", {"minimum": "-1 000,5", "maximum": "0", "step": ""}).item
    assert (item["minimum"], item["maximum"], "step" in item) == (-1000.5, 0, False)
    assert read("file", {"max_size_bytes": "2.5"}).item["max_size_bytes"] == 2_500_000


@pytest.mark.parametrize(
    ("rest", "values", "field"),
    [
        ("/relevant", {}, "relevant"),
        ("/label", {"language": "uk"}, "label.uk"),
        ("/label/uk", {}, "label.uk"),
        ("/options/3/code", {}, "options.en"),
        ("/options/3/label/uk", {}, "options.uk"),
        ("/repeat", {}, "repeat_maximum"),
        ("/media_types/0", {}, "media_types"),
        ("", {}, ""),
    ],
)
def test_a_fault_leads_to_its_field(rest: str, values: dict[str, str], field: str) -> None:
    assert fields.input_of(rest, values, ["en", "uk"]) == field


def test_every_kind_of_question_can_be_written_and_has_words() -> None:
    assert set(KINDS) == set(Kind)
    assert set(saying.KINDS) == {*Kind, "group", "repeat", "page", "quota", "about"}


def test_everything_that_is_found_in_files_has_a_sentence() -> None:
    assert set(OF_FILES) <= set(FINDINGS) | set(saying.FAULTS) | set(SENTENCES)
