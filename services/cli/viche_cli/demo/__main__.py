"""A short-lived process of `viche up`: loads the demo into the instance whose addresses come as JSON on stdin.

Answers `{"people", "petitions", "signatures", "surveys"}` as JSON on stdout, or `{"fault": sentence}`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from viche_chassis import settings
from viche_chassis.config import load as read_settings
from viche_cli.backup.making import store_at
from viche_cli.demo.load import load
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.instance import Instance
from viche_cli.services import objects_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where the days of the authorities begin and end."""

    timezone: str = settings.timezone()


def main() -> None:
    """Loads and tells."""
    asked = json.load(sys.stdin)
    home = Home(Path(asked["home"]))
    key = home.keys / "services" / "cli.pem"
    try:
        objects = store_at(objects_environment(home, os.environ))
        zone = ZoneInfo(read_settings(Zone, os.environ).timezone)
        answer = asdict(load(Instance(asked["grpc"], key, asked), objects, zone))
    except Fault as fault:
        answer = {"fault": str(fault)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
