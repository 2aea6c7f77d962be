"""What one image holds: the members of the workspace, and the part of requirements.lock that they need.

python tools/closure.py members SERVICE       folders of the members, one a line
python tools/closure.py requirements SERVICE  requirements with hashes, for `uv pip sync --require-hashes`

`make lock` has uv find out who needs what, with markers and extras, and writes it into services/images.lock. This adds
the hashes, with nothing but Python, since it runs where nothing is installed yet.
SERVICE is a service, gateway or cli; `build` and `assets` are what turns members into wheels, and npm packages into the
portal's front end.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
IMAGES = ROOT / "services" / "images.lock"


class NotLocked(Exception):
    """The two locks do not fit together; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What one image holds.

    `members` are folders relative to the root of the checkout; `packages` are requirements as uv writes them, pinned,
    with the marker that says where they are needed.
    """

    members: tuple[str, ...]
    packages: tuple[str, ...]


def closures(text: str) -> dict[str, Closure]:
    """All sections of services/images.lock by name."""
    found: dict[str, Closure] = {}
    for section in text.split("\n[")[1:]:
        title, *lines = section.splitlines()
        entries = [line.strip() for line in lines if line.strip()]
        members = tuple(line.removeprefix("./") for line in entries if line.startswith("./"))
        found[title.rstrip("]")] = Closure(members, tuple(line for line in entries if not line.startswith("./")))
    return found


def requirements(closure: Closure, lock: str) -> str:
    """What pip and uv install the closure from: its packages with the hashes of requirements.lock. Raises NotLocked."""
    hashes = _hashes(lock)
    if missing := [each for each in closure.packages if not hashes.get(_pinned(each))]:
        raise NotLocked(f"services/images.lock has {missing[0]!r}, which requirements.lock lacks: run `make lock`.")
    return "".join(" \\\n    ".join([each, *hashes[_pinned(each)]]) + "\n" for each in closure.packages)


def _hashes(lock: str) -> dict[str, list[str]]:
    """The hashes of each `name==version`."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lock.splitlines():
        if line.startswith("    --hash="):
            current.append(line.strip().removesuffix(" \\"))
        elif "==" in line:
            current = found.setdefault(_pinned(line), [])
    return found


def _pinned(requirement: str) -> str:
    return requirement.removesuffix(" \\").partition(" ;")[0]


def main(arguments: list[str]) -> int:
    """Prints what was asked for."""
    known = closures(IMAGES.read_text("utf-8"))
    match arguments:
        case ["members", name] if name in known:
            print("\n".join(known[name].members))
        case ["requirements", name] if name in known:
            try:
                sys.stdout.write(requirements(known[name], LOCK.read_text("utf-8")))
            except NotLocked as fault:
                sys.stderr.write(f"{fault}\n")
                return 1
        case _:
            sys.stderr.write(f"usage: python tools/closure.py members|requirements {'|'.join(known)}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
