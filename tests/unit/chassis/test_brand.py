"""The file of names, looks and hosts: read as it is meant, and every fault told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from viche_chassis.brand import Brand, load_brand, read_brand, text_of
from viche_chassis.config import ConfigError

PORTAL = "https://petitions.dibrova.example"
WHOLE = """
accent = "#14566b"
logo = "coat.svg"

[name]
en = "Dibrova Region"
uk = "Дібровська область"

[links]
contact = "desk@dibrova.example"
imprint = { en = "https://dibrova.example/about", uk = "https://dibrova.example/pro-nas" }

[authority.soniachne]
host = "petitions.soniachne.example"
name = "Soniachne"

[authority.kyiv]
host = "Петиції.укр:8443"
"""


def read(tmp_path: Path, text: str) -> tuple[Brand, list[str]]:
    path = tmp_path / "brand.toml"
    path.write_text(text, encoding="utf-8")
    return read_brand(path, ("en", "uk"), PORTAL)


def test_whole_file_is_read(tmp_path: Path) -> None:
    brand, faults = read(tmp_path, WHOLE)
    assert faults == []
    assert brand.look.names == {"en": "Dibrova Region", "uk": "Дібровська область"}
    assert brand.look.logo == tmp_path / "coat.svg"
    assert brand.look.links["contact"] == {"en": "mailto:desk@dibrova.example", "uk": "mailto:desk@dibrova.example"}
    assert brand.look.links["imprint"]["uk"] == "https://dibrova.example/pro-nas"
    assert brand.authorities["soniachne"].look.names["uk"] == "Soniachne"


def test_hosts_have_the_scheme_and_port_of_the_portal_unless_they_name_one(tmp_path: Path) -> None:
    brand, _ = read(tmp_path, WHOLE)
    assert brand.address("soniachne", "http://127.0.0.1:8080") == "http://petitions.soniachne.example:8080"
    assert brand.address("kyiv", PORTAL) == f"https://{'петиції.укр'.encode('idna').decode()}:8443"
    assert brand.address("verbiv", PORTAL) == PORTAL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('acent = "#123456"', "acent is read by nobody; did you mean accent?"),
        ('[name]\nde = "Dibrova"', "name.de is in no language of this instance"),
        ("name = 3", "name is neither a text nor a table"),
        ('name = "  "', "name '  ' must have 1 to 100 letters"),
        ('name = "a\\u202eb"', "must have 1 to 100 letters"),
        ('logo_shows_name = "yes"', "logo_shows_name is neither true nor false"),
        ('links.contact = "javascript:alert(1)"', "links.contact 'javascript:alert(1)' is no address"),
        ('links.contact = "https://"', "is no address"),
        ("accent = 3", "accent is no text"),
        ('authority = "soniachne"', "authority is no table"),
        ("[authority]\nsoniachne = 1", "authority.soniachne is no table"),
        ("[authority.soniachne]", "authority.soniachne.host '' is no host name"),
        ('[authority.a]\nhost = "https://a.example"', "is no host name: write it like petitions.example.org"),
        ('[authority.a]\nhost = "a_b.example"', "is no host name"),
        ('[authority.a]\nhost = "10.0.0.7"', "is no host name"),
        ('[authority.a]\nhost = "a.example:99999"', "is no host name"),
        ('[authority.a]\nhost = "Petitions.Dibrova.example"', "is the portal's, in VICHE_PUBLIC_URL already"),
        ('[authority.a]\nhost = "x.example"\n[authority.b]\nhost = "x.example:81"', "is that of authority.a already"),
        ("accent = ", "is no TOML"),
    ],
)  # fmt: skip
def test_fault_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    _, faults = read(tmp_path, text)
    assert said in " ".join(faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "brand.toml"
    path.write_text("accent = 1\nlogo = 2\nname = 3", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_brand(str(path), ("en",), PORTAL)
    assert len(caught.value.faults) == 3
    assert all(fault.startswith("VICHE_BRAND: ") for fault in caught.value.faults)


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_brand(str(tmp_path / "none.toml"), ("en",), PORTAL)


def test_without_a_file_nothing_is_said() -> None:
    assert load_brand("", ("en",), PORTAL) == Brand()


def test_text_falls_back_to_the_default_language_and_then_to_any() -> None:
    texts = {"uk": "Дібровська", "en": "Dibrova"}
    assert [text_of(texts, *each) for each in (("uk", "en"), ("bg", "en"), ("bg", "ru"))] == [
        "Дібровська", "Dibrova", "Дібровська",
    ]  # fmt: skip
    assert text_of({}, "uk", "en") == ""
