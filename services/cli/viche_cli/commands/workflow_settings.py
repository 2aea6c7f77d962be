"""`viche workflow set`: the figures of an authority. The one command about rules that needs an instance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from viche_cli.commands.shared import Pair, calling, json_option, print_json, reach_option
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche.petitions.v1 import petitions_pb2

    from viche_cli.instance import Instance
    from viche_cli.remote import RemoteInstance


@click.command("set")
@click.argument("name")
@click.argument("settings", nargs=-1, type=Pair("KEY=VALUE"))
@click.option("--authority", required=True, metavar="SLUG", help="The authority, by its slug or its id.")
@click.option("--check", is_flag=True, help="Only say what would hold; nothing is stored.")
@reach_option
@json_option
def set_(
    name: str, settings: tuple[tuple[str, str], ...], authority: str, check: bool, home: Path | None, as_json: bool
) -> None:
    """Set figures of an authority for a workflow; those that are not named stay as they are.

    An empty value takes a figure away: answer_days=. Petitions that are open keep the rules that they opened under.

    \b
        viche workflow set petition-local --authority soniachne threshold=250 open_days=45
    """
    from viche.petitions.v1 import moderation_pb2 as pb
    from viche.petitions.v1 import moderation_pb2_grpc

    from viche_cli.instance import reach

    instance = reach(home)
    authority_id = authority_id_of(instance, authority)
    with calling(f"{name} of {authority} was not set"), instance.channel("petitions") as channel:
        stub = moderation_pb2_grpc.ModerationServiceStub(channel)
        asked = pb.GetWorkflowSettingsRequest(authority_id=authority_id, workflow=name)
        wanted = _changed(stub.GetWorkflowSettings(asked).settings, settings)
        request = pb.SetWorkflowSettingsRequest(
            authority_id=authority_id, workflow=name, settings=wanted, validate_only=check
        )
        terms = stub.SetWorkflowSettings(request).terms
    if as_json:
        print_json({"authority_id": authority_id, "workflow": name, "settings": wanted, "stored": not check})
        return
    click.echo(f"{name} of {authority} {'would be' if check else 'is'} set:")
    for key, value in sorted(wanted.items()):
        click.echo(f"  {key}={value}")
    for line in _described(terms):
        click.echo(line)


def _changed(stored: Mapping[str, str], given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {key: value for key, value in {**stored, **dict(given)}.items() if value}


def _described(terms: petitions_pb2.Terms) -> list[str]:
    lines = [f"At {each.signatures} signatures: {each.effect.texts.get('en', each.name)}" for each in terms.thresholds]
    return lines if not terms.open_days else [*lines, f"Signatures are collected for {terms.open_days} days."]


def authority_id_of(instance: Instance | RemoteInstance, authority: str) -> str:
    """The id of an authority; from afar it is public data."""
    known = authorities_of(instance)
    found = known.get(authority, authority if authority in known.values() else "")
    if not found:
        raise Fault(f"There is no authority {authority!r}; there are: {', '.join(sorted(known)) or 'none'}.")
    return found


def authorities_of(instance: Instance | RemoteInstance) -> dict[str, str]:
    """Ids by slug."""
    from viche.identity.v1 import identity_pb2, identity_pb2_grpc

    from viche_cli.remote import RemoteInstance

    if isinstance(instance, RemoteInstance):
        return instance.authorities()
    with calling("The authorities cannot be read"), instance.channel("identity") as channel:
        stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        found = stub.ListAuthorities(identity_pb2.ListAuthoritiesRequest()).authorities
    return {each.slug: each.id for each in found}
