"""Faults, and how one sees that they are over."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import grpc
import httpx
import psutil
import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.suite import Suite
from viche_cli.infra import process

SERVICES = ("identity", "petitions", "surveys", "social", "notifications")
GATEWAY, POSTGRES, NATS = "gateway", "postgresql", "nats"
TARGETS = (*SERVICES, GATEWAY, POSTGRES, NATS)
# a slow machine under load gets as long as this before a test calls something lost for good
PATIENCE_S = 60.0


def pid_of(suite: Suite, name: str) -> int:
    """The process that runs as `name` now, as far as the supervisor has said."""
    return suite.details()["pids"][name]


def strike(suite: Suite, name: str, how: signal.Signals = signal.SIGKILL) -> None:
    """Sends a signal to a child of the suite; one that has just ended by itself is struck no more."""
    with suppress(ProcessLookupError):
        os.kill(pid_of(suite, name), how)


def await_back(suite: Suite, name: str, former_pid: int) -> float:
    """Waits until a new process runs as `name` and answers; gives the seconds that it took from now."""
    began_s = time.monotonic()
    assert process.wait_until(lambda: pid_of(suite, name) != former_pid, PATIENCE_S), f"{name} was not started again"
    answers = _probe(suite, name)
    assert process.wait_until(answers, PATIENCE_S), f"{name} does not answer"
    return time.monotonic() - began_s


def kill(suite: Suite, name: str, how: signal.Signals = signal.SIGKILL) -> float:
    """Ends a child and waits until it is back; gives the seconds from the signal to the first good answer."""
    former_pid = pid_of(suite, name)
    strike(suite, name, how)
    return await_back(suite, name, former_pid)


def keep_down(suite: Suite, name: str, seconds: float) -> None:
    """Kills a child again each time that the supervisor has started it."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        strike(suite, name)
        time.sleep(0.05)


def workers_of(suite: Suite, name: str) -> list[psutil.Process]:
    """Processes that a child has started itself."""
    return psutil.Process(pid_of(suite, name)).children(recursive=True)


def _probe(suite: Suite, name: str) -> Callable[[], bool]:
    if name in SERVICES:
        return lambda: _is_serving(suite.details()["grpc"][name])
    return {GATEWAY: _portal_answers, POSTGRES: _database_answers, NATS: _broker_greets}[name](suite)


def _is_serving(address: str) -> bool:
    with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        try:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.RpcError:
            return False
    return answer.status == health_pb2.HealthCheckResponse.SERVING


def _portal_answers(suite: Suite) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return suite.get("/petitions.json").status_code == 200
        except httpx.HTTPError:
            return False

    return ask


def _database_answers(suite: Suite) -> Callable[[], bool]:
    url = suite.details()["databases"]["petitions"]

    def ask() -> bool:
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    return ask


def _broker_greets(suite: Suite) -> Callable[[], bool]:
    host, _, port = suite.details()["nats_url"].rpartition("@")[2].rpartition(":")

    def ask() -> bool:
        try:
            with socket.create_connection((host, int(port)), timeout=1) as connection:
                return connection.recv(4096).startswith(b"INFO ")
        except OSError:
            return False

    return ask
