"""Which files can be evidence: told by what is in them, never by what they are called."""

import io
import re
import unicodedata
import zipfile
from enum import StrEnum

LARGEST = 10 * 1024 * 1024
"""Bytes."""
LONGEST_NAME = 120


class FileKind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpeg"
    CSV = "csv"
    TEXT = "text"

    @property
    def suffix(self) -> str:
        return {"jpeg": "jpg", "text": "txt"}.get(self.value, self.value)

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
}
_SIGNATURES = {
    b"%PDF-": FileKind.PDF,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"\xff\xd8\xff": FileKind.JPEG,
}
_MAIN_PARTS = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
_MACROS = re.compile(r"(?i)vbaProject\.bin$|activeX|\.exe$|\.dll$")
_UNSAFE = re.compile(r'[\\/:*?"<>|;%\x00-\x1f\x7f]+')


def kind_of(content: bytes, name: str) -> FileKind | None:
    """None for anything else, an office file with macros among it. The name decides only between
    a table and plain text."""
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    if not _is_text(content):
        return None
    return FileKind.CSV if name.lower().endswith(".csv") else FileKind.TEXT


def safe_name(name: str, kind: FileKind) -> str:
    """What a download is called: no path, no controls, no directions of writing, and the suffix of
    what it is."""
    stem = re.split(r"[\\/]", name)[-1]
    stem = "".join(c for c in stem if unicodedata.category(c)[0] != "C")
    stem = _UNSAFE.sub("-", unicodedata.normalize("NFC", stem))
    known = {f".{kind.suffix}", f".{kind.value}"}
    if "." in stem and f".{stem.rpartition('.')[2].lower()}" in known:
        stem = stem.rpartition(".")[0]
    stem = stem.strip(" .-")[:LONGEST_NAME].rstrip(" .-")
    return f"{stem or 'evidence'}.{kind.suffix}"


def _office_kind(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    # What is no archive after all raises whatever it happens to trip over.
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(_MACROS.search(name) for name in names):
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(
        unicodedata.category(c) == "Cc" and c not in "\r\n\t\f" for c in text
    )
