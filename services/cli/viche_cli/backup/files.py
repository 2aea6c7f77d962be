"""Which object store an instance has."""

from __future__ import annotations

from dataclasses import dataclass

from viche_chassis import settings


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """The settings that say where files are kept."""

    objects_dir: str = settings.objects_dir()
    s3_url: str = settings.s3_url()
