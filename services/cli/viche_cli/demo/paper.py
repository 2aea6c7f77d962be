"""A page of text as PDF, in the letters of Western Europe: enough for a document of the demo."""

from __future__ import annotations

from collections.abc import Sequence

TOP, LEFT, LEADING, SIZE = 780, 72, 18, 12
"""In points, on a page of A4."""


def pdf(lines: Sequence[str]) -> bytes:
    """One page with these lines (ISO 32000-1, 7.5). Raises UnicodeEncodeError for other letters."""
    drawn = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    content = f"BT /F1 {SIZE} Tf {LEADING} TL {LEFT} {TOP} Td {drawn} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    )


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
