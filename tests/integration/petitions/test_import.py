"""Taking over petitions of another system, through the command and the running service."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.world import World, reason
from viche_chassis.access import Caller, Gatekeeper
from viche_chassis.app import Service, service_names, start
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import Verifier
from viche_cli.commands.import_petitions import import_
from viche_cli.faults import Fault
from viche_cli.imports.sending import BATCH

ROWS = 10_000
LIMIT_S = 150.0  # for as many rows, which take some seconds where nothing else runs


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A row as the UK list has it."""
    values: dict[str, Any] = {
        "_about": f"http://example.org/{number}",
        "created": {"_value": "2015-07-20T08:02:12.106Z", "_datatype": "dateTime"},
        "identifier": {"_value": str(number)},
        "label": {"_value": f"Petition number {number} of a list"},
        "numberOfSignatures": number,
        "status": "open",
    }
    return {**values, **changes}


def write(folder: Path, content: Any) -> Path:
    path = folder / "list.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@asynccontextmanager
async def serving(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The service on a port, and an environment in which the command finds it."""
    cli = make_key_pair(folder / "keys", "cli")
    gatekeeper = Gatekeeper("petitions", Verifier({"cli": cli.key}), None)
    names = service_names("viche.petitions.v1")
    server, _, port = await start(Service("petitions", "127.0.0.1:0", gatekeeper, world.petitions.register, names))
    for service in ("IDENTITY", "PETITIONS", "SURVEYS", "SOCIAL", "NOTIFICATIONS"):
        monkeypatch.setenv(f"VICHE_{service}_ADDRESS", f"127.0.0.1:{port}")
    monkeypatch.setenv("VICHE_SERVICE_KEY", str(folder / "keys" / "cli.pem"))
    try:
        yield
    finally:
        await server.stop(None)


async def run(*arguments: object) -> Result:
    """The command in a thread, so that the service may answer."""
    return await asyncio.to_thread(CliRunner().invoke, import_, ["petitions", *map(str, arguments)])


async def import_rows(world: World, *items: pb.ImportItem) -> list[pb.ImportResult]:
    stub = world.on(Caller("cli"))
    return list((await stub.BatchImportPetitions(pb.BatchImportPetitionsRequest(items=items))).results)


def item(number: int, **changes: Any) -> pb.ImportItem:
    values: dict[str, Any] = {
        "number": number, "title": "A petition of another system", "language": "en", "source_state": "open",
        "signature_count": 7, "source_url": f"http://example.org/{number}",
    }  # fmt: skip
    made = pb.ImportItem(**{**values, **changes})
    made.created_at.FromJsonString("2015-07-20T08:02:12.106Z")
    return made


async def test_every_real_petition_goes_in_with_its_state_and_count(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path
) -> None:
    path = shared_data / "petitions" / "uk_petitions_list.json"
    raw = json.loads(path.read_text())
    async with serving(world, tmp_path, monkeypatch):
        first = await run(path, "--json")
        second = await run(path, "--json")
    assert (first.exit_code, json.loads(first.stdout)["added"]) == (0, len(raw))
    again = json.loads(second.stdout)
    assert (second.exit_code, again["unchanged"], again["updated"], again["added"]) == (0, len(raw), 0, 0)
    stored = await world.rows("SELECT number, state, source_state, stated_count FROM petitions ORDER BY number")
    expected = [(int(r["identifier"]["_value"]), r["status"], r["status"], r["numberOfSignatures"]) for r in raw]
    assert [tuple(each) for each in stored] == sorted(expected)


async def test_broken_rows_are_named_and_the_rest_goes_in(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(1), row(2, status="lost"), "text", row(4, numberOfSignatures=-1), row(5, label={}), row(6), row(1)]
    async with serving(world, tmp_path, monkeypatch):
        result = await run(write(tmp_path, [*rows, row(6, _about="http://example.org/other")]))
    assert result.exit_code == 1
    named = [line.split(":")[0].rpartition(", ")[2] for line in result.stderr.splitlines()]
    assert named == ["row 2", "row 3", "row 4", "row 5", "row 8"]
    assert "2 new, 0 brought up to date, 1 there already, 5 refused" in result.stdout


async def test_changed_row_is_brought_up_to_date(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(world, tmp_path, monkeypatch):
        await run(write(tmp_path, [row(1), row(2)]))
        result = await run(write(tmp_path, [row(1), row(2, numberOfSignatures=50, status="closed")]), "--json")
    report = json.loads(result.stdout)
    assert (report["updated"], report["unchanged"]) == (1, 1)
    found = (await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(number=2))).petition
    assert (found.signature_count, found.state, found.is_archived) == (50, pb.PETITION_STATE_CLOSED, True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("", "is empty"), ("{", "breaks off (column 2)"), ("[1;2]", "is not JSON (column"), ("null", "uk-list")],
)
async def test_file_that_is_no_list_is_one_clear_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    result = await run(write(tmp_path, content))
    assert isinstance(result.exception, Fault)
    assert sentence in str(result.exception)


async def test_missing_and_binary_files_are_clear_sentences(tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    for name, sentence in (("missing.json", "No such file"), ("binary.json", "is not UTF-8")):
        assert sentence in str((await run(tmp_path / name)).exception)


async def test_check_reads_without_an_instance(tmp_path: Path) -> None:
    result = await run(write(tmp_path, [row(1), row(2, status=None)]), "--check")
    assert result.exit_code == 1
    assert "1 can go in, 1 cannot" in result.stdout


async def test_new_numbers_start_above_every_imported_one(world: World) -> None:
    await import_rows(world, item(178_330))
    assert (await world.open()).number == 178_331


async def test_number_of_our_own_petition_is_not_taken_over(world: World) -> None:
    petition = await world.open()
    results = await import_rows(world, item(petition.number), item(9))
    assert [reason(result) for result in results] == ["NUMBER_TAKEN", ""]


async def test_number_of_another_source_is_not_taken_over(world: World) -> None:
    await import_rows(world, item(5))
    results = await import_rows(world, item(5, source_url="http://example.org/else"))
    assert [reason(result) for result in results] == ["NUMBER_TAKEN"]


LISTED = item(5, source_name="UK Parliament", source_state="closed", signature_count=9)
ALONE = item(
    5, source_name="UK Parliament", source_key="uk-parliament/5", source_url="", background="More of it.",
    source=archive_pb2.SourceFacts(topics=["Sport"]),
)  # fmt: skip


@pytest.mark.parametrize("order", [(LISTED, ALONE), (ALONE, LISTED)], ids=["list first", "one alone first"])
async def test_a_list_and_one_petition_of_the_same_source_are_put_together(
    world: World, order: tuple[pb.ImportItem, pb.ImportItem]
) -> None:
    first, second = order
    assert not (await import_rows(world, first))[0].existed
    (result,) = await import_rows(world, second)
    assert (reason(result), result.existed, result.changed) == ("", True, True)
    found = (await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(number=5))).petition
    assert (found.signature_count, found.state, found.background) == (9, pb.PETITION_STATE_CLOSED, "More of it.")
    assert found.source_url == "http://example.org/5"
    (again,) = await import_rows(world, second)
    assert (reason(again), again.existed, again.changed) == ("", True, False)


async def test_bad_item_fails_alone(world: World) -> None:
    bad = [
        item(-1),
        item(2, title=" "),
        item(3, signature_count=-1),
        item(4, source_url=""),
        item(5, title="x" * 5_000),
    ]
    results = await import_rows(world, *bad, item(6))
    assert [reason(result) for result in results] == ["BAD_ROW"] * 5 + [""]


async def test_archived_petition_cannot_be_signed(world: World) -> None:
    await import_rows(world, item(1))
    found = (await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(number=1))).petition
    (result,) = await world.sign(world.item(found.id, "anna"))
    assert (found.state, reason(result)) == (pb.PETITION_STATE_OPEN, "NOT_OPEN")


async def test_interrupt_leaves_whole_batches_and_the_same_command_goes_on(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, [row(number) for number in range(1, ROWS + 1)])
    command = (str(Path(sys.executable).with_name("viche")), "import", "petitions", "--json", str(path))
    async with serving(world, tmp_path, monkeypatch):
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        while await stored(world) < BATCH:
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGINT)
        stopped = json.loads((await process.communicate())[0])
        left = await stored(world)
        began_at = time.monotonic()
        rest = json.loads((await run("--json", path)).stdout)
    assert (process.returncode, stopped["interrupted"]) == (130, True)
    assert BATCH <= left < ROWS
    assert left % BATCH == 0
    assert (rest["added"], rest["unchanged"]) == (ROWS - left, left)
    assert time.monotonic() - began_at < LIMIT_S


async def stored(world: World) -> int:
    (found,) = await world.rows("SELECT count(*) FROM petitions")
    return found[0]
