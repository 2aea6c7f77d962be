"""`viche operator`."""

from __future__ import annotations

import uuid
from pathlib import Path

import click

from viche_cli.commands.shared import calling, json_option, print_json, reach_option
from viche_cli.instance import reach


@click.group()
def operator() -> None:
    """Accounts of those who run the instance."""


@operator.command()
@click.argument("email")
@reach_option
@json_option
def add(email: str, home: Path | None, as_json: bool) -> None:
    """Make the person with this address an operator of every authority.

    The person signs in on the portal by a link that is sent there; an account is made when there is none.
    """
    from viche.identity.v1 import identity_pb2, identity_pb2_grpc

    request = identity_pb2.CreateGrantRequest(request_id=str(uuid.uuid4()), email=email, role="operator")
    instance = reach(home)
    with calling(f"{email} was not made an operator"), instance.channel("identity") as channel:
        grants = identity_pb2_grpc.AuthoritiesServiceStub(channel).CreateGrant(request).grants
    if as_json:
        print_json([{"id": grant.id, "role": grant.role, "authority_id": grant.authority_id} for grant in grants])
    else:
        click.echo(f"{email} is an operator now: sign in on the portal with this address.")
