"""What must hold of every image: who it runs as, what is in it, and above all what is not."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from tools import closure
from tools.images.builders import Failed, run
from tools.images.containers import Containers
from tools.images.plan import ROOT, Plan

INSIDE = Path(__file__).with_name("inside.py")
ACCOUNT = 10001
# what an image may weigh beyond its base
LIMITS_MB: Mapping[str, int] = {
    "identity": 180,
    "petitions": 200,
    "surveys": 420,
    "social": 480,
    "notifications": 180,
    "gateway": 260,
    "cli": 440,
}
# what differs from the base: the account, the compiled standard library, and pip that is gone
CHANGED = re.compile(r"/etc/(passwd|group)-?$|.*/__pycache__/[^/]+\.pyc$|/usr/local/(bin/pip|lib/python3[^/]*/)")
SETTINGS = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
_HOST = re.compile(r"https?://([^/\s:'\"]+)")


@dataclass(frozen=True, slots=True)
class Look:
    """An image from outside and from inside."""

    service: str
    config: Mapping[str, Any]
    history: str
    inside: Mapping[str, Any]
    base_files: Mapping[str, str]
    size_over_base_mb: float


def look(
    containers: Containers, plan: Plan, service: str, base_files: Mapping[str, str], sizes: tuple[int, int]
) -> Look:
    """Looks at one image. Raises Failed."""
    image = plan.image(service)
    inspected = json.loads(run([containers.program, "image", "inspect", image]))[0]
    modules = [module for member in closures()[service].members for module in _modules(ROOT / member)]
    inside = containers.once(
        image,
        ["/inside.py", *modules],
        entrypoint="/opt/viche/bin/python",
        volumes=[f"{INSIDE}:/inside.py:ro"],
    )
    history = run([containers.program, "history", "--no-trunc", "--format={{.CreatedBy}}", image])
    size, base = sizes
    return Look(service, inspected["Config"], history, json.loads(inside), base_files, (size - base) / 1e6)


def base_files(containers: Containers, plan: Plan) -> dict[str, str]:
    """The files of the base. Raises Failed."""
    # as the same account, which cannot read everything
    alike = replace(containers, flags=(*containers.flags, f"--user={ACCOUNT}:{ACCOUNT}"))
    inside = alike.once(plan.base, ["/inside.py"], entrypoint="python3", volumes=[f"{INSIDE}:/inside.py:ro"])
    return json.loads(inside)["files"]


def closures() -> dict[str, closure.Closure]:
    """What each image is to hold."""
    return closure.closures(closure.IMAGES.read_text("utf-8"))


def faults(look: Look, plan: Plan) -> Iterator[str]:
    """A sentence for everything that is not as it must be."""
    yield from _account(look)
    yield from _labels(look, plan)
    yield from _contents(look)
    yield from _files(look)
    yield from _leaks(look, plan)
    if look.size_over_base_mb > LIMITS_MB[look.service]:
        yield f"{look.size_over_base_mb:.0f} MB over its base, more than {LIMITS_MB[look.service]}"


def _account(look: Look) -> Iterator[str]:
    inside = look.inside
    if look.config.get("User") != f"{ACCOUNT}:{ACCOUNT}" or (inside["uid"], inside["gid"]) != (ACCOUNT, ACCOUNT):
        yield f"runs as {look.config.get('User')}, not as {ACCOUNT}"
    if inside["writable"]:
        yield f"can write to {', '.join(inside['writable'])}"
    if wrong := {name for name, value in SETTINGS.items() if inside["environment"].get(name) != value}:
        yield f"lacks the settings {', '.join(sorted(wrong))}"


def _labels(look: Look, plan: Plan) -> Iterator[str]:
    wanted = {"title": f"viche-{look.service}", "version": plan.version, "licenses": "Apache-2.0"}
    labels = look.config.get("Labels") or {}
    for name, value in wanted.items():
        if labels.get(f"org.opencontainers.image.{name}") != value:
            yield f"the label {name} is not {value}"
    if not re.fullmatch(r"[0-9a-f]{40}", labels.get("org.opencontainers.image.revision", "")):
        yield "the label revision names no commit"


def _contents(look: Look) -> Iterator[str]:
    inside = look.inside
    if inside["programs"]:
        yield f"has {', '.join(inside['programs'])}"
    for module, fault in inside["faults"].items():
        yield f"{module} cannot be imported ({fault})"
    wanted = _wanted(look.service, inside["python"])
    found = {canonicalize_name(name) for name in inside["distributions"]}
    if found - wanted:
        yield f"holds {', '.join(sorted(found - wanted))}, which its service does not need"
    if wanted - found:
        yield f"lacks {', '.join(sorted(wanted - found))}"


def _wanted(service: str, python: str) -> set[str]:
    """Names of the distributions that an image of this Python holds."""
    environment = {"python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
    wanted = closures()[service]
    names = {_name(ROOT / member) for member in wanted.members}
    for entry in wanted.packages:
        pinned, _, marker = entry.partition(" ; ")
        if not marker or Marker(marker).evaluate(environment):
            names.add(canonicalize_name(pinned.partition("==")[0]))
    return names


def _files(look: Look) -> Iterator[str]:
    inside, before = look.inside["files"], look.base_files
    if privileged := [path for path in look.inside["privileged"] if inside[path] != before.get(path)]:
        yield f"has files with the right of others: {', '.join(privileged)}"
    if look.service == "cli":  # which has PostgreSQL's programs from Debian, too
        return
    outside = {path for path, digest in inside.items() if before.get(path) != digest and not path.startswith("/opt/")}
    if strange := sorted(path for path in outside if not CHANGED.match(path)):
        yield f"differs from its base in {', '.join(strange[:5])}"


def _leaks(look: Look, plan: Plan) -> Iterator[str]:
    """What the machine that built it may have left behind."""
    inside, before = look.inside["files"], look.base_files
    for path in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf", "/etc/apt/apt.conf", "/root/.npmrc"):
        if inside.get(path) != before.get(path):
            yield f"{path} is not that of the base"
    said = look.history + json.dumps(look.config)
    for host in _hosts(plan):
        if host in said:
            yield f"its history names {host}"
    if left := [
        path for path in inside if path.startswith("/opt/") and path.endswith(("direct_url.json", "uv_cache.json"))
    ]:
        yield f"tells where it was built: {left[0]}"


def _hosts(plan: Plan) -> set[str]:
    """Hosts that the flags of the build name, directly or in the files of secrets."""
    texts = [*plan.flags]
    for flag in plan.flags:
        source = re.search(r"src=([^,]+)", flag)
        if source and Path(source[1]).is_file():
            texts.append(Path(source[1]).read_text("utf-8", "replace"))
    return {host for text in texts for host in _HOST.findall(text)}


def _modules(member: Path) -> list[str]:
    """The packages of a member: not the contracts, which have no code, nor the chassis, some of which is optional."""
    return [path.parent.name for path in member.glob("viche_*/__init__.py") if path.parent.name != "viche_chassis"]


def _name(member: Path) -> str:
    found = re.search(r'^name = "([^"]+)"', (member / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise Failed(f"{member} has no name")
    return found[1]
