"""Keys, descriptions and addresses of object stores, as they are written."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from viche_chassis.config import ConfigError
from viche_chassis.objects import (
    MAX_KEY_LENGTH,
    MAX_PART_LENGTH,
    BadKey,
    S3Location,
    check_description,
    check_key,
    check_prefix,
    copy,
    locate,
    parse_s3_url,
)

PART = "a" * MAX_PART_LENGTH


@dataclass(frozen=True, slots=True)
class Where:
    """Settings that say where objects are."""

    objects_dir: str = ""
    s3_url: str = ""


@pytest.mark.parametrize("key", ["a", "0", "a/b", "petitions/7/plan-1_2.v3.pdf", PART, f"{PART}/{PART}"])
def test_a_key_is_taken(key: str) -> None:
    check_key(key)
    check_prefix(key)


@pytest.mark.parametrize(
    "key",
    ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".a", "a/.b", "-a", "a/_b", "A", "a b", "a\n",
     "a\x00", "ї", "a\\b", "a%2f", f"{PART}a", "a/" * (MAX_KEY_LENGTH // 2) + "a"],
)  # fmt: skip
def test_a_key_is_refused(key: str) -> None:
    with pytest.raises(BadKey):
        check_key(key)


@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/b."])
def test_a_prefix_is_taken(prefix: str) -> None:
    check_prefix(prefix)


@pytest.mark.parametrize("prefix", ["/", "a//", "..", "a/..", "a/../", "A", "a" * (MAX_KEY_LENGTH + 1)])
def test_a_prefix_is_refused(prefix: str) -> None:
    with pytest.raises(BadKey):
        check_prefix(prefix)


@pytest.mark.parametrize("content_type", ["", "text", "text/", "text/html\r\nx: y", "text/ї", "a/" + "b" * 300])
def test_a_content_type_that_is_none_is_refused(content_type: str) -> None:
    with pytest.raises(ValueError, match="content type"):
        check_description(content_type, {})


@pytest.mark.parametrize("name", ["", "Name", "a b", "a:b", "-a", "a-", "a\r\nb", "sha256"])
def test_a_name_of_metadata_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="metadata"):
        check_description("text/plain", {name: "x"})


def test_a_copy_never_writes_more_than_was_said() -> None:
    written = BytesIO()
    with pytest.raises(ValueError, match="the 3 bytes"):
        copy(BytesIO(b"x" * 1_000_000), 3, written.write)
    assert written.getvalue() == b""


def test_an_address_of_a_bucket_is_read() -> None:
    assert parse_s3_url("s3+https://key:se%2Fcret%40@s3.example.org/my.bucket?region=eu-central-1") == S3Location(
        host="s3.example.org",
        is_secure=True,
        bucket="my.bucket",
        region="eu-central-1",
        access_key="key",
        secret_key="se/cret@",
    )
    plain = parse_s3_url("s3+http://key:secret@[::1]:9000/bucket/")
    assert (plain.host, plain.is_secure, plain.region) == ("[::1]:9000", False, "us-east-1")


@pytest.mark.parametrize(
    "url",
    [
        "https://key:hidden@host/bucket",
        "s3+https://host/bucket",
        "s3+https://key@host/bucket",
        "s3+https://key:hidden@/bucket",
        "s3+https://key:hidden@host",
        "s3+https://key:hidden@host/Bucket",
        "s3+https://key:hidden@host/bucket/folder",
        "s3+https://key:hidden@host/bucket?path=1",
        "s3+https://key:hidden@host:port/bucket",
        "s3+https://key:hidden@[::1/bucket",
        "s3+https://key:hid/den@host/bucket",
    ],
)
def test_another_address_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_s3_url(url)
    assert "VICHE_S3_URL" in str(refused.value)
    assert "hid" not in str(refused.value)
    assert "hid" not in repr(refused.value.__cause__)


def test_the_secret_is_not_shown() -> None:
    assert "hidden" not in repr(parse_s3_url("s3+https://key:hidden@host/bucket"))


def test_the_bucket_is_used_where_both_are_set() -> None:
    assert locate(Where(objects_dir="/o")) == Path("/o")
    assert isinstance(locate(Where(objects_dir="/o", s3_url="s3+https://key:hidden@host/bucket")), S3Location)


def test_neither_is_a_fault_that_names_both() -> None:
    with pytest.raises(ConfigError, match=r"VICHE_OBJECTS_DIR.*VICHE_S3_URL"):
        locate(Where())
