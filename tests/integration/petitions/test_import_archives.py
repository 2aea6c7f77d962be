"""Archives of four countries taken over whole, through the command and the running service."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.test_import import import_rows, item, reason, run, serving
from tests.integration.petitions.world import World
from tests.integration.recomputed.reading import objects, rows
from viche_chassis.access import Caller


async def take_over(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *files: Path) -> list[Any]:
    """What the command reports of each file."""
    async with serving(world, tmp_path, monkeypatch):
        result = await run("--json", *files)
    return [json.loads(line) for line in result.stdout.splitlines()]


def figures(report: Any) -> tuple[int, int, int, int, int]:
    refused = sum(each["rows"] for each in report["refused"])
    return report["rows"], report["added"], report["updated"], report["unchanged"], refused


async def get(world: World, number: int) -> pb.Petition:
    return (await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(number=number))).petition


async def tally(world: World, petition_id: str) -> pb.GetTallyResponse:
    return await world.counts.GetTally(pb.GetTallyRequest(petition_id=petition_id))


async def history(world: World, petition_id: str) -> list[tuple[str, int]]:
    found = await world.counts.GetCountHistory(pb.GetCountHistoryRequest(petition_id=petition_id))
    return [(point.day, point.signature_count) for point in found.points]


@pytest.mark.parametrize(
    ("name", "number", "total", "by_country"),
    [("uk_131215_2016-06-27T00", 131215, 3_555_721, 3_555_684), ("uk_241584_2019-03-24", 241584, 5_156_603, 5_154_004)],
)
async def test_single_petition_keeps_everything_that_its_site_says(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path, name: str, number: int,
    total: int, by_country: int,
) -> None:  # fmt: skip
    path = shared_data / "petitions" / f"{name}.json"
    given = json.loads(path.read_text())["data"]["attributes"]
    (report,) = await take_over(world, tmp_path, monkeypatch, path)
    (again,) = await take_over(world, tmp_path, monkeypatch, path)
    assert (figures(report), figures(again)) == ((1, 1, 0, 0, 0), (1, 0, 0, 1, 0))
    found = await get(world, number)
    assert (found.title, found.background, found.signature_count) == (given["action"], given["background"], total)
    assert (found.source_name, found.source_licence) == ("UK Parliament", "Open Government Licence v3.0")
    assert found.source_url == f"https://petition.parliament.uk/petitions/{number}"
    stages = {stage.event: stage.at.ToJsonString() for stage in found.source.stages}
    assert stages == {
        "moderation_threshold_reached": given["moderation_threshold_reached_at"],
        "opened": given.get("opened_at") or given["open_at"],
        "response_threshold_reached": given["response_threshold_reached_at"],
        "debate_threshold_reached": given["debate_threshold_reached_at"],
    }
    counts = await tally(world, found.id)
    sums: Counter[str] = Counter()
    for territory in counts.territories:
        sums[territory.kind] += territory.signature_count
    assert (counts.signature_count, sums["country"]) == (total, by_country)
    constituencies = [
        (each.territory_code, each.territory_name, each.representative, each.signature_count)
        for each in counts.territories
        if each.kind == "constituency"
    ]
    assert constituencies == [
        (each["ons_code"], each["name"], each["mp"] or "", each["signature_count"])
        for each in given["signatures_by_constituency"]
    ]


async def test_list_without_numbers_and_dates_gets_numbers_and_no_dates(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path
) -> None:
    path = shared_data / "petitions" / "ua_president_petitions_2015.json"
    raw = objects(path)
    (report,) = await take_over(world, tmp_path, monkeypatch, path)
    query = "SELECT number, title, stated_count, created_at, opened_at FROM petitions ORDER BY number"
    stored = [tuple(each) for each in await world.rows(query)]
    (again,) = await take_over(world, tmp_path, monkeypatch, path)
    assert (figures(report), figures(again)) == ((740, 740, 0, 0, 0), (740, 0, 0, 740, 0))
    assert stored == [
        (number, " ".join(each["title"].split()), each["votes"], None, None) for number, each in enumerate(raw, start=1)
    ]
    assert [tuple(each) for each in await world.rows(query)] == stored
    assert (await world.open()).number == 741


async def test_initiatives_and_their_daily_counts_go_in_together(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path
) -> None:
    folder = shared_data / "petitions"
    initiatives, daily = folder / "it_initiatives.jsonl", folder / "it_initiatives_daily.jsonl"
    known = {each["id"] for each in objects(initiatives)}
    points = objects(daily)
    missing = sum(each["id"] not in known for each in points)
    reports = await take_over(world, tmp_path, monkeypatch, daily, initiatives)
    assert [report["format"] for report in reports] == ["it-initiatives", "it-daily"]
    taken = len(points) - missing
    assert list(map(figures, reports)) == [(55, 55, 0, 0, 0), (9_601, taken, 0, 0, missing)]
    again = await take_over(world, tmp_path, monkeypatch, initiatives, daily)
    assert list(map(figures, again)) == [(55, 0, 0, 55, 0), (9_601, 0, 0, taken, missing)]
    stored = await world.rows(
        "SELECT p.source_key, s.day, s.count FROM stated_counts s JOIN petitions p ON p.id = s.petition_id"
    )
    expected = {(f"it-initiatives/{each['id']}", each["data"], each["sostenitori"]) for each in points}
    assert {(key, day.isoformat(), count) for key, day, count in stored} == {
        each for each in expected if int(each[0].rpartition("/")[2]) in known
    }


async def test_initiative_keeps_its_text_quorum_and_days(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path
) -> None:
    path = shared_data / "petitions" / "it_initiatives.jsonl"
    await take_over(world, tmp_path, monkeypatch, path)
    for number, raw in enumerate(objects(path), start=1):
        found = await get(world, number)
        assert found.title == " ".join(raw["titolo"].split())
        assert found.source.threshold == raw["quorum"]
        assert found.source_state == raw["idDecStatoIniziativa.nome"]
        days = {stage.event: stage.day for stage in found.source.stages}
        assert days["opened"] == raw["dataInizioRaccolta"]
        assert days.get("closed") == raw.get("dataChiusura")
        assert days.get("deadline", "9999-12-31") == raw["dataFineRaccolta"]


async def test_american_table_keeps_thresholds_and_responses(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path
) -> None:
    path = shared_data / "petitions" / "us_wethepeople_petitions_2013.csv"
    raw = rows(path)
    (report,) = await take_over(world, tmp_path, monkeypatch, path)
    (again,) = await take_over(world, tmp_path, monkeypatch, path)
    assert (figures(report), figures(again)) == ((970, 970, 0, 0, 0), (970, 0, 0, 970, 0))
    stored = await world.rows(
        "SELECT source_key, stated_count, source_state, source_facts->>'threshold' AS threshold,"
        " source_facts->'response'->>'url' AS response, extract(epoch FROM created_at)::bigint AS created_s"
        " FROM petitions"
    )
    assert {tuple(each) for each in stored} == {
        (
            f"us-wethepeople/{each['id']}", int(float(each["signatureCount"])), each["status"],
            str(int(float(each["signatureThreshold"]))), each["response.url"] or None, int(float(each["created"])),
        )
        for each in raw
    }  # fmt: skip
    assert sum(each[4] is not None for each in stored) == 96


async def test_counts_that_fall_and_gaps_stay_as_stated(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await import_rows(world, item(0, source_key="it-initiatives/7", source_url=""))
    lines = [("2025-07-06", 20), ("2025-07-07", 15), ("2025-07-30", 40)]
    path = tmp_path / "daily.jsonl"
    path.write_text("\n".join(json.dumps({"id": 7, "data": day, "sostenitori": n}) for day, n in lines))
    (report,) = await take_over(world, tmp_path, monkeypatch, path)
    assert figures(report) == (3, 3, 0, 0, 0)
    assert await history(world, (await get(world, 1)).id) == lines


async def test_day_that_changed_at_its_source_is_brought_up_to_date(world: World) -> None:
    def bring(*counts: tuple[str, int]) -> pb.ImportItem:
        made = [archive_pb2.StatedCount(day=day, signature_count=n) for day, n in counts]
        return pb.ImportItem(source_key="k", counts_only=True, counts=made)

    await import_rows(world, item(3, source_key="k"), bring(("2025-07-06", 1), ("2025-07-07", 2)))
    (result,) = await import_rows(world, bring(("2025-07-07", 5), ("2025-07-08", 6)))
    assert (result.counts_added, result.counts_changed) == (1, 1)
    found = await history(world, (await get(world, 3)).id)
    assert found == [("2025-07-06", 1), ("2025-07-07", 5), ("2025-07-08", 6)]


async def test_counts_of_an_unknown_petition_are_refused(world: World) -> None:
    (result,) = await import_rows(world, pb.ImportItem(source_key="it-initiatives/9", counts_only=True))
    assert reason(result) == "PETITION_NOT_FOUND"


async def test_bad_parts_of_an_item_are_named(world: World) -> None:
    bad = [item(number) for number in range(1, 7)]
    bad[0].counts.add(day="6 July", signature_count=1)
    bad[1].counts.add(day="2025-07-06", signature_count=-1)
    bad[2].territories.add(kind="country", code="GB", territory_name="")
    bad[3].source.stages.add(event="opened", day="2025-7-6")
    bad[4].source.topics.append("\x00")
    bad[5].source.updated_at.seconds = 2**62
    results = await import_rows(world, *bad, item(7))
    assert [reason(result) for result in results] == ["BAD_ROW"] * 6 + [""]


async def test_number_that_was_given_out_here_stays(world: World) -> None:
    unnumbered = item(0, source_key="a", source_url="", title="A petition that has no number")
    await import_rows(world, unnumbered, item(900))
    unnumbered.signature_count = 99
    (result,) = await import_rows(world, unnumbered)
    assert (result.existed, result.changed) == (True, True)
    assert (await get(world, 1)).signature_count == 99


async def test_petitions_without_dates_come_last_and_every_page_follows(world: World) -> None:
    undated = [item(0, source_key=str(n), source_url="") for n in range(3)]
    for each in undated:
        each.ClearField("created_at")
    await import_rows(world, *undated, item(50), item(51))
    opened = await world.open()
    found, token = [], ""
    while True:
        request = pb.ListPetitionsRequest(page_size=2, page_token=token, order=pb.PETITION_ORDER_RECENT)
        page = await world.on(Caller("gateway")).ListPetitions(request)
        found += [petition.number for petition in page.petitions]
        token = page.next_page_token
        if not token:
            break
    assert found == [opened.number, 51, 50, 3, 2, 1]
    assert opened.number == 52
