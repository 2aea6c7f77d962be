"""The chart as a trial: its Secrets, installed, changed, taken back and taken away."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.cluster_test.kube import Kube, until
from tools.running import Fault

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "viche"
TRIAL = CHART / "ci" / "embedded.yaml"
SERVICES = ("identity", "petitions", "surveys", "social", "notifications", "gateway")
REPLICAS = 2
READY_WITHIN_S = 600
ENDS_WITHIN_S = 120.0


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
        """Makes keys and connections."""
        for words in (("keys", "--kubernetes"), ("prepare", "trial", self.fullname)):
            self.kube.kubectl("create", "-f", "-", text=_viche(*words))
        return f"{len(self.kube.get('secrets')['items'])} Secrets"

    def install(self) -> str:
        """Installs it and waits until everything is ready."""
        self.kube.helm("install", self.name, CHART, *self._options())
        self.wait()
        return f"{len(self.service_pods())} pods of services are ready"

    def upgrade(self, *changes: str) -> str:
        """Changes values, of which one changes every pod, and waits until the last pod has been replaced."""
        more = [word for change in changes for word in ("--set", change)]
        return self._replacing("upgrade", self.name, CHART, *self._options(), *more)

    def rollback(self) -> str:
        """Takes the last change back, and waits likewise."""
        return self._replacing("rollback", self.name, "--wait", f"--timeout={READY_WITHIN_S}s")

    def test(self) -> str:
        """Runs the chart's own tests."""
        self.kube.helm("test", self.name, "--logs", f"--timeout={READY_WITHIN_S}s")
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

    def wait_for_pods(self, number: int) -> None:
        """Waits until so many pods of services are ready, as after one was killed. Raises Fault."""
        until(f"{number} pods are ready", lambda: sum(map(_is_ready, self.service_pods())) >= number, READY_WITHIN_S)

    def service_pods(self) -> list[dict]:
        """Pods of the services and the gateway that are not about to end."""
        return [pod for pod in self._all_service_pods() if "deletionTimestamp" not in pod["metadata"]]

    def _all_service_pods(self) -> list[dict]:
        services = f"app.kubernetes.io/instance={self.name},app.kubernetes.io/component in ({','.join(SERVICES)})"
        return self.kube.get("pods", "-l", services)["items"]

    def _replacing(self, *words: str | Path) -> str:
        before = {pod["metadata"]["uid"] for pod in self.service_pods()}
        self.kube.helm(*words)
        self.wait()
        until(
            "no pod from before is left",
            lambda: before.isdisjoint(pod["metadata"]["uid"] for pod in self._all_service_pods()),
            ENDS_WITHIN_S,
        )
        return f"{len(before)} pods replaced"

    def _options(self) -> list[str | Path]:
        replicas = [f"services.{name}.replicas={REPLICAS}" for name in SERVICES]
        files = [word for path in (TRIAL, *self.values) for word in ("-f", path)]
        said = ["settings.allowDirectSessions=true", "settings.rateFactor=1000", *replicas, *self.settings]
        settings = [word for setting in said for word in ("--set", setting)]
        return [*files, *settings, "--wait", f"--timeout={READY_WITHIN_S}s"]


def _is_ready(pod: dict) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _viche(*words: str) -> str:
    argv = [sys.executable, "-m", "viche_cli.main", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    if done.returncode != 0:
        raise Fault(f"`viche {' '.join(words)}` failed: {done.stderr.strip()}")
    return done.stdout
