"""The chart as Helm renders it, and the objects that come of it."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.programs import needed

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "viche"
# without the chart's name in them, so that a name that is written out instead of made shows
RELEASE = "region"
NAMESPACE = "participation"
EXAMPLES: Mapping[str, Path] = {path.stem: path for path in sorted((CHART / "ci").glob("*.yaml"))}
WORKLOADS = ("Deployment", "StatefulSet", "Job", "CronJob", "Pod")
COMPONENT = "app.kubernetes.io/component"

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pod:
    """The pods of a workload."""

    kind: str
    name: str
    labels: Mapping[str, str]
    spec: Mapping[str, Any]

    @property
    def component(self) -> str:
        """Which part of the suite it is: identity, cli, postgres, …"""
        return self.labels[COMPONENT]

    @property
    def containers(self) -> Sequence[Mapping[str, Any]]:
        """Those that run on."""
        return self.spec["containers"]

    @property
    def all_containers(self) -> Sequence[Mapping[str, Any]]:
        """With those that run before them."""
        return [*self.spec.get("initContainers", ()), *self.containers]

    @property
    def ports(self) -> Mapping[str, int]:
        """Ports that it listens on, by name."""
        return {port["name"]: port["containerPort"] for each in self.all_containers for port in each.get("ports", ())}


@dataclass(frozen=True, slots=True)
class Rendered:
    """All objects of a release."""

    objects: Sequence[Object]

    def of(self, *kinds: str) -> list[Object]:
        """The objects of some kinds."""
        return [each for each in self.objects if each["kind"] in kinds]

    def pods(self) -> list[Pod]:
        """The pods of all workloads, those of hooks included."""
        return [_pod(each) for each in self.of(*WORKLOADS)]

    def pod(self, component: str) -> Pod:
        """The one whose Deployment or StatefulSet is this component's."""
        (found,) = [each for each in self.pods() if each.component == component and each.kind != "Job"]
        return found


class Refused(Exception):
    """Helm refused the values; the text is what it wrote."""


def helm(*arguments: str | Path, given: str = "") -> str:
    """What Helm prints; `given` is what it reads from its standard input. Raises Refused."""
    argv = [str(each) for each in (needed("helm"), *arguments)]
    done = subprocess.run(argv, input=given, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise Refused(done.stderr + done.stdout)
    return done.stdout


def template(*arguments: str | Path) -> str:
    """The YAML of a release."""
    return helm("template", RELEASE, CHART, "--namespace", NAMESPACE, *arguments)


def changed(values: Mapping[str, Any], example: str = "minimal") -> str:
    """The YAML of a release with values on top of one of the files in ci/. Raises Refused."""
    options = ("--values", EXAMPLES[example], "--values", "-", "--namespace", NAMESPACE)
    return helm("template", RELEASE, CHART, *options, given=yaml.safe_dump(dict(values)))


@functools.cache
def rendered(example: str) -> Rendered:
    """The objects of one of the files in ci/, rendered once for all tests of a process."""
    return parsed(template("--values", EXAMPLES[example]))


def parsed(text: str) -> Rendered:
    """The objects of a stream of YAML."""
    return Rendered([each for each in yaml.load_all(text, yaml.CSafeLoader) if each])


def _pod(workload: Object) -> Pod:
    template = workload
    for step in {"Pod": (), "CronJob": ("spec", "jobTemplate", "spec", "template")}.get(
        workload["kind"], ("spec", "template")
    ):
        template = template[step]
    return Pod(workload["kind"], workload["metadata"]["name"], template["metadata"].get("labels", {}), template["spec"])
