"""`viche audit` and `viche grant` over doubles of the services."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from viche.identity.v1 import audit_pb2 as identity
from viche.identity.v1 import audit_pb2_grpc as identity_rpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.petitions.v1 import audit_pb2 as petitions
from viche.petitions.v1 import audit_pb2_grpc as petitions_rpc
from viche.social.v1 import audit_pb2 as social
from viche.social.v1 import audit_pb2_grpc as social_rpc
from viche.surveys.v1 import audit_pb2 as surveys
from viche.surveys.v1 import audit_pb2_grpc as surveys_rpc

from viche_cli.commands import audit, grant
from viche_cli.faults import Fault
from viche_gateway.testing.audit import FakeIdentityTrail, FakePetitionsTrail, FakeSocialTrail, FakeSurveysTrail
from viche_gateway.testing.channel import InProcessChannel
from viche_gateway.testing.roles import FakeRoles


def id_of(number: int) -> str:
    return f"018f5c1e-0000-7000-8000-{number:012d}"


@pytest.fixture
def trails() -> tuple[Any, Any, Any, Any]:
    """Twelve hundred roles given; one petition, one survey and one account of Otto's in between."""
    roles, cases, polls, register = FakeIdentityTrail(), FakePetitionsTrail(), FakeSurveysTrail(), FakeSocialTrail()
    roles.officers.append(identity.Officer(pseudonym=b"otto", email="otto@example.org"))
    for number in range(0, 2400, 2):
        roles.actions.append(identity.OfficerAction(id=id_of(number), service="cli", action="CreateGrant"))
    cases.actions.append(petitions.OfficerAction(id=id_of(2397), person=b"otto", action="OpenPetition"))
    polls.actions.append(surveys.OfficerAction(id=id_of(5), person=b"otto", action="OpenSurvey"))
    register.actions.append(social.OfficerAction(id=id_of(7), person=b"otto", action="PutAccount"))
    return (
        InProcessChannel(partial(identity_rpc.add_AuditServiceServicer_to_server, roles)),
        InProcessChannel(partial(petitions_rpc.add_AuditServiceServicer_to_server, cases)),
        InProcessChannel(partial(surveys_rpc.add_AuditServiceServicer_to_server, polls)),
        InProcessChannel(partial(social_rpc.add_AuditServiceServicer_to_server, register)),
    )


def test_trails_are_read_to_their_ends_in_one_order(trails: tuple[Any, Any, Any, Any]) -> None:
    ids = [entry.id for entry in audit.actions(*trails, None, b"")]
    assert len(ids) == 1203
    assert ids == sorted(ids, reverse=True)


def test_those_who_acted_are_named(trails: tuple[Any, Any, Any, Any]) -> None:
    lines = audit.named(trails[0], list(audit.actions(*trails, None, b""))[:3])
    assert [line.person for line in lines] == ["command line", "otto@example.org", "command line"]


def test_a_person_is_found_by_the_address(trails: tuple[Any, Any, Any, Any]) -> None:
    assert audit.pseudonym(trails[0], "otto@example.org") == b"otto"
    with pytest.raises(Fault, match="never held one"):
        audit.pseudonym(trails[0], "ann@example.org")


def test_a_role_is_told_in_a_line() -> None:
    roles = FakeRoles()
    given = identity_pb2.Grant(id="g", role="press", authority_id="a")
    given.from_at.FromJsonString("2026-03-01T00:00:00Z")
    roles.grants["g"] = identity_pb2.HeldGrant(grant=given, email="press@example.org")
    channel = InProcessChannel(partial(identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server, roles))
    (line,) = [grant.line_of(each) for each in grant.held(channel, over=False)]
    assert " ".join(line.values()) == "g press@example.org press a 2026-03-01T00:00:00Z "
