"""Settings are read from the environment, and all faults are told at once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from viche_chassis.config import ConfigError, describe, load, setting


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a service of the tests."""

    url: str = setting("VICHE_TEST_URL", "where it is", secret=True)
    key: Path = setting("VICHE_TEST_KEY", "file with the key")
    pool: int = setting("VICHE_TEST_POOL", "most connections", default=8)
    factor: float = setting("VICHE_TEST_FACTOR", "a factor", default=1.0)
    open: bool = setting("VICHE_TEST_OPEN", "whether it is open", default=False)
    languages: tuple[str, ...] = setting("VICHE_TEST_LANGUAGES", "languages", default=("en",))


REQUIRED = {"VICHE_TEST_URL": "postgresql://x", "VICHE_TEST_KEY": "/k"}


def test_values_get_the_type_of_their_field() -> None:
    settings = load(
        Settings,
        {
            **REQUIRED,
            "VICHE_TEST_POOL": "3",
            "VICHE_TEST_FACTOR": "2.5",
            "VICHE_TEST_OPEN": "yes",
            "VICHE_TEST_LANGUAGES": "uk, bg,",
        },
    )
    assert settings == Settings("postgresql://x", Path("/k"), 3, 2.5, True, ("uk", "bg"))


def test_what_is_not_set_keeps_its_default() -> None:
    assert load(Settings, {**REQUIRED, "VICHE_TEST_POOL": "  "}).pool == 8


def test_all_faults_are_told_at_once_with_what_to_give() -> None:
    with pytest.raises(ConfigError) as caught:
        load(Settings, {"VICHE_TEST_POOL": "many", "VICHE_TEST_OPEN": "perhaps"})
    assert caught.value.faults == [
        "VICHE_TEST_URL is not set. It is: where it is.",
        "VICHE_TEST_KEY is not set. It is: file with the key.",
        "VICHE_TEST_POOL: 'many' is not a whole number. It is: most connections.",
        "VICHE_TEST_OPEN: 'perhaps' is neither true nor false. It is: whether it is open.",
    ]


def test_secrets_are_marked_and_have_no_default() -> None:
    described = {item["variable"]: item for item in describe(Settings)}
    assert described["VICHE_TEST_URL"]["secret"]
    assert described["VICHE_TEST_URL"]["required"]
