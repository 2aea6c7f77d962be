"""Every hook that Viche calls, on one page.

A plugin is a package with an entry point in the group ENTRY_POINT_GROUP that names a module with hook implementations:

    [project.entry-points.viche]
    petition-local = "viche_petition_local"

Implement only the hooks that you need, and of their arguments take only those that you want.
"""

import pluggy

from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.types import PetitionAnswered, PetitionClosed, PetitionOpened, PetitionThresholdReached, Workflow

PROJECT = "viche"
ENTRY_POINT_GROUP = "viche"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def viche_workflows() -> list[Workflow]:  # pyright: ignore[reportReturnType]  (a specification has no body)
    """Give the rules by which petitions open, collect signatures and reach thresholds.

    Called once by every process that needs workflows, when it starts; never in a request.
    When it raises, returns something else, or brings a name that another plugin has brought, the whole plugin is
    left out and listed as failed with the reason; the other plugins go on.

    Returns:
        The workflows of the plugin. A workflow may come in several versions, each with a `valid_from` of its own:
        the newest holds that is valid on the day of registration, or of opening where nothing is registered before,
        and petitions keep it.
    """


@hookspec
def viche_connectors() -> list[ConnectorSpec]:  # pyright: ignore[reportReturnType]
    """Give the connectors to platforms that the plugin brings, whose name begins with "connector-".

    Called once by every process that runs the plugin's connectors, when it starts; never in a request. For plugins that
    do not come with Viche that is a process of their own.
    When it raises, returns something else, declares a contract that this version does not support, or brings a name
    that another plugin has brought, the whole plugin is left out and listed as failed with the reason.

    Returns:
        What each connector declares of itself; the calls are methods of the class that it names.
    """


@hookspec
def viche_petition_opened(petition: PetitionOpened) -> None:
    """Hear that a petition has opened.

    Called by a consumer of events, never in a request and never in a transaction, so that it may take its time and
    use the network; at least once for each petition, so that it may be called again with the same value.
    When it raises, that is logged and it is called again, three times in all; no other plugin waits for it.
    """


@hookspec
def viche_petition_threshold_reached(petition: PetitionThresholdReached) -> None:
    """Hear that a petition has reached one of its thresholds.

    Called by a consumer of events, never in a request and never in a transaction; at least once for each threshold.
    When it raises, that is logged and it is called again, three times in all; no other plugin waits for it.
    """


@hookspec
def viche_petition_answered(petition: PetitionAnswered) -> None:
    """Hear that a petition has been answered, or that its answer was corrected.

    Called by a consumer of events, never in a request and never in a transaction; at least once for each answer and
    each correction, with the instant at which that one was published.
    When it raises, that is logged and it is called again, three times in all; no other plugin waits for it.
    """


@hookspec
def viche_petition_closed(petition: PetitionClosed) -> None:
    """Hear that a petition collects no more.

    Called by a consumer of events, never in a request and never in a transaction; at least once for each petition.
    When it raises, that is logged and it is called again, three times in all; no other plugin waits for it.
    """
