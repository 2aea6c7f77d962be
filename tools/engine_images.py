"""Images of the engines for machines that cannot pull any, out of the programs that `make up` and the tests use.

python -m tools.engine_images [--base IMAGE] [--prefix NAME] [--save FOLDER]

builds PREFIX-postgres, PREFIX-nats and PREFIX-objects with buildah or docker; --save also writes each as
FOLDER/engine-NAME.tar (docker's format), for a cluster that takes images from files.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.gotools import Missing, program
from viche_cli.faults import Fault
from viche_cli.infra import binaries
from viche_cli.infra.nats import server_binary

RECIPE = Path(__file__).parent / "images" / "engines.Dockerfile"
TAG = "trial"


def _postgres(into: Path) -> None:
    installation = binaries.installation()
    package = installation.parent
    shutil.copytree(installation, into / package.name / installation.name, symlinks=True)
    libraries = package.parent / binaries.LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, into / libraries.name, symlinks=True)


def _nats(into: Path) -> None:
    shutil.copy(server_binary(), into / "nats-server")


def _objects(into: Path) -> None:
    shutil.copy(program("versitygw"), into / "versitygw")


ENGINES: Mapping[str, Callable[[Path], None]] = {"postgres": _postgres, "nats": _nats, "objects": _objects}


def image(prefix: str, engine: str) -> str:
    """What the image of an engine is called."""
    return f"{prefix}-{engine}:{TAG}"


def build(builder: str, context: Path, engine: str, name: str, base: str) -> None:
    """Builds one target of the recipe."""
    arguments = [] if not base else ["--build-arg", f"BASE={base}"]
    _run([builder, "build", "--target", engine, *arguments, "-t", name, "-f", str(RECIPE), str(context)])


def save(builder: str, name: str, file: Path) -> None:
    """Writes the image as a file that docker and containerd load."""
    file.unlink(missing_ok=True)
    if Path(builder).name == "buildah":
        _run([builder, "push", "-q", name, f"docker-archive:{file}:{_reference(name)}"])
    else:
        _run([builder, "save", "-o", str(file), name])


def _reference(name: str) -> str:
    return name if "." in name.split("/")[0] or name.startswith("localhost/") else f"docker.io/library/{name}"


def _run(argv: list[str]) -> None:
    subprocess.run(argv, check=True)  # noqa: S603


def _builder() -> str:
    found = next((path for name in ("buildah", "docker", "podman") if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("Neither buildah nor docker nor podman is here: install one of them.")
    return found


def main() -> int:
    """Builds the images, and says what they are called."""
    options = argparse.ArgumentParser(description="Build images of the engines for a trial without a registry.")
    options.add_argument("--base", default="", help="an image with glibc and a shell; default: that of the recipe")
    options.add_argument("--prefix", default="localhost/viche-engine", help="how the names of the images begin")
    options.add_argument("--save", type=Path, default=None, metavar="FOLDER", help="write each as engine-NAME.tar")
    given = options.parse_args()
    builder = _builder()
    with tempfile.TemporaryDirectory() as folder:
        for engine, lay_out in ENGINES.items():
            (Path(folder) / engine).mkdir()
            try:
                lay_out(Path(folder) / engine)
            except (Missing, Fault) as reason:
                raise SystemExit(f"The program of {engine} cannot be had: {reason}") from reason
        for engine in ENGINES:
            name = image(given.prefix, engine)
            build(builder, Path(folder), engine, name, given.base)
            if given.save is not None:
                given.save.mkdir(parents=True, exist_ok=True)
                save(builder, name, given.save / f"engine-{engine}.tar")
            print(f"Built {name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
