"""Ports that are chosen now and listened on later: nobody else on the machine gets them in between."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from viche_cli.home import Home
from viche_cli.infra import ports
from viche_cli.up.options import Options, check, choose_endpoints

CLAIM = """
import sys
from viche_cli.infra import ports
print(ports.claim(int(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(port: int) -> Iterator[str]:
    """What another process is told that claims the port, and runs until the block ends."""
    argv = [sys.executable, "-c", CLAIM, str(port)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()


def unclaimed() -> int:
    """A port that nobody has claimed, and nobody will: it is none of those that are chosen from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        for port in range(ports.LAST + 2, ports.LAST + 1000):
            with suppress(OSError):
                tried.bind((ports.LOOPBACK, port))
                return port
    raise AssertionError("every port is in use")


def test_a_port_that_was_chosen_is_not_chosen_again_though_nobody_listens_yet() -> None:
    port = ports.free_port()
    assert ports.is_free(port)
    assert not ports.claim(port)
    with other_process(port) as told:
        assert told == "False"


def test_a_port_of_another_process_is_free_again_when_that_has_ended() -> None:
    port = unclaimed()
    with other_process(port) as told:
        assert told == "True"
        assert not ports.claim(port)
    assert ports.claim(port)


def test_a_port_that_somebody_listens_on_is_not_chosen() -> None:
    port = unclaimed()
    with socket.create_server((ports.LOOPBACK, port)):
        assert not ports.claim(port)
    assert ports.claim(port)


def test_a_child_listens_on_a_port_that_its_parent_has_claimed() -> None:
    port = ports.free_port()
    listening = f"import socket; socket.create_server(('{ports.LOOPBACK}', {port})); print('listens')"
    done = subprocess.run([sys.executable, "-c", listening], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("listens\n", 0), done.stderr


def test_nothing_of_an_instance_gets_the_port_of_its_portal_or_of_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = unclaimed()
    monkeypatch.setattr(ports, "FIRST", port)
    monkeypatch.setattr(ports, "LAST", port + 30)
    options = Options(Home(tmp_path), ports.LOOPBACK, port, with_demo=False, environment={})
    check(options)
    chosen = choose_endpoints(options, nats_url="", postgres_url="")
    mail = chosen.smtp_url.removeprefix("smtp://").removesuffix("?tls=none")
    addresses = [*chosen.grpc.values(), *chosen.metrics.values(), mail, chosen.mail_url, chosen.http_listen]
    assert len({address.rpartition(":")[2] for address in addresses}) == len(addresses)


def test_the_last_port_has_none_beside_it(tmp_path: Path) -> None:
    options = Options(Home(tmp_path), ports.LOOPBACK, 65_535, with_demo=False, environment={})
    chosen = choose_endpoints(options, nats_url="", postgres_url="")
    assert ports.FIRST <= int(chosen.mail_url.rpartition(":")[2]) <= ports.LAST
