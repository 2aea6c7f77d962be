"""What a workflow needs to know before a petition can open under it."""

from collections.abc import Iterable, Mapping

from viche_sdk.anatomy import places_of
from viche_sdk.expressions import compiled
from viche_sdk.situation import UNKNOWN
from viche_sdk.types import Expression, SettingProblem, SettingReason, Workflow

OF_AUTHORITY = ("territory_code", "level", "population")
"""Facts that belong to an authority; the others belong to a petition."""

FACT_OF: Mapping[SettingReason, str] = {UNKNOWN[fact]: fact for fact in OF_AUTHORITY}
"""The fact that is not known, where a figure is refused for that."""


def facts_of(workflow: Workflow) -> tuple[str, ...]:
    """Facts about the authority that the rules of a workflow use."""
    used = {
        name
        for place in places_of(workflow)
        if isinstance(place.figure, Expression)
        for name in compiled(place.figure).references()["variables"]
    }
    if workflow.residents_only is not False:
        used.add("territory_code")
    return tuple(fact for fact in OF_AUTHORITY if fact in used)


def missing_of(problems: Iterable[SettingProblem]) -> tuple[str, ...]:
    """Names of the settings to give and of the facts to find out before there are terms, each once."""
    return tuple(dict.fromkeys(FACT_OF.get(each.reason, each.setting) for each in problems))
