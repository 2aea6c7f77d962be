"""Every value that goes between Viche and a plugin, in one place to import from."""

from viche_sdk.basis import LegalBasis
from viche_sdk.calendars import CalendarVersion, UnknownCalendar
from viche_sdk.counting import Period, Unit, closes_at
from viche_sdk.deadlines import BadDeadline, Deadline
from viche_sdk.events import Event, Happening, Reached
from viche_sdk.fixed_clocks import FixedClock, FixedExtension
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
    "BadDeadline",
    "BadTerms",
    "CalendarVersion",
    "Choice",
    "Deadline",
    "Event",
    "FixedClock",
    "FixedExtension",
    "FixedThreshold",
    "FromSetting",
    "Happening",
    "InvalidWorkflow",
    "LegalBasis",
    "Localized",
    "Period",
    "Reached",
    "Setting",
    "SettingKind",
    "SettingProblem",
    "SettingReason",
    "SettingsRefused",
    "SignersShown",
    "Terms",
    "Threshold",
    "Unit",
    "UnknownCalendar",
    "Workflow",
    "closes_at",
]
