"""`viche up` prepares where files are kept: a closed folder, or a bucket."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.s3 import S3Server
from viche_chassis.objects import parse_s3_url
from viche_chassis.objects_s3 import S3Store
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import ports
from viche_cli.prepare import ensure_objects


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ensure_objects(home, "")
    ensure_objects(home, "")
    assert stat.filemode(home.objects.stat().st_mode) == "drwx------"


def test_the_bucket_is_made_and_stays(tmp_path: Path, s3: S3Server) -> None:
    url = s3.url("files")
    ensure_objects(Home(tmp_path), url)
    ensure_objects(Home(tmp_path), url)
    assert list(S3Store(parse_s3_url(url)).list()) == []
    assert not Home(tmp_path).objects.exists()


def test_a_wrong_secret_is_said_before_anything_serves(tmp_path: Path, s3: S3Server) -> None:
    with pytest.raises(Fault, match=r"\(AccessDenied\): correct VICHE_S3_URL") as refused:
        ensure_objects(Home(tmp_path), s3.url("files", secret_key="wrong-one"))
    assert "wrong-one" not in str(refused.value)


def test_a_server_that_is_down_is_said_before_anything_serves(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="start the server"):
        ensure_objects(Home(tmp_path), f"s3+http://key:secret@127.0.0.1:{ports.free_port()}/files")


def test_a_region_that_is_none_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="VICHE_S3_URL"):
        ensure_objects(Home(tmp_path), "s3+http://key:secret@127.0.0.1:1/files?region=a_b%20c!")
