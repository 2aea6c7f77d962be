"""Versions of a workflow: which one holds on a day, and which cannot stand side by side."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from viche_sdk.workflow import Workflow


def in_force(versions: Iterable[Workflow], on: date) -> Workflow | None:
    """The version that holds for a day: the newest that is valid by then; None before the first.

    Args:
        versions: of one workflow.
        on: when the petition is registered, or opens where nothing is registered before; see `Situation.ruled_on`.
    """
    valid = [version for version in versions if version.valid_from <= on]
    return max(valid, key=lambda version: version.valid_from, default=None)


def faults_of_versions(workflows: Iterable[Workflow]) -> Iterator[str]:
    """Every version of a workflow has a number and a first day of its own."""
    workflows = list(workflows)
    for (name, version), count in Counter((each.name, each.version) for each in workflows).items():
        if count > 1:
            yield f"the workflow {name!r} has version {version} twice; give one of them another version"
    for (name, valid_from), count in Counter((each.name, each.valid_from) for each in workflows).items():
        if count > 1:
            yield f"two versions of the workflow {name!r} are valid from {valid_from}; change one of the days"
