"""Every value that goes between Viche and a plugin, in one place to import from."""

from viche_sdk.assurance import Assurance, SignersShown
from viche_sdk.basis import LegalBasis
from viche_sdk.calendars import CalendarVersion, UnknownCalendar
from viche_sdk.channels import Channel, ChannelKind
from viche_sdk.clocks import Clock, Extension, collecting
from viche_sdk.counting import Period, Unit
from viche_sdk.deadlines import BadDeadline, Deadline
from viche_sdk.events import Event, Happening, Reached
from viche_sdk.expressions import Expression
from viche_sdk.figures import Claim, Figure
from viche_sdk.fixed_clocks import FixedClock, FixedExtension
from viche_sdk.happened import Happened, PetitionAnswered, PetitionClosed, PetitionOpened, PetitionThresholdReached
from viche_sdk.life import ClosingEvent, Failed, Failure, Stage
from viche_sdk.localized import PLURALS, REQUIRED_LANGUAGES, Localized, Plural
from viche_sdk.minima import FixedMinima, Minima, PerTerritory
from viche_sdk.people import Committee, Complaint, FixedCommittee, Moderation, Reason, Sponsors, Vocabulary
from viche_sdk.settings import (
    Choice,
    FromSetting,
    Setting,
    SettingKind,
    SettingProblem,
    SettingReason,
    SettingsRefused,
)
from viche_sdk.simulation import Simulation, simulate
from viche_sdk.situation import Level, Situation
from viche_sdk.terms import BadTerms, Terms
from viche_sdk.thresholds import FixedThreshold, Progress, Threshold
from viche_sdk.versions import faults_of_versions, in_force
from viche_sdk.workflow import InvalidWorkflow, Workflow

__all__ = [
    "PLURALS",
    "REQUIRED_LANGUAGES",
    "Assurance",
    "BadDeadline",
    "BadTerms",
    "CalendarVersion",
    "Channel",
    "ChannelKind",
    "Choice",
    "Claim",
    "Clock",
    "ClosingEvent",
    "Committee",
    "Complaint",
    "Deadline",
    "Event",
    "Expression",
    "Extension",
    "Failed",
    "Failure",
    "Figure",
    "FixedClock",
    "FixedCommittee",
    "FixedExtension",
    "FixedMinima",
    "FixedThreshold",
    "FromSetting",
    "Happened",
    "Happening",
    "InvalidWorkflow",
    "LegalBasis",
    "Level",
    "Localized",
    "Minima",
    "Moderation",
    "PerTerritory",
    "Period",
    "PetitionAnswered",
    "PetitionClosed",
    "PetitionOpened",
    "PetitionThresholdReached",
    "Plural",
    "Progress",
    "Reached",
    "Reason",
    "Setting",
    "SettingKind",
    "SettingProblem",
    "SettingReason",
    "SettingsRefused",
    "SignersShown",
    "Simulation",
    "Situation",
    "Sponsors",
    "Stage",
    "Terms",
    "Threshold",
    "Unit",
    "UnknownCalendar",
    "Vocabulary",
    "Workflow",
    "collecting",
    "faults_of_versions",
    "in_force",
    "simulate",
]
