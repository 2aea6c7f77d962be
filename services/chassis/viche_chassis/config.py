"""Settings from the environment: VICHE_* only, all faults reported at once.

A service's settings are a frozen dataclass whose fields are made with :func:`setting`::

    @dataclass(frozen=True, slots=True)
    class Settings:
        database_url: str = setting("VICHE_DATABASE_URL", "Where its database is")
        pool: int = setting("VICHE_DATABASE_POOL", "Most connections to it", default=8)
"""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

S = TypeVar("S")
_REQUIRED = object()


class ConfigError(Exception):
    """One or more settings are missing or unusable; ``faults`` has a sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def setting(
    variable: str,
    help: str,
    *,
    default: Any = _REQUIRED,
    secret: bool = False,
    read: Callable[[Any], Any] | None = None,
) -> Any:
    """A field that is read from ``variable``. Without a default the setting is required.

    Args:
        help: what it is, for the operator's table of settings; a sentence without full stop.
        secret: never shown; a secret has no default, unless an empty one says that it is not needed.
        read: takes the value in the field's type and gives it as it is to be used; says what is wrong by ValueError.
    """
    metadata = {"variable": variable, "help": help, "secret": secret, "read": read}
    if default is _REQUIRED:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def load(settings: type[S], environment: Mapping[str, str]) -> S:
    """Reads ``settings`` from ``environment``.

    Raises:
        ConfigError: with one sentence for each setting that is missing or unusable.
    """
    faults: list[str] = []
    values: dict[str, object] = {}
    types = get_type_hints(settings)
    for field in dataclasses.fields(settings):  # pyright: ignore[reportArgumentType]
        variable = field.metadata["variable"]
        text = environment.get(variable, "").strip()
        if text:
            try:
                value = _convert(text, types[field.name])
                read = field.metadata["read"]
                values[field.name] = read(value) if read else value
            except ValueError as error:
                faults.append(f"{variable}: {error}. It is: {field.metadata['help']}.")
        elif field.default is dataclasses.MISSING:
            faults.append(f"{variable} is not set. It is: {field.metadata['help']}.")
    if faults:
        raise ConfigError(faults)
    return settings(**values)


def describe(settings: type) -> list[dict[str, Any]]:
    """Every setting with variable, help, default and whether it is secret, for documents and tests."""
    return [
        {
            **{key: field.metadata[key] for key in ("variable", "help", "secret")},
            "required": field.default is dataclasses.MISSING,
            "default": field.default,
        }
        for field in dataclasses.fields(settings)
    ]


def _convert(text: str, target: object) -> object:
    converter = _CONVERTERS.get(target)  # pyright: ignore[reportArgumentType, reportCallIssue]
    if converter is None:
        raise ValueError(f"cannot be read as {target}")
    return converter(text)


def _boolean(text: str) -> bool:
    if text.lower() in {"true", "yes", "on", "1"}:
        return True
    if text.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError(f"'{text}' is neither true nor false")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a number") from None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


_CONVERTERS: dict[object, Callable[[str], object]] = {
    str: str,
    int: _whole,
    float: _number,
    bool: _boolean,
    Path: Path,
    tuple[str, ...]: _words,
}
