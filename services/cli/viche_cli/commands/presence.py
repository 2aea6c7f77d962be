"""`viche presence`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import calling, json_option, print_json, reach_option

if TYPE_CHECKING:
    from viche.social.v1 import presence_pb2 as pb

TIMEOUT_S = 60.0
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--on", type=DAY, help="The day of the report; default: today.")
@click.option("--since", type=DAY, help="The day that growth is counted from; default: 30 days before.")
@click.option("--top", type=click.IntRange(1, 1000), default=20, show_default=True, help="Accounts in each ranking.")
@reach_option
@json_option
def presence(on: datetime | None, since: datetime | None, top: int, home: Path | None, as_json: bool) -> None:
    """Show how authorities stand on networks: shares, rankings, growth, interest."""
    from viche.social.v1 import presence_pb2, presence_pb2_grpc

    from viche_cli.instance import reach
    from viche_gateway import presence_shapes

    request = presence_pb2.GetReportRequest(on=_day(on), since=_day(since), ranking_size=top)
    with calling("There is no report"), reach(home).channel("social") as channel:
        report = presence_pb2_grpc.PresenceServiceStub(channel).GetReport(request, timeout=TIMEOUT_S)
    if as_json:
        print_json(presence_shapes.document(report))
    else:
        _tell(report)


def _day(day: datetime | None) -> str:
    return day.date().isoformat() if day else ""


def _tell(report: pb.GetReportResponse) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"Presence on {report.on}", highlight=False)
    if not report.known_since or report.known_since > report.on:
        since = f"; the register begins on {report.known_since}" if report.known_since else ""
        console.print(f"No register knows anything of that day{since}.", highlight=False)
    for title, columns, rows in _tables(report):
        if rows:
            table = Table(*columns, title=title, title_justify="left", show_edge=False, pad_edge=False)
            for row in rows:
                table.add_row(*row)
            console.print(table)
    if not report.ranking:
        console.print("No figures are known of that day.")
    if not report.dialogues:
        console.print("Nothing is known of how authorities answer people.")


def _tables(report: pb.GetReportResponse) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    from viche_gateway.presence_shapes import RUNGS, title_of

    return [
        ("Coverage", ("kind", "platform", "accounts", "of", "share"), [
            (row.authority_kind, title_of(row.platform), str(row.accounts), str(row.of), f"{row.percent} %")
            for row in report.rows
        ]),
        (f"Followers, and growth since {report.since}", ("platform", "rank", "who", "account", "followers", "growth"), [
            (
                title_of(row.platform), str(row.rank or "company"), row.body.title, row.handle, f"{row.followers:,}",
                f"{row.followers - row.followers_before:+,}" if row.HasField("followers_before") else "",
            )
            for row in report.ranking
        ]),
        ("Persons and their bodies", ("platform", "person", "followers", "body", "followers"), [
            (
                title_of(row.platform), row.person.title, _count(row, "person_followers"), row.body.title,
                _count(row, "body_followers"),
            )
            for row in report.persons
        ]),
        ("Interest by subject", ("subject", "bodies", "followers"), [
            (row.field, str(row.bodies), f"{row.followers:,}") for row in report.subjects
        ]),
        ("Dialogue", ("who", "asked", "answered", "stands at", "by the rule"), [
            (row.body.title, str(row.asked), str(row.answered), RUNGS.get(row.rung, "no data"), row.rule)
            for row in report.dialogues
        ]),
    ]  # fmt: skip


def _count(row: Any, name: str) -> str:
    return f"{getattr(row, name):,}" if row.HasField(name) else "no data"
