"""Tables of answers that others have published come over through a mapping, and give back their totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from tests.integration.surveys.test_crosstabs import counts, crosstab
from tests.integration.surveys.test_results import office
from tests.integration.surveys.world import CLI, World, request_id
from viche_cli.imports.answer_mapping import AnswerMapping, Asked, Type, read_mapping
from viche_cli.imports.answer_sending import BATCH, message_of
from viche_cli.imports.answer_table import opened
from viche_cli.imports.answers import Answer, answers
from viche_surveys.domain.definition import Definition, Kind, Option, Page, Question

ROOT = Path(__file__).parents[3]
MAPPINGS = ROOT / "tests" / "unit" / "cli" / "answers"
RESPONSES = ROOT.parent / "shared" / "data" / "surveys" / "responses"
pytestmark = pytest.mark.skipif(not RESPONSES.is_dir(), reason="the folder with others' answers is not here")
KINDS = {"columns": Kind.MULTIPLE, "places": Kind.RANKING, "rows": Kind.MATRIX}


def definition_of(mapping: AnswerMapping) -> Definition:
    """A survey that asks what a mapping maps."""
    return Definition(
        languages=("en",), title={"en": mapping.source},
        pages=(Page(name="all", items=tuple(map(question_of, mapping.questions))),),
    )  # fmt: skip


def question_of(asked: Asked) -> Question:
    codes = dict.fromkeys(asked.values.values()) if asked.values else asked.columns
    kind = Kind.TEXT if asked.type is Type.TEXT else KINDS.get(asked.shape, Kind.SINGLE)
    return Question(
        name=asked.name, kind=kind, label={"en": asked.name}, options=() if kind is Kind.TEXT else options(codes),
        rows=options(asked.columns) if kind is Kind.MATRIX else (), allows_dont_know=bool(asked.dont_know),
    )  # fmt: skip


def options(codes: Any) -> tuple[Option, ...]:
    return tuple(Option(code=code, label={"en": code}) for code in codes)


def chunks(found: Sequence[Answer]) -> Iterator[Sequence[Answer]]:
    rest = iter(found)
    while chunk := list(islice(rest, BATCH)):
        yield chunk


async def taken_over(world: World, file: str) -> tuple[Any, int, list[str]]:
    path = RESPONSES / file
    mapping = read_mapping(MAPPINGS / f"{path.parent.name}.toml", path.name)
    with opened(path, mapping.layout) as table:
        found = [each for each in answers(table, mapping) if isinstance(each, Answer)]
    survey = await world.draft(definition_of(mapping))
    stub = world.stub(results_pb2_grpc.ArchiveServiceStub, CLI)
    accepted, refused = 0, list[str]()
    for chunk in chunks(found):
        request = pb.BatchImportResponsesRequest(
            request_id=request_id(), survey_id=survey.id, source=mapping.source, items=map(message_of, chunk)
        )
        done = await stub.BatchImportResponses(request)
        accepted += done.accepted
        refused += [f"{each.external_id} {each.faults}" for each in done.faults]
    await world.surveys.snapshots.look()
    return survey, accepted, refused


async def totals(world: World, survey: Any) -> dict[tuple[str, str, str], int]:
    found = (await office(world, survey)).questions
    return {(each.name, cell.row, cell.code): cell.count for each in found for cell in each.cells}


async def test_people_on_the_oxford_comma(world: World) -> None:
    survey, accepted, refused = await taken_over(world, "comma/comma-survey.csv")
    assert (accepted, refused) == (1129, [])
    found = await totals(world, survey)
    assert (found["oxford", "", "with"], found["oxford", "", "without"]) == (641, 488)  # 57 % to 43 %
    assert (found["heard", "", "yes"], found["data", "", "singular"]) == (655, 865)
    assert sum(count for (name, _, _), count in found.items() if name == "education") == 1129 - 103
    by_age = counts(await crosstab(world, survey, "oxford", "age"))
    assert by_age["with", "18_29"] + by_age["without", "18_29"] == 221


async def test_people_on_star_wars(world: World) -> None:
    survey, accepted, refused = await taken_over(world, "star-wars/StarWars.csv")
    assert (accepted, refused) == (1186, [])
    found = await totals(world, survey)
    films = [found["seen", "", f"episode_{number}"] for number in range(1, 7)]
    # of 835 people who had seen any: 80 %, 68 %, 66 %, 73 %, 91 % and 88 %, as the article says
    assert films == [673, 571, 550, 607, 758, 738]
    assert (found["first_shot", "", "han"], found["first_shot", "", "greedo"]) == (325, 197)
    assert found["rank", "episode_5", "1"] == 289
    assert (found["view", "han_solo", "very_favorably"], found["view", "jar_jar_binks", "very_unfavorably"]) == (
        610,
        204,
    )
    six = [pb.Filter(question="seen", codes=[f"episode_{number}"]) for number in range(1, 7)]
    assert (await crosstab(world, survey, "any", filters=six)).responses == 471
    assert (await crosstab(world, survey, "seen")).responses == 835


async def test_people_on_the_weather(world: World) -> None:
    survey, accepted, refused = await taken_over(world, "weather-check/weather-check.csv")
    assert (accepted, refused) == (928, [])
    found = await totals(world, survey)
    how = {code: count for (name, _, code), count in found.items() if name == "how"}
    assert sorted(how.values(), reverse=True) == [213, 189, 175, 139, 130, 32, 31, 8]
    assert found["checks", "", "yes"] == 746
    income = next(each for each in (await office(world, survey)).questions if each.name == "income")
    assert income.dont_know == 169
