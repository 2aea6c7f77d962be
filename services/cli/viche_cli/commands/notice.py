"""`viche notice` and `viche maintenance`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import Pair, calling, json_option, print_json, reach_option
from viche_cli.instance import reach

if TYPE_CHECKING:
    from viche.identity.v1 import notices_pb2

INSTANT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"])
text_option: Any = click.option(
    "--text", "texts", type=Pair("LANGUAGE=TEXT"), multiple=True, help="Plain text in a language, up to 500 characters."
)
BANNER, MAINTENANCE = "BANNER", "MAINTENANCE"


@click.group()
def notice() -> None:
    """A banner on all pages, and what was said before."""


@notice.command("set")
@text_option
@click.option("--link", default="", help="Where to read more; begins with https://.")
@click.option("--until", "until_at", type=INSTANT, help="When it goes by itself (UTC); default: it stays.")
@reach_option
def set_(texts: tuple[tuple[str, str], ...], link: str, until_at: datetime | None, home: Path | None) -> None:
    """Put a banner up in place of the one before; everybody sees it within a minute."""
    put(home, BANNER, texts, link, until_at)
    click.echo("The banner is up. `viche notice clear` takes it down.")


@notice.command()
@reach_option
def clear(home: Path | None) -> None:
    """Take the banner down."""
    click.echo("The banner is taken down." if end(home, BANNER) else "There was no banner.")


@notice.command()
@click.option("--history", is_flag=True, help="All that was said, the latest first.")
@reach_option
@json_option
def show(history: bool, home: Path | None, as_json: bool) -> None:
    """Show what stands on all pages now: the banner and maintenance."""
    from viche.identity.v1 import notices_pb2, notices_pb2_grpc

    instance = reach(home)
    with calling("The notices were not read"), instance.channel("identity") as channel:
        said = notices_pb2_grpc.NoticesServiceStub(channel).ListNotices(notices_pb2.ListNoticesRequest()).notices
    shown = [each for each in said if history or each.holds]
    if as_json:
        print_json([_as_json(each) for each in shown])
        return
    for each in shown:
        _print(each)
    if not shown:
        click.echo("Nothing.")


@click.group()
def maintenance() -> None:
    """Refuse whatever people send, while all pages can be read."""


@maintenance.command()
@text_option
@click.option("--until", "until_at", type=INSTANT, help="By when people are told that it is over (UTC).")
@reach_option
def on(texts: tuple[tuple[str, str], ...], until_at: datetime | None, home: Path | None) -> None:
    """Begin: it takes hold within two seconds, and does not end by itself."""
    put(home, MAINTENANCE, texts, "", until_at)
    click.echo("Maintenance is on. `viche maintenance off` ends it.")


@maintenance.command()
@reach_option
def off(home: Path | None) -> None:
    """End it."""
    click.echo("Maintenance is off." if end(home, MAINTENANCE) else "Maintenance was not on.")


def put(
    home: Path | None, kind: str, texts: Iterable[tuple[str, str]], link: str = "", until_at: datetime | None = None
) -> None:
    """Puts a notice up."""
    from viche.identity.v1 import identity_pb2, notices_pb2, notices_pb2_grpc

    request = notices_pb2.PutNoticeRequest(
        request_id=str(uuid.uuid4()), kind=_kind(kind), text=identity_pb2.LocalizedText(texts=dict(texts)), link=link
    )
    if until_at is not None:
        request.until_at.FromDatetime(until_at)
    instance = reach(home)
    with calling("The notice was not put up"), instance.channel("identity") as channel:
        notices_pb2_grpc.NoticesServiceStub(channel).PutNotice(request)


def end(home: Path | None, kind: str) -> bool:
    """Takes a notice down; False where none held."""
    from viche.identity.v1 import notices_pb2, notices_pb2_grpc

    request = notices_pb2.EndNoticeRequest(request_id=str(uuid.uuid4()), kind=_kind(kind))
    instance = reach(home)
    with calling("The notice was not taken down"), instance.channel("identity") as channel:
        return notices_pb2_grpc.NoticesServiceStub(channel).EndNotice(request).ended


def _kind(name: str) -> Any:
    from viche.identity.v1 import notices_pb2

    return notices_pb2.NoticeKind.Value(f"NOTICE_KIND_{name}")


def _name(said: notices_pb2.Notice) -> str:
    from viche.identity.v1 import notices_pb2

    return notices_pb2.NoticeKind.Name(said.kind).removeprefix("NOTICE_KIND_").lower()


def _print(said: notices_pb2.Notice) -> None:
    until = f", until {instant(said.until_at)}" if said.HasField("until_at") else ""
    ending = ", taken down" if said.is_end else ", holds" if said.holds else ""
    click.echo(f"{instant(said.at)}  {_name(said)}{until}{ending}")
    for language, text in sorted(said.text.texts.items()):
        click.echo(f"  {language}: {text}")
    if said.link:
        click.echo(f"  {said.link}")


def _as_json(said: notices_pb2.Notice) -> dict[str, Any]:
    return {
        "kind": _name(said), "text": dict(said.text.texts), "link": said.link, "at": instant(said.at),
        "until": instant(said.until_at) if said.HasField("until_at") else None, "is_end": said.is_end,
        "holds": said.holds,
    }  # fmt: skip


def instant(stamp: Any) -> str:
    """An instant as scripts read it."""
    return stamp.ToDatetime(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
