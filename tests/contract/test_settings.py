"""Every setting has the same meaning everywhere; secrets have no default."""

from importlib import import_module

import pytest

from tools.settings import SERVICES
from viche_chassis.config import describe
from viche_cli.services import OBJECT_USERS


@pytest.mark.parametrize("service", SERVICES)
def test_settings_are_named_viche_and_secrets_are_required(service: str) -> None:
    for item in describe(import_module(f"viche_{service}.config").Settings):
        assert item["variable"].startswith("VICHE_")
        assert not item["secret"] or item["required"] or item["default"] == "", (
            f"{item['variable']} is a secret with a default"
        )
        assert not item["help"].endswith(".")


def test_processes_that_keep_files_are_told_where() -> None:
    declaring = {
        service
        for service in SERVICES
        for item in describe(import_module(f"viche_{service}.config").Settings)
        if item["variable"] in ("VICHE_OBJECTS_DIR", "VICHE_S3_URL")
    }
    assert declaring == set(OBJECT_USERS)


def test_a_setting_that_several_services_read_means_the_same_to_all() -> None:
    meanings: dict[str, set[tuple[str, str]]] = {}
    for service in SERVICES:
        for item in describe(import_module(f"viche_{service}.config").Settings):
            meanings.setdefault(item["variable"], set()).add((item["help"].lower(), str(item["default"])))
    assert {variable: texts for variable, texts in meanings.items() if len(texts) > 1} == {}
