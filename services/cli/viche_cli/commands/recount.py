"""`viche recount`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import calling, json_option, print_json, reach_option
from viche_cli.instance import reach

if TYPE_CHECKING:
    from viche.petitions.v1 import integrity_pb2

WITHIN_S = 30.0
DIFFERS = 3


@click.command()
@click.option("--petition", "number", type=click.IntRange(min=1), help="Public number of one petition.")
@click.option("--mend", is_flag=True, help="Correct the published number where it differs.")
@reach_option
@json_option
def recount(number: int | None, mend: bool, home: Path | None, as_json: bool) -> None:
    """Count the signatures of petitions one by one and compare with what is published.

    Without --petition it counts those whose number has moved since their last recount; each night it happens by itself.
    People go on signing meanwhile. Ends with 3 where something differs and was not corrected.
    """
    instance = reach(home)
    with calling("The signatures were not counted"), instance.channel("petitions") as channel:
        found = list(_recounts(channel, number or 0, mend))
    if as_json:
        print_json([_as_json(each) for each in found])
    else:
        _print(found)
    if any(_differs(each) and not each.is_mended for each in found):
        sys.exit(DIFFERS)


def _recounts(channel: Any, number: int, mend: bool) -> Iterator[integrity_pb2.PetitionRecount]:
    from viche.petitions.v1 import integrity_pb2, integrity_pb2_grpc

    stub = integrity_pb2_grpc.IntegrityServiceStub(channel)
    request = integrity_pb2.RecountPetitionsRequest(number=number, mend=mend)
    while True:
        answer = stub.RecountPetitions(request, timeout=WITHIN_S)
        yield from answer.recounts
        if not answer.has_more:
            return
        request.after_id = answer.recounts[-1].petition_id


def _print(found: list[integrity_pb2.PetitionRecount]) -> None:
    for each in found:
        said = f"petition {each.number}: {each.counted:,} {'votes against' if each.is_against else 'signatures'}"
        if not _differs(each):
            click.echo(f"{said}, as published")
            continue
        ending = "corrected" if each.is_mended else "not corrected; --mend does that"
        click.echo(f"{said}, {each.published:,} published, {each.in_history:,} in the history: {ending}")
        for part in each.corrections:
            click.echo(f"  {part.territory_code or 'no territory'}, {part.channel}: {part.added:+,}")
    if not found:
        click.echo("No petition has moved since its last recount.")


def _differs(each: integrity_pb2.PetitionRecount) -> bool:
    return not (each.counted == each.published == each.in_history) or bool(each.corrections)


def _as_json(each: integrity_pb2.PetitionRecount) -> dict[str, Any]:
    return {
        "number": each.number,
        "counted": each.counted,
        "published": each.published,
        "in_history": each.in_history,
        "is_mended": each.is_mended,
        "is_against": each.is_against,
        "corrections": [
            {"territory_code": part.territory_code, "channel": part.channel, "added": part.added}
            for part in each.corrections
        ],
    }
