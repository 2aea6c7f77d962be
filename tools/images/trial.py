"""Tries the built images out; `make image-test` calls it.

Looks at each image (account, contents, size, what must not be in it), then runs all of them as a cluster would, with
PostgreSQL, NATS, an S3 server and a mail catcher outside, and walks through the portal. SERVICES, REGISTRY, TAG and
BASE name the images as for `make image`; RUN_FLAGS go to podman or docker as they are.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tools.gotools import Missing
from tools.images import debian, looks
from tools.images.builders import Builder, Failed, builder
from tools.images.containers import Containers, containers
from tools.images.engines import engines
from tools.images.instance import READY_WITHIN_S, Instance
from tools.images.plan import NAMES, Plan, plan
from tools.walk import Stumbled, Walk
from viche_cli.faults import Fault
from viche_cli.infra import process


def main(arguments: list[str]) -> int:
    """Looks and walks; 1 when anything is not as it must be."""
    parser = argparse.ArgumentParser(prog="make image-test", description=__doc__)
    parser.add_argument("--base-from-debian", action="store_true", help="the images were built with this")
    asked = parser.parse_args(arguments)
    try:
        wanted, program, runs = plan(), builder(), containers()
        if asked.base_from_debian:
            wanted = replace(wanted, base=debian.image(wanted.registry))
        bad = _look(program, runs, wanted)
        if set(wanted.services) == set(NAMES):
            _walk(runs, wanted)
        else:
            print("Not walked through: that needs all images.")
    except (Failed, Fault, Missing, Stumbled, ValueError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 1 if bad else 0


def _look(program: Builder, runs: Containers, wanted: Plan) -> int:
    """Prints a row for each image; gives how many have faults."""
    before = looks.base_files(runs, wanted)
    base_bytes = program.size_bytes(wanted.base)
    print(f"{'image':14} {'MB':>5} {'over base':>9} {'packages':>8}  faults")
    bad = 0
    for service in wanted.services:
        size = program.size_bytes(wanted.image(service))
        seen = looks.look(runs, wanted, service, before, (size, base_bytes))
        found = list(looks.faults(seen, wanted))
        bad += bool(found)
        packages = len(seen.inside["distributions"])
        said = "; ".join(found) or "none"
        print(f"{service:14} {size / 1e6:5.0f} {seen.size_over_base_mb:9.0f} {packages:8}  {said}", flush=True)
    return bad


def _walk(runs: Containers, wanted: Plan) -> None:
    """Runs everything and prints a row for each step."""
    print(f"\n{'step':40} {'seconds':>7}  seen")
    with tempfile.TemporaryDirectory(prefix="viche-images-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with engines(Path(folder)) as outside:
            instance = Instance(runs, wanted, outside, Path(folder) / "home")
            try:
                _timed("keys, databases, bucket, migrations", instance.prepare)
                _timed("services up, demo loaded", instance.load_demo)
                if not process.wait_until(instance.is_ready, READY_WITHIN_S):
                    raise Failed("The gateway does not get ready.")
                walk = Walk(instance.url, outside.mail_url)
                try:
                    walk.all()
                finally:
                    for step in walk.steps:
                        print(f"{step.name:40} {step.took_s:7.1f}  {step.seen}")
            except (Failed, Stumbled) as fault:
                raise Failed(f"{fault}\n{instance.logs()}") from fault
            finally:
                instance.stop()


def _timed(name: str, do: Callable[[], str]) -> None:
    began_s = time.monotonic()
    lines = do().splitlines() or [""]
    print(f"{name:40} {time.monotonic() - began_s:7.1f}  {lines[-1][:100]}", flush=True)


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main(sys.argv[1:]))
