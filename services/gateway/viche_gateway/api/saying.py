"""How the document of the API describes a field that is always there."""

from typing import Any

from marshmallow import fields


def said(what: str, **kwargs: Any) -> dict[str, Any]:
    """What a field means."""
    return {"required": True, "metadata": {"description": what, **kwargs}}


def texts(what: str) -> fields.Dict:
    """A text in several languages."""
    return fields.Dict(keys=fields.String(), values=fields.String(), **said(f"{what}: BCP 47 language to text."))


def moment(what: str, *, nullable: bool = False) -> fields.DateTime:
    """An instant."""
    return fields.DateTime(allow_none=nullable, **said(f"{what}. RFC 3339, UTC."))
