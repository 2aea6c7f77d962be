"""Levels of places: depth in the codifier that is loaded."""

import pytest

from tests.unit.surveys.answering import TODAY, planned, question, wrong
from viche_surveys.domain.definition import Definition, Group, Kind, Page
from viche_surveys.domain.document import from_json, to_json
from viche_surveys.domain.judging import Judged, judge
from viche_surveys.domain.plan import Plan
from viche_surveys.domain.reading import read_form, read_json
from viche_surveys.domain.territories import asks_for_levels, level_faults, levels_of
from viche_surveys.domain.values import outside_of

LEVELS = levels_of({"UA59": "UA", "UA05": "UA", "UA5902": "UA59", "UA590201": "UA5902"})


def form(asked: Plan, code: str) -> Judged:
    """What a form says where the codifier is loaded."""
    return judge(asked, read_form(asked, {"q": [code]}, outside_of(TODAY, LEVELS)), TODAY, "en")


def survey(**fields: object) -> Definition:
    """One that asks for a place, in a group."""
    group = Group(name="home", items=(question(), question(Kind.TERRITORY, "town", **fields)))
    return Definition(languages=("en",), title={"en": "A survey"}, pages=(Page(name="first", items=(group,)),))


def test_levels_are_depths_and_a_parent_that_is_not_loaded_is_none() -> None:
    assert LEVELS == {"UA59": 1, "UA05": 1, "UA5902": 2, "UA590201": 3}


@pytest.mark.parametrize(
    ("levels", "code", "faults"),
    [
        ((), "UA590201", []),
        ((1,), "UA59", []),
        ((1, 3), "UA590201", []),
        ((1, 3), "UA5902", [("q", "WRONG_LEVEL")]),
        ((2,), "UA99", [("q", "UNKNOWN_TERRITORY")]),
    ],
)
def test_answers_are_places_of_the_levels_that_are_asked_for(
    levels: tuple[int, ...], code: str, faults: list[tuple[str, str]]
) -> None:
    asked = planned([question(Kind.TERRITORY, levels=levels)])
    assert wrong(form(asked, code)) == faults
    outside = outside_of(TODAY, LEVELS)
    assert wrong(judge(asked, read_json(asked, {"q": code}, outside), TODAY, "en", is_strict=True)) == faults


@pytest.mark.parametrize("level", [0, -1, 4])
def test_a_level_that_the_codifier_lacks_is_a_fault_with_its_place(level: int) -> None:
    (found,) = level_faults(survey(levels=(1, level)), LEVELS)
    assert (found.place, found.reason) == ("/pages/0/items/0/items/1/levels/1", "UNKNOWN_LEVEL")
    assert found.values == {"value": str(level), "most": "3"}


def test_what_is_filled_in_at_first_is_of_a_level_that_is_taken() -> None:
    (found,) = level_faults(survey(levels=(1,), default="UA5902"), LEVELS)
    assert (found.place, found.reason) == ("/pages/0/items/0/items/1/default", "BAD_DEFAULT")
    assert not list(level_faults(survey(levels=(2,), default="UA5902"), LEVELS))


def test_only_levels_need_the_codifier() -> None:
    assert asks_for_levels(survey(levels=(1,)))
    assert not asks_for_levels(survey())
    assert not list(level_faults(survey(), {}))


def test_levels_of_before_are_read_leniently_and_written_as_numbers() -> None:
    document = to_json(survey(levels=(1,)))
    town = document["pages"][0]["items"][0]["items"][1]
    town["levels"] = ["oblast", "2", 3]
    read = from_json(document)
    assert next(each for each in read.questions() if each.name == "town").levels == (2, 3)
    assert to_json(read)["pages"][0]["items"][0]["items"][1]["levels"] == [2, 3]
    town["levels"] = ["oblast"]
    assert "levels" not in to_json(from_json(document))["pages"][0]["items"][0]["items"][1]
