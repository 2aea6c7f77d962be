"""Known shares of a real register come out of the report, from the files to its rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from viche.social.v1 import presence_pb2 as pb

from tests.integration.social.world import CLI, World, request_id
from viche_cli.commands.import_accounts import as_request
from viche_cli.imports.registers import figures
from viche_cli.imports.registers.reading import read
from viche_gateway.presence_shapes import document

FILES = ("congress-current.json", "congress-social-media.yaml", "congress_accounts_office_campaign.json")
HOUSE = {"twitter": 416, "facebook": 397, "instagram": 323, "youtube": 239, "mastodon": 13}
SENATE = {"facebook": 93, "twitter": 90, "instagram": 84, "youtube": 79, "mastodon": 0}


@pytest.fixture
def folder(shared_data: Path) -> Path:
    found = shared_data / "social"
    if not found.is_dir():
        pytest.skip(f"no registers at {found}")
    return found


async def take(world: World, path: Path, on: datetime | None = None) -> Any:
    return await world.register(CLI).ImportRegister(as_request(read(path, ""), on))


async def report(world: World, on: str = "") -> dict[str, Any]:
    return document(await world.presence(CLI).GetReport(pb.GetReportRequest(on=on)))


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1)])
async def test_known_shares_come_out(world: World, folder: Path, order: tuple[int, ...]) -> None:
    for name in (FILES[place] for place in order):
        await take(world, folder / name)
    again = [await take(world, folder / name) for name in FILES]
    assert [(each.bodies_added, each.bodies_ended, each.accounts_added, each.accounts_ended) for each in again] == [
        (0, 0, 0, 0)
    ] * 3
    rows = (await report(world))["rows"]
    for kind, known, of in (("house", HOUSE, 437), ("senate", SENATE, 100)):
        found = {row["platform"]: row["accounts"] for row in rows if row["authority_kind"] == kind}
        assert found == known
        assert {row["of"] for row in rows if row["authority_kind"] == kind} == {of}
    (house,) = [row for row in rows if (row["authority_kind"], row["platform"]) == ("house", "twitter")]
    assert (house["share"], house["percent"]) == (0.9519, 95)


async def test_figures_of_a_day_long_ago_make_its_ranking(world: World, folder: Path) -> None:
    for name in FILES[:2]:
        await take(world, folder / name)
    rows = figures.read(folder / "twitter_accounts_2017-08-09.csv").rows
    given = [
        pb.Figure(
            platform=each.platform, handle=each.handle, external_id=each.external_id, metric=each.metric,
            value=each.value,
        )
        for each in rows
    ]  # fmt: skip
    request = pb.ImportFiguresRequest(request_id=request_id(), on="2017-08-09", figures=given)
    done = await world.presence(CLI).ImportFigures(request)
    assert (done.taken, len(done.unknown)) == (113 * 4, (532 - 113) * 4)
    then = await report(world, "2017-08-09")
    assert then["rows"] == []  # the register does not reach back so far
    first = then["ranking"][0]
    assert (first["rank"], first["platform"], first["day"]) == (1, "twitter", "2017-08-09")
    assert first["followers"] == max(row["followers"] for row in then["ranking"])
    assert len(then["ranking"]) == 20
