"""Ports for processes that only their siblings speak to."""

from __future__ import annotations

import random
import socket

from viche_cli.faults import Fault

LOOPBACK = "127.0.0.1"
# below the range that systems hand out for outgoing connections, so that nobody's connection takes the port
# while a killed process is away from it
FIRST, LAST = 20_000, 29_999
TRIES = 200


def free_port() -> int:
    """A port of the loopback interface that nothing listens on now, for this process as `claim` says.

    Raises Fault when none is found.
    """
    draw = random.SystemRandom()
    for _ in range(TRIES):
        port = draw.randint(FIRST, LAST)
        if claim(port):
            return port
    raise Fault(f"No free port was found between {FIRST} and {LAST}: stop what holds them and start again.")


def claim(port: int) -> bool:
    """Whether one could listen on the port of the loopback interface now, and nobody else has claimed it.

    It stays claimed until this process ends, so that other instances on this machine do not choose it before a child
    of ours listens there, or while a killed one is away from it. They do not even try it out, which would take it from
    the child for a moment.
    """
    # what only one process can have, and loses when it ends however it ends: the port of the same number of UDP,
    # which nothing of ours uses
    claimed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claimed.bind((LOOPBACK, port))
    except OSError:
        claimed.close()
        return False
    if not is_free(port):
        claimed.close()
        return False
    claimed.detach()  # it stays open, and children do not inherit it (PEP 446)
    return True


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether one could listen on the port now."""
    with socket.socket(_family(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
        return True


def answers(port: int, host: str = LOOPBACK, timeout_s: float = 0.5) -> bool:
    """Whether something accepts connections on the port."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s):
            return True
    except OSError:
        return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
