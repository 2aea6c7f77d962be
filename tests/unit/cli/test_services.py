"""What `viche up` gives each process, and what it keeps from it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from viche_cli.demo.paper import pdf
from viche_cli.demo.people import everyone
from viche_cli.demo.petitions import Stage
from viche_cli.demo.region import COUNCILS, PLACES
from viche_cli.demo.stories import PETITIONS
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.main import COMMANDS
from viche_cli.services import GATEWAY, OBJECT_USERS, SERVICES, Endpoints, specs

LANGUAGES = {"en", "uk", "bg", "ru"}


def endpoints() -> Endpoints:
    return Endpoints(
        http_listen="127.0.0.1:8080",
        public_url="http://127.0.0.1:8080",
        grpc={name: f"127.0.0.1:{port}" for port, name in enumerate(SERVICES, 20001)},
        metrics={},
        databases={name: f"postgresql://{name}" for name in SERVICES},
        nats_url="nats://x",
        smtp_url="smtp://x",
        postgres_url="postgresql://admin",
    )


def test_no_service_sees_the_administrators_database(tmp_path: Path) -> None:
    outside = {"VICHE_POSTGRES_URL": "postgresql://admin", "VICHE_RATE_FACTOR": "100"}
    for spec in specs(Home(tmp_path), endpoints(), outside):
        assert "postgresql://admin" not in spec.environment.values()
        assert spec.environment["VICHE_RATE_FACTOR"] == "100"


def test_only_those_that_keep_files_learn_where(tmp_path: Path) -> None:
    home, bucket = Home(tmp_path), "s3+https://key:secret@host/bucket"
    for outside, told in (
        ({}, {"VICHE_OBJECTS_DIR": str(home.objects)}),
        ({"VICHE_OBJECTS_DIR": "/files"}, {"VICHE_OBJECTS_DIR": "/files"}),
        ({"VICHE_S3_URL": bucket}, {"VICHE_S3_URL": bucket}),
    ):
        for spec in specs(home, endpoints(), outside):
            if spec.name in OBJECT_USERS:
                assert told.items() <= spec.environment.items()
            else:
                assert bucket not in spec.environment.values()


def test_every_service_has_its_own_database_and_keys(tmp_path: Path) -> None:
    table = {spec.name: spec.environment for spec in specs(Home(tmp_path), endpoints(), {})}
    for variable in ("VICHE_DATABASE_URL", "VICHE_DATA_KEY", "VICHE_SERVICE_KEY"):
        assert len({table[name][variable] for name in SERVICES}) == len(SERVICES)
    assert "VICHE_DATABASE_URL" not in table[GATEWAY]


def test_direct_sessions_are_off_by_default(tmp_path: Path) -> None:
    for spec in specs(Home(tmp_path), endpoints(), {}):
        assert "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS" not in spec.environment


def test_each_process_has_metrics_of_its_own_whatever_the_shell_says(tmp_path: Path) -> None:
    for spec in specs(Home(tmp_path), endpoints(), {"VICHE_METRICS_LISTEN": "127.0.0.1:9"}):
        assert spec.environment["VICHE_METRICS_LISTEN"] == ""


def test_the_region_is_named_by_the_operator_or_after_the_demo(tmp_path: Path) -> None:
    def shown(outside: dict[str, str]) -> set[str]:
        return {spec.environment["VICHE_REGION_NAME"] for spec in specs(Home(tmp_path), endpoints(), outside)}

    assert shown({}) == {"Viche"}
    Home(tmp_path).save_state({"demo": "loaded"})
    assert shown({}) == {"Dibrova"}
    assert shown({"VICHE_REGION_NAME": "Kharkiv"}) == {"Kharkiv"}


def test_one_folder_serves_one_instance(tmp_path: Path) -> None:
    home = Home(tmp_path)
    held = home.lock()
    with pytest.raises(Fault, match=f"process {os.getpid()}"):
        home.lock()
    assert home.is_locked()
    os.close(held)
    assert not home.is_locked()


def test_secrets_are_private_and_stay(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    first = home.secret("nats.password")
    assert home.secret("nats.password") == first
    assert (home.keys / "nats.password").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [*COMMANDS])
def test_every_command_has_its_module(name: str) -> None:
    assert importlib.util.find_spec(COMMANDS[name][0]) is not None


def test_demo_is_written_in_every_language() -> None:
    assert {petition.language for petition in PETITIONS} == LANGUAGES
    for named in (*PLACES, *COUNCILS):
        assert set(named.name) == LANGUAGES


def test_demo_has_a_petition_at_every_stage_and_signers_for_all() -> None:
    assert {petition.stage for petition in PETITIONS} == set(Stage)
    assert all(10 <= len(petition.title) <= 150 for petition in PETITIONS)
    assert all(person.email.endswith("@example.org") for person in everyone())


def test_document_of_the_demo_says_where_each_of_its_parts_is() -> None:
    made = pdf(["Decision (14)"])
    assert rb"(Decision \(14\)) Tj" in made
    table = int(made.split(b"startxref\n")[1].split()[0])
    places = [int(line.split()[0]) for line in made[table:].splitlines()[3:8]]
    assert [made[place:].split()[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]
