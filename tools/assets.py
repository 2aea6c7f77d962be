"""Builds the portal's front end: style sheet, scripts, fonts, pictures, compiled catalogues.

`make install` calls it every time: it says nothing and does nothing while its inputs are what they were.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tools.fonts import join, refit

GATEWAY = Path(__file__).parents[1] / "services" / "gateway"
PACKAGE = GATEWAY / "viche_gateway"
SOURCES = PACKAGE / "static" / "src"
BUILT = PACKAGE / "static" / "built"
MODULES = GATEWAY / "node_modules"
STAMP = BUILT / "stamp"
FONTS = MODULES / "@fontsource-variable" / "sofia-sans" / "files"
SCRIPTS = ("latin", "cyrillic", "cyrillic-ext")
CHART_SCRIPTS = (*SCRIPTS, "latin-ext", "greek")
CHART_WEIGHTS = (400, 700)
WORKERS = ("pbkdf2", "sha")


def main() -> int:
    """Builds what is out of date."""
    stamp = _digest(_inputs())
    if STAMP.exists() and STAMP.read_text("ascii") == stamp and (BUILT / "manifest.json").exists() and _compiled():
        return 0
    try:
        _install()
        _build()
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"{error.stdout or ''}{error.stderr or ''}\nThe front end could not be built; see above.\n")
        return 1
    _compile_catalogues()
    STAMP.write_text(stamp, "ascii")
    return 0


def _inputs() -> Iterable[Path]:
    yield Path(__file__)
    yield Path(__file__).with_name("fonts.py")
    yield GATEWAY / "package-lock.json"
    yield from sorted(path for path in SOURCES.rglob("*") if path.is_file())
    yield from _catalogues()


def _catalogues() -> list[Path]:
    return sorted((PACKAGE / "translations").glob("*/LC_MESSAGES/*.po"))


def _compiled() -> bool:
    return all(path.with_suffix(".mo").exists() for path in _catalogues())


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _install() -> None:
    """Makes node_modules what package-lock.json says, unless it is already."""
    wanted = _digest([GATEWAY / "package-lock.json"])
    stamp = MODULES / ".viche-stamp"
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return
    print("Installing what package-lock.json names ...", flush=True)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, "ascii")


def _build() -> None:
    print("Building the front end ...", flush=True)
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=GATEWAY, prefix=".build-") as folder:
        style = Path(folder) / "portal.css"
        for script in SCRIPTS:
            refit(FONTS / f"sofia-sans-{script}-wght-normal.woff2", Path(folder) / f"sofia-sans-{script}.woff2")
        _sass(SOURCES / "portal.scss", style)
        entries = [style, *sorted(SOURCES.glob("*.js")), *(MODULES / f"altcha/dist/workers/{w}.js" for w in WORKERS)]
        manifest = _bundle(entries, Path(folder) / "meta.json")
    manifest |= _copy(sorted(SOURCES.glob("*.svg")))
    scripts = [FONTS / f"sofia-sans-{script}-wght-normal.woff2" for script in CHART_SCRIPTS]
    for weight in CHART_WEIGHTS:
        join(scripts, weight, BUILT / f"chart-{weight}.ttf")
    (BUILT / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")
    _compress()


def _sass(source: Path, target: Path) -> None:
    _run(
        "node_modules/.bin/sass",
        "--no-source-map",
        "--quiet-deps",
        "--load-path=node_modules",
        str(source),
        str(target),
    )


def _bundle(entries: list[Path], report: Path) -> dict[str, str]:
    """Bundles and minifies; gives plain names and the built ones."""
    options = ["--bundle", "--minify", "--format=esm", "--target=es2020", "--log-level=warning"]
    names = ["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]", "--loader:.woff2=file"]
    paths = [str(entry) for entry in entries]
    _run("node_modules/.bin/esbuild", *paths, *options, *names, f"--outdir={BUILT}", f"--metafile={report}")
    outputs: Mapping[str, Mapping[str, str]] = json.loads(report.read_text("utf-8"))["outputs"]
    return {_plain_name(Path(name).name): Path(name).name for name in outputs}


def _plain_name(name: str) -> str:
    stem, _, _ = name.rpartition("-")
    return stem + Path(name).suffix


def _copy(paths: Iterable[Path]) -> dict[str, str]:
    names: dict[str, str] = {}
    for path in paths:
        built = f"{path.stem}-{_digest([path])[:8]}{path.suffix}"
        shutil.copyfile(path, BUILT / built)
        names[path.name] = built
    return names


def _compress() -> None:
    for path in BUILT.iterdir():
        if path.suffix in {".css", ".js", ".svg"}:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _compile_catalogues() -> None:
    for path in _catalogues():
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=path.parts[-3]))


def _run(program: str, *arguments: str) -> None:
    """Runs a program of Node's with the Node of this environment."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run(  # noqa: S603 (programs of ours)
        [program, *arguments], cwd=GATEWAY, env=environment, check=True, text=True, capture_output=True
    )


if __name__ == "__main__":
    sys.exit(main())
