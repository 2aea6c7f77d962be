"""What clusters have beside Kubernetes itself: names, volumes, and policies that are enforced.

python -m tools.cluster.keeping PROGRAMS
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tools.cluster import control, names, policies, volumes
from tools.cluster.places import NODE_ADDRESS, Places
from tools.running import Fault, run

EVERY_S = 0.5
KINDS = (
    "pods,services,endpointslices,namespaces,networkpolicies,persistentvolumes,persistentvolumeclaims,storageclasses"
)


class Keeper:
    """Looks at the cluster and does what is missing."""

    def __init__(self, places: Places, programs: Path) -> None:
        self._places = places
        self._programs = programs
        self._table = ""
        self._names = names.NameServer(NODE_ADDRESS)

    def look(self) -> None:
        """Once. Raises Fault."""
        said = control.kubectl(self._places, self._programs, "get", KINDS, "--all-namespaces", "-o", "json")
        found: dict[str, list[Any]] = {}
        for each in json.loads(said)["items"]:
            found.setdefault(each["kind"], []).append(each)
        self._names.learn(names.addresses(found.get("Service", []), found.get("EndpointSlice", [])))
        self._enforce(found)
        volumes.keep(self._places, self._programs, found)

    def _enforce(self, found: dict[str, list[Any]]) -> None:
        """Sets the rules when they have changed, so that their counters tell what was rejected."""
        cluster = policies.read(found.get("Pod", []), found.get("Namespace", []), found.get("NetworkPolicy", []))
        table = policies.table(cluster)
        if table == self._table:
            return
        run("iptables-restore", "--noflush", "--wait", text=table)
        if not self._table:
            run("iptables", "--wait", "-I", "FORWARD", "-j", policies.FIRST)
        self._table = table


def main() -> None:
    """Looks until it is ended."""
    keeper = Keeper(Places(), Path(sys.argv[1]))
    while True:
        try:
            keeper.look()
        except Fault as fault:
            print(fault, file=sys.stderr, flush=True)
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
