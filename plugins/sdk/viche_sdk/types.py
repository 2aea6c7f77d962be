"""Every value that goes between Viche and a plugin, in one place to import from."""

from viche_sdk.deadlines import closes_at
from viche_sdk.localized import REQUIRED_LANGUAGES, Localized
from viche_sdk.settings import (
    Choice,
    FromSetting,
    Setting,
    SettingKind,
    SettingProblem,
    SettingReason,
    SettingsRefused,
)
from viche_sdk.terms import Assurance, BadTerms, FixedThreshold, SignersShown, Terms
from viche_sdk.workflow import InvalidWorkflow, Threshold, Workflow

__all__ = [
    "REQUIRED_LANGUAGES",
    "Assurance",
    "BadTerms",
    "Choice",
    "FixedThreshold",
    "FromSetting",
    "InvalidWorkflow",
    "Localized",
    "Setting",
    "SettingKind",
    "SettingProblem",
    "SettingReason",
    "SettingsRefused",
    "SignersShown",
    "Terms",
    "Threshold",
    "Workflow",
    "closes_at",
]
