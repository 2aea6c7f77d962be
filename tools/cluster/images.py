"""The image of the cluster itself, made from nothing but a program, and how images come into it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.cluster.node import ctr
from tools.cluster.places import PAUSE_IMAGE, Places
from tools.running import Fault, run


def make_own(places: Places, pause: Path) -> None:
    """Makes and loads the image without which no pod runs."""
    container = run("buildah", "from", "scratch").strip()
    try:
        run("buildah", "copy", container, pause, "/program")
        run("buildah", "config", "--entrypoint", '["/program"]', "--user", "65535:65535", container)
        run("buildah", "commit", "-q", container, PAUSE_IMAGE)
    finally:
        run("buildah", "rm", container)
    load(places, [PAUSE_IMAGE])


def load(places: Places, images: Sequence[str]) -> None:
    """Brings images of podman and buildah into the cluster, under the same names. Raises Fault."""
    if not places.containerd.exists():
        raise Fault("The cluster is not up: run `python -m tools.cluster up`.")
    for image in images:
        with tempfile.TemporaryDirectory(dir=places.state) as folder:
            archive = Path(folder) / "image.tar"
            run("buildah", "push", "-q", image, f"docker-archive:{archive}:{image}", within_s=600.0)
            ctr(places, "images", "import", archive)
