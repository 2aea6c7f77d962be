"""`viche audit`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

import click

from viche_cli.commands.shared import calling, json_option, print_json, reach_option
from viche_cli.faults import Fault
from viche_cli.instance import reach

PAGE = 500
NAMED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was done; ``person`` is an address, or how the trail knows somebody without one."""

    id: str
    at: str
    person: str
    roles: list[str]
    action: str
    object: str
    authority_id: str
    request_id: str


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Only since then (UTC).")
@click.option("--person", "email", default="", metavar="EMAIL", help="Only of the person with this address.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="At most so many.")
@reach_option
@json_option
def audit(since: datetime | None, email: str, limit: int, home: Path | None, as_json: bool) -> None:
    """Show what officers and operators did, the latest first."""
    instance = reach(home)
    with (
        calling("the trail was not read"),
        instance.channel("identity") as identity,
        instance.channel("petitions") as petitions,
        instance.channel("surveys") as surveys,
        instance.channel("social") as social,
    ):
        person = pseudonym(identity, email) if email else b""
        lines = named(identity, list(islice(actions(identity, petitions, surveys, social, since, person), limit)))
    if as_json:
        print_json([asdict(line) for line in lines])
    else:
        for line in lines:
            click.echo(f"{line.at}  {line.person}  {line.action}  {line.object}".rstrip())


def pseudonym(channel: Any, email: str) -> bytes:
    """How the trails know the person with an address. Raises Fault when they never held a role."""
    from viche.identity.v1 import audit_pb2, audit_pb2_grpc

    found = audit_pb2_grpc.AuditServiceStub(channel).ResolveOfficers(audit_pb2.ResolveOfficersRequest(email=email))
    if not found.officers:
        raise Fault(f"{email} holds no role and never held one.")
    return found.officers[0].pseudonym


def actions(
    identity: Any, petitions: Any, surveys: Any, social: Any, since: datetime | None, person: bytes
) -> Iterator[Any]:
    """Entries of all trails, the latest first: their ids sort by time in all of them."""
    from viche.identity.v1 import audit_pb2 as identity_pb
    from viche.identity.v1 import audit_pb2_grpc as identity_rpc
    from viche.petitions.v1 import audit_pb2 as petitions_pb
    from viche.petitions.v1 import audit_pb2_grpc as petitions_rpc
    from viche.social.v1 import audit_pb2 as social_pb
    from viche.social.v1 import audit_pb2_grpc as social_rpc
    from viche.surveys.v1 import audit_pb2 as surveys_pb
    from viche.surveys.v1 import audit_pb2_grpc as surveys_rpc

    asked = {"since": since.replace(tzinfo=UTC) if since else None, "person": person, "page_size": PAGE}
    trails = (
        _pages(identity_rpc.AuditServiceStub(identity), identity_pb.ListOfficerActionsRequest, asked),
        _pages(petitions_rpc.AuditServiceStub(petitions), petitions_pb.ListOfficerActionsRequest, asked),
        _pages(surveys_rpc.AuditServiceStub(surveys), surveys_pb.ListOfficerActionsRequest, asked),
        _pages(social_rpc.AuditServiceStub(social), social_pb.ListOfficerActionsRequest, asked),
    )
    return merge(*trails, key=lambda entry: entry.id, reverse=True)


def _pages(stub: Any, request: Any, asked: dict[str, Any]) -> Iterator[Any]:
    before = ""
    while True:
        page = stub.ListOfficerActions(request(before_id=before, **asked)).actions
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].id


def named(channel: Any, entries: list[Any]) -> list[Line]:
    """The entries with the addresses of those who acted."""
    from viche.identity.v1 import audit_pb2, audit_pb2_grpc

    stub = audit_pb2_grpc.AuditServiceStub(channel)
    people = sorted({entry.person for entry in entries if entry.person})
    emails: dict[bytes, str] = {b"": "command line"}
    for start in range(0, len(people), NAMED_AT_ONCE):
        request = audit_pb2.ResolveOfficersRequest(pseudonyms=people[start : start + NAMED_AT_ONCE])
        emails.update((each.pseudonym, each.email) for each in stub.ResolveOfficers(request).officers)
    return [
        Line(
            id=entry.id,
            at=entry.at.ToDatetime().isoformat(timespec="seconds") + "Z",
            person=emails.get(entry.person) or entry.person.hex()[:16],
            roles=list(entry.roles),
            action=entry.action,
            object=entry.object,
            authority_id=entry.authority_id,
            request_id=entry.request_id,
        )
        for entry in entries
    ]
