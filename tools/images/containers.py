"""Runs images as a cluster would run them: read-only, without privileges, only /tmp to write to."""

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.images.builders import Failed, run

RESTRICTED = (
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--tmpfs=/tmp",
    # engines and services are on this machine's loopback
    "--network=host",
)


@dataclass(frozen=True, slots=True)
class Containers:
    """The program that runs containers; `flags` go to each run as they are."""

    program: str
    flags: tuple[str, ...]

    def once(
        self,
        image: str,
        words: Sequence[str] = (),
        *,
        entrypoint: str = "",
        environment: Mapping[str, str] | None = None,
        volumes: Sequence[str] = (),
    ) -> str:
        """Runs a container to its end; gives what it printed. Raises Failed."""
        return run(self._command(["--rm"], image, words, entrypoint, environment or {}, volumes))

    def start(self, name: str, image: str, *, environment: Mapping[str, str], volumes: Sequence[str]) -> None:
        """Starts a container that stays. Raises Failed."""
        run(self._command(["--detach", f"--name={name}"], image, (), "", environment, volumes))

    def log(self, name: str) -> str:
        """The last lines that a container wrote."""
        return run(["sh", "-c", f"{self.program} logs --tail 20 {name} 2>&1"], fails=False)

    def remove(self, name: str) -> None:
        """Ends a container and forgets it; nothing happens when there is none."""
        run([self.program, "stop", "--time=20", name], fails=False)
        run([self.program, "rm", "--force", name], fails=False)

    def _command(
        self,
        how: Sequence[str],
        image: str,
        words: Sequence[str],
        entrypoint: str,
        environment: Mapping[str, str],
        volumes: Sequence[str],
    ) -> list[str]:
        given = [f"--env={name}={value}" for name, value in environment.items()]
        mounted = [f"--volume={each}" for each in volumes]
        entry = [f"--entrypoint={entrypoint}"] if entrypoint else []
        return [self.program, "run", *how, *RESTRICTED, *self.flags, *given, *mounted, *entry, image, *words]


def containers() -> Containers:
    """The first that is there: $CONTAINERS, podman, docker; with RUN_FLAGS. Raises Failed."""
    asked = os.environ.get("CONTAINERS")
    for program in [asked] if asked else ["podman", "docker"]:
        if shutil.which(program):
            return Containers(program, tuple(shlex.split(os.environ.get("RUN_FLAGS", ""))))
    raise Failed("Neither podman nor docker is installed. On Debian or Ubuntu: sudo apt-get install podman")
