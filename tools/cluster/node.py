"""The node: containerd, the kubelet and kube-proxy."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

from tools.cluster import certificates as names
from tools.cluster.places import CNI_PLUGINS, DOMAIN, NODE, NODE_ADDRESS, PAUSE_IMAGE, POD_NETWORK, Places
from tools.cluster.processes import start, wait_for
from tools.running import run

CONTAINERD = "containerd"
NAMESPACE = "k8s.io"
GONE_WITHIN_S = 20.0
CGROUPS = Path("/sys/fs/cgroup")
_CRI = "io.containerd.grpc.v1.cri"


def start_containerd(places: Places) -> None:
    """Starts what runs containers."""
    places.config.mkdir(parents=True, exist_ok=True)
    config = places.config / "containerd.toml"
    config.write_text(_containerd(places), encoding="utf-8")
    start(places, CONTAINERD, [shutil.which(CONTAINERD) or CONTAINERD, "--config", config])
    wait_for(places, CONTAINERD, places.containerd.exists)


def start_kubelet(places: Places, programs: Path) -> None:
    """Starts what runs pods, and what leads connections to Services."""
    config = places.config / "kubelet.json"
    config.write_text(json.dumps(_kubelet(places)), encoding="utf-8")
    kubeconfig = places.kubeconfig_of(names.KUBELET)
    words = [f"--config={config}", f"--kubeconfig={kubeconfig}", f"--root-dir={places.state / 'kubelet'}"]
    words += [f"--cert-dir={places.keys}", f"--hostname-override={NODE}", f"--node-ip={NODE_ADDRESS}"]
    start(places, names.KUBELET, [programs / names.KUBELET, *words])
    proxy = places.config / "kube-proxy.json"
    proxy.write_text(json.dumps(_proxy(places)), encoding="utf-8")
    start(places, names.PROXY, [programs / names.PROXY, f"--config={proxy}", f"--hostname-override={NODE}"])


def end_containers(places: Places) -> None:
    """Ends all containers of the cluster; the kubelet must not run any more, and containerd must."""
    for line in ctr(places, "tasks", "ls").splitlines()[1:]:
        _try("ctr", "--address", places.containerd, "-n", NAMESPACE, "tasks", "kill", "-s", "KILL", line.split()[0])
    until_s = time.monotonic() + GONE_WITHIN_S
    while "RUNNING" in ctr(places, "tasks", "ls") and time.monotonic() < until_s:
        time.sleep(0.2)
    for name in ctr(places, "tasks", "ls", "-q").split():
        _try("ctr", "--address", places.containerd, "-n", NAMESPACE, "tasks", "delete", "-f", name)
    for name in ctr(places, "containers", "ls", "-q").split():
        network = _network_of(places, name)
        _try("ctr", "--address", places.containerd, "-n", NAMESPACE, "containers", "delete", name)
        if network:
            _try("ip", "netns", "delete", Path(network).name)


def clean(places: Places) -> None:
    """Takes away mounts and control groups that pods left behind."""
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    for mount in sorted(mounts, reverse=True):
        if mount.startswith((f"{places.state}/", f"{places.run}/")):
            _try("umount", "--lazy", mount)
    for folder in CGROUPS.glob("*/kubepods"):
        _remove_groups(folder)
    for folder in CGROUPS.glob(f"*/{NAMESPACE}"):
        _remove_groups(folder)


def ctr(places: Places, *words: str | Path) -> str:
    """What containerd's own command says. Raises Fault."""
    return run("ctr", "--address", places.containerd, "-n", NAMESPACE, *words, within_s=600.0)


def _network_of(places: Places, container: str) -> str:
    """The file of the network namespace of a container; empty when it has none of its own."""
    spec = json.loads(ctr(places, "containers", "info", container))["Spec"]
    paths = (each.get("path", "") for each in spec["linux"]["namespaces"] if each["type"] == "network")
    return next((path for path in paths if "/netns/cni-" in path), "")


def _remove_groups(folder: Path) -> None:
    """Control groups are folders that `rmdir` alone removes, the innermost first."""
    for group in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        _try("rmdir", group)
    _try("rmdir", folder)


def _try(*argv: str | Path) -> None:
    subprocess.run([str(word) for word in argv], capture_output=True, check=False, timeout=60)  # noqa: S603


def _containerd(places: Places) -> str:
    return f"""version = 2
root = "{places.state}/containerd"
state = "{places.run}/containerd"
[grpc]
address = "{places.containerd}"
[plugins."{_CRI}"]
sandbox_image = "{PAUSE_IMAGE}"
disable_apparmor = true
restrict_oom_score_adj = true
stream_server_address = "127.0.0.1"
[plugins."{_CRI}".cni]
bin_dir = "{CNI_PLUGINS}"
conf_dir = "{places.config}/cni"
[plugins."{_CRI}".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."{_CRI}".containerd.runtimes.runc.options]
SystemdCgroup = false
"""


def _kubelet(places: Places) -> dict[str, object]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": NODE_ADDRESS,
        "authentication": {
            "x509": {"clientCAFile": str(places.certificate(names.AUTHORITY))},
            "webhook": {"enabled": False},
            "anonymous": {"enabled": False},
        },
        # whoever has a certificate of this authority is a part of the cluster
        "authorization": {"mode": "AlwaysAllow"},
        "tlsCertFile": str(places.certificate(names.KUBELET)),
        "tlsPrivateKeyFile": str(places.key(names.KUBELET)),
        "containerRuntimeEndpoint": f"unix://{places.containerd}",
        "cgroupDriver": "cgroupfs",
        "failCgroupV1": False,
        "failSwapOn": False,
        "clusterDNS": [NODE_ADDRESS],
        "clusterDomain": DOMAIN,
        "podLogsDir": str(places.logs / "pods"),
        "volumePluginDir": str(places.state / "kubelet-plugins"),
        "healthzBindAddress": "127.0.0.1",
        # a disk of a developer is often full to a large part
        "evictionHard": {"memory.available": "200Mi", "nodefs.available": "1Gi", "imagefs.available": "1Gi"},
        "imageGCHighThresholdPercent": 100,
        "serializeImagePulls": False,
    }


def _proxy(places: Places) -> dict[str, object]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clusterCIDR": POD_NETWORK,
        "clientConnection": {"kubeconfig": str(places.kubeconfig_of(names.PROXY))},
        "healthzBindAddress": "127.0.0.1:10256",
        "metricsBindAddress": "127.0.0.1:10249",
        "nodePortAddresses": ["127.0.0.0/8"],
        # limits of the whole machine are not ours to set
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
