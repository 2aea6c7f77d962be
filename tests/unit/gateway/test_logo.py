"""Logos: what may be shown is, and what could do more than show is refused with its line."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from viche_gateway.branding.logo import MOST_BYTES, PNG, SVG, read_logo, svg_faults

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">\n'
GOOD = (
    HEAD
    + '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>\n'
    + '<style>.b { fill: url(#a) }</style><path class="b" d="M0 0h5v5z" style="stroke: url(\'#a\')"/>\n'
    + '<use xlink:href="#a"/><image href="data:image/png;base64,iVBORw0KGgo=" width="1" height="1"/></svg>'
)
INKSCAPE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- Created with Inkscape -->\n'
    '<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="12mm"'
    ' xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" sodipodi:docname="coat.svg">'
    '<sodipodi:namedview pagecolor="#ffffff"/><g><path d="M0 0h5"/></g></svg>'
)


def svg(inside: str) -> bytes:
    return f"{HEAD}{inside}</svg>".encode()


def png(width: int = 20, height: int = 10) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("text", [GOOD, INKSCAPE, GOOD.replace(' viewBox="0 0 10 10"', ' width="4" height="2.5em"')])
def test_picture_that_only_shows_passes(text: str) -> None:
    assert svg_faults(text.encode()) == []


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>alert(1)</script>", "<script> is not allowed"),
        ('<g xmlns:s="http://www.w3.org/2000/svg"><s:script/></g>', "<script> is not allowed"),
        ("<foreignObject><p/></foreignObject>", "<foreignObject> is not allowed"),
        ('<a href="#x"><path/></a>', "<a> is not allowed"),
        ('<set attributeName="href" to="javascript:alert(1)"/>', "<set> is not allowed"),
        ("<animate/>", "<animate> is not allowed"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', "<script> is no element of SVG"),
        ('<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x"/>', "<img> is no element of SVG"),
        ('<path onload="alert(1)"/>', "onload on <path> runs a script"),
        ('<path ONCLICK="alert(1)"/>', "ONCLICK on <path> runs a script"),
        ('<use href="https://evil.example/a.svg#a"/>', "href on <use> leads out of the file"),
        ('<use xlink:href="//evil.example/a"/>', "href on <use> leads out"),
        ('<image href=" javascript:alert(1)"/>', "href on <image> leads out"),
        ('<image href="data:image/svg+xml;base64,PHN2Zz4="/>', "href on <image> leads out"),
        ('<image href="data:text/html,x"/>', "href on <image> leads out"),
        ('<g xml:base="https://evil.example/"/>', "base on <g> leads out"),
        ('<path fill="url(https://evil.example/#a)"/>', "fill on <path> leads out"),
        ("<path style=\"fill: URL( '//evil.example')\"/>", "style on <path> leads out"),
        ("<style>@import 'https://evil.example/a.css';</style>", "<style> has an @import"),
        ("<style>b { fill: u\\72l(https://evil.example) }</style>", "<style> has an @import or an escape"),
        ("<style>b { fill: url(<![CDATA[https://evil.example]]>) }</style>", "<style> leads out"),
    ],
)
def test_what_can_do_more_is_refused_with_its_line(inside: str, said: str) -> None:
    found = svg_faults(svg(f"<g/>\n{inside}"))
    assert [fault.startswith("line 3: ") for fault in found] == [True] * len(found)
    assert said in " ".join(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]>\n' + HEAD + "<text>&a;</text></svg>", "line 1: take the DOCTYPE away"),
        ('<!DOCTYPE svg SYSTEM "http://evil.example/a.dtd">\n' + HEAD + "</svg>", "take the DOCTYPE away"),
        ('<?xml-stylesheet href="https://evil.example/a.css"?>\n' + HEAD + "</svg>", "line 1: <?xml-stylesheet?>"),
        ("<html/>", "the root is <html>"),
        ('<svg viewBox="0 0 1 1"/>', "the root is <svg>, not"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "neither a viewBox nor width and height"),
        (HEAD + "<path></svg>", "line 2: it is neither a PNG nor readable as SVG"),
        ("", "neither a PNG nor readable as SVG"),
        ("GIF89a", "neither a PNG nor readable as SVG"),
        ('<?xml version="1.0" encoding="nonsense"?><svg/>', "line 1: "),
    ],
)
def test_file_that_is_no_plain_svg_is_refused(text: str, said: str) -> None:
    assert said in " ".join(svg_faults(text.encode()))


def test_all_faults_are_told() -> None:
    assert len(svg_faults(svg('<script/>\n<path onclick="x" fill="url(//a)"/>'))) == 3


def test_png_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(png())
    logo, faults = read_logo(path)
    assert faults == []
    assert logo is not None
    assert (logo.media_type, logo.ending) == (PNG, "png")


@pytest.mark.parametrize(
    ("content", "said"),
    [(png(0, 5), "0 × 5 pixels"), (png(5000, 5), "5000 × 5 pixels"), (png()[:40], "broken"), (png()[:12], "broken")],
)  # fmt: skip
def test_png_that_is_none_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(content)
    logo, faults = read_logo(path)
    assert logo is None
    assert said in faults[0]


def test_logo_may_not_be_large(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(svg(" " * MOST_BYTES))
    assert "larger than 200 kB" in read_logo(path)[1][0]
    path.write_bytes(svg(" " * (MOST_BYTES - 200)))
    logo, faults = read_logo(path)
    assert (faults, logo and logo.media_type) == ([], SVG)


def test_logo_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in read_logo(tmp_path / "none.svg")[1][0]
