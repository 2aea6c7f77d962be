"""What connectors are given in the kit in place of the host's own, and an ear at every logger."""

import logging
from typing import Any

from viche_sdk.connectors.answers import Answer
from viche_sdk.connectors.errors import Unsupported
from viche_sdk.connectors.http import GuardedHttp
from viche_sdk.connectors.kit.material import bytes_of
from viche_sdk.connectors.posts import Media


class KitMedia:
    """Answers `context.MediaStore`."""

    async def read(self, media: Media) -> bytes:
        """The bytes."""
        return bytes_of(media.type, int(media.id.rpartition("-")[2]))

    async def link(self, media: Media) -> str:
        """An address from which the platform would fetch it."""
        return f"https://media.viche.example/{media.id}"


class KitHttp(GuardedHttp):
    """The guarded HTTP; keeps which hosts it refused, whatever the connector made of that."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.refused: list[str] = []

    async def request(self, method: str, url: str, **body: Any) -> Answer:
        """As the guarded HTTP does it."""
        try:
            return await super().request(method, url, **body)
        except Unsupported as error:
            self.refused.append(error.detail)
            raise


class KitLog:
    """Answers `context.Log`; keeps what was said as it was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def info(self, message: str, **values: object) -> None:
        """For operators who look."""
        self.said.append(f"{message} {values}")

    def warning(self, message: str, **values: object) -> None:
        """For operators who should look."""
        self.said.append(f"{message} {values}")


class Listening(logging.Handler):
    """Keeps every line of every logger while it is open."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self._before: tuple[int, list[logging.Handler]] = (logging.WARNING, [])

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line, with all that was given to it."""
        self.lines.append(f"{record.getMessage()} {record.__dict__}")

    def __enter__(self) -> "Listening":
        """Begins to listen, in place of the others, to whom it would be noise."""
        root = logging.getLogger()
        self._before = root.level, root.handlers[:]
        root.handlers[:] = [self]
        root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves logging as it was."""
        root = logging.getLogger()
        level, root.handlers[:] = self._before
        root.setLevel(level)
