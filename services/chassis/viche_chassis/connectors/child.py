"""A connector's own process: python -m viche_chassis.connectors.child, told by one line of JSON what to do.

It has no secrets but those of the calls that it serves, no database, and no environment of the one that started it.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass

from viche_chassis.connectors.confining import confine, die_with_parent


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is told.

    Args:
        plugin: name of its entry point.
        listen: unix:PATH.
        caller: who may call, and `public_key` (PEM) that proves it.
        trusted: networks beside the public ones.
        parent: id of the process that starts it.
    """

    plugin: str
    listen: str
    caller: str
    public_key: str
    trusted: tuple[str, ...]
    parent: int

    def line(self) -> bytes:
        """As it is told."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: str) -> "Order":
        """As it is heard."""
        told = json.loads(line)
        return cls(**{**told, "trusted": tuple(told["trusted"])})


def main() -> None:
    """Serves until it is told to end."""
    order = Order.read(sys.stdin.readline())
    die_with_parent(order.parent)
    confine()
    asyncio.run(_serve(order))


async def _serve(order: Order) -> None:
    from joserfc.jwk import OKPKey

    from viche_chassis.app import serve
    from viche_chassis.connectors.given import Networks
    from viche_chassis.connectors.lanes import Lanes
    from viche_chassis.connectors.loading import specs_of
    from viche_chassis.connectors.serving import service
    from viche_chassis.tokens import Verifier

    lanes = Lanes(specs_of(order.plugin), Networks(order.trusted))
    callers = Verifier({order.caller: OKPKey.import_key(order.public_key)})
    await serve(service(order.plugin, lanes, order.listen, callers))


if __name__ == "__main__":
    main()
