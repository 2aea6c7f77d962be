"""Wheels of plugins, fetched by `viche plugins fetch` from a real server into a folder where Python finds them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.suite import viche
from viche_cli.commands.plugins import plugins
from viche_cli.faults import Fault

NAME = "viche_petition_village-1.0-py3-none-any.whl"
INFO = "viche_petition_village-1.0.dist-info"
FILES = {
    "viche_petition_village/__init__.py": (
        "from viche_sdk.hookspecs import hookimpl\n@hookimpl\ndef viche_workflows():\n    return []\n"
    ),
    f"{INFO}/METADATA": "Metadata-Version: 2.4\nName: viche-petition-village\nVersion: 1.0\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/entry_points.txt": "[viche]\npetition-village = viche_petition_village\n",
}


class Shelf:
    """Wheels at an address."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self._port = port

    def put(self, files: Mapping[str, str], name: str = NAME) -> str:
        """A wheel with these files and its RECORD; gives its address with the hash."""
        record = "".join(f"{path},,\n" for path in [*files, f"{INFO}/RECORD"])
        with zipfile.ZipFile(self.folder / name, "w") as wheel:
            for path, text in {**files, f"{INFO}/RECORD": record}.items():
                wheel.writestr(path, text)
        return self.address(name, hashlib.sha256((self.folder / name).read_bytes()).hexdigest())

    def address(self, name: str, sha256: str) -> str:
        """As it is written in the chart's values."""
        return f"http://127.0.0.1:{self._port}/{name}#sha256={sha256}"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    folder = tmp_path / "shelf"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Shelf(folder, server.server_address[1])
        server.shutdown()
        thread.join()


def fetch(into: Path, *addresses: str) -> str:
    """Says what the command prints, or the sentence of its fault."""
    done = CliRunner().invoke(plugins, ["fetch", "--into", str(into), *addresses])
    if isinstance(done.exception, Fault):
        return f"Fault: {done.exception}"
    assert done.exception is None, done.exception
    return done.output


def test_a_plugin_that_was_fetched_is_found_by_its_entry_point(shelf: Shelf, tmp_path: Path) -> None:
    into = tmp_path / "plugins"

    said = fetch(into, shelf.put(FILES))

    assert said == f"{NAME}: unpacked\n"
    words = viche("plugins", "list", "--json")
    environment = {**os.environ, "PYTHONPATH": str(into), "VICHE_PLUGINS": "petition-village"}
    listed = subprocess.run(words, env=environment, capture_output=True, text=True, check=True, timeout=120)
    states = {plugin["name"]: (plugin["state"], plugin["version"]) for plugin in json.loads(listed.stdout)}
    assert states["petition-village"] == ("loaded", "1.0")


def test_fetching_again_asks_nobody(shelf: Shelf, tmp_path: Path) -> None:
    into = tmp_path / "plugins"
    address = shelf.put(FILES)
    fetch(into, address)
    (shelf.folder / NAME).unlink()

    assert fetch(into, address) == f"{NAME}: was there\n"


def test_other_bytes_than_were_meant_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(FILES)

    told = fetch(tmp_path / "plugins", shelf.address(NAME, "0" * 64))

    assert told.startswith("Fault: ")
    assert "is not the file that was meant" in told
    assert list((tmp_path / "plugins").iterdir()) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../outside.py", "a file outside of its folder"),
        ("/etc/outside.py", "a file outside of its folder"),
        ("a\\..\\outside.py", "a file outside of its folder"),
        ("viche_petition_village-1.0.data/scripts/run", "only an installer can place"),
        ("viche_chassis/access.py", "brings viche_chassis, which is here already"),
        ("json/__init__.py", "brings json, which is here already"),
    ],
)
def test_a_wheel_writes_nothing_but_its_own(shelf: Shelf, tmp_path: Path, path: str, said: str) -> None:
    told = fetch(tmp_path / "plugins", shelf.put({**FILES, path: "1"}))

    assert told.startswith("Fault: ")
    assert said in told
    assert list((tmp_path / "plugins").iterdir()) == []


def test_two_wheels_with_the_same_file_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    other = NAME.replace("village", "town")

    told = fetch(tmp_path / "plugins", shelf.put(FILES), shelf.put({**FILES, "town.py": ""}, other))

    assert told.startswith("Fault: ")
    assert "both bring viche_petition_village/__init__.py" in told


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/a-1-py3-none-any.whl", "has no hash"),
        ("https://example.org/a-1-cp313-cp313-linux_x86_64.whl#sha256=" + "0" * 64, "no wheel for any machine"),
        ("https://example.org/a-1.tar.gz#sha256=" + "0" * 64, "no wheel for any machine"),
        ("file:///a-1-py3-none-any.whl#sha256=" + "0" * 64, "is no address"),
    ],
)
def test_addresses_that_could_not_be_used_are_refused(tmp_path: Path, address: str, said: str) -> None:
    told = fetch(tmp_path, address)

    assert told.startswith("Fault: ")
    assert said in told


def test_a_server_that_has_no_such_wheel_is_named(shelf: Shelf, tmp_path: Path) -> None:
    told = fetch(tmp_path / "plugins", shelf.address(NAME, "0" * 64))

    assert told.startswith("Fault: ")
    assert "cannot be fetched" in told
    assert "404" in told
