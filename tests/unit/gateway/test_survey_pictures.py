"""Pictures of results: what is drawn, said in words, and seen in pixels."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask import Flask
from viche.surveys.v1 import answers_pb2 as kinds
from viche.surveys.v1 import results_pb2 as pb

from viche_gateway.pictures import canvas
from viche_gateway.pictures.canvas import HEIGHT, WIDTH, broken
from viche_gateway.pictures.png import png
from viche_gateway.portal.surveys.results.figure import figure
from viche_gateway.portal.surveys.results.view import view_of
from viche_gateway.testing import World
from viche_gateway.testing.results import cell, results, single
from viche_gateway.testing.surveys import question

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Дитячий майданчик із гойдалками, гіркою та пісочницею " * 12
MATRIX = [
    cell(code, count, count / 100, row=row, row_label={"en": row.upper()})
    for row, counts in (("clean", (20, 30, 50)), ("safe", (60, -1, -1)))
    for code, count in zip(("bad", "fair", "good"), counts, strict=True)
]
MOMENTS = pb.Moments(count=200, mean=7.31, deviation=2.1, mean_low=7.2, mean_high=7.42)
SCALE = [cell(str(value), 20, 0.1, label={"en": "never"} if value == 1 else {}) for value in range(1, 11)]
GAPS = [cell(str(value), count, count / 200, label={}) for value, count in enumerate((-1, -1, 90, 110, -1), 1)]
QUESTIONS = (
    single("bars", cell("benches", 124, 0.62), cell("lamps", 76, 0.38)),
    single("long", *(cell(f"o{place}", 20, 0.1, label={"en": LONG}) for place in range(40)), label={"en": LONG}),
    single("none", *(cell(f"o{place}", -1, -1) for place in range(3)), answered=20),
    single("scale", *SCALE, kind=kinds.QUESTION_KIND_SCALE, moments=MOMENTS),
    single("matrix", *MATRIX, kind=kinds.QUESTION_KIND_MATRIX),
    single("ranking", *MATRIX, kind=kinds.QUESTION_KIND_RANKING),
    single("number", kind=kinds.QUESTION_KIND_NUMBER, moments=MOMENTS, unit={"en": "km"}),
    single("odd", cell("a", 200, 1.0, label={"en": "<b>\x01&"}), label={"en": "A < B & \x00C?"}),
    single("gaps", *GAPS, kind=kinds.QUESTION_KIND_SCALE),
)


@pytest.fixture
def here(app: Flask) -> Iterator[Flask]:
    """A page that is being answered."""
    with app.test_request_context("/"):
        yield app


def drawn(world: World, found: pb.QuestionResults) -> ElementTree.Element:
    survey = world.surveys.add([question(kinds.QUESTION_KIND_SINGLE, "park", "a")])
    view = view_of(survey, results(world.surveys, survey.number, found))
    return ElementTree.fromstring(figure(view, view.questions[0]))


@pytest.mark.parametrize("found", QUESTIONS, ids=lambda each: each.name)
@pytest.mark.usefixtures("here")
def test_everything_lies_inside_the_picture(world: World, found: pb.QuestionResults) -> None:
    picture = drawn(world, found)
    for box in picture.iter(f"{SVG}rect"):
        x, y = float(box.get("x", 0)), float(box.get("y", 0))
        assert 0 <= x <= x + float(box.get("width", 0)) <= WIDTH + 0.1
        assert 0 <= y <= y + float(box.get("height", 0)) <= HEIGHT + 0.1
    for text in picture.iter(f"{SVG}text"):
        assert 0 <= float(text.get("y", 0)) <= HEIGHT
        assert 0 <= float(text.get("x", 0)) <= WIDTH


@pytest.mark.usefixtures("here")
def test_a_bar_is_as_long_as_its_share(world: World) -> None:
    picture = drawn(world, QUESTIONS[0])
    accent = [box for box in picture.iter(f"{SVG}rect") if box.get("fill") == "#14566b"][1:]
    widths = [float(box.get("width", 0)) for box in accent]
    assert widths[0] / widths[1] == pytest.approx(0.62 / 0.38, rel=0.01)


@pytest.mark.usefixtures("here")
def test_values_of_a_scale_that_too_few_chose_are_said_and_explained(world: World) -> None:
    picture = drawn(world, QUESTIONS[-1])
    texts = [text.text or "" for text in picture.iter(f"{SVG}text")]
    assert texts.count("–") == 3
    assert any("–: too few to show" in text for text in texts)
    assert "1: too few to show; 2: too few to show; 3: 45% (90)" in picture.findtext(f"{SVG}desc", "")


@pytest.mark.usefixtures("here")
def test_what_is_drawn_is_said_in_words(world: World) -> None:
    picture = drawn(world, QUESTIONS[0])
    assert picture.findtext(f"{SVG}title") == "62% say “Benches”"
    assert "Benches: 62% (124); Lamps: 38% (76)" in (picture.findtext(f"{SVG}desc") or "")


@pytest.mark.usefixtures("here")
def test_source_count_and_day_stand_in_the_picture(world: World) -> None:
    said = " ".join(text.text or "" for text in drawn(world, QUESTIONS[0]).iter(f"{SVG}text"))
    for part in (
        "Source: What should the park have?, Dibrova Region",
        "Answers: 200",
        "22 November 2026",
        "95% interval",
    ):
        assert part in said


@pytest.mark.usefixtures("here")
def test_bars_that_find_no_room_are_counted(world: World) -> None:
    said = [text.text for text in drawn(world, QUESTIONS[1]).iter(f"{SVG}text")]
    assert any(text and text.endswith("more, in the table") for text in said)


@pytest.mark.usefixtures("here")
def test_withheld_parts_of_a_row_are_left_open(world: World) -> None:
    dashed = [path for path in drawn(world, QUESTIONS[4]).iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert len(dashed) == 1


@pytest.mark.usefixtures("here")
def test_cyrillic_letters_are_drawn_as_themselves() -> None:
    """Letters that a font lacks all look alike: as empty boxes."""
    words = ("Ж", "Щ", "Ї", "Ґ", "ъ", "ѝ", "A", "ł", "Ω")
    pictures = {png(_written(word)) for word in (*words, " ")}
    assert len(pictures) == len(words) + 1


@pytest.mark.usefixtures("here")
def test_bold_is_bolder() -> None:
    assert png(_written("Ж")) != png(_written("Ж", bold=True))


@pytest.mark.usefixtures("here")
def test_picture_has_the_size_of_a_post(world: World) -> None:
    content = png(ElementTree.tostring(drawn(world, QUESTIONS[0]), "unicode"))
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1200, 675)


def test_lines_are_broken_between_words_and_cut_at_the_end() -> None:
    lines = broken(LONG, 24, 400, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert broken("one two", 24, 400, 2) == ["one two"]


def test_a_word_without_an_end_is_cut_into_lines() -> None:
    lines = broken("щ" * 100, 24, 200, 3)
    assert len(lines) == 3
    assert all(canvas.width_of(line, 24) <= 200 for line in lines)


def _written(words: str, *, bold: bool = False) -> str:
    picture = canvas.canvas()
    picture.text(100, 300, words, 100, bold=bold)
    return picture.whole("", "")
