"""Electronic petitions to the President of Ukraine."""

from viche_petition_ua_president.workflow import PETITION_TO_THE_PRESIDENT
from viche_sdk.hookspecs import hookimpl
from viche_sdk.types import Workflow


@hookimpl
def viche_workflows() -> list[Workflow]:
    """The one workflow of this plugin."""
    return [PETITION_TO_THE_PRESIDENT]
