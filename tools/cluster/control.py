"""The control plane: etcd, the API server, the controllers and the scheduler."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.cluster import certificates as names
from tools.cluster.places import (
    API_PORT,
    ETCD_PEER_PORT,
    ETCD_PORT,
    NODE_ADDRESS,
    POD_NETWORK,
    SERVICE_NETWORK,
    Places,
)
from tools.cluster.processes import start, wait_for
from tools.running import Fault, run

ETCD = "etcd"
LOOPBACK = "127.0.0.1"


def up(places: Places, programs: Path) -> None:
    """Starts all four and waits for the API. Raises Fault."""
    start(places, ETCD, _etcd(places))
    start(places, names.API_SERVER, _api_server(places, programs))
    wait_for(places, names.API_SERVER, lambda: _answers(places, programs))
    start(places, names.CONTROLLER_MANAGER, _controller_manager(places, programs))
    start(places, names.SCHEDULER, _scheduler(places, programs))


def kubectl(places: Places, programs: Path, *words: str | Path, text: str | None = None) -> str:
    """What kubectl prints, as an administrator. Raises Fault."""
    return run(programs / "kubectl", "--kubeconfig", places.kubeconfig, *words, text=text)


def _answers(places: Places, programs: Path) -> bool:
    try:
        return kubectl(places, programs, "get", "--raw", "/readyz") == "ok"
    except Fault:
        return False


def _etcd(places: Places) -> Sequence[str | Path]:
    client, peer = f"http://{LOOPBACK}:{ETCD_PORT}", f"http://{LOOPBACK}:{ETCD_PEER_PORT}"
    return [
        shutil.which("etcd") or "etcd",
        f"--data-dir={places.state / 'etcd'}",
        *(f"--listen-client-urls={client}", f"--advertise-client-urls={client}"),
        *(f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}"),
    ]


def _api_server(places: Places, programs: Path) -> Sequence[str | Path]:
    own, accounts = names.API_SERVER, places.key(names.SERVICE_ACCOUNTS)
    return [
        programs / own,
        f"--etcd-servers=http://{LOOPBACK}:{ETCD_PORT}",
        *(f"--bind-address={NODE_ADDRESS}", f"--advertise-address={NODE_ADDRESS}", f"--secure-port={API_PORT}"),
        *(f"--tls-cert-file={places.certificate(own)}", f"--tls-private-key-file={places.key(own)}"),
        f"--client-ca-file={places.certificate(names.AUTHORITY)}",
        *(f"--kubelet-client-certificate={places.certificate(own)}", f"--kubelet-client-key={places.key(own)}"),
        f"--kubelet-certificate-authority={places.certificate(names.AUTHORITY)}",
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc",
        *(f"--service-account-key-file={accounts}", f"--service-account-signing-key-file={accounts}"),
        f"--service-cluster-ip-range={SERVICE_NETWORK}",
        *("--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction"),
    ]


def _controller_manager(places: Places, programs: Path) -> Sequence[str | Path]:
    authority = names.AUTHORITY
    return [
        programs / names.CONTROLLER_MANAGER,
        f"--kubeconfig={places.kubeconfig_of(names.CONTROLLER_MANAGER)}",
        f"--service-account-private-key-file={places.key(names.SERVICE_ACCOUNTS)}",
        f"--root-ca-file={places.certificate(authority)}",
        f"--cluster-signing-cert-file={places.certificate(authority)}",
        f"--cluster-signing-key-file={places.key(authority)}",
        f"--cluster-cidr={POD_NETWORK}",
        *("--use-service-account-credentials", "--leader-elect=false", f"--bind-address={LOOPBACK}"),
    ]


def _scheduler(places: Places, programs: Path) -> Sequence[str | Path]:
    own = f"--kubeconfig={places.kubeconfig_of(names.SCHEDULER)}"
    return [programs / names.SCHEDULER, own, "--leader-elect=false", f"--bind-address={LOOPBACK}"]
