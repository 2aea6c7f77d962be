"""Gives a folder to each PersistentVolumeClaim, and takes it away with the claim.

Kubernetes has volumes that are folders of a node, but nothing that makes them. Everybody may write into such a folder,
since pods run as users of their own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.cluster import control
from tools.cluster.places import NODE, STORAGE, Places

Object = Mapping[str, Any]


def keep(places: Places, programs: Path, found: Mapping[str, Sequence[Object]]) -> None:
    """Makes what is missing and takes away what nobody claims any more. `found` are objects by kind. Raises Fault."""
    classes = {each["metadata"]["name"] for each in found.get("StorageClass", []) if each["provisioner"] == STORAGE}
    volumes = [each for each in found.get("PersistentVolume", []) if each["spec"].get("storageClassName") in classes]
    held = {each["metadata"]["name"] for each in volumes}
    for claim in found.get("PersistentVolumeClaim", []):
        name = f"folder-{claim['metadata']['uid']}"
        is_new = "deletionTimestamp" not in claim["metadata"] and name not in held
        if is_new and claim["spec"].get("storageClassName") in classes:
            folder = places.volumes / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o777)
            control.kubectl(places, programs, "create", "-f", "-", text=json.dumps(_volume(claim, name, folder)))
    for volume in volumes:
        if volume["status"].get("phase") == "Released":
            control.kubectl(places, programs, "delete", "persistentvolume", volume["metadata"]["name"])
            shutil.rmtree(places.volumes / volume["metadata"]["name"], ignore_errors=True)


def _volume(claim: Object, name: str, folder: Path) -> Object:
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
