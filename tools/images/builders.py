"""The program that builds images on this machine: buildah, or else docker."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.images.plan import DOCKERFILE, ROOT, Plan


class Failed(Exception):
    """A program did not do its work; the text ends with what it said."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds and keeps images."""

    program: str

    @property
    def is_buildah(self) -> bool:
        """Whether it is buildah; docker otherwise."""
        return self.program == "buildah"

    def build(self, plan: Plan, service: str) -> None:
        """Makes one image of a plan. Raises Failed."""
        arguments = {
            "BASE": plan.base,
            "SERVICE": service,
            "SOURCE_DATE_EPOCH": str(plan.epoch_s),
        }
        labels = {"version": plan.version, "revision": plan.revision}
        flags = [f"--build-arg={name}={value}" for name, value in arguments.items()]
        flags += [f"--label=org.opencontainers.image.{name}={value}" for name, value in labels.items()]
        # docker reads SOURCE_DATE_EPOCH by itself
        how = ["--layers", f"--timestamp={plan.epoch_s}"] if self.is_buildah else []
        names = ["--file", str(DOCKERFILE), "--tag", plan.image(service)]
        run([self.program, "build", "--quiet", *how, *flags, *names, *plan.flags, str(ROOT)])

    def has(self, image: str) -> bool:
        """Whether an image is on this machine."""
        return run([self.program, "images", "--quiet", image], fails=False) != ""

    def size_bytes(self, image: str) -> int:
        """What the image takes on a disk, its base included."""
        if self.is_buildah:
            return _bytes(json.loads(run([self.program, "images", "--json", image]))[0]["size"])
        return int(json.loads(run([self.program, "inspect", image]))[0]["Size"])

    def write(self, image: str, archive: Path) -> None:
        """Writes an image into a tar file that docker, podman and containerd load. Raises Failed."""
        archive.unlink(missing_ok=True)
        if self.is_buildah:
            run([self.program, "push", "--quiet", image, f"docker-archive:{archive}:{image}"])
        else:
            run([self.program, "save", "--output", str(archive), image])

    def keep_folder(self, folder: Path, image: str, epoch_s: int) -> None:
        """Makes an image of all that a folder holds. Raises Failed."""
        if not self.is_buildah:
            run(["sh", "-c", f"tar -C {folder} -c . | {self.program} import - {image}"])
            return
        container = run([self.program, "from", "scratch"])
        try:
            run([self.program, "add", "--quiet", container, str(folder), "/"])
            run([self.program, "config", "--cmd", "/bin/sh", container])
            run([self.program, "commit", "--quiet", f"--timestamp={epoch_s}", container, image])
        finally:
            run([self.program, "rm", container], fails=False)


def builder() -> Builder:
    """The first that is there: $BUILDER, buildah, docker. Raises Failed."""
    asked = os.environ.get("BUILDER")
    for program in [asked] if asked else ["buildah", "docker"]:
        if shutil.which(program):
            return Builder(program)
    raise Failed("Neither buildah nor docker is installed. On Debian or Ubuntu: sudo apt-get install buildah")


def run(argv: Sequence[str], *, fails: bool = True) -> str:
    """Runs a program; gives what it printed. Raises Failed, unless `fails` is off."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode and fails:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-30:]
        raise Failed(f"{' '.join(argv[:2])} failed:\n" + "\n".join(said))
    return done.stdout.strip()


def _bytes(text: str) -> int:
    """What buildah writes as "151 MB"."""
    number, unit = text.split()
    return int(float(number) * {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}[unit.upper()])
