"""Workflows for tests: one good one, and whatever should differ."""

from dataclasses import replace
from datetime import date
from typing import Any

from viche_sdk.types import (
    Choice,
    FromSetting,
    LegalBasis,
    Localized,
    Setting,
    SettingKind,
    Threshold,
    Workflow,
    collecting,
)


def text(words: str = "words") -> Localized:
    """The same words in the four languages."""
    return Localized.of(en=words, uk=words, bg=words, ru=words)


BASIS = LegalBasis(text("Act 1"), "2")


def number(name: str, **differences: Any) -> Setting:
    """A number from 1 to 100 that must be set."""
    return replace(Setting(name, text(), text(), SettingKind.INT, minimum=1, maximum=100), **differences)


def choice(name: str, *values: str, **differences: Any) -> Setting:
    """A choice that must be made."""
    choices = tuple(Choice(value, text()) for value in values)
    return replace(Setting(name, text(), text(), SettingKind.CHOICE, choices=choices), **differences)


def workflow(**differences: Any) -> Workflow:
    """A workflow of constants with two thresholds, the second of them a setting."""
    fields: dict[str, Any] = {
        "name": "petition-test",
        "version": "1",
        "title": text(),
        "summary": text(),
        "legal_basis": BASIS,
        "valid_from": date(2026, 1, 1),
        "thresholds": (
            Threshold("answer", 10, text(), legal_basis=BASIS),
            Threshold("debate", FromSetting("debate"), text()),
        ),
        "clocks": (collecting(30, legal_basis=BASIS),),
        "settings": (number("debate"),),
    }
    return Workflow(**{**fields, **differences})
