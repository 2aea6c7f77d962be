"""The survey that is answered, and whose answers go out: twenty questions on one page."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

LANGUAGE = "uk"
CODES = ("one", "two", "three", "four", "five")

_INSERT_SURVEY: LiteralString = """\
INSERT INTO surveys (id, number, state, authority_id, admission, results, k, is_listed, needs_human_check, opened_at)
VALUES (%(id)s, (SELECT coalesce(max(number), 0) + 1 FROM surveys), 'open', gen_random_uuid(), 'open', %(results)s, 10,
    false, false, now())
RETURNING number
"""
_INSERT_VERSION: LiteralString = """\
INSERT INTO survey_versions (survey_id, version, definition, summary)
VALUES (%(id)s, 1, %(definition)s::jsonb, %(summary)s::jsonb)
"""


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A survey that takes answers of everybody."""

    id: uuid.UUID
    number: int


def definition() -> Mapping[str, Any]:
    """What it asks, as services keep it."""
    options = [{"code": code, "label": {LANGUAGE: f"Варіант {code}"}} for code in CODES]
    questions = [
        *({"name": f"single_{n}", "kind": "single", "options": options} for n in range(1, 11)),
        *({"name": f"multiple_{n}", "kind": "multiple", "options": options} for n in range(1, 5)),
        *({"name": f"number_{n}", "kind": "number"} for n in range(1, 4)),
        {"name": "day", "kind": "date"},
        {"name": "why", "kind": "text"},
        {"name": "place", "kind": "text"},
    ]
    items = [{**each, "label": {LANGUAGE: f"Запитання {each['name']}?"}} for each in questions]
    title = {LANGUAGE: "Дороги"}
    return {
        "format": "viche-survey/1",
        "languages": [LANGUAGE],
        "title": title,
        "pages": [{"name": "p", "items": items}],
    }


def open_survey(connection: psycopg.Connection[Any], *, results: str) -> OpenSurvey:
    """One that is open from now on.

    Args:
        connection: to the database of surveys.
        results: who sees them, as surveys store it.
    """
    id, asked = uuid.uuid4(), definition()
    summary = {key: asked[key] for key in ("languages", "title")}
    summary |= {"introduction": {}, "thanks": {}, "questions": len(asked["pages"][0]["items"]), "pages": 1}
    row = connection.execute(_INSERT_SURVEY, {"id": id, "results": results}).fetchone()
    texts = {"definition": json.dumps(asked), "summary": json.dumps(summary)}
    connection.execute(_INSERT_VERSION, {"id": id, **texts})
    assert row is not None  # the statement returns it
    return OpenSurvey(id, row[0])
