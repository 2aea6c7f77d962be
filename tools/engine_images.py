"""Images of the engines for machines that cannot pull any, out of the programs that `make up` and the tests use.

python -m tools.engine_images [--base IMAGE] [--prefix NAME] [--save FOLDER]

builds PREFIX-postgres, PREFIX-nats and PREFIX-objects with buildah or docker; --save also writes each as
FOLDER/engine-NAME.tar (docker's format), for a cluster that takes images from files.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.gotools import Missing, program
from tools.images.builders import Builder, Failed, builder, run
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


def _build(images: Builder, context: Path, engine: str, name: str, base: str) -> None:
    arguments = [f"--build-arg=BASE={base}"] if base else []
    recipe = ["--target", engine, "--tag", name, "--file", str(RECIPE)]
    run([images.program, "build", "--quiet", *arguments, *recipe, str(context)])


def main() -> int:
    """Builds the images, and says what they are called."""
    options = argparse.ArgumentParser(description="Build images of the engines for a trial without a registry.")
    options.add_argument("--base", default="", help="an image with glibc and a shell; default: that of the recipe")
    options.add_argument("--prefix", default="localhost/viche-engine", help="how the names of the images begin")
    options.add_argument("--save", type=Path, default=None, metavar="FOLDER", help="write each as engine-NAME.tar")
    given = options.parse_args()
    try:
        _make(builder(), given.prefix, given.base, given.save)
    except (Failed, Fault, Missing) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


def _make(images: Builder, prefix: str, base: str, archives: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for engine, lay_out in ENGINES.items():
            (Path(folder) / engine).mkdir()
            lay_out(Path(folder) / engine)
        for engine in ENGINES:
            name = f"{prefix}-{engine}:{TAG}"
            _build(images, Path(folder), engine, name, base)
            if archives is not None:
                archives.mkdir(parents=True, exist_ok=True)
                images.write(name, archives / f"engine-{engine}.tar")
            print(f"Built {name}.")


if __name__ == "__main__":
    sys.exit(main())
