"""Supporters, organisations and committees over the API."""

from __future__ import annotations

from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.testing import make_world

OTTO = {"Authorization": "Bearer otto"}


def test_support_by_the_token_of_a_link_counts_once() -> None:
    world = make_world()
    client = world.app().test_client()
    made = world.petitions.add(
        number=0, state=pb.PETITION_STATE_SPONSORING, opened_at=None, sponsorship=pb.Sponsorship(needed=2, most=20)
    )
    body = {"token": f"invite-{made.id}"}
    answer = client.post("/api/v1/support", json=body, headers=OTTO)
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["sponsorship"] == {"needed": 2, "count": 1, "reached_at": None}
    assert client.post("/api/v1/support", json=body, headers=OTTO).status_code == 409
    assert client.post("/api/v1/support", json={"token": "a-token"}, headers=OTTO).status_code == 404
    assert client.post("/api/v1/support", json=body).status_code == 401


def test_author_is_told_with_what_is_public_of_them() -> None:
    world = make_world()
    client = world.app().test_client()
    opened = world.petitions.add(
        author=pb.PetitionAuthor(kind=pb.AUTHOR_KIND_COMMITTEE),
        committee=pb.InitiativeCommittee(members=[pb.CommitteeMember(name="Olena", territory_code="R1")], size=1),
    )
    answer = client.get(f"/api/v1/petitions/{opened.number}")
    assert answer.json is not None
    author = answer.json["author"]
    assert author["kind"] == "committee"
    assert author["committee"]["members"] == [{"name": "Olena", "territory_code": "R1"}]
    assert author["organisation"] is None
