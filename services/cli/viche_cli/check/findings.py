"""What a check found: one line each, with the way out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: a failure keeps people from something, or will."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `way_out` is empty where nothing is to be done."""

    subject: str
    level: Level
    said: str
    way_out: str = ""


def ok(subject: str, said: str) -> Finding:
    """All is well."""
    return Finding(subject, Level.OK, said)


def warn(subject: str, said: str, way_out: str) -> Finding:
    """It works, and should be mended."""
    return Finding(subject, Level.WARN, said, way_out)


def fail(subject: str, said: str, way_out: str) -> Finding:
    """It does not work, or loses something."""
    return Finding(subject, Level.FAIL, said, way_out)
