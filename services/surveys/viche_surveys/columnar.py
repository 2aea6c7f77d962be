"""Answers as columns: DuckDB writes them into Parquet and counts over them. It computes and blocks: for threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from viche_surveys.domain.definition import Definition, Kind
from viche_surveys.domain.facets import FACTS, Facet, facets
from viche_surveys.domain.tallying import DONT_KNOW
from viche_surveys.store.snapshots import Row

if TYPE_CHECKING:
    import duckdb
    import pyarrow

MEMORY = "512MB"
_PAGE = "page"
_ANSWERS = "answers"


class Engine:
    """One DuckDB in memory for the process, made when it is first needed; it never looks for extensions elsewhere."""

    def __init__(self) -> None:
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._lock = Lock()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """For one thread at a time."""
        with self._lock:
            if self._connection is None:
                import duckdb

                self._connection = duckdb.connect(":memory:")
                self._connection.execute(
                    f"SET memory_limit = '{MEMORY}'; SET autoinstall_known_extensions = false;"
                    " SET autoload_known_extensions = false; SET parquet_metadata_cache = true"
                )
            return self._connection.cursor()


class PartWriter:
    """One file: answers become columns as they come, and are written when it ends."""

    def __init__(self, engine: Engine, versions: Mapping[int, Definition]) -> None:
        by_column = {each.column: each for version in sorted(versions) for each in facets(versions[version])}
        self._cursor = engine.cursor()
        self._query = _reading(by_column.values())
        self._pages = _Pages()
        self.last: Row | None = None
        self.responses = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Takes some answers."""
        import pyarrow

        names = (*FACTS, _ANSWERS)
        columns = ([row.partner for row in rows], [row.language for row in rows], [row.version for row in rows],
                   [row.answers for row in rows])  # fmt: skip
        self._cursor.register(_PAGE, pyarrow.table(dict(zip(names, columns, strict=True))))
        self._pages.add(self._cursor.sql(self._query).to_arrow_table())
        self._cursor.unregister(_PAGE)
        self.last = rows[-1]
        self.responses += len(rows)

    def write(self, path: Path) -> None:
        """Writes the file and is ready for the next one."""
        from pyarrow import parquet

        parquet.write_table(self._pages.together(), path, compression="zstd", row_group_size=self.responses)
        self._pages, self.responses = _Pages(), 0


class _Pages:
    """Columns of some answers after another, packed: what comes from DuckDB would hold its memory."""

    def __init__(self) -> None:
        import pyarrow

        self._packed = pyarrow.BufferOutputStream()
        self._writer: pyarrow.RecordBatchStreamWriter | None = None

    def add(self, table: pyarrow.Table) -> None:
        from pyarrow import ipc

        if self._writer is None:
            options = ipc.IpcWriteOptions(compression="zstd")
            self._writer = ipc.new_stream(self._packed, table.schema, options=options)
        self._writer.write_table(table)

    def together(self) -> pyarrow.Table:
        from pyarrow import ipc

        assert self._writer is not None  # there are some
        self._writer.close()
        return ipc.open_stream(self._packed.getvalue()).read_all()


def _reading(facets: Iterable[Facet]) -> str:
    """SQL that reads facets out of the JSON of answers: each is parsed twice, however many facets there are."""
    paths: dict[str, int] = {}
    columns = [*map(identifier, FACTS), *(f"{_reads(each, paths)} AS {identifier(each.column)}" for each in facets)]
    wanted = f"[{', '.join(map(literal, paths))}]"
    parsed = f"json_extract_string({_ANSWERS}, {wanted}) AS texts, json_type({_ANSWERS}, {wanted}) AS types"
    return f"SELECT {', '.join(columns)} FROM (SELECT *, {parsed} FROM {_PAGE})"  # noqa: S608 (quoted identifiers)


def _reads(facet: Facet, paths: dict[str, int]) -> str:
    """SQL for one facet.

    Args:
        paths: what has to be read, with its place in the lists; those of the facet are added.
    """

    def place(*names: str) -> int:
        return paths.setdefault(_pointer(*names), len(paths) + 1)

    question, dont_know = facet.question, literal(DONT_KNOW)
    is_matrix = question.kind is Kind.MATRIX
    at = place(question.name, facet.part) if is_matrix else place(question.name)
    is_dont_know = f"types[{place(question.name, 'dont_know')}] = 'BOOLEAN'"
    codes = f"CAST(texts[{at}] AS VARCHAR[])"
    if facet.is_several:
        return f"CASE WHEN {is_dont_know} THEN [{dont_know}] WHEN types[{at}] = 'ARRAY' THEN {codes} END"
    value, condition = f"texts[{at}]", f"types[{at}] NOT IN ('ARRAY', 'OBJECT', 'NULL')"
    if question.kind is Kind.RANKING:
        value = f"CAST(nullif(list_position({codes}, {literal(facet.part)}), 0) AS VARCHAR)"
        condition = f"types[{at}] = 'ARRAY'"
    elif question.kind is Kind.CALCULATED:
        condition = f"types[{at}] = 'BOOLEAN'"
    return f"CASE WHEN {is_dont_know} THEN {dont_know} WHEN {condition} THEN {value} END"


def _pointer(*names: str) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'
