"""Dashboards of Grafana, written from tools/dashboards.yaml."""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "tools" / "dashboards.yaml"
FOLDER = ROOT / "charts" / "viche" / "files" / "dashboards"
SCHEMA_VERSION = 39
COLUMNS = 24
SIZES = {"stat": (4, 4), "series": (12, 8)}
TYPES = {"stat": "stat", "series": "timeseries"}
CHOSEN = 'namespace=~"$namespace"'
SOURCE_OF_DATA = {"type": "prometheus", "uid": "${datasource}"}


def described() -> list[dict[str, Any]]:
    """Dashboards as people have written them."""
    return yaml.safe_load(SOURCE.read_text(encoding="utf-8"))


def files() -> dict[Path, str]:
    """What is to be in the folder."""
    return {
        FOLDER / f"{each['uid']}.json": json.dumps(dashboard(each), ensure_ascii=False, indent=1) + "\n"
        for each in described()
    }


def dashboard(said: dict[str, Any]) -> dict[str, Any]:
    """One dashboard as Grafana reads it."""
    return {
        "uid": said["uid"],
        "title": said["title"],
        "tags": ["viche"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [_choice_of_source(), _choice_of_namespace()]},
        "links": [{"type": "dashboards", "tags": ["viche"], "title": "Viche", "asDropdown": True, "keepTime": True}],
        "panels": _panels(said["rows"]),
    }


def _panels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        place = {"x": 0, "y": y, "w": COLUMNS, "h": 1}
        panels.append({"id": len(panels) + 1, "type": "row", "title": row["title"], "gridPos": place, "panels": []})
        x, y = 0, y + 1
        height = 0
        for said in row["panels"]:
            width, height = SIZES[said.get("kind", "series")]
            if x + width > COLUMNS:
                x, y = 0, y + height
            place = {"x": x, "y": y, "w": width, "h": height}
            panels.append({"id": len(panels) + 1, "gridPos": place, **_panel(said)})
            x += width
        y += height
    return panels


def _panel(said: dict[str, Any]) -> dict[str, Any]:
    kind = said.get("kind", "series")
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if "bad" in said:
        steps.append({"color": "red", "value": said["bad"]})
    return {
        "type": TYPES[kind],
        "title": said["title"],
        "description": said["what"],
        "datasource": SOURCE_OF_DATA,
        "fieldConfig": {
            "defaults": {"unit": said["unit"], "min": 0, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "options": _options(kind),
        "targets": [
            {"refId": chr(ord("A") + number), "datasource": SOURCE_OF_DATA, "legendFormat": legend, "expr": _in(query)}
            for number, (legend, query) in enumerate(said["show"].items())
        ],
    }


def _options(kind: str) -> dict[str, Any]:
    if kind == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background", "graphMode": "none"}
    return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}


def _in(query: str) -> str:
    return query.replace("$in", CHOSEN)


def _choice_of_source() -> dict[str, Any]:
    return {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}


def _choice_of_namespace() -> dict[str, Any]:
    """A Prometheus without Kubernetes has no namespaces, which "all" stands for, too."""
    return {
        "name": "namespace",
        "type": "query",
        "label": "Namespace",
        "datasource": SOURCE_OF_DATA,
        "query": {"query": "label_values(viche_work_age_seconds, namespace)", "refId": "namespaces"},
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
        "refresh": 2,
    }
