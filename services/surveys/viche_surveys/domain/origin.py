"""Where a survey comes from that was not written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from viche_surveys.domain.faults import Fault


@dataclass(frozen=True, slots=True)
class FormOrigin:
    """A file of another tool that a survey was read from.

    Attributes:
        changed: what is another way in the definition than in the file.
        refused: what did not come over.
        read_at: None of what is not kept yet.
    """

    filename: str
    format: str
    questions: int
    changed: tuple[Fault, ...]
    refused: tuple[Fault, ...]
    read_at: datetime | None = None
