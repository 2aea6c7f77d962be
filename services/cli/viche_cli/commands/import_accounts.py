"""`viche import accounts` and `viche import figures`."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from viche_cli.commands.shared import calling, json_option, reach_option
from viche_cli.faults import Fault
from viche_cli.imports.registers import figures as figure_tables
from viche_cli.imports.registers.found import Finding, Found, NotARegister
from viche_cli.imports.registers.own_table import TEMPLATE
from viche_cli.imports.registers.reading import FORMATS, read, without_bodies

EXIT_REFUSED = 1
TIMEOUT_S = 120.0
AT_ONCE = 50_000
MOST_SHOWN = 20
FORMATS_HELP = "\b\nFormats:\n" + "\n".join(f"  {name:<18} {title}" for name, title in FORMATS.items())
DAY = click.DateTime(["%Y-%m-%d"])


@dataclass(slots=True)
class Taken:
    """What became of one file; `found` is None for one that cannot be read, and `refusal` says why."""

    path: Path
    found: Found | None = None
    refusal: str = ""
    saved: dict[str, int] | None = None

    @property
    def is_ok(self) -> bool:
        """Whether every line of it can be taken."""
        return self.found is not None and not self.found.refused


@click.command(epilog=FORMATS_HELP)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--on", type=DAY, help="The day that the registers show; default: today.")
@click.option("--register", default="", metavar="NAME", help="Name of a table of your own; default: that of its file.")
@click.option("--template", is_flag=True, help="Print a table as it is read, and end.")
@click.option("--check", is_flag=True, help="Only read the files and say what becomes of them; needs no instance.")
@reach_option
@json_option
def accounts(
    files: tuple[Path, ...], on: datetime | None, register: str, template: bool, check: bool, home: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Take over who has which accounts on networks: bodies, and their accounts.

    A register is taken whole: what it named before and does not name now ends on the day that it shows, and stays in
    the past. Taking it again changes nothing. A file with lines that cannot be read is not taken, since these would
    end what is there; accounts of bodies that nobody knows are named and left out. The exit code is 0 when all files
    were taken.
    """
    if template:
        click.echo(TEMPLATE, nl=False)
        return
    if not files:
        raise click.UsageError("Name at least one file.")
    taken = [_read(path, register) for path in files]
    if check:
        without_bodies([each.found for each in taken if each.found])
    else:
        _save(taken, on, home)
    for each in taken:
        if as_json:
            click.echo(json.dumps(_document(each), ensure_ascii=False))
        else:
            _tell(each)
    if not all(each.is_ok for each in taken):
        sys.exit(EXIT_REFUSED)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--on", type=DAY, help="The day of the figures; needed.")
@click.option("--template", is_flag=True, help="Print a table as it is read, and end.")
@click.option("--check", is_flag=True, help="Only read the file and say what is wrong with it; needs no instance.")
@reach_option
@json_option
def figures(
    file: Path | None, on: datetime | None, template: bool, check: bool, home: Path | None, as_json: bool
) -> None:
    """Take figures of accounts on one day over: followers, posts and more, from a table in CSV.

    Tables that were made from Twitter's API are read as they are. Accounts that no register names are left out. The
    exit code is 0 when all lines could be read.
    """
    if template:
        click.echo(figure_tables.TEMPLATE, nl=False)
        return
    if file is None or (on is None and not check):
        raise click.UsageError("Name a file, and with --on the day of its figures.")
    try:
        table = figure_tables.read(file)
    except NotARegister as error:
        raise Fault(f"{file} holds no figures: {error}.") from error
    unknown = [] if check or on is None else _save_figures(table, on, home)
    document = {
        "file": str(file), "ok": not table.refused, "figures": len(table.rows),
        "refused": [asdict(each) for each in table.refused], "unknown": [asdict(each) for each in unknown],
        **({} if check else {"saved": len(table.rows) - len(unknown)}),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _show(file, [*table.refused, *unknown])
        click.echo(f"{file}: {len(table.rows)} figures" + ("" if check else f", {document['saved']} saved"))
    if table.refused:
        sys.exit(EXIT_REFUSED)


def _read(path: Path, register: str) -> Taken:
    try:
        return Taken(path, read(path, register))
    except NotARegister as error:
        return Taken(path, refusal=str(error))


def _save(taken: Sequence[Taken], on: datetime | None, home: Path | None) -> None:
    """Takes the files over that are well; those first that say which bodies there are."""
    from viche.social.v1 import register_pb2_grpc

    from viche_cli.instance import reach

    ready = [each for each in taken if each.is_ok]
    with ExitStack() as stack:
        stack.enter_context(calling("The register was not taken over"))
        channel = stack.enter_context(reach(home).channel("social")) if ready else None
        for each in sorted(ready, key=lambda one: one.found is None or one.found.bodies is None):
            assert each.found is not None
            assert channel is not None
            stub = register_pb2_grpc.RegisterServiceStub(channel)
            saved: Any = stub.ImportRegister(as_request(each.found, on), timeout=TIMEOUT_S)
            each.found.say_unknown(saved.unknown)
            counts = ("bodies_added", "bodies_ended", "accounts_added", "accounts_ended", "accounts_kept")
            each.saved = {name: getattr(saved, name) for name in counts}


def as_request(found: Found, on: datetime | None) -> Any:
    """The call that takes a register over."""
    from viche.social.v1 import register_pb2 as pb

    from viche_social.servicer.convert import KINDS, PURPOSES

    return pb.ImportRegisterRequest(
        request_id=str(uuid.uuid4()),
        register=found.register,
        on=on.date().isoformat() if on else "",
        has_bodies=found.bodies is not None,
        bodies=[
            pb.RegisterBody(
                key=each.key, kind=KINDS[each.kind], authority_kind=each.authority_kind, title=each.title,
                field=each.field, parent_key=each.parent_key,
            )
            for each in found.bodies or ()
        ],
        has_accounts=found.accounts is not None,
        accounts=[
            pb.RegisterAccount(
                body_key=each.body_key, body_register=each.body_register, platform=each.platform, handle=each.handle,
                url=each.url, external_id=each.external_id, purpose=PURPOSES[each.purpose],
            )
            for each in found.accounts or ()
        ],
    )  # fmt: skip


def _save_figures(table: figure_tables.Table, on: datetime, home: Path | None) -> list[Finding]:
    """Saves the figures; gives those whose account nobody knows, once for each line."""
    from viche.social.v1 import presence_pb2 as pb
    from viche.social.v1 import presence_pb2_grpc

    from viche_cli.instance import reach

    unknown: list[Finding] = []
    with calling("The figures were not taken over"), reach(home).channel("social") as channel:
        stub = presence_pb2_grpc.PresenceServiceStub(channel)
        for start in range(0, len(table.rows), AT_ONCE):
            rows = table.rows[start : start + AT_ONCE]
            saved = stub.ImportFigures(
                pb.ImportFiguresRequest(
                    request_id=str(uuid.uuid4()),
                    on=on.date().isoformat(),
                    source=table.path.name[:200],
                    figures=[
                        pb.Figure(
                            platform=each.platform, handle=each.handle, external_id=each.external_id,
                            metric=each.metric, value=each.value,
                        )
                        for each in rows
                    ],
                ),
                timeout=TIMEOUT_S,
            )  # fmt: skip
            unknown += [_unknown_account(rows[position]) for position in saved.unknown]
    return unknown


def _unknown_account(row: figure_tables.Row) -> Finding:
    name = row.handle or row.external_id
    return Finding(row.place, "UNKNOWN_ACCOUNT", f"no register names {row.platform} '{name}' ({row.metric})")


def _document(taken: Taken) -> dict[str, Any]:
    found = taken.found
    if found is None:
        refused = [{"place": "", "reason": "NOT_A_REGISTER", "message": taken.refusal}]
        return {"file": str(taken.path), "ok": False, "format": "", "refused": refused, "unknown": []}
    return {
        "file": str(taken.path), "ok": taken.is_ok, "format": found.format, "register": found.register,
        "bodies": len(found.bodies or ()), "accounts": len(found.accounts or ()), "left_out": found.left_out,
        "refused": [asdict(each) for each in found.refused], "unknown": [asdict(each) for each in found.unknown],
        **({"saved": taken.saved} if taken.saved is not None else {}),
    }  # fmt: skip


def _tell(taken: Taken) -> None:
    found = taken.found
    if found is None:
        click.echo(f"{taken.path}: not taken: {taken.refusal}", err=True)
        return
    _show(taken.path, [*found.refused, *found.unknown])
    said = [f"{len(found.bodies)} bodies"] if found.bodies is not None else []
    said += [f"{len(found.accounts)} accounts"] if found.accounts is not None else []
    said += [f"{found.left_out} left to another register"] if found.left_out else []
    said += [f"{count} {name.replace('_', ' ')}" for name, count in (taken.saved or {}).items() if count]
    state = "" if taken.is_ok else "not taken: "
    click.echo(f"{taken.path}: {state}{', '.join(said)}")


def _show(path: Path, findings: Sequence[Finding]) -> None:
    for each in findings[:MOST_SHOWN]:
        click.echo(f"{path}, {each.place}: {each.message}.", err=True)
    if len(findings) > MOST_SHOWN:
        click.echo(f"{path}: and {len(findings) - MOST_SHOWN} more; --json names all of them.", err=True)
