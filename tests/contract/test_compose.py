"""compose.yaml is a Compose file, tells each process what it needs, and gives nobody more than that."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tools.images.plan import NAMES
from tools.settings import SERVICES
from viche_chassis.config import describe

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SCHEMA = Path(__file__).parent / "schemas" / "compose-spec.json"
# one of two is required, which the settings say in words
FILES = {"VICHE_OBJECTS_DIR", "VICHE_S3_URL"}


def settings(service: str) -> dict[str, dict[str, Any]]:
    """What a service can be told, by variable."""
    found = describe(import_module(f"viche_{service}.config").Settings)
    return {item["variable"]: item for item in found}


def environment(service: str) -> dict[str, str]:
    return COMPOSE["services"][service]["environment"]


def test_file_follows_the_specification_of_compose() -> None:
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(COMPOSE)


@pytest.mark.parametrize("service", SERVICES)
def test_each_process_is_told_what_it_needs_and_nothing_that_it_does_not_read(service: str) -> None:
    known = settings(service)
    required = {name for name, item in known.items() if item["required"]}
    assert required <= set(environment(service))
    assert set(environment(service)) <= set(known)
    assert not FILES & set(known) or FILES & set(environment(service))


@pytest.mark.parametrize("service", SERVICES)
def test_defaults_are_those_of_the_settings(service: str) -> None:
    known = settings(service)
    for name, value in environment(service).items():
        given = re.fullmatch(rf"\$\{{{name}:-(.+)\}}", str(value))
        if given and not known[name]["required"]:
            default = known[name]["default"]
            assert given[1] == (",".join(default) if isinstance(default, tuple) else str(default)), name


def test_region_is_the_same_for_all() -> None:
    for name in ("VICHE_LANGUAGES", "VICHE_TIMEZONE", "VICHE_REGION_NAME"):
        readers = [service for service in SERVICES if name in settings(service)]
        assert all(name in environment(service) for service in readers), name


def test_all_images_run() -> None:
    ours = {found[1] for found in re.finditer(r"image: \$\{REGISTRY:-localhost\}/viche-(\w+):\$\{TAG:-local\}", TEXT)}
    assert ours == set(NAMES)


def test_every_container_is_restricted_and_begins_anew() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        runs_once = service["restart"] == "no"
        assert runs_once or service["restart"] == "unless-stopped", name
        assert runs_once or "healthcheck" in service, name


def test_no_password_stands_in_the_file() -> None:
    assert not re.findall(r"://[^:/\s]+:(?!\$\{)[^@\s]+@", TEXT)
    for name in set(re.findall(r"\$\{(\w+_PASSWORD)", TEXT)):
        assert not re.search(rf"\$\{{{name}(?!:\?)", TEXT), f"{name} has no default and must be set"


def test_compose_env_makes_every_password() -> None:
    made = (ROOT / "tools" / "compose-env").read_text("utf-8")
    services = re.search(r"for name in ([A-Z ]+); do\n", made)
    assert services is not None
    both = {f"{name}_{kind}_PASSWORD" for name in services[1].split() for kind in ("DATABASE", "NATS")}
    assert set(re.findall(r"\$\{(\w+_PASSWORD)", TEXT)) == both | {"POSTGRES_PASSWORD", "S3_PASSWORD"}


def test_each_process_has_its_own_keys_alone() -> None:
    for name in (*SERVICES, "viche"):
        private = [each for each in COMPOSE["services"][name]["volumes"] if each.startswith("keys")]
        allowed = {f"keys-{'cli' if name == 'viche' else name}", "keys-public"}
        allowed |= {"keys-signing"} if name == "identity" else set()
        assert {each.partition(":")[0] for each in private} <= allowed
        assert all(each.endswith(":ro") for each in private)


def test_databases_and_bus_are_reached_from_inside_alone() -> None:
    for name in ("postgres", "nats"):
        assert COMPOSE["services"][name]["networks"] == ["engines"]
        assert "ports" not in COMPOSE["services"][name]
    assert COMPOSE["networks"]["engines"]["internal"] is True
    assert all(
        str(port).startswith("${") and "127.0.0.1" in port
        for one in COMPOSE["services"].values()
        for port in one.get("ports", ())
    )


def test_bus_keeps_what_it_has_acknowledged() -> None:
    assert re.search(r"sync_interval: always", "".join(COMPOSE["services"]["nats"]["command"]))
