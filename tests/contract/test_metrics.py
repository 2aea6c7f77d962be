"""What is watched is what is declared: the dashboards and the alert rules name nothing else."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CollectorRegistry

from tests.programs import promtool
from tools import dashboards, metrics
from tools.access import methods, rpc_path
from viche_chassis.metrics import DECLARED, Kind, Metric

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "charts" / "viche" / "files" / "alerts.yaml"
CASES = ROOT / "tests" / "contract" / "alert_cases.yaml"
# of Prometheus itself, of its client for Python, and of OpenTelemetry's exporter
WELL_KNOWN = {
    "up": set(),
    "process_resident_memory_bytes": set(),
    "process_cpu_seconds_total": set(),
    "process_start_time_seconds": set(),
    "target_info": {"service_name", "service_namespace", "service_version"},
}
# put there by whoever scrapes, and by histograms
OUTSIDE = {"job", "instance", "namespace", "pod", "le"}
WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset", "group_left", "group_right", "inf"}
STRINGS = re.compile(r'"[^"]*"|\'[^\']*\'')
GROUPED = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
SELECTED = re.compile(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}")
RANGE = re.compile(r"\[[^\]]*\]")
NAME = re.compile(r"(?<![\w$.])([a-zA-Z_:][\w:]*)(?!\s*\()(?!\w)")
EMITTED = {
    series: metric
    for metric in DECLARED.values()
    for series in (
        [f"{metric.exported}_{end}" for end in ("bucket", "sum", "count")]
        if metric.kind is Kind.HISTOGRAM
        else [metric.exported]
    )
}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(dashboards.FOLDER.glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            if panel["type"] != "row":
                yield path.stem, panel


def queries() -> Iterator[tuple[str, str]]:
    yield from ((rule["alert"], rule["expr"]) for rule in rules())
    yield from ((panel["title"], target["expr"]) for _, panel in panels() for target in panel["targets"])


def read(query: str) -> tuple[set[str], set[str]]:
    """The series and the labels that a query names."""
    query = STRINGS.sub('""', query)
    labels = {label.strip() for group in GROUPED.findall(query) for label in group.split(",") if label.strip()}
    labels |= {re.split(r"[=!]", each)[0].strip() for _, inner in SELECTED.findall(query) for each in inner.split(",")}
    plain = RANGE.sub("", re.sub(r"\{[^}]*\}", "", GROUPED.sub("", query)))
    return {name for name in NAME.findall(plain) if name not in WORDS}, {label for label in labels if label}


def labels_of(series: str) -> set[str]:
    metric: Metric | None = EMITTED.get(series)
    return set(metric.exported_labels) if metric else WELL_KNOWN[series]


def test_metrics_are_declared_in_one_place() -> None:
    made = re.compile(r"\.create_(observable_)?(counter|gauge|histogram|up_down_counter)\(")
    elsewhere = [
        path.relative_to(ROOT)
        for path in (ROOT / "services").rglob("*.py")
        if "node_modules" not in path.parts and path.name != "metrics.py" and made.search(path.read_text())
    ]
    assert not elsewhere


@pytest.mark.parametrize("metric", list(DECLARED.values()), ids=list(DECLARED))
def test_a_metric_has_a_unit_a_meaning_and_labels_of_one_name(metric: Metric) -> None:
    assert metric.unit == "s" or re.fullmatch(r"\{[a-z]+\}", metric.unit)
    assert metric.description[0].isupper() or metric.description[0].isdigit()
    assert not metric.description.endswith(".")
    for name in (metric.name, *metric.labels):
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name), name


@pytest.mark.parametrize(("where", "query"), list(queries()))
def test_a_query_names_what_is_declared(where: str, query: str) -> None:
    series, labels = read(query)
    assert series, where
    assert series <= EMITTED.keys() | WELL_KNOWN.keys()
    assert labels <= OUTSIDE.union(*map(labels_of, series))


def test_the_reader_of_queries_sees_names_and_labels() -> None:
    query = 'sum by (job, x) (rate(a_total{y=~"b c", z!="d"}[5m])) / on (k) e > 0.5 and f == 1'
    assert read(query) == ({"a_total", "e", "f"}, {"job", "x", "y", "z", "k"})


def test_calls_that_are_watched_are_there() -> None:
    watched = {method for _, query in queries() for method in re.findall(r'rpc_method="([^"]*)"', query)}
    assert watched <= {rpc_path(method).lstrip("/") for method in methods()}


def test_every_dashboard_is_described() -> None:
    assert set(dashboards.FOLDER.glob("*")) == dashboards.files().keys()


def test_dashboards_are_told_apart_and_choose_their_source() -> None:
    boards = [json.loads(path.read_text()) for path in dashboards.FOLDER.glob("*.json")]
    assert len({board["uid"] for board in boards}) == len({board["title"] for board in boards}) == len(boards)
    for board in boards:
        assert board["schemaVersion"] >= 36
        assert len(board["uid"]) <= 40
        assert "datasource" in {variable["name"] for variable in board["templating"]["list"]}
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.parametrize(("board", "panel"), list(panels()))
def test_a_panel_says_what_it_shows_and_in_which_unit(board: str, panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"] in {"short", "s", "reqps", "bytes"}
    assert panel["datasource"]["uid"] == "${datasource}"
    place = panel["gridPos"]
    assert 0 <= place["x"] <= place["x"] + place["w"] <= dashboards.COLUMNS


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_happened_and_where_to_read_on(rule: dict[str, Any]) -> None:
    said = rule["annotations"]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert said["summary"]
    assert said["description"]
    assert said["runbook_url"] == f"docs/operating.md#{rule['alert'].lower()}"


def test_each_alert_has_its_paragraph_and_each_paragraph_its_alert() -> None:
    page = metrics.PAGE.read_text(encoding="utf-8")
    assert sorted(re.findall(r"^#### (Viche\w+)$", page, re.M)) == sorted(rule["alert"] for rule in rules())


def test_every_alert_fires_in_a_case() -> None:
    fired = re.findall(r'alertname="(\w+)"', CASES.read_text(encoding="utf-8"))
    assert sorted(fired) == sorted(rule["alert"] for rule in rules())


def test_alerts_fire_when_they_should_and_only_then() -> None:
    argv = [promtool(), "test", "rules", str(CASES)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_metrics_have_the_names_in_prometheus_that_are_told() -> None:
    registry = CollectorRegistry()
    provider = MeterProvider(metric_readers=[PrometheusMetricReader(scope_info_enabled=False, registry=registry)])
    meter = provider.get_meter("test")
    for metric in DECLARED.values():
        said = (metric.name, metric.unit, metric.description)
        labels = dict.fromkeys(metric.labels, "x")
        match metric.kind:
            case Kind.COUNTER:
                meter.create_counter(*said).add(1, labels)
            case Kind.GAUGE:
                meter.create_gauge(*said).set(1, labels)
            case Kind.SUM:
                meter.create_up_down_counter(*said).add(1, labels)
            case Kind.HISTOGRAM:
                meter.create_histogram(*said).record(1, labels)
    found = {
        sample.name: set(sample.labels) - {"le"}
        for family in registry.collect()
        for sample in family.samples
        if sample.name != "target_info"
    }
    provider.shutdown()
    assert found == {series: labels_of(series) for series in EMITTED}
