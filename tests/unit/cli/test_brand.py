"""`viche brand check` says what the portal would refuse, and the contrasts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from viche_cli.commands.brand import brand

COAT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>'


def check(folder: Path, text: str, *options: str, **environment: str) -> tuple[int, str]:
    (folder / "coat.svg").write_text(COAT)
    path = folder / "brand.toml"
    path.write_text(text, encoding="utf-8")
    env = {
        "VICHE_LANGUAGES": "uk,en",
        "VICHE_PUBLIC_URL": "https://petitions.example",
        "VICHE_BRAND": "",
        **environment,
    }
    ran = CliRunner().invoke(brand, ["check", str(path), *options], env=env)
    return ran.exit_code, ran.output


def test_good_file_is_said_to_be_with_its_contrasts(tmp_path: Path) -> None:
    code, said = check(tmp_path, 'accent = "#14566b"\nlogo = "coat.svg"\n[authority.city]\nhost = "city.example"')
    assert code == 0
    assert "ok    colours of the region: #14566b on light pages: links on the page 8.0" in said
    assert "on dark pages: " in said
    assert "logo of the region: image/svg+xml, 0.1 kB" in said
    assert "hosts of authorities: 1" in said


def test_all_faults_are_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "evil.svg").write_text(COAT.replace("<path", "<script/>\n<path onload='x'"))
    code, said = check(
        tmp_path, 'accent = "#ffd700"\nlogo = "evil.svg"\nname.de = "D"\n[authority.city]\nhost = "petitions.example"'
    )
    assert code == 3
    for expected in (
        "the nearest of its hue that passes is #846e00", "warn  colours of the region: #ffd700 on light",
        "line 1: <script> is not allowed", "line 2: onload on <path> runs a script", "name.de is in no language",
        "authority.city.host is the portal's",
    ):  # fmt: skip
        assert expected in said


def test_faults_are_json_for_programs(tmp_path: Path) -> None:
    code, said = check(tmp_path, "accent = 1", "--json")
    assert code == 3
    assert [each["level"] for each in json.loads(said)] == ["fail"]


@pytest.mark.parametrize("text", ["", 'name = "Dibrova"'])
def test_file_may_say_little(tmp_path: Path, text: str) -> None:
    assert check(tmp_path, text)[0] == 0
