"""What a form says about a question, a group, a page, a limit or a survey: from JSON to inputs, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viche_gateway.console.surveys.shapes import BY_NAME, NUMBERS, SEVERAL, Field, Shape

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_LEVEL = re.compile(r"-?[0-9]{1,6}")
_SPLIT = re.compile(r"(?<!\\)\|")
YES = "yes"
MEGABYTE = 1_000_000


def names_of(fields: Sequence[Field], languages: Sequence[str]) -> list[str]:
    """Names of the inputs."""
    return [
        name
        for each in fields
        for name in ([f"{each.name}.{language}" for language in languages] if each.is_localized else [each.name])
    ]


def values_of(item: Mapping[str, Any], fields: Sequence[Field], languages: Sequence[str]) -> dict[str, str]:
    """What is written in the inputs."""
    values: dict[str, str] = {}
    for each in fields:
        for language in languages if each.is_localized else ("",):
            values[f"{each.name}.{language}" if language else each.name] = _shown(item, each, language)
    return values


def _shown(item: Mapping[str, Any], field: Field, language: str) -> str:
    match field.shape:
        case Shape.TEXT | Shape.LONG:
            return str(item.get(field.name, {}).get(language, ""))
        case Shape.LINES:
            return "\n".join(_line(each, language) for each in item.get(field.name, ()))
        case Shape.CODES:
            flag = "is_exclusive" if field.name == "exclusive" else field.name
            return " ".join(str(each.get("code", "")) for each in item.get("options", ()) if each.get(flag))
        case Shape.FILLED if isinstance(item.get(field.name), list):
            return " ".join(map(str, item[field.name]))
        case Shape.FLAG:
            return YES if item.get(field.name) else ""
        case Shape.SHUFFLED:
            return YES if item.get(field.name) == "random" else ""
        case Shape.WORDS:
            return " ".join(item.get(field.name, ()))
        case Shape.LEVELS:
            return " ".join(map(str, item.get(field.name, ())))
    value = item.get(field.name)
    if field.name.startswith("repeat_"):
        value = (item.get("repeat") or {}).get(field.name.removeprefix("repeat_"))
    if value is None:
        return ""
    if field.shape is Shape.MEGABYTES:
        value /= MEGABYTE
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)


def _line(option: Mapping[str, Any], language: str) -> str:
    label = str(option.get("label", {}).get(language, "")).replace("\n", " ").replace("|", "\\|")
    line = f"{option.get('code', '')} | {label}"
    if attributes := option.get("attributes"):
        line += " | " + "; ".join(f"{name}={value}" for name, value in attributes.items())
    return line


@dataclass(frozen=True, slots=True)
class Read:
    """An item as a form says it; ``faults`` are reasons by input."""

    item: Mapping[str, Any]
    faults: Mapping[str, str]


def read(
    values: Mapping[str, str], fields: Sequence[Field], languages: Sequence[str], former: Mapping[str, Any]
) -> Read:  # fmt: skip
    """The item that the inputs say; what they are not about stays as it was."""
    item, faults = dict(former), dict[str, str]()
    for each in fields:
        if not each.is_localized:
            _take(item, faults, each, values.get(each.name, ""))
        elif each.shape is Shape.LINES:
            _set(item, each.name, _options(values, each.name, languages, former.get(each.name, ())))
        else:
            kept = {code: text for code, text in former.get(each.name, {}).items() if code not in languages}
            written = {code: text for code in languages if (text := values.get(f"{each.name}.{code}", ""))}
            _set(item, each.name, {**written, **kept})
    _flag(item, values, fields)
    return Read(item, faults)


def _set(item: dict[str, Any], name: str, value: Any) -> None:
    if value or (value == 0 and value is not False):
        item[name] = value
    else:
        item.pop(name, None)


def _take(item: dict[str, Any], faults: dict[str, str], field: Field, text: str) -> None:
    match field.shape:
        case Shape.NAME:
            item[field.name] = text
            if not _NAME.fullmatch(text):
                faults[field.name] = "BAD_NAME" if text else "REQUIRED"
        case Shape.FLAG:
            _set(item, field.name, text == YES)
        case Shape.SHUFFLED:
            _set(item, field.name, "random" if text == YES else "")
        case Shape.WORDS:
            _set(item, field.name, text.replace(",", " ").split())
        case Shape.LEVELS:
            _set(item, field.name, sorted({int(each) for each in text.split() if _LEVEL.fullmatch(each)}))
        case Shape.NUMBER | Shape.WHOLE | Shape.MEGABYTES:
            number = _number(text, is_whole=field.shape is Shape.WHOLE)
            if text and number is None:
                faults[field.name] = "NOT_A_NUMBER" if field.shape is Shape.WHOLE else "NO_NUMBER"
            if number is not None and field.shape is Shape.MEGABYTES:
                number = round(number * MEGABYTE)
            _put_number(item, field.name, number)
        case Shape.EXPRESSION | Shape.PLAIN:
            _set(item, field.name, text)
        case Shape.FILLED:
            _fill(item, faults, field.name, text)
        case _:
            pass


def _fill(item: dict[str, Any], faults: dict[str, str], name: str, text: str) -> None:
    """An answer in the shape of its kind."""
    kind = item.get("kind")
    if kind in NUMBERS:
        number = _number(text, is_whole=False)
        if text and number is None:
            faults[name] = "NO_NUMBER"
        _set(item, name, number)
    elif kind in SEVERAL:
        _set(item, name, text.replace(",", " ").split())
    else:
        _set(item, name, text.replace("\r\n", "\n"))


def _put_number(item: dict[str, Any], name: str, number: float | None) -> None:
    if not name.startswith("repeat_"):
        _set(item, name, number)
        return
    repeat = dict(item.get("repeat") or {})
    repeat.pop(own := name.removeprefix("repeat_"), None)
    item["repeat"] = {**repeat, own: number} if number is not None else repeat


def _number(text: str, *, is_whole: bool) -> int | float | None:
    plain = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", ".")
    try:
        number = int(plain) if is_whole else float(plain)
    except ValueError:
        return None
    if abs(number) > 1e15 or number != number:
        return None
    return int(number) if number == int(number) else number


def _options(
    values: Mapping[str, str], name: str, languages: Sequence[str], former: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Options as lines say them: those of the first language are all there are, the others have their labels."""
    first, *others = languages
    made = list(_lines(values.get(f"{name}.{first}", ""), first, former))
    for language in others:
        known = {each["code"]: each for each in made}
        for code, label, _ in _parts(values.get(f"{name}.{language}", "")):
            if code in known and label:
                known[code]["label"][language] = label
    return made


def _lines(text: str, language: str, former: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    parts = list(_parts(text))
    labelled = {str(each.get("label", {}).get(language, "")): str(each.get("code", "")) for each in former}
    taken = {code for code, _, _ in parts}
    for code, label, attributes in parts:
        own = code or labelled.get(label) or _free_code(taken)
        taken.add(own)
        yield {
            "code": own,
            **({"label": {language: label}} if label else {"label": {}}),
            **({"attributes": attributes} if attributes else {}),
        }


def _parts(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = [each.strip().replace("\\|", "|") for each in _SPLIT.split(line, maxsplit=2)]
        if len(parts) == 1:
            yield "", parts[0], {}
            continue
        pairs = (each.partition("=") for each in parts[2].split(";")) if len(parts) > 2 else ()
        yield parts[0], parts[1], {key.strip(): value.strip() for key, _, value in pairs if key.strip()}


def _free_code(taken: set[str]) -> str:
    number = 1
    while f"option_{number}" in taken:
        number += 1
    return f"option_{number}"


def _flag(item: dict[str, Any], values: Mapping[str, str], fields: Sequence[Field]) -> None:
    """Says of options what is said by their codes."""
    for each in fields:
        if each.shape is Shape.CODES:
            codes = set(values.get(each.name, "").replace(",", " ").split())
            flag = "is_exclusive" if each.name == "exclusive" else each.name
            for option in item.get("options", ()):
                _set(option, flag, option["code"] in codes)


def input_of(rest: str, values: Mapping[str, str], languages: Sequence[str]) -> str:
    """The input that a fault is about.

    Args:
        rest: the JSON Pointer from the item on, as "/label/uk".
        values: of the fault.
    """
    name, _, further = rest.removeprefix("/").partition("/")
    name = f"{name}_{further}" if name == "repeat" and further else "repeat_maximum" if name == "repeat" else name
    field = BY_NAME.get(name)
    if field is None:
        return {"is_exclusive": "exclusive"}.get(name, "")
    if not field.is_localized:
        return name
    parts = further.split("/")
    said = next((each for each in (parts[-1], values.get("language", "")) if each in languages), "")
    return f"{name}.{said or (languages[0] if languages else '')}"
