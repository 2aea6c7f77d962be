"""Public events as JSON, as they are kept."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from viche_social.domain.public_events import Content, EventKind, Material, Place, Registering


def to_json(content: Content) -> dict[str, Any]:
    """What JSON takes."""
    stored = asdict(content)
    stored["kind"] = str(content.kind)
    stored["moments_post_id"] = str(content.moments_post_id) if content.moments_post_id else None
    return stored


def from_json(stored: dict[str, Any]) -> Content:
    """What was kept."""
    moments = stored["moments_post_id"]
    own = {
        "kind": EventKind(stored["kind"]),
        "place": Place(**stored["place"]),
        "materials": tuple(Material(**each) for each in stored["materials"]),
        "registering": Registering(**stored["registering"]),
        "moments_post_id": UUID(moments) if moments else None,
    }
    return Content(**{**stored, **own})
