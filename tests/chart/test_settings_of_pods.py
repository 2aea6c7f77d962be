"""Each service finds in its pod every setting that it needs, and nothing that it does not read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.chart.rendering import CHART, EXAMPLES, ROOT, Pod, Rendered, changed, parsed, rendered
from tools.settings import SERVICES
from viche_chassis.config import describe, load
from viche_cli.services import OBJECT_USERS

# what Secrets hold, by the variable that they fill
OF_SECRETS = {
    "VICHE_DATABASE_URL": "postgresql://viche_x:secret@db.example.org/viche_x",
    "VICHE_NATS_URL": "nats://x:secret@nats.example.org:4222",
    "VICHE_S3_URL": "s3+https://key:secret@s3.example.org/viche",
    "VICHE_SMTP_URL": "smtp://user:secret@mail.example.org:587?tls=starttls",
}
FILES = (
    "VICHE_SERVICE_KEY",
    "VICHE_SERVICE_KEYS",
    "VICHE_DATA_KEY",
    "VICHE_SECRET_KEY",
    "VICHE_IDENTITY_SIGNING_KEYS",
    "VICHE_IDENTITY_PROVIDERS",
    "VICHE_CONNECTORS",
    "VICHE_BRAND",
    "VICHE_OFFICE_WORDS",
    "VICHE_OBJECTS_DIR",
)

each_example = pytest.mark.parametrize("example", EXAMPLES)
each_service = pytest.mark.parametrize("service", SERVICES)


@each_example
@each_service
def test_a_service_can_read_its_settings(example: str, service: str) -> None:
    settings = load(_settings(service), _environment(rendered(example), service))
    assert settings is not None
    if service in OBJECT_USERS:
        assert {"VICHE_S3_URL", "VICHE_OBJECTS_DIR"} & _environment(rendered(example), service).keys()


@each_example
@each_service
def test_every_variable_is_a_setting_of_the_service(example: str, service: str) -> None:
    known = {item["variable"] for item in describe(_settings(service))}
    given = {name for name in _environment(rendered(example), service) if name.startswith("VICHE_")}
    # the gateway's own process reads it before there are settings
    assert given - known <= _read_by_code()
    assert {name for name in given - known if name in _settings_of_others(service)} == set()


@each_example
@each_service
def test_files_that_settings_name_are_mounted(example: str, service: str) -> None:
    pod = rendered(example).pod(service)
    (container,) = pod.containers
    places = [PurePosixPath(mount["mountPath"]) for mount in container["volumeMounts"]]
    for name, value in _environment(rendered(example), service).items():
        if name in FILES:
            path = PurePosixPath(value)
            assert any(place == path or place in path.parents for place in places), f"{service}: {name}={value}"


@each_example
def test_the_command_line_reads_what_its_pods_are_given(example: str) -> None:
    release = rendered(example)
    for pod in release.pods():
        if pod.component not in SERVICES:
            for container in pod.all_containers:
                for name in _variables(release, container):
                    assert not name.startswith("VICHE_") or name in _read_by_code() or _is_made_of_a_name(name), name


@each_example
def test_addresses_lead_to_services_of_the_release(example: str) -> None:
    release = rendered(example)
    made = {one["metadata"]["name"]: one for one in release.of("Service")}
    for pod in release.pods():
        for name, value in _all_variables(release, pod):
            if name.startswith("VICHE_") and name.endswith("_ADDRESS"):
                host, _, port = value.removeprefix("dns:///").rpartition(":")
                service = made[host.split(".")[0]]
                assert service["spec"]["clusterIP"] == "None", f"{name}: calls spread over the addresses of a name"
                assert service["spec"]["selector"]["app.kubernetes.io/component"] == name.split("_")[1].lower()
                assert int(port) in {each["port"] for each in service["spec"]["ports"]}


def test_numbers_are_written_out_and_what_null_takes_away_is_not_given() -> None:
    values = {
        "settings": {"rateFactor": 1000000, "traceDays": None},
        "services": {"petitions": {"env": {"LIMIT": 2.5e6}}},
    }
    given = _environment(parsed(changed(values)), "petitions")
    assert (given["VICHE_RATE_FACTOR"], given["LIMIT"]) == ("1000000", "2500000")
    assert "VICHE_TRACE_DAYS" not in given


def _settings(service: str) -> type:
    return import_module(f"viche_{service}.config").Settings


def _settings_of_others(service: str) -> set[str]:
    own = {item["variable"] for item in describe(_settings(service))}
    others = {item["variable"] for other in SERVICES for item in describe(_settings(other))}
    return others - own


@functools.cache
def _read_by_code() -> set[str]:
    folders = (ROOT / "services" / name for name in ("chassis", "cli", "gateway"))
    folders = (*folders, CHART / "files")
    sources = (path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    return {name for source in sources for name in re.findall(r"VICHE_[A-Z0-9_]+", source)}


def _is_made_of_a_name(variable: str) -> bool:
    ends = ("DATABASE_URL", "NATS_URL", "ADDRESS")
    return variable in {f"VICHE_{service.upper()}_{end}" for service in SERVICES for end in ends}


def _environment(release: Rendered, service: str) -> dict[str, str]:
    (container,) = release.pod(service).containers
    return _variables(release, container)


def _all_variables(release: Rendered, pod: Pod) -> Iterator[tuple[str, str]]:
    for container in pod.all_containers:
        yield from _variables(release, container).items()


def _variables(release: Rendered, container: Mapping[str, Any]) -> dict[str, str]:
    """What the container finds in its environment, with something fit where a Secret is named."""
    maps = {one["metadata"]["name"]: one["data"] for one in release.of("ConfigMap")}
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        if "configMapRef" in source:
            found |= maps[source["configMapRef"]["name"]]
    for variable in container.get("env", ()):
        name, source = variable["name"], variable.get("valueFrom", {})
        if "configMapKeyRef" in source:
            found[name] = maps[source["configMapKeyRef"]["name"]][source["configMapKeyRef"]["key"]]
        elif source:
            found[name] = OF_SECRETS.get(name, "secret")
        else:
            found[name] = variable.get("value", "")
    return found
