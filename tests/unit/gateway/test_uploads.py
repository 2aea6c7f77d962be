"""Files are told by their content and named so that they can be downloaded anywhere."""

from __future__ import annotations

import io
import zipfile

import pytest

from viche_gateway.uploads import EXTENSIONS, MOST_NAME, cleaned, media_type_of

PDF = "application/pdf"
TYPE_OF = {extension: media_type for media_type, extension in EXTENSIONS.items()}


def archive(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.7 rest", "pdf"), (b"\n\n%PDF-1.4", "pdf"), (b"\xff\xd8\xff\xe0rest", "jpg"),
        (b"\x89PNG\r\n\x1a\nrest", "png"), (archive(**WORD), "docx"),
        (archive(**{"[Content_Types].xml": "", "xl/workbook.xml": ""}), "xlsx"),
        (archive(mimetype=TYPE_OF["odt"], **{"content.xml": ""}), "odt"), (archive(mimetype=TYPE_OF["ods"]), "ods"),
    ],
    ids=["pdf", "pdf after blanks", "jpg", "png", "docx", "xlsx", "odt", "ods"],
)  # fmt: skip
def test_type_is_told_by_the_content(content: bytes, extension: str) -> None:
    assert media_type_of(io.BytesIO(content)) == TYPE_OF[extension]


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>", b"", b"MZ\x90", b"PK\x03\x04broken", b"GIF89a", archive(**{"a.txt": "x"}),
        archive(**WORD, **{"word/vbaProject.bin": "macro"}), archive(mimetype="application/epub+zip"),
        archive(mimetype="text/html"),
    ],
    ids=["html", "empty", "program", "broken", "gif", "zip", "macros", "epub", "html said"],
)  # fmt: skip
def test_other_content_is_not_taken(content: bytes) -> None:
    assert media_type_of(io.BytesIO(content)) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("decision.pdf", "decision.pdf"), ("C:\\files\\decision.PDF", "decision.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ("..", "document.pdf"),
        ("Рішення  “17”.pdf", "Рішення “17”.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ("page.html", "page.pdf"), ("evil\u202efdp.exe", "evilfdp.pdf"), ('a"b.pdf', "a-b.pdf"),
        ("Report 12.2026 final", "Report 12.2026 final.pdf"),
    ],
)  # fmt: skip
def test_name_is_cleaned_and_ends_as_its_type(name: str, shown: str) -> None:
    assert cleaned(name, PDF) == shown


def test_long_name_is_cut_before_its_end() -> None:
    assert len(cleaned("ї" * 500 + ".pdf", PDF)) == MOST_NAME
