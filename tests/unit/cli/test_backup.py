"""The parts of a backup: keys that a passphrase opens, and a file that shows what was changed in it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import privacy_pb2

from viche_chassis.db import read_migrations
from viche_cli.backup import erasures
from viche_cli.backup.archive import OBJECTS, Archive, ArchiveWriter, ChunkReader, ObjectEntry
from viche_cli.backup.restoring import check_schemas
from viche_cli.backup.sealing import seal, unseal
from viche_cli.faults import Fault

PASSPHRASE = "five plain words are enough"


def test_the_passphrase_alone_opens_the_keys() -> None:
    sealed = seal(b"a key", PASSPHRASE)
    assert b"a key" not in sealed
    assert unseal(sealed, PASSPHRASE) == b"a key"
    with pytest.raises(Fault, match="does not open"):
        unseal(sealed, PASSPHRASE + "!")


def test_changed_keys_do_not_open() -> None:
    sealed = bytearray(seal(b"a key", PASSPHRASE))
    sealed[-1] ^= 1
    with pytest.raises(Fault, match="does not open"):
        unseal(bytes(sealed), PASSPHRASE)


def test_a_file_may_not_ask_for_all_memory() -> None:
    sealed = bytearray(seal(b"a key", PASSPHRASE))
    sealed[8] = 40
    with pytest.raises(Fault, match="install a newer one"):
        unseal(bytes(sealed), PASSPHRASE)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Fault, match="too short"):
        seal(b"a key", "elevenchars")


@pytest.mark.parametrize("size", [1, 3, 100])
def test_chunks_read_like_a_file(size: int) -> None:
    reader = ChunkReader(iter([b"ab", b"cdef", b"g"]))
    assert b"".join(iter(lambda: reader.read(size), b"")) == b"abcdefg"


def written(folder: Path) -> Path:
    path = folder / "one.viche"
    with path.open("wb") as file:
        writer = ArchiveWriter(file)
        writer.add_bytes("state.json", b'{"demo": "none"}')
        entry = ObjectEntry("petitions/1/plan.pdf", 4, "", "application/pdf", {"name": "plan"})
        writer.add_object(entry, io.BytesIO(b"plan"))
        writer.finish("2026-03-02T10:00:00+00:00", "0.1.0", {})
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    with Archive(written(tmp_path)) as archive:
        archive.verify()
        entry = next(archive.objects())
        assert archive.read(entry.name) == b"plan"
        assert (entry.content_type, entry.metadata) == ("application/pdf", {"name": "plan"})
        assert not archive.manifest.has_keys


@pytest.mark.parametrize("part", [b'"none"', b"plan", b"application/pdf"])
def test_one_changed_byte_is_found(tmp_path: Path, part: bytes) -> None:
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    # names of members hold "plan" too: change the last occurrence before the list of objects
    where = content.rindex(part) if part != b"plan" else content.index(b"plan\0")
    content[where + 1] ^= 1
    path.write_bytes(content)
    with Archive(path) as archive, pytest.raises(Fault, match="is damaged"):
        archive.verify()


def test_a_file_that_broke_off_is_no_backup(tmp_path: Path) -> None:
    path = written(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"manifest.json")])
    with pytest.raises(Fault, match="not a whole backup"):
        Archive(path)


def test_another_tar_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "other.tar"
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo(OBJECTS))
    with pytest.raises(Fault, match="not a whole backup"):
        Archive(path)


def test_a_newer_schema_is_refused_by_name() -> None:
    known = {each.name: each.checksum for each in read_migrations("viche_identity")}
    check_schemas({"identity": known})
    with pytest.raises(Fault, match=r"newer viche \(viche_identity/9999"):
        check_schemas({"identity": {**known, "viche_identity/9999_pre_more.sql": "0"}})


def test_another_schema_of_the_same_name_is_refused() -> None:
    name = read_migrations("viche_identity")[0].name
    with pytest.raises(Fault, match="another viche"):
        check_schemas({"identity": {name: "0"}})


def erasure(number: int) -> privacy_pb2.Erasure:
    at = Timestamp(seconds=1_772_445_600)
    return privacy_pb2.Erasure(person_hash=bytes([number]) * 32, erased_at=at, hides_name=True)


def test_erasures_are_added_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    assert erasures.keep(path, [erasure(1), erasure(2)]) == 2
    assert erasures.keep(path, [erasure(2), erasure(3)]) == 3
    assert erasures.read(path) == [erasure(1), erasure(2), erasure(3)]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    erasures.keep(path, [erasure(1)])
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(Fault, match="line 2"):
        erasures.read(path)
