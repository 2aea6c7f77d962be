"""Surveys that come with the product, ready to be copied: files NAME.json, ``{"purpose": …, "definition": …}``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from viche_surveys.domain.definition import Definition, Text
from viche_surveys.domain.document import from_json
from viche_surveys.domain.survey import Settings, Visibility


@dataclass(frozen=True, slots=True)
class ReadySurvey:
    """A survey to copy, what it is for, and the settings that go well with it."""

    name: str
    purpose: Text
    definition: Definition
    settings: Settings


@cache
def ready_surveys() -> Mapping[str, ReadySurvey]:
    """All of them by their names, in the order of the names."""
    found = sorted((each for each in files(__name__).iterdir() if each.name.endswith(".json")), key=lambda e: e.name)
    read = (_read(each.name.removesuffix(".json"), each.read_text(encoding="utf-8")) for each in found)
    return {each.name: each for each in read}


def _read(name: str, text: str) -> ReadySurvey:
    document = json.loads(text)
    settings = Settings(results=Visibility(document["results"]))
    return ReadySurvey(name, document["purpose"], from_json(document["definition"]), settings)
