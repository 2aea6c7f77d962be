"""python -m tools.cluster up | down | load IMAGE… | kubeconfig | status"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools import gotools
from tools.cluster import certificates, control, images, network, node
from tools.cluster.places import NODE, Places
from tools.cluster.processes import is_running, start, stop, wait_for
from tools.running import Fault

MANIFESTS = Path(__file__).with_name("manifests")
NEEDED = ("containerd", "runc", "etcd", "buildah", "ip", "iptables", "conntrack", "ethtool", "socat")
KEEPING = "keeping"
# in the order in which they end
PARTS = (
    *(KEEPING, certificates.PROXY, certificates.KUBELET, node.CONTAINERD, certificates.SCHEDULER),
    *(certificates.CONTROLLER_MANAGER, certificates.API_SERVER, control.ETCD),
)


def up(places: Places) -> None:
    """Builds what is missing, starts everything and waits until pods can run. Raises Fault."""
    _check()
    programs = gotools.build_module("kubernetes")
    began_s = time.monotonic()
    for folder in (places.state, places.config, places.run):
        folder.mkdir(parents=True, exist_ok=True)
    if not places.kubeconfig.exists():
        certificates.make(places)
    network.up(places)
    control.up(places, programs)
    node.start_containerd(places)
    images.make_own(places, programs / "pause")
    node.start_kubelet(places, programs)
    wait_for(places, certificates.KUBELET, lambda: _is_there(places, programs))
    for manifest in sorted(MANIFESTS.glob("*.yaml")):
        control.kubectl(places, programs, "apply", "-f", manifest)
    root = Path(__file__).parents[2]
    start(places, KEEPING, [sys.executable, "-m", "tools.cluster.keeping", programs], {"PYTHONPATH": str(root)})
    control.kubectl(places, programs, "wait", "--for=condition=Ready", f"node/{NODE}", "--timeout=120s")
    print(f"The cluster is up after {time.monotonic() - began_s:.0f} s: export KUBECONFIG={places.kubeconfig}")


def down(places: Places) -> None:
    """Ends everything and takes away what it left."""
    for name in (KEEPING, certificates.PROXY, certificates.KUBELET):
        stop(places, name)
    if is_running(places, node.CONTAINERD):
        node.end_containers(places)
    for name in PARTS:
        stop(places, name)
    node.clean(places)
    network.down(places)
    for folder in (places.run, places.state):
        shutil.rmtree(folder, ignore_errors=True)


def status(places: Places) -> None:
    """Says which parts run."""
    for name in PARTS:
        print(f"{name}: {'runs' if is_running(places, name) else 'does not run'}")


def _check() -> None:
    if os.geteuid() != 0:
        raise Fault("The cluster needs root: it makes a bridge, mounts and control groups.")
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise Fault(f"Install what is missing: {', '.join(missing)}.")


def _is_there(places: Places, programs: Path) -> bool:
    try:
        return NODE in control.kubectl(places, programs, "get", "nodes", "-o", "name")
    except Fault:
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Does what is asked; 1 when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=sys.modules["tools.cluster"].__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start the cluster; the first time builds it, which takes many minutes")
    commands.add_parser("down", help="end it and forget everything in it")
    commands.add_parser("status", help="which parts run")
    commands.add_parser("kubeconfig", help="the file for KUBECONFIG")
    commands.add_parser("load", help="bring images of podman into it").add_argument("image", nargs="+")
    asked = parser.parse_args(argv)
    places = Places()
    try:
        match asked.command:
            case "up":
                up(places)
            case "down":
                down(places)
            case "load":
                images.load(places, asked.image)
            case "kubeconfig":
                print(places.kubeconfig)
            case _:
                status(places)
    except (Fault, gotools.Missing) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
