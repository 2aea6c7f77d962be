"""A short-lived process of `viche up`: loads the demo into the instance whose addresses come as JSON on stdin.

Answers `{"people", "petitions", "signatures", "surveys"}` as JSON on stdout, or `{"fault": sentence}`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from viche_cli.backup.making import store_at
from viche_cli.demo.load import load
from viche_cli.demo.zone import zone_of
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.instance import Instance
from viche_cli.services import objects_environment


def main() -> None:
    """Loads and tells."""
    asked = json.load(sys.stdin)
    home = Home(Path(asked["home"]))
    key = home.keys / "services" / "cli.pem"
    try:
        objects = store_at(objects_environment(home, os.environ))
        answer = asdict(load(Instance(asked["grpc"], key, asked), objects, zone_of(os.environ)))
    except Fault as fault:
        answer = {"fault": str(fault)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
