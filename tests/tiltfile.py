"""What the Tiltfile asks of Tilt: evaluated with functions in place of Tilt's own, which write down their calls."""

from __future__ import annotations

import fnmatch
import functools
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import starlark
import yaml

from tests.programs import needed

ROOT = Path(__file__).parents[1]
CONTEXT = "kind-viche"
_MODULES = """
config = struct(
    tilt_subcommand = subcommand,
    define_bool = _define,
    define_string = _define,
    define_string_list = _define,
    parse = _parse,
    set_enabled_resources = _enable,
)
os = struct(environ = environ, path = struct(exists = _exists))
"""


class Refused(Exception):
    """The Tiltfile called fail(); the text is what it said."""


@dataclass(frozen=True, slots=True)
class Image:
    """A custom_build()."""

    command: str
    deps: Sequence[str]
    ignored: Sequence[str]
    syncs: Mapping[str, str]
    fall_backs: Sequence[str]
    runs: Sequence[str]
    pushes: bool

    def after(self, path: str) -> str:
        """What Tilt does when a file changes: "sync", "build" or nothing."""
        if not _within(path, self.deps) or any(_matches(path, pattern) for pattern in self.ignored):
            return ""
        return "sync" if _within(path, self.syncs) and not _within(path, self.fall_backs) else "build"


@dataclass(slots=True)
class Tilt:
    """What Tilt was told."""

    subcommand: str
    settings: Mapping[str, Any]
    environment: Mapping[str, str]
    context: str
    defined: dict[str, str] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    objects: list[dict[str, Any]] = field(default_factory=list)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    enabled: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    registry: str = ""

    def starts(self) -> set[str]:
        """The resources that start by themselves, for which `tilt ci` waits."""
        asked = self.enabled or list(self.resources)
        return {name for name in asked if self.resources[name].get("auto_init", True)}

    def define(self, name: str, args: bool = False, usage: str = "") -> None:
        self.defined[name] = usage

    def parse(self) -> Mapping[str, Any]:
        if unknown := self.settings.keys() - self.defined.keys():
            raise Refused(f"unknown: {unknown}")
        return dict(self.settings)

    def exists(self, path: str) -> bool:
        # whoever tests has an environment, wherever it is
        return path.startswith(".venv/") or (ROOT / path).exists()

    def read_file(self, path: str) -> str:
        self.paths.add(path)
        return (ROOT / path).read_text("utf-8")

    def local(self, command: str | Sequence[str], quiet: bool = False, echo_off: bool = False) -> str:
        if isinstance(command, str):
            return "/usr/bin/it"  # where a program is
        return _helm(*command[1:])

    def custom_build(
        self,
        ref: str,
        command: str,
        deps: Sequence[str],
        disable_push: bool,
        skips_local_docker: bool,
        ignore: Sequence[str],
        live_update: Sequence[Sequence[Any]],
    ) -> None:
        order = ["fall_back_on", "sync", "run"]
        kinds = [step[0] for step in live_update]
        assert kinds == sorted(kinds, key=order.index), "Tilt takes steps in this order alone"
        assert disable_push == skips_local_docker
        self.images[ref] = Image(
            command=command,
            deps=deps,
            ignored=ignore,
            syncs={step[1]: step[2] for step in live_update if step[0] == "sync"},
            fall_backs=[path for step in live_update if step[0] == "fall_back_on" for path in step[1]],
            runs=[step[1] for step in live_update if step[0] == "run"],
            pushes=not disable_push,
        )

    def k8s_yaml(self, text: str) -> None:
        self.objects += _decoded(text)

    def k8s_resource(self, workload: str = "", new_name: str = "", **told: Any) -> None:
        assert new_name not in self.resources
        self.resources[new_name] = {"workload": workload, **told}

    def local_resource(self, name: str, cmd: Sequence[str], **told: Any) -> None:
        assert name not in self.resources
        self.resources[name] = {"cmd": list(cmd), **told}

    def enable(self, names: Sequence[str]) -> None:
        self.enabled = list(names)

    def allow(self, contexts: Sequence[str]) -> None:
        self.allowed += contexts

    def default_registry(self, host: str) -> None:
        self.registry = host


def evaluated(
    subcommand: str = "up",
    settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    context: str = CONTEXT,
) -> Tilt:
    """The Tiltfile as `tilt SUBCOMMAND -- SETTINGS` reads it. Raises Refused where it refuses."""
    tilt = Tilt(subcommand, settings or {}, environment or {}, context)
    functions: Mapping[str, Callable[..., Any]] = {
        "_define": tilt.define,
        "_parse": tilt.parse,
        "_enable": tilt.enable,
        "_exists": tilt.exists,
        "allow_k8s_contexts": tilt.allow,
        "ci_settings": lambda k8s_grace_period, timeout: None,
        "custom_build": tilt.custom_build,
        "decode_yaml_stream": _decoded,
        "default_registry": tilt.default_registry,
        "encode_yaml_stream": lambda objects: yaml.dump_all(map(_plain, objects), Dumper=yaml.CSafeDumper),
        "fail": _fail,
        "fall_back_on": lambda paths: ["fall_back_on", paths],
        "k8s_context": lambda: tilt.context,
        "k8s_resource": tilt.k8s_resource,
        "k8s_yaml": tilt.k8s_yaml,
        "local": tilt.local,
        "local_resource": tilt.local_resource,
        "port_forward": lambda local, container, name="", link_path="": [local, container, name],
        "read_file": tilt.read_file,
        "run": lambda command: ["run", command],
        "sync": lambda local, remote: ["sync", local, remote],
        "version_settings": lambda constraint: None,
        "watch_file": tilt.paths.add,
    }
    module = starlark.Module()
    for name, function in functions.items():
        module.add_callable(name, function)
    module["subcommand"], module["environ"] = subcommand, dict(tilt.environment)
    module["TRIGGER_MODE_MANUAL"] = "manual"
    _run(module, "modules", _MODULES)
    try:
        _run(module, "Tiltfile", (ROOT / "Tiltfile").read_text("utf-8"))
    except starlark.StarlarkError as fault:
        if REFUSAL in str(fault):
            raise Refused(str(fault).split(REFUSAL)[1]) from fault
        raise
    return tilt


def _decoded(text: str) -> list[Any]:
    return list(yaml.load_all(text, yaml.CSafeLoader))


@functools.cache
def _helm(*words: str) -> str:
    argv = [needed("helm"), *words]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


REFUSAL = "the Tiltfile refuses: "


def _fail(sentence: str) -> None:
    raise Refused(REFUSAL + sentence + REFUSAL)


def _run(module: starlark.Module, name: str, text: str) -> None:
    dialect = starlark.Dialect.extended()
    dialect.enable_top_level_stmt = True
    # what Tilt's dialect of the language does not have
    dialect.enable_f_strings, dialect.enable_types = False, starlark.DialectTypes.DISABLE
    knows = starlark.Globals.extended_by([starlark.LibraryExtension.StructType])
    starlark.eval(module, starlark.parse(name, text, dialect), knows)


def _plain(value: Any) -> Any:
    """Tilt writes YAML of maps, lists, strings, whole numbers and booleans alone."""
    match value:
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case str() | int() | bool():
            return value
    raise TypeError(f"Tilt cannot write {value!r}")


def _within(path: str, folders: Sequence[str] | Mapping[str, str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _matches(path: str, pattern: str) -> bool:
    """Whether a path or a folder above it is meant by a pattern of the kind **/NAME."""
    parts, wanted = path.split("/"), pattern.removeprefix("**/").split("/")
    windows = (parts[start : start + len(wanted)] for start in range(len(parts)))
    return any(fnmatch.fnmatch("/".join(window), "/".join(wanted)) for window in windows)
