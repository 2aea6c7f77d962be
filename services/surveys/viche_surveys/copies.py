"""Local copies of the files of snapshots."""

import shutil
import tempfile
import time
import weakref
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from viche_chassis.objects import ObjectStore
from viche_surveys.columnar import literal
from viche_surveys.store.snapshots import Snapshot

KEPT_S = 3600.0
"""How long the copy of a file is kept after it was used last."""


@dataclass(frozen=True)
class Source:
    """Local files with a snapshot.

    Attributes:
        columns: of each file; those of a survey that was changed meanwhile differ.
    """

    paths: tuple[Path, ...]
    columns: tuple[frozenset[str], ...]
    responses: int

    @cached_property
    def known(self) -> frozenset[str]:
        """Columns that at least one file has."""
        return frozenset[str]().union(*self.columns)

    def sql(self) -> str:
        """What stands behind FROM."""
        by_name = ", union_by_name = true" if len(set(self.columns)) > 1 else ""
        return f"read_parquet([{', '.join(literal(str(path)) for path in self.paths)}]{by_name})"


class Copies:
    """Files of snapshots in a folder that goes with this object. For one thread."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._folder = Path(tempfile.mkdtemp(prefix="viche-snapshots-"))
        self._columns: dict[Path, frozenset[str]] = {}
        self._used_s: dict[Path, float] = {}
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def fetch(self, snapshot: Snapshot) -> Source:
        """The snapshot's files.

        Raises:
            ObjectNotFound: one of them is gone.
        """
        paths = {self._folder / f"{part.id}.parquet": part.key(snapshot.survey_id) for part in snapshot.parts}
        for path, key in paths.items():
            if path not in self._columns:
                self._copy(key, path)
            self._used_s[path] = time.monotonic()
        return Source(tuple(paths), tuple(self._columns[path] for path in paths), snapshot.responses)

    def _copy(self, key: str, path: Path) -> None:
        from pyarrow import parquet

        with self._objects.open(key) as opened, path.open("wb") as file:
            file.writelines(opened)
        self._columns[path] = frozenset(parquet.read_schema(path).names)

    def sweep(self) -> None:
        """Removes those that nobody has used for long."""
        oldest_s = time.monotonic() - KEPT_S
        for path in [path for path, used_s in self._used_s.items() if used_s < oldest_s]:
            path.unlink()
            del self._used_s[path], self._columns[path]
