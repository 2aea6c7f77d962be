"""What `viche check` sees without asking any server."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from viche_cli.check.configuration import check_languages, check_plugins, check_settings
from viche_cli.check.findings import Finding, Level
from viche_cli.check.machine import check_machine
from viche_cli.home import Home
from viche_cli.keys import ensure_keys


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    ensure_keys(home)
    return home


def bad(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.level != Level.OK]


def test_settings_that_are_well_are_said_to_be(home: Home) -> None:
    environment = {"VICHE_TIMEZONE": "Europe/Sofia", "VICHE_POSTGRES_URL": "postgresql://", "PATH": "/bin"}
    assert bad(list(check_settings(home, environment))) == []


def test_all_faults_of_settings_are_told_at_once(home: Home) -> None:
    environment = {"VICHE_TRUSTED_PROXIES": "many", "VICHE_RATE_FACTOR": "high", "VICHE_TIMEZONE": "Europe/Kiyv"}
    said = " ".join(each.said for each in check_settings(home, environment) if each.level == Level.FAIL)
    assert [word in said for word in ("VICHE_TRUSTED_PROXIES", "VICHE_RATE_FACTOR", "Europe/Kiyv")] == [True] * 3
    assert said.count("VICHE_RATE_FACTOR") == 1


def test_an_unknown_name_is_told_with_the_one_that_was_meant(home: Home) -> None:
    (found,) = bad(list(check_settings(home, {"VICHE_LANGUAGE": "uk"})))
    assert (found.level, found.way_out) == (Level.WARN, "did you mean VICHE_LANGUAGES?")
    (found,) = bad(list(check_settings(home, {"VICHE_XYZZY": "1"})))
    assert "take it away" in found.way_out


def test_a_language_without_a_catalogue_fails() -> None:
    levels = {each.subject: each.level for each in check_languages(["en", "fr"])}
    assert levels["pages in en"] == Level.OK
    assert levels["pages in fr"] == levels["mails in fr"] == Level.FAIL


def test_a_plugin_that_is_not_installed_fails() -> None:
    (found,) = bad(list(check_plugins(["petition-local", "petition-mars"])))
    assert "petition-mars" in found.said


def test_good_keys_are_said_to_be(home: Home) -> None:
    assert [each.level for each in check_machine(home) if each.subject == "keys"] == [Level.OK]


def test_keys_that_others_read_or_that_are_missing_fail(home: Home) -> None:
    (home.keys / "identity.key").chmod(0o644)
    (home.keys / "petitions.key").unlink()
    found = [each for each in check_machine(home) if each.subject == "keys"]
    assert [each.level for each in found] == [Level.FAIL, Level.FAIL]
    assert "petitions.key" in found[0].said
    assert "identity.key" in found[1].said


def test_an_old_signing_key_is_to_be_rotated(home: Home) -> None:
    (key,) = (home.keys / "signing").glob("*.pem")
    long_ago_s = time.time() - 500 * 24 * 3600
    os.utime(key, (long_ago_s, long_ago_s))
    assert [each.way_out for each in check_machine(home) if each.level == Level.WARN and each.subject == "keys"]


def test_a_restore_that_broke_off_fails(home: Home) -> None:
    home.unfinished_restore.touch()
    assert any("restore" in each.way_out for each in check_machine(home) if each.level == Level.FAIL)
