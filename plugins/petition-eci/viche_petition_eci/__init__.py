"""European citizens' initiatives."""

from viche_petition_eci.workflow import INITIATIVE_2020, INITIATIVE_2024
from viche_sdk.hookspecs import hookimpl
from viche_sdk.types import Workflow


@hookimpl
def viche_workflows() -> list[Workflow]:
    """The one workflow of this plugin, in its two versions."""
    return [INITIATIVE_2020, INITIATIVE_2024]
