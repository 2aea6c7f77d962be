"""The bridge that pods hang on, and what the kernel must allow for it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tools.cluster.places import BRIDGE, CNI_PLUGINS, NODE_ADDRESS, POD_NETWORK, Places
from tools.running import Fault, run

FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
BRIDGED = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")
_OURS = re.compile(r"KUBE-|VICHE-")


def up(places: Places) -> None:
    """Makes the bridge with the node's address on it. Raises Fault."""
    if not BRIDGED.exists():
        raise Fault("The kernel does not show packets of bridges to iptables: load the module br_netfilter.")
    before = {str(path): path.read_text(encoding="utf-8").strip() for path in (FORWARDING, BRIDGED)}
    noted = _noted(places)
    if not noted.exists():
        noted.write_text(json.dumps(before), encoding="utf-8")
    for path in (FORWARDING, BRIDGED):
        path.write_text("1", encoding="utf-8")
    if not Path(f"/sys/class/net/{BRIDGE}").exists():
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "address", "add", f"{NODE_ADDRESS}/24", "dev", BRIDGE)
    run("ip", "link", "set", BRIDGE, "up")
    _configure(places)


def down(places: Places) -> None:
    """Takes away the bridge and the rules of iptables, and sets the kernel back."""
    noted = _noted(places)
    if not noted.exists():  # it is not up, so rules of such names are another cluster's
        return
    for each in ("iptables", "ip6tables"):
        kept = [line for line in run(f"{each}-save").splitlines() if not _OURS.search(line)]
        run(f"{each}-restore", text="\n".join(kept) + "\n")
    subprocess.run(["ip", "link", "delete", BRIDGE], capture_output=True, check=False)  # noqa: S603, S607
    for path, value in json.loads(noted.read_text(encoding="utf-8")).items():
        Path(path).write_text(value, encoding="utf-8")


def _noted(places: Places) -> Path:
    """What the kernel was set to before."""
    return places.state / "kernel.json"


def _configure(places: Places) -> None:
    """How containerd gives a pod its network."""
    if not (CNI_PLUGINS / "bridge").exists():
        raise Fault(f"{CNI_PLUGINS}/bridge is missing: install the package containernetworking-plugins.")
    bridge = {
        "type": "bridge",
        "bridge": BRIDGE,
        "isDefaultGateway": True,
        "hairpinMode": True,
        "ipam": {"type": "host-local", "ranges": [[{"subnet": POD_NETWORK}]], "dataDir": str(places.run / "addresses")},
    }
    chain = {"cniVersion": "1.0.0", "name": "viche", "plugins": [bridge, {"type": "portmap"}]}
    folder = places.config / "cni"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "10-viche.conflist").write_text(json.dumps(chain), encoding="utf-8")
