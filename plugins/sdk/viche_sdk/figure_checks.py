"""What is wrong with a figure before anybody opens a petition: constants, settings and expressions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.expression_checks import faults_of_expression
from viche_sdk.expressions import Expression, settings_of
from viche_sdk.settings import FromSetting, Setting, SettingKind, Value


@dataclass(frozen=True, slots=True)
class Place:
    """A figure of a workflow, where it stands, and the kind of setting that may stand for it.

    `among` are the values that the choices of its setting may have. `may_be_empty` says whether the rule can be left
    out, so that an optional setting may stand for the figure.
    """

    name: str
    figure: Value | FromSetting | Expression
    kind: SettingKind
    among: type[StrEnum] | None = None
    may_be_empty: bool = False


def faults_of_figures(places: Sequence[Place], settings: Sequence[Setting]) -> Iterator[str]:
    """A figure is a sound constant, takes a declared setting of its kind, or can be computed; no setting is idle."""
    by_name = {setting.name: setting for setting in settings}
    for place in places:
        match place.figure:
            case FromSetting(name):
                yield from _reference(place, by_name.get(name), name)
            case Expression():
                yield from faults_of_expression(place.name, place.figure, by_name, place.kind)
            case _:
                yield from _constant(place)
    used = {name for place in places for name in settings_taken(place.figure)}
    for name in by_name:
        if name not in used:
            yield f"nothing takes setting {name}; refer to it by FromSetting({name!r}) or take it away"


def _constant(place: Place) -> Iterator[str]:
    value = place.figure
    if place.kind is SettingKind.INT and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        yield f"{place.name} must be at least 1, not {value}"
    if place.kind is SettingKind.BOOL and not isinstance(value, bool):
        yield f"{place.name} must be True or False, not {value}"
    if place.among and value not in list(place.among):
        yield f"{place.name} must be among {', '.join(place.among)}, not {value}"


def _reference(place: Place, setting: Setting | None, name: str) -> Iterator[str]:
    if setting is None:
        yield f"{place.name} takes setting {name!r}, which is not declared; add it to settings"
    elif setting.kind is not place.kind:
        yield f"{place.name} takes setting {name}, which must be of kind {place.kind}"
    elif setting.optional and not place.may_be_empty:
        yield f"{place.name} takes setting {name}, which must not be optional, since the rule cannot be left out"
    elif place.kind is SettingKind.INT and setting.minimum == 0:
        yield f"{place.name} takes setting {name}, whose minimum must be at least 1"
    elif place.among:
        unknown = sorted({choice.value for choice in setting.choices} - set(place.among))
        if unknown:
            yield f"{place.name}: {', '.join(unknown)} must be among {', '.join(place.among)}"


def settings_taken(figure: Value | FromSetting | Expression) -> tuple[str, ...]:
    """Names of the settings that a figure takes."""
    if isinstance(figure, FromSetting):
        return (figure.setting,)
    return settings_of(figure) if isinstance(figure, Expression) else ()


def values_of(figure: Value | FromSetting, settings: Mapping[str, Setting]) -> tuple[str, ...]:
    """Every text that a figure may come to: itself, or the choices of its setting."""
    if not isinstance(figure, FromSetting):
        return (str(figure),)
    setting = settings.get(figure.setting)
    return tuple(choice.value for choice in setting.choices) if setting else ()
