"""Builds the images; `make image` calls it.

SERVICES, REGISTRY, TAG and BASE choose what is built under which names; BUILD_FLAGS go to buildah or docker as they
are, for instance secrets with the settings of a package mirror (see services/Dockerfile); BUILDER names one of the two.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from tools.images import debian
from tools.images.builders import Builder, Failed, builder
from tools.images.plan import Plan, plan


def main(arguments: list[str]) -> int:
    """Builds what is asked for and prints a table."""
    parser = argparse.ArgumentParser(prog="make image", description=__doc__)
    parser.add_argument(
        "--base-from-debian", action="store_true", help="make the base of Debian's packages instead of pulling BASE"
    )
    parser.add_argument("--archives", metavar="FOLDER", type=Path, help="write each image into FOLDER/NAME.tar, too")
    asked = parser.parse_args(arguments)
    try:
        wanted, program = plan(), builder()
        if asked.base_from_debian:
            wanted = replace(wanted, base=debian.image(wanted.registry))
            if not program.has(wanted.base):
                print(f"Making {wanted.base} ...", flush=True)
                debian.make(program, wanted.base, wanted.epoch_s)
        _build(program, wanted, asked.archives)
    except (Failed, ValueError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


def _build(program: Builder, wanted: Plan, archives: Path | None) -> None:
    width = max(len(wanted.image(service)) for service in wanted.services)
    print(f"{'image':{width}}  {'MB':>5}  {'seconds':>7}", flush=True)
    for service in wanted.services:
        began_s = time.monotonic()
        program.build(wanted, service)
        image = wanted.image(service)
        took_s = time.monotonic() - began_s
        print(f"{image:{width}}  {program.size_bytes(image) / 1e6:5.0f}  {took_s:7.0f}", flush=True)
        if archives:
            archives.mkdir(parents=True, exist_ok=True)
            program.write(image, archives / f"{service}.tar")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
