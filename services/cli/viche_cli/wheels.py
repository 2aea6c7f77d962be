"""Wheels of plugins, fetched by address and hash into a folder: what images need that have no installer.

A folder on PYTHONPATH is enough for Python to find a wheel's code and its entry points. Whatever would need more than
unpacking (code for one machine alone, scripts, files outside of the library) is refused: build an image for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import httpx

from viche_cli.faults import Fault

MOST_BYTES = 100_000_000
"""Of a wheel, and of what is in it once it is unpacked."""
WITHIN_S = 60.0
CHUNK_BYTES = 1 << 16
_HASH = re.compile(r"sha256=([0-9a-f]{64})")
_NAME = re.compile(r"[A-Za-z0-9._]+-[A-Za-z0-9._+!]+(-[0-9][^-]*)?-[A-Za-z0-9._]+-none-any\.whl")
# how installers note where a distribution came from (PEP 610); written last, so it says that the wheel is whole
ORIGIN = "direct_url.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wheel, as it is asked for: its address, and the hash (hexadecimal) that its bytes must have."""

    url: str
    sha256: str

    @property
    def name(self) -> str:
        """Of its file."""
        return PurePosixPath(urlsplit(self.url).path).name


def parse(address: str) -> Wanted:
    """Reads https://host/path/NAME.whl#sha256=HASH. Raises Fault."""
    url, _, fragment = address.partition("#")
    found = _HASH.fullmatch(fragment)
    if found is None:
        raise Fault(f"{url} has no hash: write {url}#sha256=…, 64 hexadecimal digits of the file's SHA-256.")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Fault(f"{url} is no address: write https://…")
    wanted = Wanted(url, found[1])
    if not _NAME.fullmatch(wanted.name):
        raise Fault(f"{wanted.name} is no wheel for any machine (…-none-any.whl): build an image with it instead.")
    return wanted


def fetch(wanted: Sequence[Wanted], into: Path) -> list[str]:
    """Unpacks wheels into a folder, which is made. Doing it again changes nothing.

    Returns:
        names of those that were not there yet.
    Raises:
        Fault: one cannot be had, is not what was asked for, or does not belong there.
    """
    into.mkdir(parents=True, exist_ok=True)
    whole = dict(_whole(into))
    taken = {path: name for name, paths in whole.values() for path in paths}
    added: list[str] = []
    for each in wanted:
        if each.sha256 not in whole:
            with tempfile.TemporaryDirectory(dir=into, prefix=".fetching-") as draft:
                file = Path(draft) / each.name
                _download(each, file)
                paths = _unpack(each, file, into, taken)
            taken |= dict.fromkeys(paths, each.name)
            added.append(each.name)
    return added


def _whole(into: Path) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """Wheels that are in the folder already: hash, name and paths."""
    for origin in into.glob(f"*.dist-info/{ORIGIN}"):
        said = json.loads(origin.read_text(encoding="utf-8"))
        lines = (origin.parent / "RECORD").read_text(encoding="utf-8").splitlines()
        paths = [line.rsplit(",", 2)[0] for line in lines]
        yield said["archive_info"]["hashes"]["sha256"], (Wanted(said["url"], "").name, paths)


def _download(wanted: Wanted, file: Path) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with (
            httpx.stream("GET", wanted.url, timeout=WITHIN_S, follow_redirects=True) as answer,
            file.open("wb") as out,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_bytes(CHUNK_BYTES):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise Fault(f"{wanted.url} is larger than {MOST_BYTES // 1_000_000} MB: build an image with it.")
                digest.update(chunk)
                out.write(chunk)
    except httpx.HTTPError as error:
        raise Fault(f"{wanted.url} cannot be fetched ({error}): look at the address, and at the way out.") from error
    if digest.hexdigest() != wanted.sha256:
        raise Fault(f"{wanted.url} is not the file that was meant: its SHA-256 is {digest.hexdigest()}.")


def _unpack(wanted: Wanted, file: Path, into: Path, taken: dict[str, str]) -> list[str]:
    """Writes the files of a wheel; gives their paths."""
    try:
        with zipfile.ZipFile(file) as wheel:
            members = [each for each in wheel.infolist() if not each.is_dir()]
            _check(wanted, members, taken)
            for each in members:
                target = into / each.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with wheel.open(each) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, CHUNK_BYTES)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise Fault(f"{wanted.name} cannot be unpacked: {error}.") from error
    origin = {"url": wanted.url, "archive_info": {"hashes": {"sha256": wanted.sha256}}}
    (into / _dist_info(wanted, members) / ORIGIN).write_text(json.dumps(origin), encoding="utf-8")
    return [each.filename for each in members]


def _check(wanted: Wanted, members: Sequence[zipfile.ZipInfo], taken: dict[str, str]) -> None:
    """Raises Fault where unpacking would write elsewhere, too much, or over what others brought."""
    if sum(each.file_size for each in members) > MOST_BYTES:
        raise Fault(f"{wanted.name} unpacks to more than {MOST_BYTES // 1_000_000} MB: build an image with it.")
    _dist_info(wanted, members)
    for each in members:
        path = PurePosixPath(each.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in each.filename or stat.S_ISLNK(each.external_attr >> 16):
            raise Fault(f"{wanted.name} has a file outside of its folder ({each.filename!r}): do not use it.")
        if path.parts[0].endswith(".data"):
            raise Fault(f"{wanted.name} has files that only an installer can place: build an image with it.")
        if each.filename in taken:
            raise Fault(f"{wanted.name} and {taken[each.filename]} both bring {each.filename}: leave one out.")
    for package in sorted({PurePosixPath(each.filename).parts[0] for each in members}):
        name = package.removesuffix(".py")
        if name.isidentifier() and importlib.util.find_spec(name) is not None:
            raise Fault(f"{wanted.name} brings {name}, which is here already and would be replaced: leave it out.")


def _dist_info(wanted: Wanted, members: Sequence[zipfile.ZipInfo]) -> str:
    """Name of the folder with the wheel's own description. Raises Fault."""
    found = {path.parts[0] for each in members if (path := PurePosixPath(each.filename)).name == "RECORD"}
    if len(found) != 1 or not next(iter(found)).endswith(".dist-info"):
        raise Fault(f"{wanted.name} does not describe itself as a wheel does: build it anew.")
    return found.pop()
