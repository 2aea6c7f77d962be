"""Petitions to the UK Government and Parliament, as petition.parliament.uk runs them."""

from viche_petition_uk_parliament.workflow import UK_PARLIAMENT_PETITION
from viche_sdk.hookspecs import hookimpl
from viche_sdk.types import Workflow


@hookimpl
def viche_workflows() -> list[Workflow]:
    """The one workflow of this plugin."""
    return [UK_PARLIAMENT_PETITION]
