"""Takes secrets out of what is written down."""

import base64
import json
import logging
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

SHORTEST = 4
"""Shorter secrets stand by chance in any text."""

REPLACED = "[secret]"


class Redactor:
    """Finds secrets as they stand, in base64 (alone or inside something longer), URL-encoded, in JSON, in hex."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms: list[str] = []
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Finds one more from here on."""
        if len(secret) < SHORTEST:
            return
        found = {form for form in forms_of(secret) if len(form) >= SHORTEST}
        # a new list, since a connector's thread adds while another cleans
        self._forms = sorted({*self._forms, *found}, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text with a mark in place of each secret."""
        for form in self._forms:
            text = text.replace(form, REPLACED)
        return text

    def finds(self, text: str) -> bool:
        """Whether a secret stands in the text."""
        return any(form in text for form in self._forms)

    def __repr__(self) -> str:
        """How many, not which."""
        return f"Redactor({len(self._forms)} forms)"


def forms_of(secret: str) -> set[str]:
    """All ways in which a secret may stand in a text."""
    raw = secret.encode()
    forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    forms |= {raw.hex(), raw.hex().upper(), repr(secret)[1:-1]}
    for shift in range(3):
        # what stands before it in "user:secret" moves its letters by 0, 2 or 4 bits; the outermost ones are mixed
        # with their neighbours and left out
        first = -(-shift * 8 // 6)
        last = (shift + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms.add(encode(bytes(shift) + raw).decode()[first:last])
    return forms


class RedactedLog:
    """Answers `context.Log`: writes to a logger, without secrets.

    Args:
        logger: where to.
        redactor: of the call's secrets.
        connector: its name; every line has it.
    """

    def __init__(self, logger: logging.Logger, redactor: Redactor, connector: str) -> None:
        self._logger = logger
        self._redactor = redactor
        self._connector = connector

    def info(self, message: str, **values: object) -> None:
        """For operators who look."""
        self._write(logging.INFO, message, values)

    def warning(self, message: str, **values: object) -> None:
        """For operators who should look."""
        self._write(logging.WARNING, message, values)

    def _write(self, level: int, message: str, values: dict[str, object]) -> None:
        said = {f"connector_{name}": self._redactor.clean(str(value)) for name, value in values.items()}
        self._logger.log(level, "%s", self._redactor.clean(message), extra={"connector": self._connector, **said})
