"""Who may call what: tokens, callers, people and roles."""

from pathlib import Path

import pytest
import time_machine
from viche.options.v1 import options_pb2

from viche_chassis.access import AccessUnstated, Gatekeeper, access_of
from viche_chassis.errors import AccessDenied, TokenRefused, Unauthenticated
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import (
    ServiceIdentity,
    Signer,
    Verifier,
    public_key_set,
    read_key_set,
    read_service_keys,
)

PERSON = {"aud": "viche", "sub": "p", "sid": "s", "assurance": "email", "residence": ["DR", "DR-01"]}
OFFICER = {**PERSON, "grants": [{"role": "officer", "authority": "a", "covers": ["a", "b"]}]}
SERVICE_LEVEL = options_pb2.Access(level=options_pb2.LEVEL_SERVICE)
PERSON_LEVEL = options_pb2.Access(level=options_pb2.LEVEL_PERSON)
OFFICER_LEVEL = options_pb2.Access(level=options_pb2.LEVEL_OFFICER, roles=["officer"])


class World:
    """Keys of the gateway, of another service and of identity, and a gatekeeper of petitions."""

    def __init__(self, folder: Path) -> None:
        self.gateway = ServiceIdentity(make_key_pair(folder, "gateway"))
        self.mail = ServiceIdentity(make_key_pair(folder, "notifications"))
        self.identity = make_key_pair(folder / "signing", "2026")
        self.people = Verifier(read_key_set(public_key_set([self.identity])))
        self.gatekeeper = Gatekeeper("petitions", Verifier(read_service_keys(folder)), self.people)

    def metadata(self, claims: dict[str, object] | None = None, callee: str = "petitions") -> dict[str, str]:
        metadata = {"viche-service": self.gateway.token_for(callee)}
        if claims is not None:
            metadata["authorization"] = f"Bearer {self.identity.sign(claims)}"
        return metadata


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_rpc_that_states_no_access_is_refused(world: World) -> None:
    with pytest.raises(AccessUnstated):
        world.gatekeeper.admit(None, world.metadata())


def test_access_of_an_unknown_method_is_unstated() -> None:
    assert access_of("/viche.petitions.v1.PetitionsService/Nothing") is None
    assert access_of("/no.such.Service/Nothing") is None


def test_a_service_is_admitted_by_its_key(world: World) -> None:
    assert world.gatekeeper.admit(SERVICE_LEVEL, world.metadata()).service == "gateway"


def test_a_call_without_a_service_token_is_refused(world: World) -> None:
    with pytest.raises(Unauthenticated):
        world.gatekeeper.admit(SERVICE_LEVEL, {})


def test_a_token_for_another_service_is_refused(world: World) -> None:
    with pytest.raises(TokenRefused):
        world.gatekeeper.admit(SERVICE_LEVEL, world.metadata(callee="identity"))


def test_a_service_that_is_not_among_the_callers_is_refused(world: World) -> None:
    with pytest.raises(AccessDenied):
        world.gatekeeper.admit(SERVICE_LEVEL, {"viche-service": world.mail.token_for("petitions")})


def test_a_service_cannot_speak_for_another(world: World, tmp_path: Path) -> None:
    mail = make_key_pair(tmp_path, "notifications")
    world.gatekeeper = Gatekeeper("petitions", Verifier(read_service_keys(tmp_path)), None)
    forged = mail.sign({"iss": "gateway", "aud": "petitions"})
    with pytest.raises(TokenRefused):
        world.gatekeeper.admit(SERVICE_LEVEL, {"viche-service": forged})


def test_a_stranger_with_a_known_key_name_is_refused(world: World, tmp_path: Path) -> None:
    stranger = make_key_pair(tmp_path / "elsewhere", "gateway")
    forged = Signer("gateway", stranger.key).sign({"iss": "gateway", "aud": "petitions"})
    with pytest.raises(TokenRefused):
        world.gatekeeper.admit(SERVICE_LEVEL, {"viche-service": forged})


def test_a_person_needs_an_access_token(world: World) -> None:
    with pytest.raises(Unauthenticated):
        world.gatekeeper.admit(PERSON_LEVEL, world.metadata())
    caller = world.gatekeeper.admit(PERSON_LEVEL, world.metadata(PERSON))
    assert caller.person is not None
    assert caller.person.residence == ("DR", "DR-01")


def test_a_service_token_is_no_access_token(world: World) -> None:
    metadata = world.metadata()
    metadata["authorization"] = f"Bearer {world.gateway.token_for('petitions')}"
    with pytest.raises(TokenRefused):
        world.gatekeeper.admit(PERSON_LEVEL, metadata)


def test_an_officer_needs_one_of_the_roles(world: World) -> None:
    with pytest.raises(AccessDenied):
        world.gatekeeper.admit(OFFICER_LEVEL, world.metadata(PERSON))
    caller = world.gatekeeper.admit(OFFICER_LEVEL, world.metadata(OFFICER))
    assert caller.person is not None
    assert caller.person.authorities(["officer"]) == {"a", "b"}
    assert caller.person.authorities(["operator"]) == frozenset()


def test_a_trusted_caller_needs_no_person_and_others_do(world: World) -> None:
    access = options_pb2.Access(
        level=options_pb2.LEVEL_OFFICER,
        roles=["operator"],
        callers=["gateway", "notifications"],
        trusted=["notifications"],
    )
    caller = world.gatekeeper.admit(access, {"viche-service": world.mail.token_for("petitions")})
    assert caller.person is None
    with pytest.raises(Unauthenticated):
        world.gatekeeper.admit(access, world.metadata())


def test_an_expired_token_is_refused_even_when_it_was_known(world: World) -> None:
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as clock:
        metadata = world.metadata(PERSON)
        world.gatekeeper.admit(PERSON_LEVEL, metadata)
        clock.shift(311)
        with pytest.raises(TokenRefused):
            world.gatekeeper.admit(PERSON_LEVEL, metadata)


def test_a_tampered_token_is_refused(world: World) -> None:
    head, body, signature = world.identity.sign(PERSON).split(".")
    with pytest.raises(TokenRefused):
        world.people.verify(f"{head}.{body[:-2]}AA.{signature}", audience="viche")


def test_an_unknown_key_is_asked_for_and_refused(world: World, tmp_path: Path) -> None:
    asked: list[bool] = []
    verifier = Verifier({}, on_unknown_key=lambda: asked.append(True))
    with pytest.raises(TokenRefused):
        verifier.verify(world.identity.sign(PERSON), audience="viche")
    assert asked == [True]


def test_anonymous_calls_need_nothing(world: World) -> None:
    caller = world.gatekeeper.admit(options_pb2.Access(level=options_pb2.LEVEL_ANONYMOUS), {})
    assert caller.person is None


def test_a_service_uses_its_token_again_until_shortly_before_its_end(world: World) -> None:
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as clock:
        first = world.gateway.token_for("petitions")
        clock.shift(200)
        assert world.gateway.token_for("petitions") == first
        clock.shift(60)
        assert world.gateway.token_for("petitions") != first
