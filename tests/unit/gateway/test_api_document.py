"""The OpenAPI document is valid, and says all that the API has."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from viche_gateway import access
from viche_gateway.api import BASE, OPERATIONS, document, page
from viche_gateway.sentences import SENTENCES
from viche_gateway.testing import make_world


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    answer = make_world().app().test_client().get(f"{BASE}/openapi.json")
    assert answer.json is not None
    return answer.json


def test_the_document_is_valid_openapi_31(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_every_route_is_in_the_document(described: dict[str, Any]) -> None:
    app = make_world().app()
    described_names = {item["operationId"] for path in described["paths"].values() for item in _operations(path)}
    routes = {
        rule.endpoint.removeprefix("api.") for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")
    }
    assert routes == described_names | {"openapi", "docs"}


def _operations(path: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (item for method, item in path.items() if method != "parameters")


def test_every_reason_has_a_sentence() -> None:
    reasons = {
        reason for operation in OPERATIONS for found in document.statuses(operation).values() for reason in found
    }
    assert reasons <= set(SENTENCES)


def test_every_operation_is_classified() -> None:
    app = make_world().app()
    for operation in OPERATIONS:
        view: Any = app.view_functions[f"api.{operation.name}"]
        assert view.kind == (access.Kind.PUBLIC if operation.max_age_s else access.Kind.API)


def test_what_needs_a_session_says_so(described: dict[str, Any]) -> None:
    secured = {
        item["operationId"] for path in described["paths"].values() for item in _operations(path) if item["security"]
    }
    assert secured == {operation.name for operation in OPERATIONS if operation.caller != "anybody"}


def test_every_shape_and_field_is_described(described: dict[str, Any]) -> None:
    for name, schema in described["components"]["schemas"].items():
        assert schema["description"], name
        for field, said in schema.get("properties", {}).items():
            assert said.get("description"), f"{name}.{field}"


def test_the_page_shows_every_operation_and_shape(described: dict[str, Any]) -> None:
    shown = page.read(described)
    assert {card.anchor for _, _, cards in shown.tags for card in cards} == {item.name for item in OPERATIONS}
    assert {"Petition", "Problem", "Tally"} <= {shape.name for shape in shown.shapes}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": ["integer", "null"]}, "integer or null"),
        ({"type": "string", "format": "uuid"}, "uuid"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Petition"}}, "list of Petition"),
        ({"anyOf": [{"$ref": "#/components/schemas/Terms"}, {"type": "null"}]}, "Terms or null"),
        ({"type": "string", "enum": ["open", "closed"]}, "open | closed"),
    ],
)
def test_types_are_said_in_words(schema: dict[str, Any], words: str) -> None:
    assert page.kind(schema) == words
