"""Question types of XLSForm and what each becomes.

Sources: https://xlsform.org/en/#question-types and pyxform's `question_type_dictionary`, which knows older names too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from viche_surveys.domain.definition import Kind
from viche_surveys.forms.xlsform_book import Row

IMAGES, SOUNDS, VIDEOS, FILES = ("image/*",), ("audio/*",), ("video/*",), ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row becomes.

    Attributes:
        change: reason to report, if it is not the same thing.
        list_name: of the choices.
        has_other: "or other" is asked for.
        is_external: its choices are on the sheet `external_choices`.
    """

    kind: Kind
    step: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    media_types: tuple[str, ...] = ()
    expression: str = ""
    change: str = ""
    list_name: str = ""
    has_other: bool = False
    is_external: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A row that does not come over, and why."""

    reason: str


_NUMBER, _WHOLE = Plan(Kind.NUMBER), Plan(Kind.NUMBER, step=1)
_METADATA = Left("METADATA_LEFT_OUT")
_ON_DEVICE = Left("DEVICE_LEFT_OUT")
_TEXT, _NOTE, _FILE = Plan(Kind.TEXT), Plan(Kind.NOTE), Plan(Kind.FILE)

_TYPES: Mapping[str, Plan | Left] = {
    **dict.fromkeys(("text", "string"), _TEXT),
    **dict.fromkeys(("integer", "int"), _WHOLE),
    "decimal": _NUMBER,
    "range": Plan(Kind.SCALE),
    "percentage": Plan(Kind.NUMBER, step=1, minimum=0, maximum=100, unit="%"),
    "number of days in last month": Plan(Kind.NUMBER, step=1, minimum=0, maximum=31),
    "number of days in last six months": Plan(Kind.NUMBER, step=1, minimum=0, maximum=183),
    "number of days in last year": Plan(Kind.NUMBER, step=1, minimum=0, maximum=365),
    "note": _NOTE,
    "date": Plan(Kind.DATE),
    "time": Plan(Kind.TIME),
    **dict.fromkeys(("dateTime", "datetime", "date time"), Plan(Kind.DATETIME)),
    **dict.fromkeys(("geopoint", "gps", "location"), Plan(Kind.LOCATION)),
    **dict.fromkeys(("acknowledge", "trigger"), Plan(Kind.CONSENT)),
    **dict.fromkeys(("image", "photo", "picture"), Plan(Kind.FILE, media_types=IMAGES)),
    "audio": Plan(Kind.FILE, media_types=SOUNDS),
    "video": Plan(Kind.FILE, media_types=VIDEOS),
    "file": _FILE,
    "barcode": Plan(Kind.TEXT, change="BARCODE_AS_TEXT"),
    "phone number": Plan(Kind.PHONE, change="PHONE_WITHOUT_DIGITS_RULE"),
    "calculate": Plan(Kind.CALCULATED),
    "hidden": Plan(Kind.CALCULATED, change="HIDDEN_AS_CALCULATED"),
    "today": Plan(Kind.CALCULATED, expression="today()", change="TODAY_AS_CALCULATED"),
    **dict.fromkeys(
        ("start", "end", "start time", "end time", "deviceid", "device id", "imei", "subscriberid", "subscriber id",
         "simserial", "sim id", "phonenumber", "username", "email", "audit", "uri:deviceid", "uri:phonenumber",
         "uri:simserial", "uri:subscriberid", "uri:username", "uri:email"), _METADATA
    ),
    **dict.fromkeys(("start-geopoint", "background-geopoint", "background-audio"), _ON_DEVICE),
    **dict.fromkeys(("geotrace", "geoshape", "osm"), Left("SHAPE_NOT_TAKEN")),
    **dict.fromkeys(("csv-external", "xml-external"), Left("FILE_NOT_TAKEN")),
}  # fmt: skip
_SELECTS: Mapping[str, Kind] = {
    "select one": Kind.SINGLE,
    "select one external": Kind.SINGLE,
    "select all that apply": Kind.MULTIPLE,
    "rank": Kind.RANKING,
}


def plan_of(row: Row) -> Plan | Left:
    """What a row's type becomes; of an unknown type a fault is noted."""
    from pyxform.aliases import select
    from pyxform.xls2json import RE_SELECT

    written = row.get("type")
    if found := RE_SELECT.search(written):
        return _select(row, select[found["select_command"]], found["list_name"], bool(found["specify_other"]))
    plan = _TYPES.get(_base(written)) or _TYPES.get(_base(written.lower()))
    if plan is None:
        row.at("type").fault("UNKNOWN_TYPE", type=written)
        return Left("UNKNOWN_TYPE")
    return _with_columns(row, plan)


def _base(written: str) -> str:
    """A type without the words of older spellings: "add image prompt", "q image", "get today"."""
    for start, end in (("add ", " prompt"), ("q ", ""), ("get ", "")):
        if written.startswith(start) and written.endswith(end):
            return written[len(start) : len(written) - len(end)]
    return "osm" if written.startswith("osm ") else written


def _select(row: Row, command: str, list_name: str, has_other: bool) -> Plan | Left:
    if list_name.startswith("${"):
        return Left("OPTIONS_FROM_ANSWERS")
    if list_name.rpartition(".")[2] in ("csv", "xml", "geojson") and "." in list_name:
        return Left("OPTIONS_IN_FILE")
    kind = _SELECTS[command]
    if kind is Kind.SINGLE and "likert" in row.get("control", "appearance").split():
        kind = Kind.LIKERT
    return Plan(kind, list_name=list_name, has_other=has_other, is_external=command == "select one external")


def _with_columns(row: Row, plan: Plan | Left) -> Plan | Left:
    """A question that only shows something is a note or a calculated value, whatever its type is."""
    if isinstance(plan, Left) or plan.kind in (Kind.NOTE, Kind.CALCULATED, Kind.CONSENT):
        return plan
    if row.get("bind", "calculate"):
        return Plan(Kind.CALCULATED, change="ANSWER_IS_CALCULATED")
    if row.get("bind", "readonly").lower() in ("yes", "true", "true()", "1"):
        return Plan(Kind.NOTE, change="READ_ONLY_AS_NOTE")
    return plan
