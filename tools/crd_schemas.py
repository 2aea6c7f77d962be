"""Schemas of the custom resources that the chart can make, for its tests: taken from the projects' Go modules.

python -m tools.crd_schemas     writes tests/chart/schemas anew; needs Go and the module proxy

They are reduced to what a test needs: no descriptions, one version each, and no field that the schema does not know.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.gotools import go

FOLDER = Path(__file__).parents[1] / "tests" / "chart" / "schemas"
# module, its version, the file of the definition, and the version of the resource that the chart makes
RESOURCES: Mapping[str, tuple[str, str, str, str]] = {
    "Gateway": (
        "sigs.k8s.io/gateway-api",
        "v1.5.1",
        "config/crd/standard/gateway.networking.k8s.io_gateways.yaml",
        "v1",
    ),
    "HTTPRoute": (
        "sigs.k8s.io/gateway-api",
        "v1.5.1",
        "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",
        "v1",
    ),
    "PodMonitor": (
        "github.com/prometheus-operator/prometheus-operator",
        "v0.85.0",
        "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
        "v1",
    ),
    "PrometheusRule": (
        "github.com/prometheus-operator/prometheus-operator",
        "v0.85.0",
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
        "v1",
    ),
    "ExternalSecret": (
        "github.com/external-secrets/external-secrets",
        "v1.3.2",
        "config/crds/bases/external-secrets.io_externalsecrets.yaml",
        "v1",
    ),
    "CiliumNetworkPolicy": (
        "github.com/cilium/cilium",
        "v1.20.2",
        "pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml",
        "v2",
    ),
}
KEPT = frozenset(
    {
        *("type", "properties", "items", "required", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength"),
        *("minItems", "maxItems", "minProperties", "maxProperties", "additionalProperties"),
        *("anyOf", "oneOf", "allOf", "not", "nullable"),
    }
)


def reduced(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An OpenAPI schema of Kubernetes as a strict JSON schema."""
    made: dict[str, Any] = {key: _inner(key, value) for key, value in schema.items() if key in KEPT}
    nullable = made.pop("nullable", False)
    if schema.get("x-kubernetes-int-or-string"):
        made = {"type": ["integer", "string"]}
    if nullable and "type" in made:
        made["type"] = [made["type"], "null"]
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in made
    if "properties" in made and "type" in made and not is_open:
        made["additionalProperties"] = False
    # patterns of Go that Python reads otherwise or not at all
    if "pattern" in made and not _is_pattern(made["pattern"]):
        del made["pattern"]
    return made


def _inner(key: str, value: Any) -> Any:
    match key:
        case "properties":
            return {name: reduced(each) for name, each in value.items()}
        case "items" | "not" | "additionalProperties" if isinstance(value, dict):
            return reduced(value)
        case "anyOf" | "oneOf" | "allOf":
            return [reduced(each) for each in value]
    return value


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _definition(module: str, version: str, file: str) -> dict[str, Any]:
    argv = [str(go()), "mod", "download", "-json", f"{module}@{version}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603
    said = json.loads(done.stdout or "{}")
    if "Dir" not in said:
        raise SystemExit(f"{module} {version} cannot be had: {said.get('Error') or done.stderr.strip()}")
    return yaml.safe_load((Path(said["Dir"]) / file).read_text(encoding="utf-8"))


def _schema(definition: Mapping[str, Any], version: str) -> dict[str, Any]:
    found = next(each for each in definition["spec"]["versions"] if each["name"] == version)
    made = reduced(found["schema"]["openAPIV3Schema"])
    # the object's name, labels and annotations are checked by a rule of their own
    made["properties"]["metadata"] = {"type": "object"}
    made["properties"].pop("status", None)
    made["properties"]["apiVersion"] = {"const": f"{definition['spec']['group']}/{version}"}
    return made


def main() -> int:
    """Writes every schema anew."""
    for kind, (module, release, file, version) in RESOURCES.items():
        schema = _schema(_definition(module, release, file), version)
        origin = f"{file} of {module} {release}, reduced; Apache-2.0, see LICENCE.md"
        text = json.dumps({"$comment": origin, **schema}, indent=1, sort_keys=True)
        (FOLDER / f"{kind}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{kind}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
