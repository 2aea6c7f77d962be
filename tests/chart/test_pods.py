"""What holds for every pod and container of every example: limits, probes, no rights, no root, read-only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.chart.rendering import EXAMPLES, Pod, rendered

PINNED = re.compile(r"(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$")
LASTING = ("Deployment", "StatefulSet")

pytestmark = pytest.mark.parametrize("example", EXAMPLES)


def test_containers_say_what_they_need_and_may_take(example: str) -> None:
    for where, container in _containers(example):
        resources = container.get("resources", {})
        for kind in ("requests", "limits"):
            assert resources.get(kind, {}).keys() >= {"cpu", "memory"}, f"{where}: {kind}"


def test_containers_may_nothing(example: str) -> None:
    for where, container in _containers(example):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False, where
        assert context["readOnlyRootFilesystem"] is True, where
        assert context["capabilities"] == {"drop": ["ALL"]}, where
        assert not context.get("privileged"), where


def test_pods_are_those_of_an_ordinary_account(example: str) -> None:
    for pod in rendered(example).pods():
        context = pod.spec["securityContext"]
        assert context["runAsNonRoot"] is True, pod.name
        assert context["runAsUser"] > 0, pod.name
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, pod.name
        assert not any(pod.spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")), pod.name


def test_pods_get_no_token_of_the_cluster(example: str) -> None:
    for pod in rendered(example).pods():
        assert pod.spec["automountServiceAccountToken"] is False, pod.name
        assert pod.spec["enableServiceLinks"] is False, pod.name


def test_nothing_of_the_node_is_mounted(example: str) -> None:
    allowed = {"secret", "configMap", "emptyDir", "persistentVolumeClaim", "projected"}
    for pod in rendered(example).pods():
        for volume in pod.spec.get("volumes", ()):
            assert volume.keys() - {"name"} <= allowed, f"{pod.name}: {volume['name']}"


def test_what_runs_on_is_probed(example: str) -> None:
    for pod in _lasting(example):
        if not pod.ports:
            continue  # the command line, which serves nobody
        for container in pod.containers:
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                assert probe in container, f"{pod.name}: {probe}"


def test_images_are_pinned(example: str) -> None:
    for where, container in _containers(example):
        assert PINNED.search(container["image"]), where
        assert not container["image"].endswith(":latest"), where


def test_what_serves_has_time_to_end(example: str) -> None:
    for pod in _lasting(example):
        assert not pod.ports or pod.spec["terminationGracePeriodSeconds"] >= 10, pod.name


def test_mounted_volumes_are_there_and_used(example: str) -> None:
    for pod in rendered(example).pods():
        mounted = {mount["name"] for each in pod.all_containers for mount in each.get("volumeMounts", ())}
        volumes = {volume["name"] for volume in pod.spec.get("volumes", ())}
        claimed = {"data"} if pod.kind == "StatefulSet" else set()
        assert mounted - claimed == volumes - claimed, pod.name


def _lasting(example: str) -> list[Pod]:
    return [pod for pod in rendered(example).pods() if pod.kind in LASTING]


def _containers(example: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for pod in rendered(example).pods():
        for container in pod.all_containers:
            yield f"{pod.kind} {pod.name}, {container['name']}", container
