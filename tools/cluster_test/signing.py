"""People who sign while something happens to the release, and the ledger of what they were told."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cluster_test.people import Petition
from tools.cluster_test.release import Release
from tools.running import Fault

INSIDE = Path(__file__).with_name("inside")
LASTS_S, AROUND_S = 600.0, 5.0
ENDS_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Try:
    """One request: its key, the status of the answer (0: none), what it said, when it came and how long it took."""

    key: str
    status: int
    said: str
    at: float
    took_s: float

    @property
    def is_acknowledged(self) -> bool:
        """Whether somebody was told that the signature counts."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that was tried; `was_early` when nobody was left to sign before the end."""

    tries: tuple[Try, ...]
    was_early: bool

    @property
    def acknowledged(self) -> set[str]:
        """Keys of the signatures that count, as people were told."""
        return {each.key for each in self.tries if each.is_acknowledged}

    @property
    def failed(self) -> list[Try]:
        """What was not answered well the first time."""
        return [each for each in self.tries if not each.is_acknowledged]

    def summary(self) -> str:
        """For the table."""
        waits = sorted(each.took_s for each in self.tries) or [0.0]
        return (
            f"{len(self.tries)} requests, {len(self.failed)} failed, {len(self.acknowledged)} signatures; "
            f"median {waits[len(waits) // 2] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms"
        )


@dataclass(frozen=True, slots=True)
class Signing:
    """A pod that signs a petition.

    Args:
        image: of the command line.
        per_s: signatures in a second.
    """

    release: Release
    image: str
    per_s: float

    def during(self, petition: Petition, people: list[str], do: Callable[[], str]) -> tuple[Ledger, str]:
        """Signs, does it, signs a little longer; gives what was tried and what was done. Raises Fault."""
        kube, name = self.release.kube, f"signing-{petition.number}-{int(time.time())}"
        for document in (self._people(name, people), self._pod(name, petition)):
            kube.kubectl("create", "-f", "-", text=json.dumps(document))
        try:
            kube.kubectl("wait", f"pod/{name}", "--for=condition=Ready", "--timeout=120s")
            time.sleep(AROUND_S)
            done = do()
            time.sleep(AROUND_S)
            kube.kubectl("exec", name, "--", "python", "-c", "open('/tmp/end', 'w')")
            kube.kubectl(
                "wait", f"pod/{name}", "--for=jsonpath={.status.phase}=Succeeded", f"--timeout={ENDS_WITHIN_S}s"
            )
            return read(kube.kubectl("logs", name)), done
        finally:
            kube.kubectl("delete", "pod,secret", name, "--ignore-not-found", "--wait=false")

    def _people(self, name: str, people: list[str]) -> dict[str, Any]:
        script = (INSIDE / "load.py").read_text(encoding="utf-8")
        texts = {"load.py": script, "people.json": json.dumps(people)}
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": texts}

    def _pod(self, name: str, petition: Petition) -> dict[str, Any]:
        release = self.release
        url = f"http://{release.fullname}-gateway:{release.gateway_port()}"
        # the chart's policies let its own tests in
        labels = {"name": "viche", "instance": release.name, "component": "tests"}
        command = ["python", "/load/load.py", url, str(petition.number), str(self.per_s), str(LASTS_S)]
        container = {
            "name": "signing",
            "image": self.image,
            "imagePullPolicy": "IfNotPresent",
            "command": command,
            "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [{"name": "load", "mountPath": "/load"}, {"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
        }
        spec = {
            "restartPolicy": "Never",
            # of its own accord it ends only when it is told to
            "activeDeadlineSeconds": 3600,
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "runAsGroup": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [{"name": "load", "secret": {"secretName": name}}, {"name": "tmp", "emptyDir": {}}],
        }
        metadata = {"name": name, "labels": {f"app.kubernetes.io/{key}": text for key, text in labels.items()}}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def read(said: str) -> Ledger:
    """The ledger that a pod has written. Raises Fault when it is not whole."""
    try:
        *lines, last = [json.loads(line) for line in said.splitlines()]
        ledger = Ledger(tuple(Try(**line) for line in lines), last["was_early"])
    except (ValueError, TypeError, KeyError) as error:
        raise Fault(f"The pod that signs did not come to its end; its log ends with {said[-500:]}") from error
    if len(lines) != last["tries"]:
        raise Fault("Not all that was signed is in the log: let nodes keep longer logs of a pod.")
    return ledger


def check(release: Release, petition: Petition, ledgers: Iterable[Ledger]) -> str:
    """Holds what people were told against what the database has. Raises Fault at a signature that is lost or twice."""
    tries = [each for ledger in ledgers for each in ledger.tries]
    script = INSIDE / "stored.py"
    stored = Counter(release.kube.python(release.deployment("petitions"), script, str(petition.number)))
    told = {each.key for each in tries if each.is_acknowledged}
    if lost := told - stored.keys():
        raise Fault(f"{len(lost)} signatures are lost that people were told count, {sorted(lost)[0]} for one.")
    if twice := [key for key, number in stored.items() if key and number > 1]:
        raise Fault(f"{len(twice)} signatures are stored twice, {twice[0]} for one.")
    said = json.loads(
        release.kube.viche(release.deployment("cli"), "recount", "--petition", str(petition.number), "--json")
    )[0]
    if not said["counted"] == said["published"] == sum(stored.values()):
        raise Fault(f"{sum(stored.values())} signatures are stored, but `viche recount` says {said}.")
    unknown = len(stored.keys() - {each.key for each in tries})
    return f"{len(told)} told, {sum(stored.values())} stored and counted, {unknown} of others"


def no_failure(ledger: Ledger) -> str:
    """Raises Fault when any request failed, or none was made towards the end."""
    if ledger.was_early:
        raise Fault(f"It took longer than the {LASTS_S:.0f} s for which people sign: nothing is known of the rest.")
    if ledger.failed:
        kinds = Counter(f"{each.status} {each.said[:120]}" for each in ledger.failed)
        told = "; ".join(f"{number} × {kind}" for kind, number in kinds.most_common(4))
        began = min(each.at for each in ledger.tries)
        first, last = ledger.failed[0].at - began, ledger.failed[-1].at - began
        when = f"{first:.0f} to {last:.0f} s after the first"
        raise Fault(f"{len(ledger.failed)} of {len(ledger.tries)} requests failed, {when}: {told}")
    return ledger.summary()
