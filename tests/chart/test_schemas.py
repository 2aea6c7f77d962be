"""Objects of all examples are what Kubernetes, or the project behind a custom resource, takes; no unknown field."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any

import pytest
import referencing
import yaml
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from tests.chart.rendering import CHART, EXAMPLES, Object, rendered
from tests.chart.versions import KUBERNETES, OLDEST, versions
from tools.crd_schemas import FOLDER

CUSTOM = {path.stem: path for path in FOLDER.glob("*.json")}


def test_the_oldest_version_is_that_of_the_chart() -> None:
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["kubeVersion"] == f">={OLDEST}.0-0"


@pytest.mark.parametrize("version", versions())
def test_objects_are_what_kubernetes_takes(version: str) -> None:
    faults: list[str] = []
    for one in _different_objects():
        if _is_of_kubernetes(one):
            faults += _faults(_validator(version, one["apiVersion"], one["kind"]), one)
    assert faults == []


def test_custom_resources_are_what_their_definitions_take() -> None:
    custom = [one for one in _different_objects() if not _is_of_kubernetes(one)]
    assert {one["kind"] for one in custom} == CUSTOM.keys(), "every schema has an example, and the other way round"
    assert [fault for one in custom for fault in _faults(_custom_validator(one["kind"]), one)] == []


@functools.cache
def _different_objects() -> list[Object]:
    """The objects of all examples; what is the same in several is looked at once."""
    found: dict[str, Object] = {}
    for example in EXAMPLES:
        for one in rendered(example).objects:
            found[hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()] = one
    return list(found.values())


def _is_of_kubernetes(one: Object) -> bool:
    group = one["apiVersion"].rpartition("/")[0]
    return "." not in group or (group.endswith(".k8s.io") and group != "gateway.networking.k8s.io")


@functools.cache
def _validator(version: str, api_version: str, kind: str) -> Validator:
    group, _, release = api_version.rpartition("/")
    name = "-".join(part for part in (kind.lower(), group.split(".")[0], release) if part)
    folder = KUBERNETES / f"v{version}.0-local-strict"
    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, registry=referencing.Resource.from_contents(schema) @ _registry(version))


@functools.cache
def _registry(version: str) -> referencing.Registry[Any]:
    definitions = (KUBERNETES / f"v{version}.0-local-strict" / "_definitions.json").read_text(encoding="utf-8")
    return referencing.Resource.from_contents(json.loads(definitions)) @ referencing.Registry()


@functools.cache
def _custom_validator(kind: str) -> Validator:
    return Draft202012Validator(json.loads(CUSTOM[kind].read_text(encoding="utf-8")))


def _faults(validator: Validator, one: Object) -> list[str]:
    where = f"{one['kind']} {one['metadata']['name']}"
    return [f"{where}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(one)]
