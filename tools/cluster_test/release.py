"""The chart as a trial: its Secrets, installed, changed, taken back and taken away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.cluster_test.kube import Kube
from tools.cluster_test.report import Fault

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "viche"
TRIAL = CHART / "ci" / "embedded.yaml"
SERVICES = ("identity", "petitions", "surveys", "social", "notifications", "gateway")
REPLICAS = 2
READY_WITHIN_S = 600


@dataclass(frozen=True, slots=True)
class Release:
    """One release in its namespace.

    Args:
        values: more files of values, after those of the trial.
        settings: what `--set` says, for all installations and upgrades.
    """

    kube: Kube
    name: str
    values: Sequence[Path]
    settings: Sequence[str]

    @property
    def fullname(self) -> str:
        """How names of its objects begin."""
        return f"{self.name}-viche"

    def deployment(self, component: str) -> str:
        """As kubectl names it."""
        return f"deployment/{self.fullname}-{component}"

    def gateway_port(self) -> int:
        """The port of the gateway's Service."""
        return self.kube.get("service", f"{self.fullname}-gateway")["spec"]["ports"][0]["port"]

    def make_secrets(self) -> str:
        """Makes the namespace, under the strictest standard for pods, keys and connections."""
        namespace = self.kube.namespace
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}}
        self.kube.kubectl("create", "-f", "-", text=json.dumps(made))
        for words in (("keys", "--kubernetes"), ("prepare", "trial", self.fullname)):
            self.kube.kubectl("create", "-f", "-", text=_viche(*words))
        return f"{len(self.kube.get('secrets')['items'])} Secrets"

    def install(self) -> str:
        """Installs it and waits until everything is ready."""
        self.kube.helm("install", self.name, CHART, *self._options())
        self.wait()
        return f"{len(self.service_pods())} pods of services are ready"

    def upgrade(self, *changes: str) -> str:
        """Changes values and waits until the last pod has been replaced."""
        before = {pod["metadata"]["uid"] for pod in self.service_pods()}
        more = [word for change in changes for word in ("--set", change)]
        self.kube.helm("upgrade", self.name, CHART, *self._options(), *more)
        self.wait()
        left = before & {pod["metadata"]["uid"] for pod in self.service_pods()}
        if left:
            raise Fault(f"{len(left)} pods were not replaced: `{' '.join(changes)}` must change every pod.")
        return f"{len(before)} pods replaced"

    def rollback(self) -> str:
        """Takes the last change back."""
        self.kube.helm("rollback", self.name, "--wait", f"--timeout={READY_WITHIN_S}s")
        self.wait()
        return f"revision {json.loads(self.kube.helm('list', '-o', 'json'))[0]['revision']}"

    def test(self) -> str:
        """Runs the chart's own tests."""
        self.kube.helm("test", self.name, f"--timeout={READY_WITHIN_S}s")
        return "the chart's own tests are content"

    def uninstall(self) -> str:
        """Takes the release away; claims and Secrets stay."""
        self.kube.helm("uninstall", self.name, "--wait", f"--timeout={READY_WITHIN_S}s")
        claims, secrets = (len(self.kube.get(kind)["items"]) for kind in ("persistentvolumeclaims", "secrets"))
        if not claims:
            raise Fault("No PersistentVolumeClaim is left: what was written is lost.")
        return f"{claims} claims and {secrets} Secrets stay"

    def wait(self) -> None:
        """Waits until all Deployments and StatefulSets are ready. Raises Fault."""
        selector = f"app.kubernetes.io/instance={self.name}"
        names = self.kube.kubectl("get", "deployments,statefulsets", "-l", selector, "-o", "name").split()
        for name in names:
            within = READY_WITHIN_S + 60
            self.kube.kubectl("rollout", "status", name, f"--timeout={READY_WITHIN_S}s", within_s=within)

    def pods(self) -> list[dict]:
        """Its pods that are not about to end."""
        found = self.kube.get("pods", "-l", f"app.kubernetes.io/instance={self.name}")["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def service_pods(self) -> list[dict]:
        """Those of the services and the gateway."""
        return [pod for pod in self.pods() if pod["metadata"]["labels"]["app.kubernetes.io/component"] in SERVICES]

    def _options(self) -> list[str | Path]:
        replicas = [f"services.{name}.replicas={REPLICAS}" for name in SERVICES]
        files = [word for path in (TRIAL, *self.values) for word in ("-f", path)]
        said = ["settings.allowDirectSessions=true", "settings.rateFactor=1000", *replicas, *self.settings]
        settings = [word for setting in said for word in ("--set", setting)]
        return [*files, *settings, "--wait", f"--timeout={READY_WITHIN_S}s"]


def _viche(*words: str) -> str:
    argv = [sys.executable, "-m", "viche_cli.main", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    if done.returncode != 0:
        raise Fault(f"`viche {' '.join(words)}` failed: {done.stderr.strip()}")
    return done.stdout
