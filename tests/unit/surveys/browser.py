"""The module that the portal sends to browsers, as it is built, run by Node."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from viche_gateway import assets

_DRIVER = Path(__file__).with_name("browser.mjs")


class Browser:
    """One Node process that holds the built `expressions.js`."""

    def __init__(self) -> None:
        built = assets.BUILT / Path(assets.asset("expressions.js")).name
        node = Path(sys.executable).with_name("node")
        self._process = subprocess.Popen(
            [node, "--no-warnings", _DRIVER, built],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def call(self, name: str, *given: Any) -> Any:
        """What the module's function gives."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([name, given]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline(), parse_int=float)  # all numbers are doubles there

    def close(self) -> None:
        """Lets the process end."""
        self._process.communicate()
