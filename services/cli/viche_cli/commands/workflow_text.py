"""Workflows and simulations as an operator reads them on a terminal, in English."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator

from viche_sdk.channels import Channel
from viche_sdk.events import Event, explained
from viche_sdk.minima import FixedMinima, Minima
from viche_sdk.types import (
    Clock,
    Deadline,
    Expression,
    FromSetting,
    Reached,
    Setting,
    SettingKind,
    SettingProblem,
    SettingReason,
    SettingsRefused,
    Simulation,
    Threshold,
    Unit,
    Workflow,
)

_OPTIONS = {
    SettingReason.NO_TERRITORY: "--territory CODE",
    SettingReason.NO_LEVEL: "--level LEVEL",
    SettingReason.NO_POPULATION: "--population N",
    SettingReason.NO_OPENING_DAY: "--from DATE",
    SettingReason.NO_REGISTRATION_DAY: "--registered DATE",
}
_WIDEST = 110


def described(workflow: Workflow) -> Iterator[str]:
    """All that a workflow says, with what an authority has to set."""
    yield f"{workflow.title.text_in('en')} ({workflow.name} {workflow.version}, valid from {workflow.valid_from})"
    yield from _wrapped(workflow.summary.text_in("en"))
    yield f"Rules: {workflow.legal_basis}"
    yield from _section("Thresholds", (line for each in workflow.thresholds for line in _threshold(each)))
    yield from _section("Terms", (line for each in workflow.clocks for line in _clock(each, workflow.calendar)))
    yield from _section("Ways to sign", (f"  {_channel(each)}" for each in workflow.channels))
    if workflow.moderation:
        reasons = workflow.moderation.reasons
        lines = (line for each in reasons for line in _entry(each.code, each.title.text_in("en")))
        yield from _section("Reasons to refuse a draft", lines)
    if workflow.complaint:
        yield from _section("Complaints", [f"  to {workflow.complaint.to.text_in('en')}"])
    if workflow.settings:
        yield from _section("Settings", (line for each in workflow.settings for line in _setting(each)))
    yield from _section("Events for --at", _wrapped(", ".join(events_of(workflow)), "  "))


def simulated(workflow: Workflow, simulation: Simulation) -> Iterator[str]:
    """Thresholds, and a table of dates with their explanations."""
    yield f"{workflow.title.text_in('en')} ({workflow.name} {workflow.version}, valid from {workflow.valid_from})"
    yield f"Rules: {workflow.legal_basis}"
    yield ""
    yield "Thresholds"
    for each in simulation.terms.thresholds:
        minima = f", {_minima(each.minima)}" if each.minima else ""
        yield from _entry(f"{each.signatures}", f"{each.name}{minima}: {each.effect.text_in('en')}", 10)
    titles = {clock.name: clock.title.text_in("en") for clock in simulation.terms.clocks}
    yield ""
    yield "Last days"
    for deadline in simulation.deadlines:
        yield from _deadline(deadline, titles[deadline.clock])
    if simulation.not_started:
        yield ""
        yield "Not started, because nothing makes it happen; say when with --at"
    for clock in (simulation.terms.clock(name) for name in simulation.not_started):
        yield f"  {clock.name}: when {explained(clock.starts_at)} ({clock.starts_at})"


def refused(workflow: Workflow, refusal: SettingsRefused) -> Iterator[str]:
    """Why figures give no terms, and how to give better ones."""
    settings = {setting.name: setting for setting in workflow.settings}
    yield f"{workflow.name} gives no terms:"
    for problem in refusal.problems:
        yield f"  {problem}."
        if option := _OPTIONS.get(problem.reason):
            yield f"    Add {option}."
        elif setting := _asked_for(problem, settings):
            yield from _wrapped(f"{setting.title.text_in('en')}. {setting.help.text_in('en')}", "    ")
            yield f"    Add --set {setting.name}={_accepted(setting)}"


def events_of(workflow: Workflow) -> list[str]:
    """Names of the events whose day can be given: those of the clocks, but for the opening itself."""
    happenings = [event for clock in workflow.clocks for event in (clock.starts_at, clock.ends_with)]
    reached = [Reached(threshold.name) for threshold in workflow.thresholds]
    names = [str(event) for event in (*happenings, *reached) if event and event is not Event.OPENED]
    return list(dict.fromkeys(names))


def content(workflow: Workflow) -> dict[str, object]:
    """What a script may want to know of a workflow."""
    return {
        "summary": dict(workflow.summary),
        "legal_basis": workflow.legal_basis.content(),
        "thresholds": [{"name": each.name, "signatures": _figure(each.signatures)} for each in workflow.thresholds],
        "clocks": [
            {
                "name": each.name,
                "length": _figure(each.length),
                "unit": str(each.unit),
                "starts_at": str(each.starts_at),
            }
            for each in workflow.clocks
        ],
        "settings": [
            {"name": each.name, "kind": str(each.kind), "default": each.default, "is_optional": each.optional}
            for each in workflow.settings
        ],
        "channels": [each.content() for each in workflow.channels],
        "events": events_of(workflow),
    }


def _threshold(threshold: Threshold) -> Iterator[str]:
    minima = f", {_minima(threshold.minima)}" if threshold.minima else ""
    yield from _entry(threshold.name, f"{_figure(threshold.signatures)} signatures{minima}")
    yield from _wrapped(threshold.effect.text_in("en"), "    ")
    yield from _basis(threshold)


def _clock(clock: Clock, calendar: str | FromSetting) -> Iterator[str]:
    unit = clock.unit.replace("_", " ")
    if clock.unit is Unit.WORKING_DAY and isinstance(calendar, FromSetting):
        unit = f"days or, by [{calendar.setting}], {unit}"
    end = f", until {explained(clock.ends_with)}" if clock.ends_with else ""
    yield from _entry(clock.name, f"{_figure(clock.length)} {unit}s, from when {explained(clock.starts_at)}{end}")
    yield from _basis(clock)


def _basis(rule: Threshold | Clock) -> Iterator[str]:
    if rule.legal_basis:
        yield from _wrapped(str(rule.legal_basis), "    ")


def _setting(setting: Setting) -> Iterator[str]:
    if setting.is_required:
        state = "must be set"
    else:
        state = f"default {setting.default}" if setting.default is not None else "may be left out"
    yield from _entry(setting.name, f"{_accepted(setting)}; {state}")
    yield from _wrapped(f"{setting.title.text_in('en')}. {setting.help.text_in('en')}", "    ")


def _deadline(deadline: Deadline, title: str) -> Iterator[str]:
    yield f"  {deadline.last_day}  {title}"
    yield from _wrapped(deadline.explain(), "      ")


def _channel(channel: Channel) -> str:
    return f"{channel.kind}, assurance {channel.min_assurance} at least"


def _minima(minima: Minima | FixedMinima) -> str:
    per_territory = ", ".join(f"{code} {needed}" for code, needed in minima.per_territory.items())
    territories = minima.territories if isinstance(minima, FixedMinima) else _figure(minima.territories)
    return f"with the minimum of {territories} of these territories ({per_territory})"


def _figure(figure: int | FromSetting | Expression) -> str:
    match figure:
        case FromSetting(setting):
            return f"[{setting}]"
        case Expression():
            return f"({figure.source})"
        case _:
            return str(figure)


def _asked_for(problem: SettingProblem, settings: dict[str, Setting]) -> Setting | None:
    return None if problem.reason is SettingReason.UNKNOWN else settings.get(problem.setting)


def _accepted(setting: Setting) -> str:
    match setting.kind:
        case SettingKind.INT:
            return f"NUMBER ({setting.minimum} to {setting.maximum})"
        case SettingKind.BOOL:
            return "true or false"
        case SettingKind.CHOICE:
            return " or ".join(choice.value for choice in setting.choices)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from lines


def _entry(name: str, text: str, width: int = 0) -> Iterator[str]:
    yield from _wrapped(f"{name:>{width}}  {text}", "  ", " " * (4 + width))


def _wrapped(text: str, indent: str = "", following: str | None = None) -> list[str]:
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
