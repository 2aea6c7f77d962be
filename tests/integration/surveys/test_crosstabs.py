"""Tables of two questions over snapshots in Parquet."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from tests.integration.surveys.answering import option, question, survey_of
from tests.integration.surveys.test_surveys import violations
from tests.integration.surveys.world import OFFICER, VILLAGE, World, person, request_id
from viche_chassis.ids import new_id
from viche_chassis.testing import FakeRpcError
from viche_surveys import snapshots
from viche_surveys.domain.definition import Kind

YES_NO = (option("yes"), option("no"))
TOWN = survey_of([
    question("sex", Kind.SINGLE, options=(option("w"), option("m"))),
    question("Sex", Kind.SINGLE, options=YES_NO),
    question("age", Kind.SINGLE, options=(option("young"), option("old"))),
    question("bus", Kind.SINGLE, options=YES_NO, allows_dont_know=True),
    question("uses", Kind.MULTIPLE, options=(option("tram"), option("bike"), option('a"b/c~'))),
    question("rates", Kind.MATRIX, rows=(option("road"), option("park")), options=(option("good"), option("bad"))),
    question("rank", Kind.RANKING, options=(option("x"), option("y"))),
    question("stars", Kind.SCALE, minimum=1, maximum=10),
    question("why"),
    question("name", Kind.SINGLE, options=YES_NO, is_personal=True),
])  # fmt: skip


async def put(world: World, survey: Any, count: int = 1, version: int = 1, **answers: Any) -> None:
    rows = [(survey.id, new_id(), request_id(), version, json.dumps(answers)) for _ in range(count)]
    for row in rows:
        await world.rows(
            "INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel)"
            " VALUES (%s, %s, %s, sha256('x'), %s, %s, 'uk', 'portal')",
            *row,
        )


async def crosstab(world: World, survey: Any, rows: str, columns: str = "", caller: Any = OFFICER, **more: Any) -> Any:
    request = pb.GetCrosstabRequest(survey_id=survey.id, rows=rows, columns=columns, **more)
    return await world.stub(results_pb2_grpc.ResultsServiceStub, caller).GetCrosstab(request)


def counts(found: pb.GetCrosstabResponse) -> dict[Any, int]:
    keys = [(row, column) if column else row for row in found.row_codes for column in found.column_codes or [""]]
    return {key: cell.count for key, cell in zip(keys, found.cells, strict=True) if cell.count}


async def test_two_questions_are_set_against_each_other(world: World) -> None:
    survey = await world.open(TOWN)
    for sex, bus, count in (("w", "yes", 6), ("w", "no", 2), ("m", "yes", 3), ("m", "no", 9)):
        await put(world, survey, count, sex=sex, bus=bus)
    await put(world, survey, 2, sex="m", bus={"dont_know": True})
    await put(world, survey, 3, sex="w")
    await world.surveys.snapshots.look()
    found = await crosstab(world, survey, "bus", "sex")
    assert (found.row_codes, found.column_codes, found.responses) == (["yes", "no", " dont_know"], ["w", "m"], 22)
    assert [each.count for each in found.cells] == [6, 3, 2, 9, 0, 2]
    assert found.cells[0].share == 0.75
    assert (round(found.cells[0].share_low, 4), round(found.cells[0].share_high, 4)) == (0.4093, 0.9285)
    assert found.row_labels[2].label["uk"] == "Не знаю"
    assert (found.chi_square, found.degrees_of_freedom) == (pytest.approx(44 / 7), 2)  # by hand
    assert found.cramers_v == pytest.approx((44 / 7 / 22) ** 0.5)
    assert found.effective_n == 22
    assert found.HasField("at")


async def test_frequencies_of_every_kind(world: World) -> None:
    survey = await world.open(TOWN)
    await put(
        world, survey, 2, uses=["tram", 'a"b/c~'], rates={"road": "bad", "park": "good"}, rank=["y", "x"], stars=10
    )
    await put(world, survey, uses=["tram"], rates={"road": "good"}, stars=9.5, Sex="no", sex="m")
    await world.surveys.snapshots.look()
    assert counts(await crosstab(world, survey, "uses")) == {"tram": 3, 'a"b/c~': 2}
    assert counts(await crosstab(world, survey, "rates.road")) == {"good": 1, "bad": 2}
    assert counts(await crosstab(world, survey, "rates.park")) == {"good": 2}
    assert counts(await crosstab(world, survey, "rank.y")) == {"1": 2}
    stars = await crosstab(world, survey, "stars")
    assert (stars.row_codes, counts(stars)) == (["9.5", "10"], {"9.5": 1, "10": 2})
    assert (counts(await crosstab(world, survey, "Sex")), counts(await crosstab(world, survey, "sex"))) == (
        {"no": 1}, {"m": 1},
    )  # fmt: skip


async def test_who_chose_several_counts_in_each_and_once_in_the_base(world: World) -> None:
    survey = await world.open(TOWN)
    await put(world, survey, 3, uses=["tram", "bike"], sex="w")
    await put(world, survey, 1, uses=["tram"], sex="w")
    await put(world, survey, 2, uses=["bike"], sex="m")
    await world.surveys.snapshots.look()
    found = await crosstab(world, survey, "uses", "sex")
    assert counts(found) == {("tram", "w"): 4, ("bike", "w"): 3, ("bike", "m"): 2}
    assert (found.responses, found.effective_n, found.chi_square) == (6, 6, 0)
    assert [each.share for each in found.cells] == [1.0, 0.0, 0.75, 1.0, 0.0, 0.0]
    turned = await crosstab(world, survey, "sex", "uses")
    assert [round(each.share, 3) for each in turned.cells[:2]] == [1.0, 0.6]
    both = await crosstab(world, survey, "uses", "uses")
    assert counts(both)["tram", "bike"] == 3
    assert (both.responses, both.cells[0].share) == (6, 1.0)


async def test_only_answers_for_which_all_filters_hold(world: World) -> None:
    survey = await world.open(TOWN)
    await put(world, survey, 3, sex="w", uses=["tram"], rates={"road": "bad"})
    await put(world, survey, 2, sex="w", uses=["bike", "tram"], rates={"road": "good"})
    await put(world, survey, 1, sex="m", uses=["bike"])
    await world.surveys.snapshots.look()
    filters = [pb.Filter(question="uses", codes=["bike"])]
    assert counts(await crosstab(world, survey, "sex", filters=filters)) == {"w": 2, "m": 1}
    filters.append(pb.Filter(question="rates", row="road", codes=["good", "'; --"]))
    assert counts(await crosstab(world, survey, "sex", filters=filters)) == {"w": 2}
    by_fact = [pb.Filter(question="language", codes=["uk"]), pb.Filter(question="version", codes=["2"])]
    assert counts(await crosstab(world, survey, "sex", filters=by_fact[:1])) == {"w": 5, "m": 1}
    assert counts(await crosstab(world, survey, "sex", filters=by_fact)) == {}


async def test_weights_bring_shares_to_their_targets(world: World) -> None:
    survey = await world.open(TOWN)
    for sex, age, bus, count in (("w", "young", "yes", 12), ("w", "old", "no", 4), ("m", "young", "no", 3),
                                 ("m", "old", "yes", 1)):  # fmt: skip
        await put(world, survey, count, sex=sex, age=age, bus=bus)
    await world.surveys.snapshots.look()
    margins = [pb.Margin(question="sex", shares={"w": 0.5, "m": 0.5}),
               pb.Margin(question="age", shares={"young": 0.4, "old": 0.6})]  # fmt: skip
    by_sex = await crosstab(world, survey, "sex", margins=margins)
    assert [round(each.weighted, 6) for each in by_sex.cells] == [10, 10]
    assert [each.count for each in by_sex.cells] == [16, 4]
    by_age = await crosstab(world, survey, "age", margins=margins)
    assert [round(each.share, 6) for each in by_age.cells] == [0.4, 0.6]
    assert by_age.margin_gap < 1e-8
    assert 1 < by_age.effective_n < 20
    women = await crosstab(
        world, survey, "bus", "sex", margins=margins, filters=[pb.Filter(question="sex", codes=["w"])]
    )
    assert round(sum(each.weighted for each in women.cells), 6) == 10


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"rows": "nothing"}, "rows", "UNKNOWN_QUESTION"),
        ({"rows": "why"}, "rows", "UNKNOWN_QUESTION"),
        ({"rows": "name"}, "rows", "UNKNOWN_QUESTION"),
        ({"rows": "sex", "columns": "rates"}, "columns", "UNKNOWN_QUESTION"),
        ({"rows": "sex", "filters": [pb.Filter(question="x", codes=["1"])]}, "filters[0].question", "UNKNOWN_QUESTION"),
        ({"rows": "sex", "margins": [pb.Margin(question="uses", shares={"tram": 1})]}, "margins[0].question",
         "UNKNOWN_QUESTION"),
        ({"rows": "sex", "margins": [pb.Margin(question="sex", shares={"w": 0.5})]}, "margins[0].shares",
         "SHARES_NOT_WHOLE"),
        ({"rows": "sex", "margins": [pb.Margin(question="age", shares={"old": 1})]}, "margins[0].shares",
         "NOBODY_ANSWERED"),
    ],
)  # fmt: skip
async def test_what_cannot_be_counted_is_said(world: World, fields: Any, field: str, reason: str) -> None:
    survey = await world.open(TOWN)
    await put(world, survey, 2, sex="w")
    await world.surveys.snapshots.look()
    with pytest.raises(FakeRpcError) as refused:
        await crosstab(world, survey, **fields)
    assert violations(refused) == {(field, reason)}


async def test_without_a_snapshot_there_is_no_table(world: World) -> None:
    survey = await world.open(TOWN)
    await world.surveys.snapshots.look()
    with pytest.raises(FakeRpcError, match="NO_SNAPSHOT"):
        await crosstab(world, survey, "sex")


async def test_others_count_nothing(world: World) -> None:
    survey = await world.open(TOWN)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await crosstab(world, survey, "sex", caller=person("stranger", at=VILLAGE))


async def parts(world: World) -> list[Any]:
    return (await world.rows("SELECT parts FROM snapshots"))[0][0]


async def test_files_that_are_whole_stay_and_the_last_one_is_written_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PART", 4), ("PAGE", 2), ("SETTLED_S", -1.0)):
        monkeypatch.setattr(snapshots, name, value)
    survey = await world.open(TOWN)
    seen = []
    for _ in range(4):
        await put(world, survey, 3, sex="w")
        await world.surveys.snapshots.look(0)
        seen.append(await parts(world))
        assert counts(await crosstab(world, survey, "sex")) == {"w": 3 * len(seen)}
    assert [[part[1] for part in each] for each in seen] == [[3], [4, 2], [4, 4, 1], [4, 4, 4]]
    for before, after in pairwise(seen):
        assert [part for part in before if part[3]] == [part for part in after if part in before]
    assert len(list(world.objects.list("surveys/snapshots/"))) <= len(seen[-1]) + 1  # those just replaced may be read


async def test_an_answer_that_is_committed_late_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PART", 2)
    survey = await world.open(TOWN)
    early = new_id()
    await put(world, survey, 4, sex="w")
    await world.surveys.snapshots.look(0)
    await world.rows(
        "INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel)"
        " VALUES (%s, %s, %s, sha256('x'), 1, '{\"sex\": \"m\"}', 'uk', 'portal')",
        survey.id, early, request_id(),
    )  # fmt: skip
    await world.surveys.snapshots.look(0)
    assert counts(await crosstab(world, survey, "sex")) == {"w": 4, "m": 1}


async def test_a_snapshot_is_not_taken_too_often(world: World) -> None:
    survey = await world.open(TOWN)
    await put(world, survey, sex="w")
    await world.surveys.snapshots.look()
    await put(world, survey, sex="w")
    await world.surveys.snapshots.look()
    assert counts(await crosstab(world, survey, "sex")) == {"w": 1}


async def test_questions_of_a_new_version_are_counted_with_those_of_the_old(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PART", 1)
    monkeypatch.setattr(snapshots, "SETTLED_S", -1.0)
    survey = await world.open(TOWN)
    await put(world, survey, sex="w")
    await world.surveys.snapshots.look(0)
    more = survey_of([*TOWN.pages[0].items, question("dog", Kind.SINGLE, options=YES_NO)])
    await world.update(survey.id, more)
    assert counts(await crosstab(world, survey, "dog")) == {}
    await put(world, survey, version=2, sex="w", dog="no")
    await world.surveys.snapshots.look(0)
    assert counts(await crosstab(world, survey, "dog", "sex")) == {("no", "w"): 1}
    assert counts(await crosstab(world, survey, "sex")) == {"w": 2}


async def test_a_snapshot_whose_files_are_gone_is_taken_anew(world: World) -> None:
    survey = await world.open(TOWN)
    await put(world, survey, 2, sex="w")
    await world.surveys.snapshots.look()
    for key in list(world.objects.list("surveys/snapshots/")):
        world.objects.delete(key)
    with pytest.raises(FakeRpcError, match="NO_SNAPSHOT"):
        await crosstab(world, survey, "sex")
    await world.surveys.snapshots.look()
    assert counts(await crosstab(world, survey, "sex")) == {"w": 2}
