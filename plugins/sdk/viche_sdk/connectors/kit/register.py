"""The checks of the kit, in the order in which they are listed."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from viche_sdk.connectors.capabilities import Capability
from viche_sdk.connectors.kit.stage import CheckFailed, Kit
from viche_sdk.connectors.spec import ConnectorSpec

Run = Callable[[Kit], Coroutine[Any, Any, None]]
Applies = Callable[[ConnectorSpec], bool]


@dataclass(frozen=True, slots=True)
class ConnectorCheck:
    """One claim about a connector; `run` raises CheckFailed where it does not hold."""

    name: str
    claim: str
    applies: Applies
    run: Run


CHECKS: list[ConnectorCheck] = []


def check(claim: str, applies: Applies = lambda _: True) -> Callable[[Run], Run]:
    """Adds a check that is made of the connectors that it applies to."""

    def add(run: Run) -> Run:
        CHECKS.append(ConnectorCheck(run.__name__, claim, applies, run))  # pyright: ignore[reportAttributeAccessIssue]
        return run

    return add


def can(*capabilities: Capability) -> Applies:
    """Those that declare one of these, and publish by themselves."""
    return lambda spec: any(map(spec.can, capabilities))


PUBLISHES = (Capability.PUBLISH_TEXT, Capability.PUBLISH_LINK, Capability.PUBLISH_IMAGE, Capability.PUBLISH_VIDEO)
INBOX = (Capability.INBOX_COMMENTS, Capability.INBOX_MENTIONS, Capability.INBOX_MESSAGES)
METRICS = (Capability.METRICS_POST, Capability.METRICS_ACCOUNT)


def publishes(spec: ConnectorSpec) -> bool:
    """Whether posts appear by themselves, without a person who copies them."""
    return not spec.can(Capability.MANUAL) and any(map(spec.can, PUBLISHES))


def publishes_with(*capabilities: Capability) -> Applies:
    """Those that publish and declare one of these, too."""
    return lambda spec: publishes(spec) and any(map(spec.can, capabilities))


def demand(holds: object, otherwise: str) -> None:
    """Ends a check that does not hold.

    Raises:
        CheckFailed: with what to say.
    """
    if not holds:
        raise CheckFailed(otherwise)
