"""What the Prometheus operator and Grafana are given is what lies in files/, and nothing unless it is asked for."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.chart.rendering import CHART, COMPONENT, Rendered, changed, parsed, rendered

FILES = CHART / "files"
ALL = {"podMonitor": {"enabled": True}, "rules": {"enabled": True}, "dashboards": {"enabled": True}}


def monitored(**rules: Any) -> Rendered:
    return parsed(changed({"monitoring": {**ALL, "rules": {"enabled": True, **rules}}}))


def rules_of(found: Rendered) -> list[dict[str, Any]]:
    (object,) = found.of("PrometheusRule")
    return [rule for group in object["spec"]["groups"] for rule in group["rules"]]


def written() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FILES / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_nothing_is_monitored_unless_asked_for() -> None:
    found = rendered("minimal")
    assert not found.of("PodMonitor", "PrometheusRule")
    assert not [each for each in found.of("ConfigMap") if "dashboard" in each["metadata"]["name"]]


def test_every_process_is_scraped_under_its_name_in_traces() -> None:
    found = monitored()
    (monitor,) = found.of("PodMonitor")
    selected = monitor["spec"]["selector"]["matchLabels"]
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    scraped = {
        pod.component
        for pod in found.pods()
        if selected.items() <= pod.labels.items() and endpoint["port"] in pod.ports
    }
    assert {"gateway", "identity", "petitions", "surveys", "social", "notifications"} <= scraped
    renamed = {each["targetLabel"]: each for each in endpoint["relabelings"]}
    label = COMPONENT.replace(".", "_").replace("/", "_")
    assert renamed["job"]["sourceLabels"] == [f"__meta_kubernetes_pod_label_{label}"]
    assert renamed["job"]["replacement"] == "viche-$1"


def test_rules_are_given_as_they_are_written() -> None:
    assert rules_of(monitored()) == written()


def test_rules_may_be_left_out_labelled_and_explained_elsewhere() -> None:
    given = {"without": ["VicheMailFails"], "extraLabels": {"team": "region"}, "runbooks": "https://wiki.example.org/v"}
    found = {rule["alert"]: rule for rule in rules_of(monitored(**given))}
    assert found.keys() == {rule["alert"] for rule in written()} - {"VicheMailFails"}
    rule = found["VicheDeadLetters"]
    assert rule["labels"] == {"severity": "warning", "team": "region"}
    assert rule["annotations"]["runbook_url"] == "https://wiki.example.org/v#vichedeadletters"


def test_dashboards_are_given_as_they_are_written() -> None:
    maps = [each for each in monitored().of("ConfigMap") if "dashboard" in each["metadata"]["name"]]
    assert all(each["metadata"]["labels"]["grafana_dashboard"] == "1" for each in maps)
    given = {name: json.loads(text) for each in maps for name, text in each["data"].items()}
    assert given == {path.name: json.loads(path.read_text()) for path in (FILES / "dashboards").iterdir()}
