"""Origins as browsers write them, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_identity.domain.partners import MOST_ORIGINS, BadOrigin, normal_origin, violations


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://school.example", "https://school.example"),
        (" HTTPS://School.Example/ ", "https://school.example"),
        ("https://school.example:443", "https://school.example"),
        ("https://school.example:8443/", "https://school.example:8443"),
        ("https://школа.укр", "https://xn--80atdl2c.xn--j1amh"),
        ("https://ШКОЛА.укр", "https://xn--80atdl2c.xn--j1amh"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://intranet", "https://intranet"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("https://[2001:DB8:0:0::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:8090", "http://localhost:8090"),
        ("http://demo.localhost:80", "http://demo.localhost"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
        ("http://[::1]:8090", "http://[::1]:8090"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(typed: str, origin: str) -> None:
    assert normal_origin(typed) == origin
    assert normal_origin(origin) == origin


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("https://*.school.example", "ORIGIN_WILDCARD"),
        ("*", "ORIGIN_WILDCARD"),
        ("http://school.example", "ORIGIN_NOT_HTTPS"),
        ("http://192.0.2.7", "ORIGIN_NOT_HTTPS"),
        ("http://localhost.example", "ORIGIN_NOT_HTTPS"),
        ("https://school.example/news", "ORIGIN_HAS_PATH"),
        ("https://school.example//", "ORIGIN_HAS_PATH"),
        ("https://school.example?a=b", "ORIGIN_HAS_PATH"),
        ("https://school.example/#", "ORIGIN_HAS_PATH"),
        ("https://school.example#", "ORIGIN_HAS_PATH"),
        ("school.example", "BAD_ORIGIN"),
        ("ftp://school.example", "BAD_ORIGIN"),
        ("javascript://school.example", "BAD_ORIGIN"),
        ("null", "BAD_ORIGIN"),
        ("", "BAD_ORIGIN"),
        ("https://", "BAD_ORIGIN"),
        ("https://ann@school.example", "BAD_ORIGIN"),
        ("https://school.example evil.example", "BAD_ORIGIN"),
        ("https://school.example;script-src", "BAD_ORIGIN"),
        ("https://school.example\\evil", "BAD_ORIGIN"),
        ("https://school%2eexample", "BAD_ORIGIN"),
        ("https://school.example.", "BAD_ORIGIN"),
        ("https://-school.example", "BAD_ORIGIN"),
        ("https://school..example", "BAD_ORIGIN"),
        ("https://school.example:", "BAD_ORIGIN"),
        ("https://school.example:0", "BAD_ORIGIN"),
        ("https://school.example:65536", "BAD_ORIGIN"),
        ("https://school.example:٤٤٣", "BAD_ORIGIN"),
        ("https://127.1", "BAD_ORIGIN"),
        ("https://0x7f.0.0.1", "BAD_ORIGIN"),
        ("https://1.2.3.256", "BAD_ORIGIN"),
        ("https://[::1", "BAD_ORIGIN"),
        ("https://[fe80::1%eth0]", "BAD_ORIGIN"),
        ("https://a[::1]", "BAD_ORIGIN"),
        ("https://" + "a" * 64 + ".example", "BAD_ORIGIN"),
        ("https://" + "a." * 130 + "example", "BAD_ORIGIN"),
    ],
)
def test_what_is_no_origin_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadOrigin) as error:
        normal_origin(typed)
    assert error.value.reason == reason


@given(st.text(max_size=40))
def test_nothing_that_is_kept_can_say_more_in_a_header_than_one_origin(typed: str) -> None:
    for scheme in ("https://", "http://"):
        try:
            origin = normal_origin(scheme + typed)
        except BadOrigin:
            continue
        assert origin.isascii()
        assert not set(origin) & set(" ;,'\"*/?#@\\\r\n\t%") - set("/")
        assert origin.count("/") == 2
        assert normal_origin(origin) == origin


def test_a_partner_has_a_name_and_some_origins() -> None:
    found = [(each.field, each.reason) for each in violations("", [])]
    assert found == [("title", "REQUIRED"), ("origins", "REQUIRED")]
    many = [f"https://{number}.example" for number in range(MOST_ORIGINS + 1)]
    assert [each.reason for each in violations("x" * 201, many)] == ["TOO_LONG", "TOO_MANY"]


def test_each_bad_origin_is_named() -> None:
    found = list(violations("School", ["https://a.example", "b.example", "https://*.c.example"]))
    assert [(each.reason, each.values["value"]) for each in found] == [
        ("BAD_ORIGIN", "b.example"), ("ORIGIN_WILDCARD", "https://*.c.example"),
    ]  # fmt: skip
