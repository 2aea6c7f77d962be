"""What the page about the API shows: the OpenAPI document, read for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from viche_gateway import sentences


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a body, a query, a header or an answer."""

    name: str
    place: str
    kind: str
    about: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One status that an operation may answer, and its reasons."""

    status: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationCard:
    """One operation."""

    anchor: str
    method: str
    path: str
    summary: str
    about: str
    needs_session: bool
    sent: tuple[FieldLine, ...]
    answer: str
    statuses: tuple[StatusLine, ...]


@dataclass(frozen=True, slots=True)
class ShapeCard:
    """One shape of an answer."""

    name: str
    about: str
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    about: str
    tags: tuple[tuple[str, str, tuple[OperationCard, ...]], ...]
    shapes: tuple[ShapeCard, ...]


def read(document: Mapping[str, Any]) -> Page:
    """The page of a document."""
    schemas = document["components"]["schemas"]
    cards: dict[str, list[OperationCard]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method in ("get", "post", "patch", "delete"):
            if method in item:
                card = _card(method, path, item[method], schemas)
                cards[item[method]["tags"][0]].append(card)
    tags = tuple((tag["name"], tag["description"], tuple(cards[tag["name"]])) for tag in document["tags"])
    answers = {name: schema for name, schema in schemas.items() if not name.endswith(("Body", "Change"))}
    shapes = tuple(
        ShapeCard(name, schema.get("description", ""), _fields(schema, "")) for name, schema in answers.items()
    )
    return Page(document["info"]["description"], tags, shapes)


def reasons() -> tuple[tuple[str, str], ...]:
    """Every reason with its sentence in the reader's language."""
    return tuple((reason, sentences.sentence(reason)) for reason in sorted(sentences.SENTENCES))


def _card(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> OperationCard:
    sent = [_line(item["name"], item["in"], item["schema"], item) for item in operation["parameters"]]
    body = _schema_of(operation.get("requestBody", {}), "application/json")
    good = next(response for status, response in operation["responses"].items() if status.startswith("2"))
    refusals = [(status, item) for status, item in operation["responses"].items() if not status.startswith("2")]
    return OperationCard(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        needs_session=bool(operation["security"]) and {} not in operation["security"],
        sent=(*sent, *_fields(schemas[body], "body")) if body else tuple(sent),
        answer=_schema_of(good, "application/json"),
        statuses=tuple(StatusLine(status, tuple(item["description"].split(", "))) for status, item in refusals),
    )


def _schema_of(part: Mapping[str, Any], media_type: str) -> str:
    reference = part.get("content", {}).get(media_type, {}).get("schema", {}).get("$ref", "")
    return reference.rpartition("/")[2]


def _fields(schema: Mapping[str, Any], place: str) -> tuple[FieldLine, ...]:
    required = schema.get("required", ())
    return tuple(
        _line(name, place, item, {**item, "required": name in required})
        for name, item in schema.get("properties", {}).items()
    )


def _line(name: str, place: str, schema: Mapping[str, Any], said: Mapping[str, Any]) -> FieldLine:
    return FieldLine(name, place, kind(schema), said.get("description", ""), bool(said.get("required")))


def kind(schema: Mapping[str, Any]) -> str:
    """The type of a value in words of JSON Schema, for instance "integer or null" or "list of Petition"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if alternatives := schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(kind(item) for item in alternatives)
    if values := [str(value) for value in schema.get("enum", ()) if value]:
        return " | ".join(values)
    types = schema.get("type", "any")
    names = [types] if isinstance(types, str) else list(types)
    named = [f"list of {kind(schema['items'])}" if name == "array" else name for name in names]
    if "format" in schema:
        named[0] = str(schema["format"])
    return " or ".join(named)
