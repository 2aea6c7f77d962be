"""`viche pause`."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.notice import INSTANT, instant
from viche_cli.commands.shared import Pair, calling, json_option, print_json, reach_option
from viche_cli.commands.workflow_settings import authorities_of, authority_id_of
from viche_cli.instance import reach

if TYPE_CHECKING:
    from viche.petitions.v1 import pauses_pb2

WITHIN_S = 60.0


@click.group()
def pause() -> None:
    """Stop signing or opening for a time, for instance for an election."""


@pause.command()
@click.option("--authority", required=True, metavar="SLUG", help="It holds for all authorities below it, too.")
@click.option("--from", "from_at", type=INSTANT, help="When it begins (UTC); default: now.")
@click.option("--until", "until_at", type=INSTANT, required=True, help="When it ends (UTC).")
@click.option(
    "--reason", "reasons", type=Pair("LANGUAGE=TEXT"), multiple=True, required=True, help="Why, as citizens read it."
)
@click.option("--signing", type=click.Choice(["on", "off"]), default="off", help="Whether people sign; default: off.")
@click.option("--opening", type=click.Choice(["on", "off"]), default="on", help="Whether petitions open; default: on.")
@click.option("--except", "numbers", type=click.IntRange(min=1), multiple=True, help="A petition that collects.")
@click.option("--prolong-terms", is_flag=True, help="Prolong the terms that run by the pause; people are told by mail.")
@click.option("--check", is_flag=True, help="Only say what it would stop; nothing is decided.")
@reach_option
def add(
    authority: str, from_at: datetime | None, until_at: datetime, reasons: tuple[tuple[str, str], ...], signing: str,
    opening: str, numbers: tuple[int, ...], prolong_terms: bool, check: bool, home: Path | None,
) -> None:  # fmt: skip
    """Decide a pause.

    \b
        viche pause add --authority region --until 2026-12-24T18:00 --reason en="There is an election."
    """
    from viche.petitions.v1 import pauses_pb2 as pb
    from viche.petitions.v1 import pauses_pb2_grpc, petitions_pb2

    instance = reach(home)
    authority_id = authority_id_of(instance, authority)
    looked = pb.GetPausePreviewRequest(authority_id=authority_id, except_numbers=numbers)
    request = pb.CreatePauseRequest(
        request_id=str(uuid.uuid4()), authority_id=authority_id, except_numbers=numbers,
        reason=petitions_pb2.LocalizedText(texts=dict(reasons)), stops_signing=signing == "off",
        stops_opening=opening == "off",
    )  # fmt: skip
    request.until_at.FromDatetime(until_at)
    if from_at is not None:
        request.from_at.FromDatetime(from_at)
        looked.from_at.FromDatetime(from_at)
    with calling("Nothing was paused"), instance.channel("petitions") as channel:
        stub = pauses_pb2_grpc.PausesServiceStub(channel)
        _tell(stub.GetPausePreview(looked), request, prolong_terms)
        if check:
            return
        decided = stub.CreatePause(request).pause
        click.echo(f"Paused. `viche pause end {decided.id}` ends it before its time.")
        if prolong_terms:
            _prolong(stub, decided.id)


@pause.command("list")
@click.option("--over", is_flag=True, help="Those that are over, too.")
@reach_option
@json_option
def list_(over: bool, home: Path | None, as_json: bool) -> None:
    """Show what is paused, or will be."""
    from viche.petitions.v1 import pauses_pb2 as pb
    from viche.petitions.v1 import pauses_pb2_grpc

    instance = reach(home)
    slugs = {id: slug for slug, id in authorities_of(instance).items()}
    with calling("The pauses were not read"), instance.channel("petitions") as channel:
        stub = pauses_pb2_grpc.PausesServiceStub(channel)
        found = stub.ListPauses(pb.ListPausesRequest(with_past=over)).pauses
    lines = [_as_json(each, slugs.get(each.authority_id, "")) for each in found]
    if as_json:
        print_json(lines)
        return
    for line in lines:
        stops = " and ".join(what for what in ("signing", "opening") if line[f"stops_{what}"])
        state = "now" if line["holds"] else f"ended {line['ended_at']}" if line["ended_at"] else ""
        click.echo(f"{line['id']}  {line['authority']}  {line['from']} – {line['until']}  {stops}  {state}".rstrip())
        for language, text in line["reason"].items():
            click.echo(f"  {language}: {text}")
    if not lines:
        click.echo("Nothing is paused.")


@pause.command()
@click.argument("pause_id")
@reach_option
def end(pause_id: str, home: Path | None) -> None:
    """End a pause before its time; one that has not begun never will."""
    from viche.petitions.v1 import pauses_pb2 as pb
    from viche.petitions.v1 import pauses_pb2_grpc

    instance = reach(home)
    with calling("The pause goes on"), instance.channel("petitions") as channel:
        request = pb.EndPauseRequest(request_id=str(uuid.uuid4()), pause_id=pause_id)
        pauses_pb2_grpc.PausesServiceStub(channel).EndPause(request)
    click.echo("The pause is over. Terms that it prolonged stay as they are.")


@pause.command()
@click.argument("pause_id")
@reach_option
def prolong(pause_id: str, home: Path | None) -> None:
    """Prolong the terms that run by a pause, those that were not prolonged before."""
    from viche.petitions.v1 import pauses_pb2_grpc

    instance = reach(home)
    with calling("The terms were not prolonged"), instance.channel("petitions") as channel:
        _prolong(pauses_pb2_grpc.PausesServiceStub(channel), pause_id)


def _prolong(stub: Any, pause_id: str) -> None:
    from viche.petitions.v1 import pauses_pb2 as pb

    petitions, left = 0, 1
    while left:
        request = pb.ProlongTermsRequest(request_id=str(uuid.uuid4()), pause_id=pause_id)
        answer = stub.ProlongTerms(request, timeout=WITHIN_S)
        petitions, left = petitions + answer.petitions, answer.left
    click.echo(f"The terms of {petitions:,} petitions are prolonged.")


def _tell(found: pauses_pb2.GetPausePreviewResponse, wanted: pauses_pb2.CreatePauseRequest, prolongs: bool) -> None:
    click.echo(f"{found.authorities:,} authorities")
    if wanted.stops_signing:
        click.echo(f"{found.collecting:,} petitions that collect now take no signatures")
    if wanted.stops_opening:
        click.echo(f"{found.waiting:,} petitions that wait now do not open")
    click.echo(f"{found.terms:,} terms {'are prolonged' if prolongs else 'run on'}")


def _as_json(pause: pauses_pb2.Pause, slug: str) -> dict[str, Any]:
    return {
        "id": pause.id, "authority": slug or pause.authority_id, "from": instant(pause.from_at),
        "until": instant(pause.until_at), "reason": dict(sorted(pause.reason.texts.items())),
        "stops_signing": pause.stops_signing, "stops_opening": pause.stops_opening,
        "except": list(pause.except_numbers), "holds": pause.holds,
        "ended_at": instant(pause.ended_at) if pause.HasField("ended_at") else None,
    }  # fmt: skip
