"""What makes a workflow contradict itself. Every fault is a sentence that says what to do."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from viche_sdk.localized import REQUIRED_LANGUAGES, Localized
from viche_sdk.minima import Minima
from viche_sdk.settings import Setting, SettingKind, SettingProblem
from viche_sdk.thresholds import Threshold

LONGEST_NAME = 64

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,2}")


def faults_of_identity(name: str, version: str, valid_from: object) -> Iterator[str]:
    """A workflow is found by its name, and told from other versions by its version and its first day."""
    if not _SLUG.fullmatch(name) or len(name) > LONGEST_NAME:
        yield f"name it with at most {LONGEST_NAME} small letters, digits and hyphens, for instance petition-local"
    if not _VERSION.fullmatch(version):
        yield f"version {version!r} must be digits and dots, for instance 1 or 2.1"
    # a datetime is a date too, and would make the first day depend on the hour
    if type(valid_from) is not date:
        yield f"valid_from: give a date, not {valid_from!r}"


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
    if setting.optional and setting.default is not None:
        yield f"setting {setting.name} is optional: take its default away"
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


def faults_of_thresholds(thresholds: Sequence[Threshold]) -> Iterator[str]:
    """There is something to reach, the numbers ascend, and minima can be reached."""
    if not thresholds:
        yield "give it at least one threshold"
    constants = [each.signatures for each in thresholds if isinstance(each.signatures, int)]
    if any(number >= following for number, following in pairwise(constants)):
        yield "thresholds must ascend; put the smallest first"
    for threshold in thresholds:
        if threshold.minima:
            yield from _minima(threshold.name, threshold.minima)


def _minima(name: str, minima: Minima) -> Iterator[str]:
    listed = len(minima.per_territory)
    if isinstance(minima.territories, int) and minima.territories > listed:
        yield f"threshold {name} asks for {minima.territories} territories and has minima for {listed}"
    for code, number in minima.per_territory.items():
        if number < 1:
            yield f"threshold {name}: the minimum of {code} must be at least 1, not {number}"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
