"""Petitions to a local authority, by figures that the community sets itself."""

from viche_petition_local.workflow import LOCAL_PETITION
from viche_sdk.hookspecs import hookimpl
from viche_sdk.types import Workflow


@hookimpl
def viche_workflows() -> list[Workflow]:
    """The one workflow of this plugin."""
    return [LOCAL_PETITION]
