"""kubectl and helm, for one namespace of the cluster that KUBECONFIG names."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.gotools import Missing, program
from tools.running import Fault, run

PORT_WITHIN_S = 30.0
_FORWARDED = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+)")


@dataclass(frozen=True, slots=True)
class Kube:
    """A namespace of a cluster."""

    namespace: str

    def kubectl(self, *words: str | Path, text: str | None = None, within_s: float = 300.0) -> str:
        """What kubectl prints. Raises Fault."""
        return run("kubectl", "-n", self.namespace, *words, text=text, within_s=within_s)

    def helm(self, *words: str | Path, within_s: float = 900.0) -> str:
        """What helm prints. Raises Fault."""
        return run(_helm(), "-n", self.namespace, *words, within_s=within_s)

    def make_namespace(self) -> None:
        """Makes it, under the strictest standard for pods. Raises Fault; what is there may be somebody's."""
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace, "labels": labels}}
        self.kubectl("create", "-f", "-", text=json.dumps(made))

    def end_namespace(self) -> None:
        """Takes it away, with all that is in it. Raises Fault."""
        self.kubectl("delete", "namespace", self.namespace, "--timeout=300s", within_s=330)

    def get(self, *words: str) -> dict[str, Any]:
        """What kubectl finds."""
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def python(self, where: str, script: Path, *arguments: str, within_s: float = 300.0) -> Any:
        """The JSON that a script prints which runs in a pod; `deployment/NAME` is one of its pods. Raises Fault."""
        words = ("exec", "-i", where, "--", "python", "-", *arguments)
        return json.loads(self.kubectl(*words, text=script.read_text(encoding="utf-8"), within_s=within_s))

    def viche(self, where: str, *words: str, within_s: float = 300.0) -> str:
        """What the command line prints there. Raises Fault."""
        return self.kubectl("exec", where, "--", "viche", *words, within_s=within_s)

    @contextlib.contextmanager
    def port(self, where: str, port: int) -> Iterator[str]:
        """The address at which a port of a Service or pod answers on this machine, for the block."""
        words = ["kubectl", "-n", self.namespace, "port-forward", "--address", "127.0.0.1"]
        words += [f"--pod-running-timeout={PORT_WITHIN_S:.0f}s", where, f":{port}"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as forwarder:  # noqa: S603
            try:
                assert forwarder.stdout is not None
                said = forwarder.stdout.readline()
                found = _FORWARDED.search(said)
                if found is None:
                    raise Fault(f"{where} cannot be reached at {port}: {said.strip()}")
                yield f"http://127.0.0.1:{found[1]}"
            finally:
                forwarder.terminate()


def until(what: str, holds: Callable[[], bool], within_s: float) -> None:
    """Waits. Raises Fault when it does not come true."""
    until_s = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > until_s:
            raise Fault(f"{what}: not within {within_s:.0f} s.")
        time.sleep(0.5)


def _helm() -> str | Path:
    """That of the tests' cache, so that everybody tries the same one."""
    try:
        return program("helm")
    except Missing as missing:
        raise Fault(str(missing)) from missing
