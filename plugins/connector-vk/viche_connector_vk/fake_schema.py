"""Holds what the fake hears and says against VK's own API schema (VKCOM/vk-api-schema), which only Draft 3 reads."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from viche_sdk.connectors.kit.schemas import json_faults
from viche_sdk.connectors.testing import Reply, Request

ALWAYS = frozenset({"access_token", "v"})
DEEPEST = 5
"""Definitions refer to each other in circles; what lies deeper is not looked at."""


class VkSchema:
    """The folder of the schema; `of` gives None where it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def of(folder: Path) -> "VkSchema | None":
        """One for a folder."""
        return VkSchema(folder) if (folder / "wall/methods.json").is_file() else None

    def faults(self, request: Request, said: Reply) -> Iterator[str]:
        """What the schema does not allow in a request, or in its answer."""
        from jsonschema import Draft3Validator

        name = request.path.rpartition("/")[2]
        methods = _read(self._folder / f"{name.split('.')[0]}/methods.json")["methods"]
        method = next((each for each in methods if each["name"] == name), None)
        if method is None:
            yield f"there is no method {name}"
            return
        yield from (f"{name}: {fault}" for fault in _asked(method, request.form))
        if "error" in said.json:
            known = {each.get("code") for each in _read(self._folder / "errors.json")["errors"].values()}
            if said.json["error"]["error_code"] not in known:
                yield f"{name}: no error has the code {said.json['error']['error_code']}"
            return
        schemas = _answers(self._folder, name)
        faults = [list(json_faults(said.json, schema, Draft3Validator)) for schema in schemas]
        yield from (f"{name} gives {fault}" for fault in min(faults, key=len))


@cache
def _answers(folder: Path, name: str) -> list[dict[str, Any]]:
    """The shapes of a method's answers: it may have several, by its parameters."""
    methods = _read(folder / f"{name.split('.')[0]}/methods.json")["methods"]
    method = next(each for each in methods if each["name"] == name)
    return [_whole(each, folder / "wall/methods.json", DEEPEST) for each in method["responses"].values()]


def _whole(part: Any, file: Path, depth: int) -> Any:
    """A part of a schema with what it refers to inside."""
    if isinstance(part, list):
        return [_whole(each, file, depth) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" not in part:
        return {name: _whole(each, file, depth) for name, each in part.items()}
    path, _, pointer = part["$ref"].partition("#")
    target = (file.parent / path).resolve() if path else file
    # parts of the schema that no request of ours meets are not kept
    if not depth or not target.is_file():
        return {}
    definition = _read(target)
    for name in pointer.strip("/").split("/"):
        definition = definition[name]
    required = {"required": True} if part.get("required") else {}
    return {**_whole(definition, target, depth - 1), **required}


def _asked(method: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[str]:
    known = {each["name"]: each for each in method.get("parameters", ())}
    yield from (f"no parameter {name}" for name in given.keys() - known.keys() - ALWAYS)
    yield from (f"{name} is missing" for name, each in known.items() if each.get("required") and name not in given)
    for name in given.keys() & known.keys():
        if known[name]["type"] == "integer" and not given[name].lstrip("-").isdigit():
            yield f"{name}: {given[name]!r} is no number"
        if known[name]["type"] == "boolean" and given[name] not in ("0", "1"):
            yield f"{name}: {given[name]!r} is neither 0 nor 1"


@cache
def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
