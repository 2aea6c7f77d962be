"""`viche grant`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from viche_cli.commands.shared import calling, json_option, print_json, reach_option
from viche_cli.instance import reach

ROLES = ("officer", "operator", "moderator", "press")
INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def grant() -> None:
    """Roles: who may do what for which authority."""


@grant.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--authority", default="", metavar="SLUG", help="Default: every authority.")
@click.option("--from", "from_at", type=INSTANT, help="When it begins (UTC); default: now.")
@click.option("--until", "until_at", type=INSTANT, help="When it ends by itself (UTC); default: never.")
@reach_option
def add(
    email: str, role: str, authority: str, from_at: datetime | None, until_at: datetime | None, home: Path | None
) -> None:
    """Give the person with this address a role on an authority and all below it."""
    from viche.identity.v1 import identity_pb2, identity_pb2_grpc

    request = identity_pb2.CreateGrantRequest(
        request_id=str(uuid.uuid4()),
        email=email,
        role=role,
        authority_slug=authority,
    )
    if from_at is not None:
        request.from_at.FromDatetime(from_at)
    if until_at is not None:
        request.until_at.FromDatetime(until_at)
    instance = reach(home)
    with calling(f"{email} was given no role"), instance.channel("identity") as channel:
        given = identity_pb2_grpc.AuthoritiesServiceStub(channel).CreateGrant(request).grants
    for each in given:
        click.echo(f"{each.id}  {each.role}")


@grant.command()
@click.argument("grant_id")
@reach_option
def remove(grant_id: str, home: Path | None) -> None:
    """Take a role back; it stops working within five minutes."""
    from viche.identity.v1 import identity_pb2, identity_pb2_grpc

    instance = reach(home)
    with calling("The role was not taken back"), instance.channel("identity") as channel:
        stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        stub.DeleteGrant(identity_pb2.DeleteGrantRequest(grant_id=grant_id))
    click.echo(f"Taken back. `viche grant again {grant_id}` gives it again.")


@grant.command()
@click.argument("grant_id")
@reach_option
def again(grant_id: str, home: Path | None) -> None:
    """Give a role again that was taken back."""
    from viche.identity.v1 import identity_pb2, identity_pb2_grpc

    request = identity_pb2.UndeleteGrantRequest(request_id=str(uuid.uuid4()), grant_id=grant_id)
    instance = reach(home)
    with calling("The role was not given again"), instance.channel("identity") as channel:
        given = identity_pb2_grpc.AuthoritiesServiceStub(channel).UndeleteGrant(request).grant
    click.echo(f"{given.id}  {given.role}")


@grant.command("list")
@click.option("--over", is_flag=True, help="Those that have ended.")
@reach_option
@json_option
def list_(over: bool, home: Path | None, as_json: bool) -> None:
    """Show who holds or will hold which role."""
    instance = reach(home)
    with calling("The roles were not read"), instance.channel("identity") as channel:
        lines = [line_of(each) for each in held(channel, over=over)]
    if as_json:
        print_json(lines)
    else:
        for line in lines:
            click.echo("  ".join(line.values()).rstrip())


def held(channel: Any, *, over: bool) -> Iterator[Any]:
    """Grants in the order in which they were given."""
    from viche.identity.v1 import identity_pb2, identity_pb2_grpc

    stub, token = identity_pb2_grpc.AuthoritiesServiceStub(channel), ""
    while True:
        page = stub.ListGrants(identity_pb2.ListGrantsRequest(over=over, page_token=token, page_size=500))
        yield from page.grants
        token = page.next_page_token
        if not token:
            return


def line_of(held: Any) -> dict[str, str]:
    """A grant as a line; an end that is not set is empty."""
    given = held.grant
    return {
        "id": given.id,
        "email": held.email or "(erased)",
        "role": given.role,
        "authority_id": given.authority_id,
        "from": _instant(given.from_at),
        "until": _instant(given.until_at) if given.HasField("until_at") else "",
    }


def _instant(stamp: Any) -> str:
    return stamp.ToDatetime().isoformat(timespec="seconds") + "Z"
