"""The life of `viche up`: start everything, watch it, end it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

from viche_cli import instance
from viche_cli.faults import Fault
from viche_cli.infra import process
from viche_cli.services import GATEWAY, MAILBOX, SERVICES, Endpoints, Spec, direct_sessions, specs
from viche_cli.up import banner, engines
from viche_cli.up import options as opts
from viche_cli.up.progress import Progress
from viche_cli.up.supervisor import Child, Supervisor, last_line

READY_WITHIN_S = 90.0
DEMO_WITHIN_S = 300.0
ERASED_WITHIN_S = 3600.0
FORCE_AFTER_S = 1.0
# `viche demo` asks a running instance for the demo with this signal
DEMO_SIGNAL = signal.SIGUSR1


class Stopping(BaseException):
    """Somebody wants us to end; not an Exception, so that nobody takes it for a fault."""


class Runner:
    """One `viche up`."""

    def __init__(self, options: opts.Options, progress: Progress) -> None:
        self._options = options
        self._home = options.home
        self._progress = progress
        self._supervisor = Supervisor(progress.warn)
        self._demo_is_wanted = False
        self._specs: dict[str, Spec] = {}

    def run(self) -> None:
        """Runs until SIGINT, SIGTERM or SIGHUP. Raises Fault when it cannot start; leaves no child in any case."""
        self._home.make()
        lock = self._home.lock()
        try:
            instance.withdraw(self._home)  # of one that was killed
            self._refuse_half_restored()
            opts.check(self._options)
            _raise_on_signals()
            self._serve()
        except Stopping:
            self._progress.say("Ending ...")
        finally:
            _force_on_signals(self._supervisor)
            self._stop()
            instance.withdraw(self._home)
            os.close(lock)

    def _refuse_half_restored(self) -> None:
        if self._home.unfinished_restore.exists():
            raise Fault(
                f"A restore into {self._home.path} did not come to its end: run `viche restore` with --replace again."
            )

    def _serve(self) -> None:
        endpoints = self._start_engines()
        self._start_services(endpoints)
        self._supervisor.on_restart = lambda: instance.announce(self._home, endpoints, self._supervisor.pids())
        self._supervisor.on_restart()
        self._progress.say(banner.ready(self._home, endpoints))
        signal.signal(DEMO_SIGNAL, self._want_demo)
        while True:
            self._supervisor.run_while(lambda: not self._demo_is_wanted)
            self._demo_is_wanted = False
            self._load_demo(endpoints)
            self._supervisor.on_restart()

    def _want_demo(self, number: int, frame: FrameType | None) -> None:
        self._demo_is_wanted = True

    def _start_engines(self) -> Endpoints:
        say = self._progress
        with say.step("Starting PostgreSQL"):
            postgres_url = engines.start_postgres(self._options, self._supervisor)
        with say.step("Starting NATS"):
            nats_url, nats_urls = engines.start_nats(self._options, self._supervisor)
        endpoints = opts.choose_endpoints(self._options, nats_url=nats_url, postgres_url=postgres_url)
        engines.start_mailbox(self._home, endpoints, self._supervisor)
        with say.step("Preparing keys and databases"):
            s3_url = self._options.provided("VICHE_S3_URL")
            asked = {"home": str(self._home.path), "postgres_url": postgres_url, "s3_url": s3_url}
            databases = self._ask("viche_cli.prepare", asked)["databases"]
        return replace(endpoints, databases=databases, nats_urls=nats_urls)

    def _start_services(self, endpoints: Endpoints) -> None:
        demo_is_due = self._demo_is_due()
        self._specs = {spec.name: spec for spec in specs(self._home, endpoints, self._options.environment)}
        if demo_is_due:
            # before the gateway starts, which remembers the region for a minute
            self._start(endpoints, SERVICES)
            self._load_demo(endpoints)
            self._start(endpoints, (GATEWAY,))
        elif self._home.erasures.exists():
            # before anybody who was erased gets in
            self._start(endpoints, SERVICES)
            self._erase_again(endpoints)
            self._start(endpoints, (GATEWAY,))
        else:
            self._start(endpoints, (*SERVICES, GATEWAY))

    def _start(self, endpoints: Endpoints, names: Sequence[str]) -> None:
        with self._progress.step(f"Starting {', '.join(names)}"):
            for name in names:
                self._supervisor.add(self._child(self._specs[name]))
            self._await_ready(endpoints, names)

    def _child(self, spec: Spec) -> Child:
        log = self._home.logs / f"{spec.name}.log"
        # the gateway's own workers end with it when it is told; the others end at once
        death = signal.SIGTERM if spec.name == GATEWAY else signal.SIGKILL
        argv = [sys.executable, "-m", spec.module]
        return Child(
            spec.name, lambda: process.spawn(argv, env=spec.environment, log=log, parent_death_signal=death), log
        )

    def _await_ready(self, endpoints: Endpoints, names: Sequence[str]) -> None:
        host, _, port = endpoints.http_listen.rpartition(":")
        page = f"http://{'127.0.0.1' if host in opts.ANY_HOST else host}:{port}/"
        targets = [page if name == GATEWAY else f"{name}={endpoints.grpc[name]}" for name in names]
        probe = process.spawn([sys.executable, "-m", "viche_cli.probe", *targets], log=self._home.logs / "probe.log")
        try:
            what = f"{', '.join(names)}"
            self._supervisor.run_until(lambda: probe.poll() == 0, timeout_s=READY_WITHIN_S, what=what)
        finally:
            process.await_end(probe, 0.0)

    def _demo_is_due(self) -> bool:
        state = self._home.state()
        if "demo" not in state:  # the first start decides
            state["demo"] = "due" if self._options.with_demo else "none"
            self._home.save_state(state)
        return state["demo"] == "due"

    def _load_demo(self, endpoints: Endpoints) -> None:
        """identity opens sessions without mails only while the demo is loaded."""
        identity = self._specs["identity"]
        child = self._supervisor.children["identity"]
        with self._progress.step("Loading the demo region"):
            self._replace(direct_sessions(identity), endpoints, child)
            self._ask("viche_cli.demo", {"home": str(self._home.path), **endpoints.as_dict()}, within_s=DEMO_WITHIN_S)
            self._replace(identity, endpoints, self._supervisor.children["identity"])
            self._home.save_state({**self._home.state(), "demo": "loaded"})

    def _erase_again(self, endpoints: Endpoints) -> None:
        with self._progress.step("Erasing again whom the restore brought back"):
            asked = {"home": str(self._home.path), "grpc": dict(endpoints.grpc)}
            self._ask("viche_cli.backup.replaying", asked, within_s=ERASED_WITHIN_S)
            self._home.erasures.unlink()

    def _replace(self, spec: Spec, endpoints: Endpoints, running: Child) -> None:
        """Starts a child anew with another environment."""
        self._supervisor.stop([running.name])
        self._supervisor.add(self._child(spec))
        self._await_ready(endpoints, (spec.name,))

    def _ask(self, module: str, question: dict[str, Any], within_s: float = READY_WITHIN_S) -> dict[str, Any]:
        """Runs a module that reads JSON and answers JSON, while the children are watched. Raises Fault."""
        log = self._home.logs / f"{module.rpartition('.')[2]}.log"
        with (
            log.open("ab") as errors,
            subprocess.Popen(
                [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            ) as helper,
        ):
            try:
                answer, _ = helper.communicate(json.dumps(question).encode(), timeout=within_s)
            except BaseException:
                helper.kill()
                raise
        if helper.returncode != 0:
            raise Fault(f"{module.rpartition('.')[2]} failed: {last_line(log)} (more in {log}).")
        document = json.loads(answer)
        if "fault" in document:
            raise Fault(document["fault"])
        return document

    def _stop(self) -> None:
        """The gateway first, so that nobody is let in any more, then the services, the engines last."""
        for names in ((GATEWAY,), SERVICES, (MAILBOX,), (engines.NATS,), (engines.POSTGRES,)):
            self._supervisor.stop(names)
        self._supervisor.kill()


def _raise_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        # once: what follows must not be torn apart
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopping

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN or each != signal.SIGHUP:  # nohup stays in force
            signal.signal(each, stop)
    signal.signal(DEMO_SIGNAL, signal.SIG_IGN)


def _force_on_signals(supervisor: Supervisor) -> None:
    """A second Ctrl-C ends everything at once; one that comes with the first, by way of `uv run`, does not count."""
    began_s = time.monotonic()

    def force(number: int, frame: FrameType | None) -> None:
        if time.monotonic() - began_s > FORCE_AFTER_S:
            supervisor.kill()

    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    signal.signal(signal.SIGINT, force)
