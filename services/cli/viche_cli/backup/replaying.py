"""A short-lived process of `viche up`: erases those again whom a restore brought back.

Reads `{"home", "grpc"}` as JSON on stdin, writes `{"erased"}` on stdout, or `{"fault": sentence}`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from viche_cli.backup import erasures
from viche_cli.commands.shared import calling
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.instance import open_channel


def main() -> None:
    """Erases and tells."""
    asked = json.load(sys.stdin)
    home = Home(Path(asked["home"]))
    try:
        answer: dict[str, object] = {"erased": _replay(home, asked["grpc"]["identity"])}
    except Fault as fault:
        answer = {"fault": str(fault)}
    json.dump(answer, sys.stdout)


def _replay(home: Home, address: str) -> int:
    done = erasures.read(home.erasures)
    key = home.keys / "services" / "cli.pem"
    with calling("Erased people could not be erased again"), open_channel(address, "identity", key, "cli") as channel:
        return erasures.replay(channel, done)


if __name__ == "__main__":
    main()
