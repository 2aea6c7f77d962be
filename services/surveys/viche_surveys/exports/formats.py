"""The formats that answers go out in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from viche_surveys.exports.csv_file import CsvWriter
from viche_surveys.exports.json_file import JsonWriter
from viche_surveys.exports.parquet_file import ParquetWriter
from viche_surveys.exports.sav_file import SavWriter
from viche_surveys.exports.table import Table, Writer
from viche_surveys.exports.xlsx_file import XlsxWriter


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: as callers write it, and the ending of file names.
        needs_widths: whether it has to know how long texts get before the first row.
        keeps_dont_know: whether numbers have a value for "I don't know", declared missing.
    """

    name: str
    media_type: str
    writer: Callable[[BinaryIO, Table], Writer]
    needs_widths: bool = False
    keeps_dont_know: bool = False


FORMATS = {
    each.name: each
    for each in (
        Format("csv", "text/csv; charset=utf-8", CsvWriter),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XlsxWriter),
        Format("sav", "application/x-spss-sav", SavWriter, needs_widths=True, keeps_dont_know=True),
        Format("parquet", "application/vnd.apache.parquet", ParquetWriter),
        Format("json", "application/json", JsonWriter),
    )
}
