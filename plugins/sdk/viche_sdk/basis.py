"""Where a rule comes from."""

from dataclasses import dataclass

from viche_sdk.localized import Localized
from viche_sdk.stored import read_localized, read_object, read_text


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An act, the article of it ("23-1", empty for the whole act), and an address where it can be read."""

    act: Localized
    article: str = ""
    url: str = ""

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {"act": dict(self.act), "article": self.article, "url": self.url}

    @classmethod
    def read(cls, value: object) -> "LegalBasis":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        return cls(read_localized(stored["act"]), read_text(stored["article"]), read_text(stored["url"]))

    def __str__(self) -> str:
        """In English, for logs and the command line."""
        act = self.act.text_in("en")
        return f"{act}, {self.article}" if self.article else act
