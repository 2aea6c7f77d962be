"""Answers as they come: raw fields of a form, or a JSON object. Both end as values (`values.py`) and faults.

Form fields: `q`; several options: `q` again and again; a matrix `q.ROW`; a ranking `q.CODE` with the place; a date
`q.day`, `q.month`, `q.year`; a date with time these and `q.time`; a location `q.lat`, `q.lon`; `q.dont_know`; in a
repeat `GROUP.0.q`, with `GROUP.count` instances.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from viche_surveys.domain.answer_errors import AnswerFault
from viche_surveys.domain.definition import Group, Kind
from viche_surveys.domain.plan import Asked, Plan
from viche_surveys.domain.values import Outside, Refused, taken

Fields = Mapping[str, Sequence[str]]
MOST_INSTANCES = 200
DONT_KNOW_FIELD = "dont_know"
_BLANKS = re.compile(r"[\s\u00a0\u202f]")
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")


@dataclass(slots=True)
class Given:
    """Answers as they were given.

    Attributes:
        values: by name; a repeat is a list of such.
        faults: by field.
        strays: what is wrong with things that no question asks for; only where answers came as JSON.
        fields: in the raw, where a form sent them.
    """

    values: dict[str, object] = field(default_factory=dict)
    faults: dict[str, AnswerFault] = field(default_factory=dict)
    strays: list[AnswerFault] = field(default_factory=list)
    fields: Fields = field(default_factory=dict)


def read_form(plan: Plan, fields: Fields, outside: Outside) -> Given:
    """Answers that a form sent. Fields that no question has are passed over."""
    given = Given(fields=fields)
    for page in plan.pages:
        for asked in page.asked:
            value = _read(asked, asked.question.name, fields, outside, given)
            if value is not None:
                given.values[asked.question.name] = value
        for group, inside in page.repeats:
            given.values[group.name] = [
                _instance(inside, f"{group.name}.{index}", fields, outside, given)
                for index in range(instances_of(group, fields))
            ]
    return given


def instances_of(group: Group, fields: Fields) -> int:
    """How many instances of a repeat a form has; as many as it must have where the form does not say."""
    least = group.repeat.minimum if group.repeat else 1
    written = first(fields, f"{group.name}.count")
    return min(int(written), MOST_INSTANCES) if re.fullmatch(r"[0-9]{1,4}", written) else least


def read_json(plan: Plan, document: object, outside: Outside) -> Given:
    """Answers of a JSON object; nothing is passed over."""
    given = Given()
    if not isinstance(document, Mapping):
        given.strays.append(AnswerFault("", "WRONG_SHAPE"))
        return given
    for name, value in document.items():
        if name not in plan.tops:
            given.strays.append(AnswerFault(str(name)[:100], "UNKNOWN_QUESTION"))
        elif name in plan.repeats:
            given.values[name] = _json_instances(plan, plan.repeats[name], value, outside, given)
        else:
            _keep(plan.asked[name], name, value, outside, given, given.values)
    return given


def files_in(plan: Plan, fields: Fields) -> list[str]:
    """Ids of files that a form names, whether or not there are any."""
    if Kind.FILE not in plan.kinds:
        return []
    return [
        value
        for name, values in fields.items()
        for value in values
        if value and (asked := plan.asked.get(name.rpartition(".")[2])) and asked.question.kind is Kind.FILE
    ]


def files_in_json(plan: Plan, document: object) -> list[str]:
    """Ids of files that a JSON object names."""
    if Kind.FILE not in plan.kinds:
        return []
    found: list[str] = []
    for name, value in document.items() if isinstance(document, Mapping) else ():
        if isinstance(value, list):
            for each in cast(list[object], value):
                found += files_in_json(plan, each)
        elif (asked := plan.asked.get(name)) and asked.question.kind is Kind.FILE:
            found.append(str(value.get("id") if isinstance(value, Mapping) else value))
    return found


def first(fields: Fields, name: str) -> str:
    """The first value of a field; empty where there is none."""
    values = fields.get(name)
    return values[0].strip() if values else ""


def raw(asked: Asked, name: str, fields: Fields) -> object:
    """What a form says to a question, in the shape of its kind as far as that can be made out.

    Raises:
        Refused: it cannot be made out.
    """
    if asked.question.allows_dont_know and first(fields, f"{name}.{DONT_KNOW_FIELD}"):
        return {"dont_know": True}
    reader = _READERS.get(asked.question.kind)
    return reader(asked, name, fields) if reader else _plain(asked, name, fields)


def is_of(field_name: str, name: str) -> bool:
    """Whether a form field belongs to the question or repeat of that name."""
    return field_name == name or field_name.startswith(f"{name}.")


def _instance(
    inside: Sequence[Asked], place: str, fields: Fields, outside: Outside, given: Given
) -> dict[str, object]:  # fmt: skip
    read = {each.name: _read(each, f"{place}.{each.name}", fields, outside, given) for each in inside}
    return {name: value for name, value in read.items() if value is not None}


def _read(asked: Asked, name: str, fields: Fields, outside: Outside, given: Given) -> object:
    try:
        value = raw(asked, name, fields)
        return None if value is None else taken(asked, value, outside)
    except Refused as refusal:
        given.faults[name] = fault_of(name, refusal)
        return None


def fault_of(name: str, refusal: Refused) -> AnswerFault:
    """A refusal, at its field."""
    return AnswerFault(name, refusal.reason, refusal.part, refusal.values)


def _json_instances(plan: Plan, group: Group, value: object, outside: Outside, given: Given) -> list[dict[str, object]]:
    if not isinstance(value, list) or len(cast(list[object], value)) > MOST_INSTANCES:
        given.strays.append(AnswerFault(group.name, "WRONG_SHAPE"))
        return []
    read: list[dict[str, object]] = []
    for index, instance in enumerate(cast(list[object], value)):
        place, into = f"{group.name}.{index}", dict[str, object]()
        read.append(into)
        if not isinstance(instance, Mapping):
            given.strays.append(AnswerFault(place, "WRONG_SHAPE"))
            continue
        for name, each in instance.items():
            asked = plan.asked.get(name)
            if asked is None or asked.repeat != group.name:
                given.strays.append(AnswerFault(f"{place}.{str(name)[:100]}", "UNKNOWN_QUESTION"))
            else:
                _keep(asked, f"{place}.{name}", each, outside, given, into)
    return read


def _keep(asked: Asked, name: str, value: object, outside: Outside, given: Given, into: dict[str, object]) -> None:
    try:
        kept = taken(asked, value, outside)
    except Refused as refusal:
        given.faults[name] = fault_of(name, refusal)
        return
    if kept is not None:
        into[asked.name] = kept


def _plain(asked: Asked, name: str, fields: Fields) -> object:
    return first(fields, name) or None


def _long(asked: Asked, name: str, fields: Fields) -> object:
    values = fields.get(name)
    return values[0] if values else None


def _list(asked: Asked, name: str, fields: Fields) -> object:
    return list(dict.fromkeys(value for value in fields.get(name, ()) if value)) or None


def _matrix(asked: Asked, name: str, fields: Fields) -> object:
    cells: dict[str, object] = {}
    for row in asked.rows:
        field_name = f"{name}.{row}"
        cell = _list(asked, field_name, fields) if asked.question.is_multiple else first(fields, field_name)
        if cell:
            cells[row] = cell
    return cells or None


def _ranking(asked: Asked, name: str, fields: Fields) -> object:
    places: dict[int, str] = {}
    for code in asked.options:
        written = first(fields, f"{name}.{code}")
        if not written:
            continue
        if not re.fullmatch(r"[0-9]{1,4}", written) or not 1 <= int(written) <= len(asked.options):
            raise Refused("NOT_A_NUMBER", part=code)
        if int(written) in places:
            raise Refused("SAME_PLACE_TWICE", part=code, place=int(written))
        places[int(written)] = code
    return [places[place] for place in sorted(places)] or None


def _number(asked: Asked, name: str, fields: Fields) -> object:
    return number(first(fields, name))


def number(written: str, part: str = "") -> float | None:
    """A number as people write it, with a comma or a dot, and blanks between thousands.

    Raises:
        Refused: it is none.
    """
    text = _BLANKS.sub("", written).replace("\u2212", "-")
    if not text:
        return None
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        raise Refused("NOT_A_NUMBER", part=part)
    return float(text.replace(",", "."))


def _day(asked: Asked, name: str, fields: Fields) -> object:
    parts = [first(fields, f"{name}.{part}") for part in ("year", "month", "day")]
    if not any(parts):
        return first(fields, name) or None
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise Refused("NOT_A_DATE")
    year, month, day = map(int, parts)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _time(asked: Asked, name: str, fields: Fields) -> object:
    return clock_time(first(fields, name)) or None


def clock_time(written: str) -> str:
    """A time of day as people write it: 9:05, 09.05."""
    hour, dot, minute = written.replace(".", ":").partition(":")
    return f"{hour.zfill(2)}{dot}{minute}" if written else ""


def _datetime(asked: Asked, name: str, fields: Fields) -> object:
    day, at = _day(asked, name, fields), first(fields, f"{name}.time")
    if isinstance(day, str) and "T" in day:  # as a field of the browser's own sends it
        return day
    if not day and not at:
        return None
    if not day:
        raise Refused("NOT_A_DATE")
    return f"{day}T{clock_time(at)}"


def _location(asked: Asked, name: str, fields: Fields) -> object:
    place: dict[str, object] = {}
    for part in ("lat", "lon"):
        try:
            place[part] = number(first(fields, f"{name}.{part}"), part)
        except Refused:
            raise Refused("NOT_A_PLACE", part=part) from None
    if place == {"lat": None, "lon": None}:
        return None
    if None in place.values():
        raise Refused("NOT_A_PLACE", part="lat" if place["lat"] is None else "lon")
    return place


def _consent(asked: Asked, name: str, fields: Fields) -> object:
    return bool(first(fields, name)) or None


_READERS: Mapping[Kind, Callable[[Asked, str, Fields], object]] = {
    Kind.MULTIPLE: _list,
    Kind.MATRIX: _matrix,
    Kind.RANKING: _ranking,
    Kind.SCALE: _number,
    Kind.NUMBER: _number,
    Kind.TEXT: _long,
    Kind.DATE: _day,
    Kind.TIME: _time,
    Kind.DATETIME: _datetime,
    Kind.LOCATION: _location,
    Kind.CONSENT: _consent,
}
