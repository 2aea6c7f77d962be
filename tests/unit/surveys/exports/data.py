"""A survey with one question of each kind, and what was answered."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question, Repeat
from viche_surveys.exports.columns import Columns, Plan, Response
from viche_surveys.exports.table import Table, Writer

MADE_AT = datetime(2026, 11, 23, 8, 5, 6, tzinfo=UTC)
SENT_AT = datetime(2026, 10, 1, 12, 30, 15, tzinfo=UTC)


def text(said: str) -> dict[str, str]:
    return {"uk": said, "en": f"{said} (en)"}


def options(*codes: str) -> tuple[Option, ...]:
    return tuple(Option(code=code, label=text(f"варіант {code}")) for code in codes)


def question(name: str, kind: Kind, **more: Any) -> Question:
    return Question(name=name, kind=kind, label=text(f"{name}?"), **more)


EVERYTHING = (
    question("road", Kind.SINGLE, options=options("a", "b c".replace(" ", "-")), allows_dont_know=True),
    question("mark", Kind.LIKERT, options=options("1", "2", "3"), allows_dont_know=True),
    question("uses", Kind.MULTIPLE, options=options("bus", "foot", "+car"), allows_dont_know=True),
    question("parts", Kind.MATRIX, rows=options("r1", "r2"), options=options("1", "2")),
    question("sides", Kind.MATRIX, rows=options("l", "r"), options=options("x", "y"), is_multiple=True),
    question("order", Kind.RANKING, options=options("p", "q")),
    question("scale", Kind.SCALE, minimum=1, maximum=5, low_label=text("погано"), high_label=text("добре")),
    question("age", Kind.NUMBER, minimum=0, step=1, allows_dont_know=True),
    question("why", Kind.TEXT),
    question("born", Kind.DATE),
    question("wakes", Kind.TIME),
    question("meets", Kind.DATETIME),
    question("mail", Kind.EMAIL, is_personal=True),
    question("lives", Kind.TERRITORY),
    question("spot", Kind.LOCATION),
    question("photo", Kind.FILE),
    question("agrees", Kind.CONSENT),
    question("read", Kind.NOTE),
    question("index", Kind.CALCULATED, expression="age * 2"),
    Group(
        name="child", label=text("дитина"), repeat=Repeat(maximum=20), items=(question("school", Kind.TEXT),)
    ),
)  # fmt: skip

ANSWERS: dict[str, Any] = {
    "road": "a",
    "mark": "2",
    "uses": ["foot", "+car"],
    "parts": {"r1": "1", "r2": "2"},
    "sides": {"l": ["x", "y"]},
    "order": ["q", "p"],
    "scale": 4,
    "age": 41.0,
    "why": "бо так",
    "born": "2024-02-29",
    "wakes": "06:30",
    "meets": "2026-11-01T18:00",
    "mail": "o@example.org",
    "lives": "UA05",
    "spot": {"lat": 49.2331, "lon": 28.4682},
    "photo": {"id": "0199e0b0-0000-7000-8000-000000000009", "name": "яма.jpg", "type": "image/jpeg", "size_bytes": 5},
    "agrees": True,
    "index": 82.0,
    "child": [{"school": "9"}, {"school": "ліцей"}],
}


def definition(*items: Question | Group, languages: tuple[str, ...] = ("uk", "en")) -> Definition:
    return Definition(languages=languages, title=text("Дороги"), pages=(Page(name="first", items=items),))


def response(answers: dict[str, Any], *, version: int = 1, number: int = 1) -> Response:
    return Response(
        id=f"0199e0b0-0000-7000-8000-{number:012}", version=version, submitted_at=SENT_AT, language="uk",
        channel="portal", partner_id="", territory_code="", assurance="", source="", answers=answers,
    )  # fmt: skip


def columns_of(
    items: Iterable[Question | Group],
    responses: Iterable[Response] = (),
    *,
    with_personal: bool = False,
    keeps_dont_know: bool = False,
) -> Columns:
    plan = Plan({1: definition(*items)}, with_personal=with_personal)
    measuring = plan.measuring(needs_widths=True)
    for each in responses:
        measuring.take(each.answers)
    return plan.columns(measuring.measures, keeps_dont_know=keeps_dont_know)


def table_of(columns: Columns, *, language: str = "uk") -> Table:
    return Table(
        identifier="7", title=text("Дороги"), languages=("uk", "en"), language=language,
        variables=columns.variables, made_at=MADE_AT, sets=columns.sets,
    )  # fmt: skip


def written(made: type[Writer], items: Iterable[Question | Group], answers: list[dict[str, Any]], **more: Any) -> bytes:
    """The file of some answers, handed over two at a time."""
    responses = [response(each, number=at) for at, each in enumerate(answers, 1)]
    columns = columns_of(items, responses, **more)
    out = io.BytesIO()
    writer = made(out, table_of(columns))
    for at in range(0, len(responses), 2):
        writer.add(columns.rows(responses[at : at + 2]))
    writer.end()
    return out.getvalue()
