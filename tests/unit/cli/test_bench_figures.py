"""Memory, pgbench's report, and the lines that a benchmark leaves."""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from viche_cli.bench import answering, cpu, memory, own, pgbench, phases, signing, similar, surveys
from viche_cli.bench.load import Target
from viche_cli.bench.region import OpenPetition, Region
from viche_cli.bench.results import Results
from viche_cli.faults import Fault
from viche_surveys.domain.checking import faults
from viche_surveys.domain.document import from_json
from viche_surveys.domain.plan import plan
from viche_surveys.domain.reading import read_form
from viche_surveys.domain.values import Outside

REPORT = """\
number of transactions actually processed: 53166
number of failed transactions: {failed} (0.000%)
latency average = 1.8 ms
tps = 17722.120015 (without initial connection time)
"""


@pytest.fixture
def proc(tmp_path: Path) -> Callable[..., None]:
    def add(pid: int, parent: int, pss_kib: int, name: str = "x") -> None:
        folder = tmp_path / "proc" / str(pid)
        folder.mkdir(parents=True)
        (folder / "stat").write_text(f"{pid} ({name}) S {parent} 1 1 0")
        (folder / "smaps_rollup").write_text(f"00 ---p [rollup]\nRss: 9999 kB\nPss: {pss_kib} kB\nPss_Anon: 1 kB\n")

    return add


def test_memory_is_that_of_all_descendants(tmp_path: Path, proc: Callable[..., None]) -> None:
    for pid, parent, pss_kib in ((10, 1, 1000), (11, 10, 500), (12, 11, 250), (13, 1, 9000)):
        proc(pid, parent, pss_kib)

    found = memory.descendants(10, tmp_path / "proc")

    assert sorted(found) == [10, 11, 12]
    assert memory.pss_mb(found, tmp_path / "proc") == pytest.approx(1750 * 1024 / 1e6)


def test_the_peak_of_a_process_is_forgotten_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "proc" / "10"
    folder.mkdir(parents=True)
    (folder / "status").write_text("Name:\tx\nVmPeak:\t 9000 kB\nVmHWM:\t 2000 kB\nVmRSS:\t 1000 kB\n")

    memory.forget_peak(10, tmp_path / "proc")

    assert (folder / "clear_refs").read_text() == "5"
    assert memory.peak_mb(10, tmp_path / "proc") == pytest.approx(2000 * 1024 / 1e6)


def test_the_survey_of_the_bench_has_twenty_questions_that_can_be_asked() -> None:
    asked = from_json(surveys.definition())

    assert len(list(asked.questions())) == 20
    assert faults(asked) == []


def test_every_answer_of_the_bench_is_taken_and_has_its_own_id() -> None:
    form = answering.Form("form=f", {"csrf_token": "t", "-request": str(uuid.uuid4()), "-shown": "single_1"})
    survey = surveys.OpenSurvey(uuid.uuid4(), 7)

    sent = list(islice(answering.answers(Target("127.0.0.1", 80), survey, form), answering.PAPERS + 1))

    papers = [parse_qs(each.decode().partition("\r\n\r\n")[2]) for each in sent]
    assert len({uuid.UUID(request) for each in papers for request in each["-request"]}) == len(sent)
    asked = plan(from_json(surveys.definition()))
    for paper in papers:
        given = read_form(asked, paper, Outside(date(2026, 1, 1), bool, {}))
        assert not given.faults
        assert len(given.values) >= 19


def test_pgbench_takes_nothing_in_an_answer_for_a_variable_or_an_end() -> None:
    script = answering.insert_script(surveys.OpenSurvey(uuid.uuid4(), 7), '{"why": "It\'s dark"}')

    assert "'{\"why\": \"It''s dark\"}'" in script
    assert set(re.findall(r":([A-Za-z_]+)", script)) == {"citizen"}


def test_a_bracket_in_a_program_name_does_not_hide_its_parent(tmp_path: Path, proc: Callable[..., None]) -> None:
    proc(10, 1, 1)
    proc(11, 10, 1, name="a) S 1 (b")

    assert memory.descendants(10, tmp_path / "proc") == [10, 11]


def test_cpu_time_is_that_of_processes_with_the_name(tmp_path: Path) -> None:
    commands = {
        10: b"viche\0up",
        11: b"python\0-m\0viche_petitions",
        12: b"postgres: viche_petitions idle",
        13: b"nats",
    }
    for pid, command in commands.items():
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "cmdline").write_bytes(command)
        fields = ["S", "10" if pid > 10 else "1", *"000000000", "200", "100", "7"]
        (folder / "stat").write_text(f"{pid} (a) b) {' '.join(fields)}")

    found = cpu.named(10, "viche_petitions", tmp_path)

    assert sorted(found) == [11, 12]
    assert cpu.used_s([*found, 99], tmp_path) == pytest.approx(600 / os.sysconf("SC_CLK_TCK"))


def test_titles_of_the_bench_are_many_and_always_the_same() -> None:
    made = list(similar.titles(2_000))

    assert made == list(similar.titles(2_000))
    assert len(set(made)) > 1_900
    assert max(map(len, made)) < 150


def test_pgbench_is_read() -> None:
    assert pgbench.parse(REPORT.format(failed=0)) == 17722.120015


@pytest.mark.parametrize("report", [REPORT.format(failed=3), "pgbench: error"])
def test_a_row_that_pgbench_could_not_insert_is_a_fault(report: str) -> None:
    with pytest.raises(Fault, match="pgbench"):
        pgbench.parse(report)


def test_lines_are_printed_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = Results(tmp_path / "bench" / "results.jsonl")
    results.add("pgbench_insert_per_s", 20000.4, "1/s")
    results.add_median("sign_http_per_s", [1.0, 2000.0, 3.0e6], "1/s")
    results.add_ratio("sign_http_vs_pgbench", "sign_http_per_s", "pgbench_insert_per_s")

    printed = capsys.readouterr().out

    assert [json.loads(line) for line in printed.splitlines()] == [
        {"name": "pgbench_insert_per_s", "value": 20000, "unit": "1/s"},
        {"name": "sign_http_per_s", "value": 2000, "unit": "1/s"},
        {"name": "sign_http_vs_pgbench", "value": 0.1, "unit": "1", "against": "pgbench_insert_per_s"},
    ]
    assert results.path.read_text() == printed


def test_a_ratio_of_what_was_not_measured_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Results(tmp_path / "results.jsonl").add_ratio("a_vs_b", "a", "b")

    assert not capsys.readouterr().out


def test_a_ratio_asks_for_both_of_its_figures() -> None:
    wanted = phases.Wanted(1.0, {"sign_http_vs_pgbench"})

    assert wanted.has("pgbench_insert_per_s")
    assert wanted.has("sign_http_per_s")
    assert not wanted.has("bare_flask_per_s")


def test_the_measured_instance_knows_nothing_of_another() -> None:
    given = own.environment({"VICHE_POSTGRES_URL": "postgresql://x", "VICHE_HOME": "x", "OTEL_TRACES_SAMPLER": "y"})

    assert given == {**own.SETTINGS, "OTEL_TRACES_SAMPLER": "y"}


def test_every_signature_is_of_another_person_or_petition_and_has_its_own_id() -> None:
    region = Region(["one", "two", "three"], [OpenPetition("x", 7), OpenPetition("y", 8)])

    made = list(signing.signatures(Target("127.0.0.1", 80), region, signing.FormTicket("form=f", "token")))

    ids = {str(uuid.UUID(found[1].decode())) for each in made if (found := re.search(rb"request_id=(.+)$", each))}
    signers = {(each.split(b" ")[1], each.split(b"viche_session=")[1].split(b";")[0]) for each in made}
    assert len(made) == len(ids) == len(signers) == 6
