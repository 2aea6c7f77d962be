"""Words of what people write, for search: as written and as lemmas. Dictionaries are opened when they are needed."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viche_chassis.words import Words


class Searching:
    """Finds the words of texts."""

    def __init__(self) -> None:
        self._words: Words | None = None
        self._lock = asyncio.Lock()

    async def ready(self) -> None:
        """Opens the dictionaries; to be awaited outside of transactions before :meth:`forms`."""
        async with self._lock:
            if self._words is None:
                from viche_chassis.words import load_words  # brings its own memory along

                self._words = await load_words()

    def forms(self, text: str, language: str) -> list[set[str]]:
        """The words of a text in a language (BCP 47, may be empty), each in all its forms."""
        assert self._words is not None, "ready() was not awaited"
        return self._words.forms(text, language)
