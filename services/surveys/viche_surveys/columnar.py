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
        self._pages: list[pyarrow.Table] = []
        self.last: Row | None = None
        self.responses = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Takes some answers."""
        import pyarrow

        names = (*FACTS, _ANSWERS)
        columns = ([row.partner for row in rows], [row.language for row in rows], [row.version for row in rows],
                   [row.answers for row in rows])  # fmt: skip
        page = pyarrow.table(dict(zip(names, columns, strict=True)))
        self._cursor.register(_PAGE, page)
        self._pages.append(self._cursor.sql(self._query).to_arrow_table())
        self._cursor.unregister(_PAGE)
        self.last = rows[-1]
        self.responses += len(rows)

    def write(self, path: Path) -> None:
        """Writes the file and is ready for the next one."""
        import pyarrow
        from pyarrow import parquet

        parquet.write_table(pyarrow.concat_tables(self._pages), path, compression="zstd", row_group_size=self.responses)
        self._pages, self.responses = [], 0


def _reading(facets: Iterable[Facet]) -> str:
    columns = [*map(identifier, FACTS), *(f"{_reads(each)} AS {identifier(each.column)}" for each in facets)]
    return f"SELECT {', '.join(columns)} FROM {_PAGE}"  # noqa: S608 (quoted identifiers)


def _reads(facet: Facet) -> str:
    """SQL for what a facet is in the JSON of an answer."""
    question = facet.question
    whole = literal(_pointer(question.name))
    kind, dont_know = f"json_type({_ANSWERS}, {whole})", literal(DONT_KNOW)
    is_dont_know = f"json_extract_string({_ANSWERS}, {literal(_pointer(question.name, 'dont_know'))}) = 'true'"
    at = literal(_pointer(question.name, facet.part)) if question.kind is Kind.MATRIX else whole
    codes = f"CAST(json_extract({_ANSWERS}, {at}) AS VARCHAR[])"
    if facet.is_several:
        is_list = f"json_type({_ANSWERS}, {at}) = 'ARRAY'"
        return f"CASE WHEN {is_dont_know} THEN [{dont_know}] WHEN {is_list} THEN {codes} END"
    value = f"json_extract_string({_ANSWERS}, {at})"
    condition = f"json_type({_ANSWERS}, {at}) NOT IN ('ARRAY', 'OBJECT', 'NULL')"
    if question.kind is Kind.RANKING:
        value = f"CAST(nullif(list_position({codes}, {literal(facet.part)}), 0) AS VARCHAR)"
        condition = f"{kind} = 'ARRAY'"
    elif question.kind is Kind.CALCULATED:
        condition = f"{kind} = 'BOOLEAN'"
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
