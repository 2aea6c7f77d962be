"""Apache Parquet: typed columns; labels are in the metadata, of each field and, as the codebook, of the file."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from viche_surveys.exports.codebook import document
from viche_surveys.exports.table import Cell, Kind, Row, Table, Variable

if TYPE_CHECKING:
    import pyarrow

ROWS_A_GROUP = 20_000
CODEBOOK_KEY = b"viche.codebook"


class ParquetWriter:
    """Writes groups of rows; one group is held until it is full."""

    def __init__(self, out: BinaryIO, table: Table) -> None:
        from pyarrow import parquet

        self._schema = schema(table)
        self._file = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._floats = [place for place, each in enumerate(table.variables) if each.kind is Kind.NUMBER]
        self._waiting: list[Row] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Takes some rows and writes the groups that are full."""
        self._waiting += rows
        while len(self._waiting) >= ROWS_A_GROUP:
            self._write(self._waiting[:ROWS_A_GROUP])
            del self._waiting[:ROWS_A_GROUP]

    def end(self) -> None:
        """Writes the last group and what ends the file."""
        if self._waiting:
            self._write(self._waiting)
        self._waiting = []
        self._file.close()

    def _write(self, rows: list[Row]) -> None:
        import pyarrow

        columns: list[Sequence[Cell]] = list(zip(*rows, strict=True))
        for place in self._floats:
            columns[place] = [None if value is None else float(value) for value in columns[place]]  # pyright: ignore[reportArgumentType]
        arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._file.write_table(pyarrow.table(arrays, schema=self._schema), row_group_size=ROWS_A_GROUP)


def schema(table: Table) -> "pyarrow.Schema":
    """The columns with their types and labels."""
    import pyarrow

    fields = [
        pyarrow.field(each.name, _type(each), metadata=_about(table, each))  # pyright: ignore[reportArgumentType]
        for each in table.variables
    ]
    book = json.dumps(document(table), ensure_ascii=False, separators=(",", ":"))
    return pyarrow.schema(fields, metadata={CODEBOOK_KEY: book.encode()})


def _type(variable: Variable) -> "pyarrow.DataType":
    import pyarrow

    if variable.is_text:
        return pyarrow.string()
    types: dict[Kind, Any] = {
        Kind.CATEGORY: pyarrow.int64(),
        Kind.FLAG: pyarrow.int8(),
        Kind.NUMBER: pyarrow.float64(),
        Kind.DATE: pyarrow.date32(),
        Kind.TIME: pyarrow.time32("ms"),
        Kind.DATETIME: pyarrow.timestamp("ms"),
        Kind.INSTANT: pyarrow.timestamp("us", tz="UTC"),
    }
    return types[variable.kind]


def _about(table: Table, variable: Variable) -> dict[str, str]:
    about = {"label": table.said(variable.label)}
    if variable.values:
        values = {str(value.code): table.said(value.label) for value in variable.values}
        about["value_labels"] = json.dumps(values, ensure_ascii=False)
    if variable.dont_know is not None:
        about["dont_know"] = str(variable.dont_know)
    return about
