"""Packages to start from: rendered, they pass the conformance kit at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Kind(StrEnum):
    """What is begun."""

    CONNECTOR = "connector"
    WORKFLOW = "workflow"


_DISTRIBUTIONS = {Kind.CONNECTOR: "connector", Kind.WORKFLOW: "petition"}


class BadName(ValueError):
    """A name that no package can have, or a folder that is there already."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A package that was written; `entry_point` is the plugin's name."""

    folder: Path
    entry_point: str
    paths: tuple[Path, ...]


def begin(kind: Kind, name: str, into: Path) -> Begun:
    """Writes a package.

    Args:
        kind: of plugin.
        name: small letters, digits and hyphens, such as "my-town".
        into: folder in which the package's folder is made.

    Raises:
        BadName: the name cannot be used, or its folder is there.
    """
    if not _NAME.fullmatch(name) or len(name) > 30:
        raise BadName(f"{name!r}: use 1 to 30 small letters, digits and single hyphens, with a letter first")
    entry_point = f"{_DISTRIBUTIONS[kind]}-{name}"
    folder = into / entry_point
    if folder.exists():
        raise BadName(f"{folder} is there already")
    identifier = name.replace("-", "_")
    words = {
        "name": name,
        "identifier": identifier,
        "package": f"viche_{_DISTRIBUTIONS[kind]}_{identifier}",
        "class_": name.title().replace("-", ""),
        "title": name.replace("-", " ").title(),
    }
    paths = tuple(_write(source, folder / place, words) for place, source in _templates(kind, words))
    return Begun(folder, entry_point, paths)


def _templates(kind: Kind, words: dict[str, str]) -> Iterator[tuple[Path, Traversable]]:
    """Where each file goes, and what it is made from."""
    names = {"package": words["package"], "test_package.py": f"test_{words['package'].removeprefix('viche_')}.py"}

    def below(folder: Traversable, place: Path) -> Iterator[tuple[Path, Traversable]]:
        for each in sorted(folder.iterdir(), key=lambda each: each.name):
            name = each.name.removesuffix(".tmpl")
            goes = place / names.get(name, name)
            if each.is_dir():
                yield from below(each, goes)
            else:
                yield goes, each

    yield from below(files(__name__) / kind.value, Path())


def _write(source: Traversable, path: Path, words: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(source.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    return path
