"""`viche bounces`: what a mail server, a timer or an operator runs. Exit codes are those of sysexits.h."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import calling, home_option, json_option, print_json
from viche_cli.faults import Fault
from viche_cli.instance import connect

if TYPE_CHECKING:
    from viche.notifications.v1 import bounces_pb2

WITHIN_S = 20.0
READ_AT_ONCE = 65_536
SEEN, FLAGGED = ":2,S", ":2,FS"
CLASSES = {
    1: "no such mailbox",
    2: "refused for good",
    3: "given up after tries",
    4: "refused for what we are",
    5: "called unwanted",
}
OUTCOMES = {1: "counted", 2: "known", 3: "not about a mail of ours", 4: "no failure"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail: an exit code, and what to say."""

    code: int
    said: str


@click.command()
@click.option(
    "--maildir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Take every new mail of this Maildir instead of the one on standard input.",
)
@click.option("--list", "is_list", is_flag=True, help="Show what came back, counted; no addresses.")
@click.option("--days", type=click.IntRange(1, 90), default=7, show_default=True, help="For --list: so many days.")
@home_option
@json_option
def bounces(maildir: Path | None, is_list: bool, days: int, home: Path | None, as_json: bool) -> None:
    """Take mail that came back, from standard input, and write no more to where it does.

    Ends with 0 when the mail was taken or teaches nothing, 65 when it is damaged, 75 when it should come again later.
    """
    if is_list:
        show(home, days, as_json)
    elif maildir is not None:
        sys.exit(take_folder(home, maildir))
    else:
        sys.exit(take_one(home, sys.stdin.buffer))


def take_one(home: Path | None, stream: IO[bytes]) -> int:
    """Takes the mail on a stream, which is read to its end: the server on the other side wants to write all of it."""
    from viche_notifications.returned import MOST_BYTES

    raw = stream.read(MOST_BYTES)
    while stream.read(READ_AT_ONCE):
        pass
    taken = take(home, raw)
    click.echo(taken.said, err=taken.code != os.EX_OK)
    return taken.code


def take_folder(home: Path | None, folder: Path) -> int:
    """Takes the new mails of a Maildir and moves them among those that were seen; damaged ones get a flag."""
    from viche_notifications.returned import MOST_BYTES

    counts: Counter[str] = Counter()
    for path in _new_mails(folder):
        with path.open("rb") as file:
            taken = take(home, file.read(MOST_BYTES))
        if taken.code == os.EX_TEMPFAIL:
            click.echo(taken.said, err=True)
            return taken.code
        counts[taken.said] += 1
        flags = FLAGGED if taken.code == os.EX_DATAERR else SEEN
        path.rename(folder / "cur" / (path.name + flags))
    for said, number in counts.most_common():
        click.echo(f"{number:,} × {said}")
    return os.EX_OK


def take(home: Path | None, raw: bytes) -> Taken:
    """What becomes of one mail."""
    import grpc

    from viche_notifications.returned import NotTaken, Unreadable, read

    try:
        report = read(raw)
    except NotTaken as let_go:
        return Taken(os.EX_OK, f"let go: {let_go.reason}")
    except Unreadable as error:
        return Taken(os.EX_DATAERR, f"damaged: {error}")
    try:
        return Taken(os.EX_OK, _report(home, report))
    except (Fault, OSError, grpc.RpcError) as error:
        reason = str(error) if isinstance(error, Fault | OSError) else "the service does not answer"
        return Taken(os.EX_TEMPFAIL, f"not taken: {reason}")


def show(home: Path | None, days: int, as_json: bool) -> None:
    """Numbers for operators."""
    from viche.notifications.v1 import bounces_pb2, bounces_pb2_grpc

    with calling("Nothing was counted"), connect(home).channel("notifications") as channel:
        stub = bounces_pb2_grpc.BouncesServiceStub(channel)
        found = stub.GetBounces(bounces_pb2.GetBouncesRequest(days=days), timeout=WITHIN_S)
    if as_json:
        print_json(_as_json(found))
        return
    for each in found.classes:
        click.echo(f"{CLASSES[each.bounce_class]}: {each.mails:,}")
    for each in found.domains:
        click.echo(f"  {each.domain}, {CLASSES[each.bounce_class]}: {each.mails:,}")
    click.echo(f"Addresses that get no more mail than they ask for: {found.undeliverable_addresses:,}")


def _report(home: Path | None, report: Any) -> str:
    from viche.notifications.v1 import bounces_pb2, bounces_pb2_grpc

    request = bounces_pb2.ReportBounceRequest(
        token=report.token, status=report.status, domain=report.domain, is_complaint=report.is_complaint
    )
    with connect(home).channel("notifications") as channel:
        answer = bounces_pb2_grpc.BouncesServiceStub(channel).ReportBounce(request, timeout=WITHIN_S)
    said = OUTCOMES.get(answer.outcome, "taken")
    return f"{said}: {CLASSES[answer.bounce_class]}" if answer.bounce_class else said


def _new_mails(folder: Path) -> Iterator[Path]:
    if not ((folder / "new").is_dir() and (folder / "cur").is_dir()):
        raise Fault(f"{folder} is no Maildir: it has no folders new and cur.")
    for path in sorted((folder / "new").iterdir()):
        if path.is_file() and not path.name.startswith("."):
            yield path


def _as_json(found: bounces_pb2.GetBouncesResponse) -> dict[str, Any]:
    return {
        "classes": {CLASSES[each.bounce_class]: each.mails for each in found.classes},
        "domains": [
            {"domain": each.domain, "class": CLASSES[each.bounce_class], "mails": each.mails} for each in found.domains
        ],
        "undeliverable_addresses": found.undeliverable_addresses,
    }
