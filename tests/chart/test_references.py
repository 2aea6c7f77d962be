"""Names that objects call each other by lead somewhere: selectors, ports, Secrets, ConfigMaps, claims, targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.chart.rendering import EXAMPLES, Object, Pod, Rendered, rendered
from viche_cli.services import CALLERS, SERVICES

pytestmark = pytest.mark.parametrize("example", EXAMPLES)

PREFIX = "viche"
# Secrets and ConfigMaps that operators make, with the keys that a pod may ask for; None: any
FROM_OUTSIDE: Mapping[str, set[str] | None] = {
    **{f"{PREFIX}-keys-{name}": {"service.pem", "data.key", "secret.key"} for name in CALLERS},
    f"{PREFIX}-signing-keys": None,
    f"{PREFIX}-public-keys": None,
    f"{PREFIX}-database": {*SERVICES, "admin"},
    f"{PREFIX}-nats": {*SERVICES, "admin"},
    f"{PREFIX}-objects": {"url"},
    f"{PREFIX}-mail": {"url"},
    f"{PREFIX}-connectors": None,
    # of ci/connectors.yaml
    "social-app": {"uri"},
    f"{PREFIX}-engines": {"postgres-password", "nats-users.conf", "s3-access-key", "s3-secret-key"},
}


def test_selectors_select_pods_of_the_release(example: str) -> None:
    release = rendered(example)
    for one in release.of("Service", "PodDisruptionBudget", "NetworkPolicy", "Deployment", "StatefulSet"):
        selector = _selector(one)
        assert selector, f"{one['kind']} {one['metadata']['name']} selects everything"
        assert _selected(release, selector), f"{one['kind']} {one['metadata']['name']} selects nothing"


def test_selectors_of_workloads_select_their_own_pods_alone(example: str) -> None:
    release = rendered(example)
    for one in release.of("Deployment", "StatefulSet"):
        names = [pod.name for pod in _selected(release, _selector(one))]
        assert names == [one["metadata"]["name"]]


def test_services_lead_to_ports_of_their_pods(example: str) -> None:
    release = rendered(example)
    for service in release.of("Service"):
        for pod in _selected(release, service["spec"]["selector"]):
            for port in service["spec"]["ports"]:
                assert _has_port(pod, port.get("targetPort", port["port"])), f"{service['metadata']['name']}: {port}"


def test_probes_ask_at_ports_of_their_container(example: str) -> None:
    for pod in rendered(example).pods():
        for container in pod.containers:
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                for way in ("httpGet", "tcpSocket", "grpc"):
                    if port := container.get(probe, {}).get(way, {}).get("port"):
                        assert _has_port(pod, port), f"{pod.name}: {probe}"


def test_policies_name_ports_that_pods_have(example: str) -> None:
    release = rendered(example)
    for policy in release.of("NetworkPolicy"):
        pods = _selected(release, _selector(policy))
        for rule in policy["spec"].get("ingress", ()):
            for port in rule.get("ports", ()):
                assert all(_has_port(pod, port["port"]) for pod in pods), f"{policy['metadata']['name']}: {port}"


def test_secrets_and_config_maps_are_made_or_known_to_come_from_outside(example: str) -> None:
    release = rendered(example)
    made: dict[tuple[str, str], set[str] | None] = {}
    made |= {(one["kind"], one["metadata"]["name"]): _keys(one) for one in release.of("ConfigMap", "Secret")}
    for one in release.of("ExternalSecret"):
        target = one["spec"]["target"].get("name", one["metadata"]["name"])
        made["Secret", target] = {row["secretKey"] for row in one["spec"].get("data", ())} or None
    for pod in release.pods():
        for kind, name, keys in _asked(pod):
            where = f"{pod.name}: {kind} {name} {keys}"
            assert (kind, name) in made or name in FROM_OUTSIDE, where
            known = made.get((kind, name), FROM_OUTSIDE.get(name))
            assert known is None or keys <= known, where


def test_claims_are_made(example: str) -> None:
    release = rendered(example)
    made = {one["metadata"]["name"] for one in release.of("PersistentVolumeClaim")}
    for pod in release.pods():
        for volume in pod.spec.get("volumes", ()):
            if claim := volume.get("persistentVolumeClaim"):
                assert claim["claimName"] in made, pod.name


def test_accounts_are_made_and_have_no_token(example: str) -> None:
    release = rendered(example)
    made = {one["metadata"]["name"]: one for one in release.of("ServiceAccount")}
    for pod in release.pods():
        if account := pod.spec.get("serviceAccountName"):
            assert made[account]["automountServiceAccountToken"] is False


def test_no_secret_is_written_out(example: str) -> None:
    release = rendered(example)
    assert release.of("Secret") == []
    for pod in release.pods():
        for container in pod.all_containers:
            for variable in container.get("env", ()):
                text = str(variable.get("value", ""))
                assert "@" not in text or "://" not in text, f"{pod.name}: {variable['name']}"


def test_autoscalers_aim_at_deployments_that_set_no_replicas(example: str) -> None:
    release = rendered(example)
    deployments = {one["metadata"]["name"]: one for one in release.of("Deployment")}
    for scaler in release.of("HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        assert target["kind"] == "Deployment"
        assert "replicas" not in deployments[target["name"]]["spec"]


def test_disruption_budgets_leave_one_and_let_one_go(example: str) -> None:
    release = rendered(example)
    for budget in release.of("PodDisruptionBudget"):
        assert budget["spec"].get("maxUnavailable") == 1 or budget["spec"].get("minAvailable") == 1
        (pod,) = _selected(release, _selector(budget))
        assert _replicas(release, pod.name) >= 2, f"{pod.name} could never be moved"


def _replicas(release: Rendered, name: str) -> int:
    for scaler in release.of("HorizontalPodAutoscaler"):
        if scaler["spec"]["scaleTargetRef"]["name"] == name:
            return scaler["spec"]["minReplicas"]
    (found,) = [one for one in release.of("Deployment", "StatefulSet") if one["metadata"]["name"] == name]
    return found["spec"]["replicas"]


def _selector(one: Object) -> Mapping[str, str]:
    spec = one["spec"]
    if one["kind"] == "Service":
        return spec["selector"]
    return (spec.get("podSelector") or spec.get("selector"))["matchLabels"]


def _selected(release: Rendered, selector: Mapping[str, str]) -> list[Pod]:
    return [pod for pod in release.pods() if selector.items() <= pod.labels.items()]


def _has_port(pod: Pod, port: str | int) -> bool:
    return port in pod.ports or port in pod.ports.values()


def _keys(one: Object) -> set[str]:
    return {*one.get("data", ()), *one.get("stringData", ()), *one.get("binaryData", ())}


def _asked(pod: Pod) -> Iterator[tuple[str, str, set[str]]]:
    """Secrets and ConfigMaps that a pod asks for, with the keys that it names."""
    for container in pod.all_containers:
        for variable in container.get("env", ()):
            source: Mapping[str, Any] = variable.get("valueFrom", {})
            for way, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                if way in source:
                    yield kind, source[way]["name"], {source[way]["key"]}
        for source in container.get("envFrom", ()):
            for way, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
                if way in source:
                    yield kind, source[way]["name"], set()
    for volume in pod.spec.get("volumes", ()):
        if "secret" in volume:
            named = volume["secret"].get("items", ())
            yield "Secret", volume["secret"]["secretName"], {item["key"] for item in named}
        if "configMap" in volume:
            named = volume["configMap"].get("items", ())
            yield "ConfigMap", volume["configMap"]["name"], {item["key"] for item in named}
