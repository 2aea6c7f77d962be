"""Runs inside an image and prints as JSON what is in it; nothing but the standard library, whatever the image is.

argv: modules whose every submodule is to be imported.
"""

import hashlib
import importlib
import importlib.metadata
import json
import os
import pkgutil
import platform
import shutil
import stat
import sys

PROGRAMS = ("pip", "pip3", "uv", "gcc", "cc", "g++", "make", "ld", "npm", "node", "debootstrap")
ELSEWHERE = ("/proc", "/sys", "/dev", "/tmp", "/run")  # noqa: S108 (not ours to look at)


def files() -> dict[str, str]:
    """Path to a digest of all files of the image: kind, mode and content."""
    found: dict[str, str] = {}
    for folder, names, others in os.walk("/"):
        names[:] = [name for name in names if os.path.join(folder, name) not in ELSEWHERE]
        for name in others:
            path = os.path.join(folder, name)
            if path != __file__:
                found[path] = _digest(path)
    return found


def _digest(path: str) -> str:
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        return f"{status.st_mode:o} {os.readlink(path) if stat.S_ISLNK(status.st_mode) else ''}"
    try:
        with open(path, "rb") as file:
            return f"{status.st_mode:o} {hashlib.file_digest(file, 'sha256').hexdigest()}"
    except PermissionError:
        return f"{status.st_mode:o} {status.st_size}"


def imported(packages: list[str]) -> dict[str, str]:
    """Modules that cannot be imported, with the reason."""
    faults: dict[str, str] = {}
    for package in packages:
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            try:
                importlib.import_module(found.name)
            except Exception as fault:
                faults[found.name] = f"{type(fault).__name__}: {fault}"
    return faults


def writable(folders: tuple[str, ...] = ("/", "/etc", "/opt/viche", "/opt/viche/code", "/var")) -> list[str]:
    """Folders that the account may write to."""
    return [folder for folder in folders if os.access(folder, os.W_OK)]


def main() -> None:
    """Prints everything."""
    found = files()
    document = {
        "uid": os.getuid(),
        "gid": os.getgid(),
        "python": platform.python_version(),
        "environment": dict(os.environ),
        "programs": [
            name for name in PROGRAMS if shutil.which(name, path="/usr/local/bin:/usr/bin:/bin:/opt/viche/bin")
        ],
        "privileged": [path for path, digest in found.items() if int(digest.split()[0], 8) & 0o6000],
        "distributions": {each.name: each.version for each in importlib.metadata.distributions()},
        "writable": writable(),
        "faults": imported(sys.argv[1:]),
        "files": found,
    }
    json.dump(document, sys.stdout)


if __name__ == "__main__":
    main()
