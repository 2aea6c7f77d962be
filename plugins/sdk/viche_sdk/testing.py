"""The conformance kit: one statement in a plugin's tests checks all that Viche asks of it.

    from viche_sdk.testing import Figures, GoldenCase, plugin_test
    from viche_sdk.types import Situation

    test_petition_local_conforms = plugin_test("petition-local", golden=[
        GoldenCase("Sumy", source="https://smr.gov.ua", settings={"threshold": "250", "open_days": "45"},
                   situation=Situation("UA59080270000073662"), expected=Figures({"answer": 250}, open_days=45)),
    ])

On failure it prints every check, good and bad, with what to do.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

import pluggy

from viche_sdk import hookspecs
from viche_sdk.golden import Figures, GoldenCase, Outcome, Refused
from viche_sdk.kit import Check, checks_of_workflow
from viche_sdk.versions import faults_of_versions, in_force
from viche_sdk.workflow import Workflow

__all__ = ["Check", "Figures", "GoldenCase", "Outcome", "Refused", "check_plugin", "plugin_test"]


def plugin_test(name: str, golden: Iterable[GoldenCase] = ()) -> Callable[[], None]:
    """A test for pytest (or anything that calls functions) that fails with the whole list of checks.

    Args:
        name: of the plugin's entry point.
        golden: cases whose outcome is known from a source; at least one per workflow.
    """
    cases = tuple(golden)

    def test() -> None:
        __tracebackhide__ = True
        checks = check_plugin(name, cases)
        failed = [check for check in checks if not check.passed]
        if failed:
            lines = [f"plugin {name}: {len(failed)} of {len(checks)} checks failed", *map(str, checks)]
            raise AssertionError("\n".join(lines))

    return test


def check_plugin(name: str, golden: Sequence[GoldenCase] = ()) -> tuple[Check, ...]:
    """Everything that the kit looks at, in order; it stops early only where nothing is left to look at.

    Args:
        name: of the plugin's entry point.
        golden: cases whose outcome is known from a source.
    """
    return tuple(_checks(name, golden))


def _checks(name: str, golden: Sequence[GoldenCase]) -> Iterator[Check]:
    points = list(entry_points(group=hookspecs.ENTRY_POINT_GROUP, name=name))
    yield _is_discoverable(name, points)
    if len(points) != 1:
        return
    loaded = _load(points[0])
    yield loaded[1]
    if loaded[0] is None:
        return
    manager, registered = _register(name, loaded[0])
    yield registered
    if not registered.passed:
        return
    workflows, asked = _ask(manager)
    yield asked
    yield from _checks_of_workflows(workflows, golden)


def _is_discoverable(name: str, points: Sequence[EntryPoint]) -> Check:
    claim = f"entry point {name!r} is found in the group {hookspecs.ENTRY_POINT_GROUP!r}"
    if not points:
        return Check(
            claim,
            f'add to pyproject.toml, and install anew: [project.entry-points.viche] {name} = "your_module"',
        )
    if len(points) > 1:
        owners = ", ".join(sorted(point.dist.name if point.dist else "?" for point in points))
        return Check(claim, f"several distributions have it: {owners}; rename yours")
    return Check(claim)


def _load(point: EntryPoint) -> tuple[ModuleType | None, Check]:
    claim = f"module {point.value} is imported"
    try:
        module = point.load()
    except (Exception, SystemExit) as fault:  # whatever the plugin raises is the finding
        return None, Check(claim, f"it raised {type(fault).__name__}: {fault}")
    if not isinstance(module, ModuleType):
        return None, Check(claim, f"the entry point names {type(module).__name__}; name the module instead")
    return module, Check(claim)


def _register(name: str, module: ModuleType) -> tuple[pluggy.PluginManager, Check]:
    claim = "hook implementations match the specifications"
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(module, name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as fault:
        return manager, Check(claim, str(fault))
    if not manager.get_hookcallers(module):
        return manager, Check(claim, "it implements no hook; put @hookimpl from viche_sdk.hookspecs above one")
    return manager, Check(claim)


def _ask(manager: pluggy.PluginManager) -> tuple[list[Workflow], Check]:
    claim = "viche_workflows gives workflows"
    try:
        answers = manager.hook.viche_workflows()
    except Exception as fault:  # whatever the plugin raises is the finding
        return [], Check(claim, f"it raised {type(fault).__name__}: {fault}")
    workflows: list[Workflow] = []
    for answer in answers:
        if not isinstance(answer, list | tuple) or not all(isinstance(each, Workflow) for each in answer):
            return [], Check(claim, f"return a list of Workflow, not {answer!r}")
        workflows.extend(answer)
    return workflows, Check(claim)


def _checks_of_workflows(workflows: Sequence[Workflow], golden: Sequence[GoldenCase]) -> Iterator[Check]:
    names = list(dict.fromkeys(workflow.name for workflow in workflows))
    claim = "each version of a workflow has a number and a first day of its own"
    yield Check(claim, "; ".join(faults_of_versions(workflows)))
    only = names[0] if len(names) == 1 else ""
    strays = [case.name for case in golden if (case.workflow or only) not in names]
    yield Check(
        "each golden case belongs to a workflow",
        f"give workflow= one of {', '.join(names) or 'none'} in: {', '.join(strays)}" if strays else "",
    )
    meant = [
        (case, _version_of(case, [each for each in workflows if each.name == (case.workflow or only)]))
        for case in golden
    ]
    early = [case.name for case, version in meant if version is None and case.name not in strays]
    yield Check(
        "each golden case opens when a version is in force",
        f"no version is valid yet in: {', '.join(early)}" if early else "",
    )
    for workflow in workflows:
        yield from checks_of_workflow(workflow, [case for case, version in meant if version is workflow])


def _version_of(case: GoldenCase, versions: Sequence[Workflow]) -> Workflow | None:
    """The version in force when the case is registered or opens, or the newest where it does not say."""
    if case.ruled_on:
        return in_force(versions, case.ruled_on)
    return max(versions, key=lambda version: version.valid_from, default=None)
