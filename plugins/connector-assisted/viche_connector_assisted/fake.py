"""A place that no program reaches: whoever calls it finds nothing."""

from typing import Any, ClassVar

from viche_sdk.connectors.testing import FakePlatform, Reply, Request, Shown, reply


class NobodyThere(FakePlatform):
    """Counts on never being asked."""

    values: ClassVar = {"address": "https://www.facebook.com/groups/example/?ref=share", "name": "Двір на Садовій"}

    def handle(self, request: Request) -> Reply:
        """Nothing."""
        return reply({}, 404)

    def shown(self) -> list[Shown]:
        """Nothing that a program has put there."""
        return []


FAKES: dict[str, Any] = {"assisted": NobodyThere, "assisted-other": NobodyThere}
