"""A base image out of Debian's packages, for machines that reach those but no registry of images."""

import os
import shutil
import tempfile
from pathlib import Path

from tools.images.builders import Builder, Failed, run

SUITE = "trixie"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = ("ca-certificates", "python3", "tzdata")
# what nobody reads in a container, and what would differ from one build to the next
NEEDLESS = (
    "debootstrap",
    "usr/share/doc",
    "usr/share/info",
    "usr/share/locale",
    "usr/share/man",
    "var/cache/apt",
    "var/cache/debconf",
    "var/cache/ldconfig",
    "var/lib/apt/lists",
    "var/log",
)


def image(registry: str) -> str:
    """The name of the base image."""
    return f"{registry}/viche-base:{os.environ.get('DEBIAN_SUITE') or SUITE}"


def make(builder: Builder, name: str, epoch_s: int) -> None:
    """Makes the base image: Debian's smallest system with Python. Raises Failed.

    DEBIAN_SUITE and DEBIAN_MIRROR choose another suite, with Python 3.11 or newer, and another mirror.
    """
    if not shutil.which("debootstrap") or os.geteuid() != 0:
        raise Failed("A base from Debian needs debootstrap, and root: sudo apt-get install debootstrap")
    suite, mirror = os.environ.get("DEBIAN_SUITE") or SUITE, os.environ.get("DEBIAN_MIRROR") or MIRROR
    with tempfile.TemporaryDirectory(prefix="viche-base-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "root"
        run(["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", suite, str(root), mirror])
        for path in NEEDLESS:
            shutil.rmtree(root / path, ignore_errors=True)
        for path in ("var/log", "var/cache/apt/archives/partial", "var/lib/apt/lists/partial", "var/cache/debconf"):
            (root / path).mkdir(parents=True, exist_ok=True)
        builder.keep_folder(root, name, epoch_s)
