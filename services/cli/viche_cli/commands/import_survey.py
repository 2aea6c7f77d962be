"""`viche import survey`."""

from __future__ import annotations

import json
import sys
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import calling, json_option, reach_option
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche.surveys.v1 import surveys_pb2 as pb

    from viche_surveys.forms import Finding, Report

EXIT_REFUSED = 1
TIMEOUT_S = 60.0
MOST_FINDINGS = 5_000
FORMATS_HELP = """\b
Formats:
  XLSForm      .xls, .xlsx, .csv
  LimeSurvey   .lss, .lsg, .lsq
  SurveyJS     .json
  Viche        .json"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file; `report` is None for one that is no form, and `refusal` says why."""

    path: Path
    report: Report | None = None
    refusal: str = ""
    survey_id: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether there is a survey."""
        return self.report is not None and self.report.is_ok


@click.command(epilog=FORMATS_HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--authority", default="", metavar="SLUG", help="Who asks; needed unless there is only one.")
@click.option("--title", default="", help="Title of the survey, in its first language; default: as the form says.")
@click.option("--check", is_flag=True, help="Only read the files and say what becomes of them; needs no instance.")
@reach_option
@json_option
def survey(
    files: tuple[Path, ...], authority: str, title: str, check: bool, home: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Make drafts of surveys from forms of other tools.

    What is another way in the survey than in the form, and what does not come over, is said with its place. A form that
    does not compile has all its faults named, and nothing of it is saved. The exit code is 0 when all files are well.
    """
    taken = [_read(path, title) for path in files]
    if not check:
        taken = _saved(taken, authority, home)
    for each in taken:
        if as_json:
            click.echo(json.dumps(as_document(each), ensure_ascii=False))
        else:
            _tell(each)
    if not all(each.is_ok for each in taken):
        sys.exit(EXIT_REFUSED)


def as_document(taken: Taken) -> dict[str, Any]:
    """What became of a file, for scripts."""
    report = taken.report
    refused = [_finding(each) for each in report.refused] if report else [
        {"place": "", "reason": "NOT_A_FORM", "message": taken.refusal}
    ]  # fmt: skip
    return {
        "file": str(taken.path), "ok": taken.is_ok, "format": report.format if report else "",
        "questions": report.questions if report else 0,
        "changed": [_finding(each) for each in report.changed] if report else [], "refused": refused,
        **({"survey": taken.survey_id} if taken.survey_id else {}),
    }  # fmt: skip


def _read(path: Path, title: str) -> Taken:
    from viche_surveys.forms import NotAForm, read

    try:
        report = read(path.name, path.read_bytes())
    except NotAForm as error:
        return Taken(path, refusal=f"It is no form that we can read: {error}")
    except OSError as error:
        return Taken(path, refusal=f"It cannot be read: {error.strerror}")
    if title and report.definition:
        first = report.definition.languages[0]
        named = {**report.definition.title, first: title.replace("{", "{{").replace("}", "}}")}
        report = replace(report, definition=replace(report.definition, title=named))
    return Taken(path, report)


def _saved(taken: list[Taken], authority: str, home: Path | None) -> list[Taken]:
    """Drafts of what is well."""
    from viche_cli.commands.workflow_settings import authorities_of, authority_id_of
    from viche_cli.instance import reach

    if not any(each.is_ok for each in taken):
        return taken
    instance = reach(home)
    if not authority:
        known = authorities_of(instance)
        if len(known) != 1:
            raise Fault(f"Say with --authority who asks: {', '.join(sorted(known)) or 'there is no authority yet'}.")
        authority = next(iter(known))
    authority_id = authority_id_of(instance, authority)
    with calling("The survey was not saved"), instance.channel("surveys") as channel:
        return [_draft(channel, each, authority_id) if each.is_ok else each for each in taken]


def _draft(channel: Any, taken: Taken, authority_id: str) -> Taken:
    from viche.surveys.v1 import surveys_pb2_grpc

    request = draft_request(taken, authority_id)
    made = surveys_pb2_grpc.SurveysServiceStub(channel).CreateSurvey(request, timeout=TIMEOUT_S)
    return replace(taken, survey_id=made.survey.id)


def draft_request(taken: Taken, authority_id: str) -> pb.CreateSurveyRequest:
    """A draft of a file that is well; what came over otherwise or not at all goes along, and stays known."""
    from viche.surveys.v1 import surveys_pb2 as pb

    from viche_surveys.domain.document import to_json

    report = taken.report
    assert report is not None
    assert report.definition is not None
    return pb.CreateSurveyRequest(
        request_id=str(uuid.uuid4()),
        authority_id=authority_id,
        definition_json=json.dumps(to_json(report.definition), ensure_ascii=False, allow_nan=False),
        origin=pb.FormOrigin(
            filename=taken.path.name,
            format=report.format,
            questions=report.questions,
            changed=map(_fault, report.changed[:MOST_FINDINGS]),
            refused=map(_fault, report.refused[:MOST_FINDINGS]),
        ),
    )


def _fault(finding: Finding) -> pb.DefinitionFault:
    from viche.surveys.v1 import surveys_pb2 as pb

    return pb.DefinitionFault(place=finding.place, reason=finding.reason, values=finding.values)


def _finding(finding: Finding) -> dict[str, Any]:
    from viche_surveys.forms.sentences import sentence

    values = {name: value for name, value in finding.values.items() if value}
    return {"place": finding.place, "reason": finding.reason, "message": sentence(finding), **values}


def _tell(taken: Taken) -> None:
    """A table of what became of a file."""
    from rich.console import Console
    from rich.table import Table

    document = as_document(taken)
    console = Console()
    state = "ready" if document["ok"] else "not taken"
    saved = f", saved as a draft {taken.survey_id}" if taken.survey_id else ""
    console.print(f"{taken.path}: {state}, {document['questions']} questions{saved}", markup=False, highlight=False)
    rows = [(kind, each) for kind in ("refused", "changed") for each in document[kind]]
    if not rows:
        return
    table = Table("", "where", "what", show_edge=False, pad_edge=False)
    for kind, each in rows:
        table.add_row(kind, _plain(each["place"]), _plain(each["message"]))
    console.print(table)


def _plain(words: str) -> str:
    from rich.markup import escape

    return escape(words)
