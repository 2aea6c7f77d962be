"""`viche import answers`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import calling, json_option, print_json, reach_option
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from viche_cli.imports.answer_sending import Report
    from viche_cli.imports.answers import Answer, RefusedRow

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130
TIMEOUT_S = 60.0


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--survey", metavar="NUMBER|ID", help="Survey that the answers go into; a draft, or one that is closed.")
@click.option(
    "--mapping", type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file that says which columns are which answers; docs/operating.md tells how to write it.",
)  # fmt: skip
@click.option(
    "--define", type=click.Path(path_type=Path, dir_okay=False), metavar="SURVEY.json",
    help="Write a survey that asks what the file answers, and its mapping beside it; what is guessed is said.",
)  # fmt: skip
@click.option("--language", default="", help="Of the texts, with --define; default: guessed by their letters.")
@click.option("--title", default="", help="Of the survey, with --define; default: the name of the file.")
@click.option("--check", is_flag=True, help="Only read the file and say what is wrong with it; needs no instance.")
@reach_option
@json_option
def answers(
    file: Path,
    survey: str | None,
    mapping: Path | None,
    define: Path | None,
    language: str,
    title: str,
    check: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """Take answers over that were collected elsewhere, from a table in CSV or XLSX.

    Each answer comes over once, however often the file is imported. Rows that cannot go in are named with their
    numbers, the others go in; the exit code is 0 when all rows went in, else 1.

    With --define nothing goes in: a survey is made out of the file, for `viche import survey`, and a mapping for the
    answers. Look at both before you use them; with --check they are not written.
    """
    if define:
        _define(file, define, mapping or define.with_suffix(".toml"), language, title, check, as_json)
        return
    from viche_cli.imports import answer_sending
    from viche_cli.imports.answer_mapping import read_mapping
    from viche_cli.imports.answer_table import opened
    from viche_cli.imports.answers import answers as read

    if mapping is None:
        raise Fault("Say with --mapping which columns are which answers, or have both made with --define.")
    if not (survey or check):
        raise Fault("Say with --survey where the answers go, or with --check that the file is only to be read.")
    wanted = read_mapping(mapping, file.name)
    report = answer_sending.Report(str(file), is_check=check)
    with opened(file, wanted.layout) as table:
        found = read(table, wanted)
        if check:
            answer_sending.check(found, report)
        else:
            _take_over(found, report, survey or "", wanted.source, home, show=not as_json)
    _tell(report, as_json)
    if report.interrupted:
        sys.exit(EXIT_INTERRUPTED)
    if report.refused:
        sys.exit(EXIT_REFUSED)


def _define(
    file: Path, survey: Path, mapping: Path, language: str, title: str, check: bool, as_json: bool
) -> None:  # fmt: skip
    from viche_cli.imports.defining.finding import find

    written = {} if check else {"survey": survey, "mapping": mapping}
    for path in written.values():
        if path.exists():
            raise Fault(f"{path} is there already, and nothing is written over it.")
    found = find(file, language=language, title=title)
    try:
        if not check:
            survey.write_text(json.dumps(found.definition, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            mapping.write_text(found.mapping, encoding="utf-8")
    except OSError as error:
        raise Fault(f"{error.filename} cannot be written: {error.strerror}.") from error
    if as_json:
        print_json({**found.as_document(), **{name: str(path) for name, path in written.items()}})
        return
    for line in found.lines():
        click.echo(line)
    if not check:
        click.echo(f"Written: {survey} and {mapping}. Look at both, then: viche import survey {survey}")


def _take_over(
    found: Iterable[Answer | RefusedRow], report: Report, survey: str, source: str, home: Path | None, *, show: bool
) -> None:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn
    from viche.surveys.v1 import results_pb2_grpc

    from viche_cli.imports.answer_sending import Target, send
    from viche_cli.instance import reach

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed} rows"))
    with (
        calling("The answers were not taken over"),
        reach(home).channel("surveys") as channel,
        Progress(*columns, console=console, disable=not show or not console.is_terminal) as progress,
    ):
        target = Target(results_pb2_grpc.ArchiveServiceStub(channel), _survey_id(channel, survey), source)
        task = progress.add_task(Path(report.file).name, total=None)
        for rows in send(found, report, target):
            progress.update(task, completed=rows)


def _survey_id(channel: Any, survey: str) -> str:
    """The id of a survey by its public number, or as it is."""
    from viche.surveys.v1 import surveys_pb2 as pb
    from viche.surveys.v1 import surveys_pb2_grpc

    if not survey.isdecimal():
        return survey
    request = pb.GetPublicSurveyRequest(number=int(survey))
    return surveys_pb2_grpc.SurveysServiceStub(channel).GetPublicSurvey(request, timeout=TIMEOUT_S).survey.id


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report.as_document())
        return
    for refusal in report.refusals:
        click.echo(f"{report.file}, row {refusal.row}: {refusal.message}.", err=True)
    click.echo(report.line())
