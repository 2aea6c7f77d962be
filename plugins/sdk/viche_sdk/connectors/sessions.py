"""What a connector finds again at its next call: one text for each account, which the host keeps sealed."""

from typing import Protocol

from viche_sdk.connectors.errors import Unsupported
from viche_sdk.connectors.redaction import Redactor

MOST_BYTES = 16 * 1024
"""Of one session, in UTF-8."""


class Session(Protocol):
    """A place for one text of an account: a platform's session, so that not each call signs in anew, or what a
    conditional request needs.

    The host keeps it sealed from call to call, whichever process makes them, and forgets it as soon as one of the
    account's secrets changes. It is taken out of logs and errors as it stands, as secrets are: a token belongs here
    alone and without wrapping. It may be gone at any time, and of two calls at once the later one's stays.
    """

    def get(self) -> str:
        """The text; empty where there is none."""
        ...

    def put(self, text: str) -> None:
        """Keeps a text in place of the one before; an empty one forgets it.

        Raises:
            Unsupported: it is longer than `MOST_BYTES`.
        """
        ...


class HeldSession:
    """Answers `Session` for one call.

    Args:
        text: what was kept before.
        redactor: learns what must stand in no log.
    """

    def __init__(self, text: str = "", redactor: Redactor | None = None) -> None:
        self._text = text
        self._redactor = redactor
        self._is_new = False
        if redactor:
            redactor.add(text)

    def get(self) -> str:
        """The text; empty where there is none."""
        return self._text

    def put(self, text: str) -> None:
        """Keeps a text."""
        if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise Unsupported(f"a session holds at most {MOST_BYTES} bytes")
        self._is_new = self._is_new or text != self._text
        self._text = text
        if self._redactor:
            self._redactor.add(text)

    @property
    def changed(self) -> str | None:
        """What is to be kept from here on; None where that is what was kept before."""
        return self._text if self._is_new else None

    def __repr__(self) -> str:
        """Whether there is one, not which."""
        return f"HeldSession({'kept' if self._text else 'empty'})"
