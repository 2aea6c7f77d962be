"""A short-lived process of `viche up`: loads the demo into the instance whose addresses come as JSON on stdin.

Answers `{"people", "petitions", "signatures"}` as JSON on stdout, or `{"fault": sentence}`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from viche_cli.demo.load import load
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.instance import Instance


def main() -> None:
    """Loads and tells."""
    asked = json.load(sys.stdin)
    key = Home(Path(asked["home"])).keys / "services" / "cli.pem"
    try:
        answer = asdict(load(Instance(asked["grpc"], key, asked)))
    except Fault as fault:
        answer = {"fault": str(fault)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
