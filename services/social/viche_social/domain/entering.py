"""What is entered to connect an account, against what its connector asks for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

from viche_chassis.errors import FieldViolation, invalid
from viche_sdk.connectors.types import Field, FieldKind

MOST_CHARACTERS = 2_000
MOST_SECRET_CHARACTERS = 20_000


def violations_of(
    fields: Sequence[Field], values: Mapping[str, str], secrets: Mapping[str, str], *, allows_loopback: bool = False
) -> Iterator[FieldViolation]:
    """What is missing, or cannot be; fields are named "values.NAME" and "secrets.NAME".

    Args:
        fields: of the account.
        values: what is not secret.
        secrets: what is; tokens of a consent stand among them.
        allows_loopback: whether an address may be one of this machine, without TLS.
    """
    for field in fields:
        where = "secrets" if field.is_secret else "values"
        text = (secrets if field.is_secret else values).get(field.name, "").strip()
        if problem := _problem(field, text, allows_loopback):
            yield invalid(f"{where}.{field.name}", problem, example=field.example, limit=_most(field))


def _problem(field: Field, text: str, allows_loopback: bool) -> str:
    """A reason; empty where the text can be taken."""
    if not text:
        return "REQUIRED" if field.is_required else ""
    if len(text) > _most(field):
        return "TOO_LONG"
    if field.kind is FieldKind.ADDRESS and allows_loopback and _is_loopback(text):
        return ""
    if field.kind is FieldKind.ADDRESS and not _is_address(text):
        return "NOT_AN_ADDRESS"
    if field.pattern and not re.fullmatch(field.pattern, text):
        return "NOT_LIKE_EXAMPLE"
    return ""


def _most(field: Field) -> int:
    return MOST_SECRET_CHARACTERS if field.is_secret else MOST_CHARACTERS


def _is_address(text: str) -> bool:
    parts = _parts(text)
    return parts is not None and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _is_loopback(text: str) -> bool:
    parts = _parts(text)
    return parts is not None and parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost")


def _parts(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None
