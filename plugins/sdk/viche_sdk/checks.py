"""What makes a workflow contradict itself. Every fault is a sentence that says what to do."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from viche_sdk.localized import REQUIRED_LANGUAGES, Localized
from viche_sdk.settings import FromSetting, Setting, SettingKind, SettingProblem, Value
from viche_sdk.terms import Assurance

LONGEST_NAME = 64

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,2}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a workflow, where it stands, and the kind of setting that may stand for it."""

    place: str
    value: Value | FromSetting
    kind: SettingKind


def faults_of_identity(name: str, version: str) -> Iterator[str]:
    """A workflow is found by its name and told from older ones by its version."""
    if not _SLUG.fullmatch(name) or len(name) > LONGEST_NAME:
        yield f"name it with at most {LONGEST_NAME} small letters, digits and hyphens, for instance petition-local"
    if not _VERSION.fullmatch(version):
        yield f"version {version!r} must be digits and dots, for instance 1 or 2.1"


def faults_of_names(kind: str, names: Sequence[str]) -> Iterator[str]:
    """Settings and thresholds are found by their names."""
    for name in _repeated(names):
        yield f"two {kind}s are called {name!r}; rename one"
    for name in names:
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            yield f"name {kind} {name!r} with at most {LONGEST_NAME} small letters, digits and underscores"


def faults_of_texts(texts: Iterable[tuple[str, Localized]]) -> Iterator[str]:
    """Nobody meets a page in a language that they do not read."""
    for place, text in texts:
        missing = text.missing(REQUIRED_LANGUAGES)
        if missing:
            yield f"{place}: write it in {', '.join(missing)} too"


def faults_of_setting(setting: Setting) -> Iterator[str]:
    """Limits belong to numbers, choices to choices, and a default must be one that an operator could enter."""
    yield from _limits(setting)
    is_choice = setting.kind is SettingKind.CHOICE
    if is_choice and len(setting.choices) <= 1:
        yield f"setting {setting.name} is a choice: give it two or more choices"
    if not is_choice and setting.choices:
        yield f"setting {setting.name} is no choice: take its choices away"
    for value in _repeated([choice.value for choice in setting.choices]):
        yield f"setting {setting.name} offers {value!r} twice; take one away"
    default = setting.read(setting.default) if setting.default is not None else None
    if isinstance(default, SettingProblem):
        yield f"default of setting {default}"


def _limits(setting: Setting) -> Iterator[str]:
    low, high = setting.minimum, setting.maximum
    if setting.kind is not SettingKind.INT:
        if low is not None or high is not None:
            yield f"setting {setting.name} is no number: take minimum and maximum away"
    elif low is None or high is None:
        yield f"setting {setting.name} is a number: give it minimum and maximum"
    elif not 0 <= low <= high:
        yield f"setting {setting.name}: minimum {low} and maximum {high} must ascend from 0"


def faults_of_figures(figures: Sequence[Figure], settings: Sequence[Setting]) -> Iterator[str]:
    """A figure is a sound constant or takes a declared setting of its kind; no setting is idle."""
    by_name = {setting.name: setting for setting in settings}
    for figure in figures:
        if isinstance(figure.value, FromSetting):
            yield from _reference(figure, by_name.get(figure.value.setting), figure.value.setting)
        elif figure.kind is SettingKind.INT and int(figure.value) < 1:
            yield f"{figure.place} must be at least 1, not {figure.value}"
    used = {figure.value.setting for figure in figures if isinstance(figure.value, FromSetting)}
    for name in by_name:
        if name not in used:
            yield f"nothing takes setting {name}; refer to it by FromSetting({name!r}) or take it away"


def _reference(figure: Figure, setting: Setting | None, name: str) -> Iterator[str]:
    if setting is None:
        yield f"{figure.place} takes setting {name!r}, which is not declared; add it to settings"
    elif setting.kind is not figure.kind:
        yield f"{figure.place} takes setting {name}, which must be of kind {figure.kind}"
    elif figure.kind is SettingKind.INT and setting.minimum == 0:
        yield f"{figure.place} takes setting {name}, whose minimum must be at least 1"
    elif figure.kind is SettingKind.CHOICE:
        unknown = sorted({choice.value for choice in setting.choices} - set(Assurance))
        if unknown:
            yield f"{figure.place}: {', '.join(unknown)} must be among {', '.join(Assurance)}"


def faults_of_thresholds(numbers: Sequence[int | FromSetting]) -> Iterator[str]:
    """There is something to reach, and the numbers ascend."""
    if not numbers:
        yield "give it at least one threshold"
    constants = [number for number in numbers if isinstance(number, int)]
    if any(number >= following for number, following in pairwise(constants)):
        yield "thresholds must ascend; put the smallest first"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
