"""Gives a folder to each PersistentVolumeClaim, and takes it away with the claim.

python -m tools.cluster.volumes KUBECTL

Kubernetes has volumes that are folders of a node, but nothing that makes them. Everybody may write into such a folder,
since pods run as users of their own.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from tools.cluster import control
from tools.cluster.places import NODE, STORAGE, Places
from tools.cluster.processes import Fault

EVERY_S = 1.0


def look(places: Places, programs: Path) -> None:
    """Makes what is missing and takes away what nobody claims any more."""
    claims = _items(places, programs, "persistentvolumeclaims", "--all-namespaces")
    volumes = _items(places, programs, "persistentvolumes")
    classes = {each["metadata"]["name"] for each in _items(places, programs, "storageclasses") if _is_ours(each)}
    held = {each["metadata"]["name"] for each in volumes}
    for claim in claims:
        name = f"folder-{claim['metadata']['uid']}"
        if claim["spec"].get("storageClassName") in classes and name not in held:
            folder = places.volumes / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o777)
            control.kubectl(places, programs, "create", "-f", "-", text=json.dumps(_volume(claim, name, folder)))
    for volume in volumes:
        if volume["status"].get("phase") == "Released" and volume["spec"].get("storageClassName") in classes:
            control.kubectl(places, programs, "delete", "persistentvolume", volume["metadata"]["name"])
            shutil.rmtree(places.volumes / volume["metadata"]["name"], ignore_errors=True)


def _volume(claim: dict[str, Any], name: str, folder: Path) -> dict[str, Any]:
    reference = {key: claim["metadata"][key] for key in ("name", "namespace", "uid")}
    term = {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [NODE]}]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"]["accessModes"],
            "storageClassName": claim["spec"]["storageClassName"],
            "persistentVolumeReclaimPolicy": "Retain",
            "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **reference},
            "local": {"path": str(folder)},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}},
        },
    }


def _is_ours(storage_class: dict[str, Any]) -> bool:
    return storage_class["provisioner"] == STORAGE


def _items(places: Places, programs: Path, *words: str) -> list[dict[str, Any]]:
    return json.loads(control.kubectl(places, programs, "get", *words, "-o", "json"))["items"]


def main() -> None:
    """Looks until it is ended."""
    programs, places = Path(sys.argv[1]), Places()
    while True:
        try:
            look(places, programs)
        except Fault as fault:
            print(fault, file=sys.stderr, flush=True)
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
