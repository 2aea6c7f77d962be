"""What keeps a definition from being answered, each with its place."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from viche_surveys.domain.checking import faults
from viche_surveys.domain.document import from_json

GOOD: dict[str, Any] = {
    "format": "viche-survey/1",
    "languages": ["uk", "en"],
    "title": {"uk": "Дороги", "en": "Roads"},
    "pages": [
        {
            "name": "first",
            "items": [
                {
                    "name": "road",
                    "kind": "single",
                    "label": {"uk": "Яка?"},
                    "options": [{"code": "a", "label": {"uk": "А"}}, {"code": "b", "label": {"uk": "Б"}}],
                },
                {
                    "name": "tell",
                    "kind": "matrix",
                    "label": {"uk": "Скажіть"},
                    "rows": [{"code": "today", "label": {"uk": "Сьогодні"}}],
                    "options": [{"code": "1", "label": {"uk": "так"}}],
                },
                {"name": "well", "kind": "scale", "label": {"uk": "Як?"}, "minimum": 0, "maximum": 10},
                {"name": "twice", "kind": "calculated", "expression": "well * 2"},
                {
                    "name": "home",
                    "label": {"uk": "Дім"},
                    "repeat": {"minimum": 1, "maximum": 3},
                    "items": [{"name": "born", "kind": "date", "label": {"uk": "Коли?"}, "earliest": "1900-01-01"}],
                },
            ],
        }
    ],
    "quotas": [{"name": "q", "condition": 'road == "a"', "limit": 5}],
}
ROAD, TELL, WELL, TWICE, HOME = (f"/pages/0/items/{place}" for place in range(5))


def found(*changes: tuple[str, Any]) -> set[tuple[str, str]]:
    """Places and reasons of the faults of the good definition after changes at JSON Pointers; None removes."""
    document = copy.deepcopy(GOOD)
    for place, value in changes:
        *way, last = place.strip("/").split("/")
        at: Any = document
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        if value is None:
            del at[last]
        elif isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value
    return {(each.place, each.reason) for each in faults(from_json(document))}


def test_a_good_definition_has_no_faults() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("place", "value", "at", "reason"),
    [
        ("/languages", [], "/languages", "NO_LANGUAGE"),
        ("/languages", ["uk", "en", "uk"], "/languages/2", "LANGUAGE_TWICE"),
        ("/languages", ["uk", "en", "not a language"], "/languages/2", "BAD_LANGUAGE"),
        ("/languages", ["uk"], "/title", "UNKNOWN_LANGUAGE"),
        ("/title", {"en": "Roads"}, "/title", "TEXT_MISSING"),
        ("/title", {"uk": "  ", "en": "Roads"}, "/title", "TEXT_MISSING"),
        ("/introduction", {"en": "Some questions."}, "/introduction", "TEXT_MISSING"),
        ("/thanks", {"uk": "x" * 20_001}, "/thanks/uk", "TEXT_TOO_LONG"),
        ("/pages", [], "/pages", "NO_QUESTIONS"),
        ("/pages/0/items", [], "/pages/0/items", "EMPTY"),
        ("/pages/0/name", "road", f"{ROAD}/name", "NAME_TWICE"),
        ("/pages/0/name", "дорога", "/pages/0/name", "BAD_NAME"),
        ("/pages/0/name", "x" * 101, "/pages/0/name", "BAD_NAME"),
        (f"{ROAD}/name", "in", f"{ROAD}/name", "RESERVED_NAME"),
        (f"{ROAD}/name", "value", f"{ROAD}/name", "RESERVED_NAME"),
        (f"{ROAD}/label", {}, f"{ROAD}/label", "TEXT_MISSING"),
        (f"{ROAD}/hint", {"de": "Hilfe", "uk": "Так"}, f"{ROAD}/hint", "UNKNOWN_LANGUAGE"),
        (f"{ROAD}/options", [], f"{ROAD}/options", "NO_OPTIONS"),
        (f"{ROAD}/options/1/code", "a", f"{ROAD}/options/1/code", "CODE_TWICE"),
        (f"{ROAD}/options/1/code", "a b", f"{ROAD}/options/1/code", "BAD_CODE"),
        (f"{ROAD}/options/1/code", "a\u00a0b", f"{ROAD}/options/1/code", "BAD_CODE"),
        (f"{ROAD}/options/1/code", "", f"{ROAD}/options/1/code", "BAD_CODE"),
        (f"{ROAD}/options/1/code", "x" * 65, f"{ROAD}/options/1/code", "BAD_CODE"),
        (f"{ROAD}/options/1/label", {"en": "B"}, f"{ROAD}/options/1/label", "TEXT_MISSING"),
        (f"{TELL}/rows", [], f"{TELL}/rows", "NO_ROWS"),
        (f"{TELL}/rows/0/code", "1st", f"{TELL}/rows/0/code", "BAD_CODE"),
        (f"{TELL}/rows/0/code", "dont_know", f"{TELL}/rows/0/code", "BAD_CODE"),
        (f"{WELL}/minimum", None, WELL, "ENDS_MISSING"),
        (f"{WELL}/minimum", 11, f"{WELL}/maximum", "BAD_RANGE"),
        (f"{WELL}/maximum", 101, WELL, "TOO_MANY"),
        (f"{WELL}/step", 0, f"{WELL}/step", "BAD_STEP"),
        (f"{WELL}/step", 1e-20, f"{WELL}/step", "STEP_TOO_FINE"),
        (f"{WELL}/step", 1e20, f"{WELL}/step", "STEP_TOO_WIDE"),
        (f"{WELL}/minimum", 2e15, f"{WELL}/minimum", "BAD_RANGE"),
        (f"{WELL}/maximum", -2e15, f"{WELL}/maximum", "BAD_RANGE"),
        (f"{WELL}/maximum", float("inf"), f"{WELL}/maximum", "NOT_FINITE"),
        (f"{TWICE}/expression", None, f"{TWICE}/expression", "EXPRESSION_MISSING"),
        (f"{TWICE}/expression", "wel * 2", f"{TWICE}/expression", "EXPRESSION_UNKNOWN_NAME"),
        (f"{HOME}/repeat/maximum", 0, f"{HOME}/repeat", "BAD_RANGE"),
        (f"{HOME}/repeat/maximum", 201, f"{HOME}/repeat", "BAD_RANGE"),
        (f"{HOME}/items/0/earliest", "1900-02-30", f"{HOME}/items/0/earliest", "NOT_A_DATE"),
        (f"{HOME}/items/0/earliest", "01.01.1900", f"{HOME}/items/0/earliest", "NOT_A_DATE"),
        (f"{HOME}/items/0/latest", "1899-12-31", f"{HOME}/items/0/latest", "BAD_RANGE"),
        (f"{ROAD}/min_selected", 3, f"{ROAD}/min_selected", "BAD_RANGE"),
        (f"{ROAD}/max_selected", 0, f"{ROAD}/max_selected", "BAD_RANGE"),
        (f"{ROAD}/max_length", -1, f"{ROAD}/max_length", "BAD_RANGE"),
        (f"{ROAD}/max_size_bytes", 0, f"{ROAD}/max_size_bytes", "BAD_RANGE"),
        (f"{ROAD}/media_types", ["image/png", "png"], f"{ROAD}/media_types/1", "BAD_MEDIA_TYPE"),
        ("/quotas/0/name", "a b", "/quotas/0/name", "BAD_NAME"),
        ("/quotas/0/limit", 0, "/quotas/0/limit", "BAD_RANGE"),
        ("/quotas/0/condition", " ", "/quotas/0/condition", "EXPRESSION_MISSING"),
    ],
)
def test_what_is_wrong_is_found_where_it_is(place: str, value: Any, at: str, reason: str) -> None:
    assert (at, reason) in found((place, value))


def test_kinds_with_a_field_per_option_keep_the_name_of_i_do_not_know() -> None:
    code = (f"{ROAD}/options/1/code", "dont_know")
    assert (f"{ROAD}/options/1/code", "BAD_CODE") not in found(code)
    assert (f"{ROAD}/options/1/code", "BAD_CODE") in found(code, (f"{ROAD}/kind", "ranking"))


def test_quotas_have_names_of_their_own() -> None:
    quota = GOOD["quotas"][0]
    assert found(("/quotas", [quota, quota])) == {("/quotas/1/name", "NAME_TWICE")}
    assert found(("/quotas", [{**quota, "name": "road"}])) == set()


def test_a_repeat_is_in_no_repeat_and_groups_go_two_deep() -> None:
    inner = {"name": "inner", "items": [{"name": "x", "kind": "text", "label": {"uk": "?"}}]}
    assert found((f"{HOME}/items/0", inner)) == set()
    assert found((f"{HOME}/items/0", {**inner, "repeat": {}})) == {(f"{HOME}/items/0/repeat", "REPEAT_IN_REPEAT")}
    deep = {"name": "deep", "items": [inner]}
    assert found((f"{HOME}/items/0", deep)) == {(f"{HOME}/items/0/items/0", "NESTED_TOO_DEEP")}


def test_nothing_but_notes_asks_nothing() -> None:
    note = {"name": "note", "kind": "note", "label": {"uk": "Вітаємо"}}
    assert found(("/pages/0/items", [note]), ("/quotas", [])) == {("/pages", "NO_QUESTIONS")}


def test_a_name_is_told_where_it_was_first() -> None:
    document = copy.deepcopy(GOOD)
    document["pages"][0]["items"][4]["items"][0]["name"] = "road"
    (fault,) = [each for each in faults(from_json(document)) if each.reason == "NAME_TWICE"]
    assert fault.values == {"value": "road", "first": ROAD}
