"""Where the cluster keeps its things, and its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STATE = Path("/var/lib/viche-cluster")
RUN = Path("/run/viche-cluster")
CNI_PLUGINS = Path("/usr/lib/cni")

BRIDGE = "viche0"
NODE = "viche"
NODE_ADDRESS = "10.244.0.1"
POD_NETWORK = "10.244.0.0/24"
SERVICE_NETWORK = "10.96.0.0/16"
API_SERVICE_ADDRESS = "10.96.0.1"
DOMAIN = "cluster.local"
API_PORT = 6443
API_URL = f"https://{NODE_ADDRESS}:{API_PORT}"
ETCD_PORT, ETCD_PEER_PORT = 12379, 12380
PAUSE_IMAGE = "localhost/viche-cluster-pause:1"
STORAGE = "viche.local/folder"
"""Name of the provisioner of volumes, see volumes.py."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and files of the cluster."""

    state: Path = STATE
    run: Path = RUN

    @property
    def keys(self) -> Path:
        """Certificates, keys and kubeconfigs."""
        return self.state / "keys"

    @property
    def config(self) -> Path:
        """What the processes are configured with."""
        return self.state / "config"

    @property
    def logs(self) -> Path:
        """What the processes say, one file each."""
        return self.state / "logs"

    @property
    def volumes(self) -> Path:
        """The folders that are PersistentVolumes."""
        return self.state / "volumes"

    @property
    def kubeconfig(self) -> Path:
        """With which kubectl and helm are administrators."""
        return self.keys / "admin.kubeconfig"

    @property
    def containerd(self) -> Path:
        """The socket of containerd."""
        return self.run / "containerd.sock"

    def certificate(self, name: str) -> Path:
        """The certificate of a part."""
        return self.keys / f"{name}.crt"

    def key(self, name: str) -> Path:
        """Its private key."""
        return self.keys / f"{name}.key"

    def kubeconfig_of(self, name: str) -> Path:
        """With which a part speaks to the API server."""
        return self.keys / f"{name}.kubeconfig"

    def pid(self, name: str) -> Path:
        """The file with the process id of a part."""
        return self.run / f"{name}.pid"
