"""Numbers in addresses: those that a service could be asked for; all others are addresses of nothing."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map

MOST = 2**63 - 1  # what an int64 of a message holds


class NumberConverter(IntegerConverter):
    """``<int:…>`` with a bound, so that a longer number is 404 and no failure on its way to a service."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": MOST, **kwargs})
