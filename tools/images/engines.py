"""PostgreSQL, NATS, an S3 server and a mail catcher on this machine's loopback, for images that bring none."""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.gotools import build, program
from viche_cli.infra import ports, process
from viche_cli.infra.nats import nats_server
from viche_cli.infra.postgres import postgres_server

ACCESS_KEY = "viche"
READY_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Engines:
    """Where the engines answer; URLs have passwords."""

    postgres_url: str
    nats_url: str
    s3_url: str
    smtp_url: str
    mail_url: str


@contextlib.contextmanager
def engines(folder: Path) -> Iterator[Engines]:
    """Running engines over an empty folder, ended on the way out. Raises Fault, and Missing where Go cannot be had."""
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(postgres_server(folder / "postgres", log=folder / "postgres.log"))
        nats = stack.enter_context(nats_server(folder / "nats", log=folder / "nats.log"))
        s3_url = stack.enter_context(_s3(folder / "s3"))
        smtp, web = ports.free_port(), ports.free_port()
        stack.enter_context(_mailbox(folder / "mails", smtp, web))
        yield Engines(
            postgres_url=postgres.url,
            nats_url=nats.url,
            s3_url=s3_url,
            smtp_url=f"smtp://{ports.LOOPBACK}:{smtp}?tls=none",
            mail_url=f"http://{ports.LOOPBACK}:{web}",
        )


@contextlib.contextmanager
def _s3(folder: Path) -> Iterator[str]:
    build("versitygw")
    folder.mkdir()
    port, secret = ports.free_port(), secrets.token_hex(16)
    # it writes some times in the local zone, which S3 does not allow
    keys = {"TZ": "UTC", "ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": secret}
    running = process.spawn(
        [program("versitygw"), "--port", f"{ports.LOOPBACK}:{port}", "--quiet", "posix", str(folder)],
        env={**os.environ, **keys},
        log=folder.with_suffix(".log"),
    )
    try:
        process.wait_until(lambda: ports.answers(port), READY_WITHIN_S)
        yield f"s3+http://{ACCESS_KEY}:{secret}@{ports.LOOPBACK}:{port}/viche"
    finally:
        process.stop(running)


@contextlib.contextmanager
def _mailbox(folder: Path, smtp: int, web: int) -> Iterator[None]:
    listen = ["--smtp", f"{ports.LOOPBACK}:{smtp}", "--web", f"{ports.LOOPBACK}:{web}", "--folder", str(folder)]
    running = process.spawn(
        [sys.executable, "-m", "viche_cli.mailbox", *listen], env=dict(os.environ), log=folder.with_suffix(".log")
    )
    try:
        process.wait_until(lambda: ports.answers(web), READY_WITHIN_S)
        yield
    finally:
        process.stop(running)
