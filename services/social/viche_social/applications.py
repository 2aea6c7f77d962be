"""What the operator has entered for connectors: the application's own ids and secrets at each platform.

A TOML file with a table for each connector; NAME_file reads a secret from a file beside it:

    [facebook]
    client_id = "1234567890"
    client_secret_file = "facebook-secret"
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from viche_chassis.config import ConfigError

FILE_SUFFIX = "_file"


def read_applications(path: Path | None) -> dict[str, dict[str, str]]:
    """Fields by connector; none where there is no file.

    Raises:
        ConfigError: it, or a file that it names, cannot be read; with a sentence for each fault.
    """
    if path is None:
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError([f"the file of connectors {path.name} cannot be read: {error}"]) from error
    faults: list[str] = []
    found: dict[str, dict[str, str]] = {}
    for name, table in tables.items():
        if isinstance(table, dict):
            found[name] = _read(path, name, table, faults)
        else:
            faults.append(f"{path.name}: {name} must be a table, [{name}]")
    if faults:
        raise ConfigError(faults)
    return found


def _read(path: Path, connector: str, table: Mapping[str, object], faults: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in table.items():
        if not isinstance(value, str):
            faults.append(f"{path.name}: [{connector}] {name} must be a text")
        elif name.endswith(FILE_SUFFIX):
            try:
                fields[name.removesuffix(FILE_SUFFIX)] = (path.parent / value).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                faults.append(f"{path.name}: the file {value} of [{connector}] cannot be read: {type(error).__name__}")
        else:
            fields[name] = value
    return fields
