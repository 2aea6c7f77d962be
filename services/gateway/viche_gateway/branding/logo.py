"""Logos: pictures that operators give us and that everybody's browser shows, so they may do nothing but show.

An SVG can hold scripts, load what others host, and grow without end while it is read; all that is refused, with the
line. What passes is served with a policy of its own, under which even a fault of ours would not run.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, ErrorHandler, feature_namespaces
from xml.sax.xmlreader import InputSource

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.sax import make_parser

MOST_BYTES = 200_000
MOST_PIXELS = 4096
SVG = "image/svg+xml"
PNG = "image/png"
_SVG_SPACE = "http://www.w3.org/2000/svg"
_PNG_START = b"\x89PNG\r\n\x1a\n"
_NAMES = """
    svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc metadata
    linearGradient radialGradient stop pattern clipPath mask marker image style switch view filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence
"""
_SHOWN = frozenset(_NAMES.split())
"""Elements of SVG that only show something; not those that run, link, load or move."""

# what editors leave in their files, which browsers pass over
_EDITORS = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/",
    "http://www.serif.com/",
    "http://www.vectornator.io",
)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.IGNORECASE)
_LENGTH = re.compile(r"[1-9]\d*(\.\d+)?(px|mm|cm|in|pt|pc|em|rem)?|0?\.\d+(px|mm|cm|in|pt|pc|em|rem)?")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that may be shown, and its media type."""

    content: bytes
    media_type: str

    @property
    def ending(self) -> str:
        """Of its address."""
        return "svg" if self.media_type == SVG else "png"


def read_logo(path: Path) -> tuple[Logo | None, list[str]]:
    """The logo in a file, and all that is wrong with it; with a fault there is no logo."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return None, [f"{path} cannot be read: {error.strerror}."]
    if len(content) > MOST_BYTES:
        return None, [f"{path} is larger than {MOST_BYTES // 1000} kB; make it smaller."]
    if content.startswith(_PNG_START):
        faults = list(_png_faults(content))
        return (None if faults else Logo(content, PNG)), [f"{path}: {fault}." for fault in faults]
    faults = svg_faults(content)
    return (None if faults else Logo(content, SVG)), [f"{path}: {fault}." for fault in faults]


def svg_faults(content: bytes) -> list[str]:
    """What is wrong with an SVG, each with its line; the first fault of the XML itself ends the list."""
    reader = _Reader()
    parser: Any = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reader)
    parser.setErrorHandler(ErrorHandler())
    parser.forbid_dtd = True
    source = InputSource()
    source.setByteStream(BytesIO(content))
    try:
        parser.parse(source)
    except DTDForbidden:
        reader.fault("take the DOCTYPE away: it can define entities", parser.getLineNumber())
    except DefusedXmlException:
        reader.fault("entities are not allowed", parser.getLineNumber())
    except SAXParseException as error:
        reader.fault(f"it is neither a PNG nor readable as SVG ({error.getMessage()})", error.getLineNumber() or 1)
    except (ValueError, LookupError):
        reader.fault("its encoding is unknown; save it in UTF-8", 1)
    return reader.faults


def _png_faults(content: bytes) -> Iterator[str]:
    if content[12:16] != b"IHDR" or len(content) < 33 or b"IEND" not in content[-12:]:
        yield "the PNG is broken off"
        return
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        yield f"it has {width} × {height} pixels; each side may have 1 to {MOST_PIXELS}"


class _Reader(ContentHandler):
    """Looks at everything in the order of the file."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._locator: Any = None
        self._depth = 0
        self._style: list[str] | None = None

    def setDocumentLocator(self, locator: Any) -> None:
        self._locator = locator

    def fault(self, said: str, line: int) -> None:
        """Notes a fault."""
        self.faults.append(f"line {line}: {said}")

    def processingInstruction(self, target: str, data: str) -> None:
        self._found(f"<?{target}?> can load a style sheet; take it away")

    def startElementNS(self, name: Any, qname: str | None, attrs: Any) -> None:
        space, local = name
        if self._depth == 0 and (space, local) != (_SVG_SPACE, "svg"):
            self._found(f'the root is <{local}>, not <svg xmlns="{_SVG_SPACE}">')
        self._depth += 1
        self._element(space or "", local)
        values = {key: attrs.getValue(key) for key in attrs.getNames()}
        if self._depth == 1:
            self._size({local: text for (_, local), text in values.items()})
        self._attributes(local, values)
        if local == "style":
            self._style = []

    def endElementNS(self, name: Any, qname: str | None) -> None:
        self._depth -= 1
        if name[1] == "style" and self._style is not None:
            self._css("".join(self._style), "<style>")
            self._style = None

    def characters(self, content: str) -> None:
        if self._style is not None:
            self._style.append(content)

    def _element(self, space: str, local: str) -> None:
        if space == _SVG_SPACE:
            if local not in _SHOWN:
                self._found(f"<{local}> is not allowed: it can do more than show")
        elif not space.startswith(_EDITORS):
            self._found(f"<{local}> is no element of SVG ({space or 'without a namespace'})")

    def _size(self, values: Mapping[str, str]) -> None:
        has_size = all(_LENGTH.fullmatch(values.get(side, "").strip()) for side in ("width", "height"))
        if "viewBox" not in values and not has_size:
            self._found("<svg> has neither a viewBox nor width and height, so nobody knows its shape")

    def _attributes(self, element: str, values: Mapping[tuple[str | None, str], str]) -> None:
        for (space, name), text in values.items():
            if name.lower().startswith("on"):
                self._found(f"{name} on <{element}> runs a script")
            elif name in ("href", "src") or (space, name) == ("http://www.w3.org/XML/1998/namespace", "base"):
                self._reference(element, name, text)
            else:
                self._css(text, f"{name} on <{element}>", is_style=name == "style")

    def _reference(self, element: str, name: str, text: str) -> None:
        is_picture = name == "href" and element in ("image", "feImage") and _PICTURE.fullmatch(text.strip())
        if name != "href" or not (text.strip().startswith("#") or is_picture):
            shown = text.strip()[:60]
            self._found(f"{name} on <{element}> leads out of the file ('{shown}'); put what it names into the file")

    def _css(self, text: str, place: str, *, is_style: bool = True) -> None:
        if is_style and ("\\" in text or "@import" in text.lower()):
            self._found(f"{place} has an @import or an escape, which can load a style sheet")
        for found in _URL.finditer(text):
            if not found[1].startswith("#"):
                self._found(f"{place} leads out of the file ('{found[1][:60]}')")

    def _found(self, said: str) -> None:
        self.fault(said, self._locator.getLineNumber() if self._locator else 1)
