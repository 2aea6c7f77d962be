"""The folder of the instance: room and keys."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping

from viche_chassis.errors import Unavailable
from viche_cli.backup.making import store_at
from viche_cli.check.findings import Finding, fail, ok, warn
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.services import CALLERS, KEYED, objects_environment

LOW_BYTES, SCARCE_BYTES = 5 * 10**9, 10**9
OLD_SIGNING_KEY_S = 400 * 24 * 3600


def check_machine(home: Home) -> Iterator[Finding]:
    """What can be seen without anything running."""
    yield _check_room(home)
    if home.unfinished_restore.exists():
        yield fail("folder", "a restore did not come to its end", "run `viche restore` with --replace again")
    yield from _check_keys(home)


def check_objects(home: Home, environment: Mapping[str, str]) -> Finding:
    """Whether the store of files answers."""
    is_bucket = bool(environment.get("VICHE_S3_URL", "").strip())
    where = "bucket" if is_bucket else "folder"
    try:
        next(store_at(objects_environment(home, environment)).list(), None)
    except Unavailable:
        return fail("files", f"the {where} does not answer, or refuses us", "start the server, or correct the setting")
    except Fault as fault:
        return fail("files", str(fault), "correct it")
    return ok("files", f"the {where} answers")


def _check_room(home: Home) -> Finding:
    free_bytes = shutil.disk_usage(home.path).free
    said = f"{free_bytes / 1e9:.1f} GB free"
    if free_bytes < SCARCE_BYTES:
        return fail("disk", said, f"make room on the disk of {home.path}: PostgreSQL stops when it is full")
    if free_bytes < LOW_BYTES:
        return warn("disk", said, f"make room on the disk of {home.path}")
    return ok("disk", said)


def _check_keys(home: Home) -> Iterator[Finding]:
    wanted = [home.keys / "services" / f"{name}.pem" for name in CALLERS]
    wanted += [home.keys / f"{name}.key" for name in KEYED]
    missing = [path.name for path in wanted if not path.is_file()]
    signing = sorted((home.keys / "signing").glob("*.pem"))
    if not signing:
        missing.append("signing/*.pem")
    if missing:
        yield fail("keys", f"missing: {', '.join(missing)}", f"bring {home.keys} back from a backup")
    public = home.keys / "services" / "public"
    secret = [path for path in home.keys.rglob("*") if path.is_file() and public not in path.parents]
    if open_files := [str(path.relative_to(home.keys)) for path in secret if path.stat().st_mode & 0o077]:
        yield fail("keys", f"others can read {', '.join(sorted(open_files))}", f"chmod -R go= {home.keys}")
    if signing and time.time() - signing[-1].stat().st_mtime > OLD_SIGNING_KEY_S:
        yield warn("keys", f"the signing key {signing[-1].name} is old", "rotate it, see docs/operating.md")
    if not missing and not open_files:
        yield ok("keys", f"{len(secret)} files, readable by their owner alone")
