"""Files that officers upload: told by their content, named so that they can be downloaded anywhere, never in memory."""

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import IO

from werkzeug.datastructures import FileStorage

MOST_BYTES = 20_000_000
MOST_NAME = 120
_CHUNK_BYTES = 256 * 1024
_PDF_WITHIN = 1024  # ISO 32000-1, appendix H: readers look for the header there
_BAD_SIGNS = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%]+')
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
EXTENSIONS = {
    "application/pdf": "pdf",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OPEN}.text": "odt",
    f"{_OPEN}.spreadsheet": "ods",
    "image/jpeg": "jpg",
    "image/png": "png",
}
"""Media types that are taken, with the ends of their files' names."""

SHOWN_IN_BROWSER = frozenset({"application/pdf", "image/jpeg", "image/png"})
_PARTS_OF = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
}


class BadFile(Exception):
    """The file cannot be taken; the reason is one of the catalogue of sentences."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be taken; ``stream`` stands at its beginning, ``sha256`` is in hex."""

    stream: IO[bytes]
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str


def read(sent: FileStorage | None) -> Upload:
    """Looks at a file that was sent.

    Raises:
        BadFile: there is none, it is empty or too large, or of another type than those that are taken.
    """
    if sent is None or not sent.filename:
        raise BadFile("NO_FILE")
    stream: IO[bytes] = sent.stream
    size_bytes, sha256 = _measured(stream)
    if not size_bytes:
        raise BadFile("EMPTY_FILE")
    if size_bytes > MOST_BYTES:
        raise BadFile("FILE_TOO_LARGE")
    media_type = media_type_of(stream)
    if media_type is None:
        raise BadFile("WRONG_FILE_TYPE")
    stream.seek(0)
    return Upload(stream, cleaned(sent.filename, media_type), media_type, size_bytes, sha256)


def media_type_of(stream: IO[bytes]) -> str | None:
    """The type by content; None for what is not taken."""
    stream.seek(0)
    head = stream.read(_PDF_WITHIN)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"PK\x03\x04"):
        return _of_archive(stream)
    return "application/pdf" if b"%PDF-" in head else None


def cleaned(name: str, media_type: str) -> str:
    """A name without folders and signs that file systems refuse, with the end that belongs to its type."""
    extension = EXTENSIONS[media_type]
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem, dot, end = last.rpartition(".")
    is_ended = dot and (end.casefold() in (*EXTENSIONS.values(), "jpeg") or len(end) <= 4)
    plain = "".join(sign for sign in (stem if is_ended else last) if unicodedata.category(sign)[0] != "C")
    plain = re.sub(r"\s+", " ", _BAD_SIGNS.sub("-", plain)).strip(" .-")
    return f"{plain[: MOST_NAME - len(extension) - 1].strip(' .-') or 'document'}.{extension}"


def _measured(stream: IO[bytes]) -> tuple[int, str]:
    stream.seek(0)
    digest, size_bytes = hashlib.sha256(), 0
    while size_bytes <= MOST_BYTES and (chunk := stream.read(_CHUNK_BYTES)):
        digest.update(chunk)
        size_bytes += len(chunk)
    return size_bytes, digest.hexdigest()


def _of_archive(stream: IO[bytes]) -> str | None:
    """The type of an office document: said by its first entry (OpenDocument), or by its parts (ISO/IEC 29500)."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                said = archive.read("mimetype").decode("ascii", "replace")
                return said if said in EXTENSIONS and said.startswith(_OPEN) else None
            if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
                return None
            return next((media_type for part, media_type in _PARTS_OF.items() if part in names), None)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return None
