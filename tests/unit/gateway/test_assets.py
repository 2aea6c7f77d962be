"""Built files: named by their content, kept by browsers for good, sent compressed; building twice does nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import viche_gateway
from tools import assets as build
from viche_gateway import assets
from viche_gateway.testing import World


def test_second_build_does_nothing_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = (assets.BUILT / "manifest.json").stat().st_mtime_ns
    assert build.main() == 0
    assert (assets.BUILT / "manifest.json").stat().st_mtime_ns == before
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["portal.css", "forms.js", "human.js", "sofia-sans-latin.woff2", "favicon.svg"])
def test_built_file_is_kept_for_good(world: World, name: str) -> None:
    path = assets.asset(name)
    assert re.search(r"-\w{8}\.\w+$", path)
    answer = world.app().test_client().get(path, buffered=True)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_every_component_on_a_page_has_its_style() -> None:
    root = Path(viche_gateway.__file__).parent
    templates = "".join(path.read_text() for path in (root / "templates").rglob("*.html"))
    used = set(re.findall(r"govuk_frontend_jinja/components/([a-z-]+)/macro", templates))
    styled = set(re.findall(r"govuk/components/([a-z-]+)", (root / "static/src/portal.scss").read_text()))
    assert len(used) > 10
    assert used - styled == set()


def test_style_sheet_is_sent_compressed_to_those_who_take_it(world: World) -> None:
    path = assets.asset("portal.css")
    client = world.app().test_client()
    plain, zipped = (
        client.get(path, headers=headers, buffered=True) for headers in ({}, {"Accept-Encoding": "br, gzip"})
    )
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Content-Type"] == plain.headers["Content-Type"] == "text/css; charset=utf-8"
    assert len(zipped.data) < len(plain.data) / 4


@pytest.mark.parametrize("name", ["manifest.json", "stamp", "../src/portal.scss", "portal.css"])
def test_nothing_else_is_served(world: World, name: str) -> None:
    assert world.app().test_client().get(f"/static/built/{name}").status_code == 404
