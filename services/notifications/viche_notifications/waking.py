"""Telling the workers of this process that there is something to do, so that they need not wait for their next look."""

import asyncio


class Bell:
    """Wakes one who waits; a ring that nobody hears wakes the next who comes."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

    async def wait(self, longest_s: float) -> None:
        """Until the bell rings, or for as long as given."""
        try:
            async with asyncio.timeout(longest_s):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()
