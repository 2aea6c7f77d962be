"""PgBouncer in transaction mode before a PostgreSQL server, for tests."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from tests.programs import cannot
from viche_cli.infra import ports, process

READY_WITHIN_S = 60.0
# fewer sessions than the suite has connections, so that transactions do meet different ones
CONFIG = """\
[databases]
* = host={host} port={server_port} auth_user={user}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = 3
auth_type = scram-sha-256
auth_file = {users}
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
"""


@contextlib.contextmanager
def pooler(folder: Path, admin_url: str) -> Iterator[int]:
    """The port of a pooler before the server, ended on the way out.

    Skips the test where PgBouncer is missing; with CI=true that is a failure.
    """
    parts, port = urlsplit(admin_url), ports.free_port()
    folder.mkdir()
    users, config = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{parts.username}" "{unquote(parts.password or "")}"\n')
    config.write_text(
        CONFIG.format(host=ports.LOOPBACK, server_port=parts.port, user=parts.username, port=port, users=users)
    )
    # it refuses to be root, and must read the files when it is somebody else
    for path, mode in ((folder, 0o755), (users, 0o644), (config, 0o644)):
        path.chmod(mode)
    somebody = ["-u", "nobody"] if getpass.getuser() == "root" else []
    running = process.spawn([_program(), *somebody, config], log=folder / "log")
    try:
        assert process.wait_until(lambda: ports.answers(port), READY_WITHIN_S), (folder / "log").read_text()
        yield port
    finally:
        process.stop(running)


def through(url: str, port: int) -> str:
    """The same database by way of the pooler."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{port}")))


def _program() -> str:
    found = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")
    if found is None:
        cannot("PgBouncer is missing: apt-get install pgbouncer")
    return found
