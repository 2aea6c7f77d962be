"""What is to be built: which images, under which names, on which base."""

import os
import shlex
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "services" / "Dockerfile"
NAMES = ("identity", "petitions", "surveys", "social", "notifications", "gateway", "cli")
BASE = "docker.io/library/python:3.13-slim-trixie"
# the same for every commit: layers that come out of a cache would keep the time of the commit that made them
EPOCH_S = 1_580_601_600


@dataclass(frozen=True, slots=True)
class Plan:
    """Images to build, or to look at.

    `epoch_s` is the time that all files and the images themselves get, so that the same sources make the same layers.
    `flags` are passed to each build as they are.
    """

    services: tuple[str, ...]
    registry: str
    tag: str
    base: str
    version: str
    revision: str
    epoch_s: int
    flags: tuple[str, ...]

    def image(self, service: str) -> str:
        """The whole name of an image."""
        return f"{self.registry}/viche-{service}:{self.tag}"


def plan(environment: Mapping[str, str] = os.environ) -> Plan:
    """What SERVICES, REGISTRY, TAG, BASE and BUILD_FLAGS ask for. ValueError names a service that is none."""
    services = tuple(environment.get("SERVICES", "").replace(",", " ").split()) or NAMES
    if unknown := set(services) - set(NAMES):
        raise ValueError(f"SERVICES names {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}.")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    revision = _git("rev-parse", "HEAD")
    return Plan(
        services=services,
        registry=environment.get("REGISTRY") or "localhost",
        tag=environment.get("TAG") or f"{version}-{revision[:12]}",
        base=environment.get("BASE") or BASE,
        version=version,
        revision=revision,
        epoch_s=int(environment.get("SOURCE_DATE_EPOCH") or EPOCH_S),
        flags=tuple(shlex.split(environment.get("BUILD_FLAGS", ""))),
    )


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip() or "0"
