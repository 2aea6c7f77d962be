"""Parquet: types, values and labels, read back by pyarrow."""

import datetime
import io
import json

import pyarrow
import pytest
from pyarrow import parquet

from tests.unit.surveys.exports.data import ANSWERS, EVERYTHING, options, question, written
from viche_surveys.domain.definition import Kind
from viche_surveys.exports import parquet_file
from viche_surveys.exports.parquet_file import CODEBOOK_KEY, ParquetWriter


def read(*answers: dict) -> pyarrow.Table:
    return parquet.read_table(io.BytesIO(written(ParquetWriter, EVERYTHING, list(answers))))


def test_values_have_types() -> None:
    found = read(ANSWERS, {}, {"road": "b-c"})
    types = {field.name: str(field.type) for field in found.schema}
    assert types | {
        "road": "string", "mark": "int64", "uses_bus": "int8", "age": "double", "born": "date32[day]",
        "wakes": "time32[ms]", "meets": "timestamp[ms]", "submitted_at": "timestamp[us, tz=UTC]",
    } == types  # fmt: skip
    rows = found.to_pylist()
    assert (rows[0]["born"], rows[0]["mark"], rows[0]["age"]) == (datetime.date(2024, 2, 29), 2, 41.0)
    assert [row["road"] for row in rows] == ["a", None, "b-c"]


def test_labels_are_in_the_metadata() -> None:
    schema = read(ANSWERS).schema
    about = schema.field("mark").metadata
    assert about[b"label"].decode() == "mark?"
    assert json.loads(about[b"value_labels"])["-8"] == "Не знаю"
    assert about[b"dont_know"] == b"-8"
    book = json.loads(schema.metadata[CODEBOOK_KEY])
    assert [each["name"] for each in book["variables"]] == schema.names
    assert book["variables"][9]["label"] == {"uk": "road?", "en": "road? (en)"}


def test_rows_are_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "ROWS_A_GROUP", 3)
    asked = (question("q", Kind.SINGLE, options=options("1")),)
    found = parquet.ParquetFile(io.BytesIO(written(ParquetWriter, asked, [{"q": "1"}] * 7)))
    assert [found.metadata.row_group(at).num_rows for at in range(found.num_row_groups)] == [3, 3, 1]


def test_no_responses_make_a_table_without_rows() -> None:
    assert read().num_rows == 0
