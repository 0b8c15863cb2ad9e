import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.files import FileKind, kind_of, safe_name


def office(*parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return packed.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")
SHEET = ("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7\n", "x.exe", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n....", "x.txt", FileKind.PNG),
        (b"\xff\xd8\xff\xe0", "", FileKind.JPEG),
        (office(*WORD), "x.xlsx", FileKind.DOCX),
        (office(*SHEET), "x", FileKind.XLSX),
        (b"a,b\n1,2\n", "table.CSV", FileKind.CSV),
        (b"a,b\n1,2\n", "table.txt", FileKind.TEXT),
        ("\ufeffnaïve\t日本\r\n".encode(), "x.pdf", FileKind.TEXT),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, name: str, kind: FileKind) -> None:
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"MZ\x90\x00\x03",
        b"\x7fELF",
        b"GIF89a\x01\x00",
        b"caf\xe9",
        b"text\x00with nul",
        b"PK\x03\x04 and then nothing",
        office("word/document.xml"),
        office("[Content_Types].xml", "other.xml"),
        office(*WORD, "word/vbaProject.bin"),
        office(*SHEET, "xl/activeX/activeX1.xml"),
        office(*WORD, "word/embeddings/run.EXE"),
    ],
)
def test_anything_else_is_no_evidence(content: bytes) -> None:
    assert kind_of(content, "paper.pdf") is None


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("report.pdf", FileKind.PDF, "report.pdf"),
        ("report.PDF", FileKind.PDF, "report.pdf"),
        ("photo.jpeg", FileKind.JPEG, "photo.jpg"),
        ("report.html", FileKind.TEXT, "report.html.txt"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        ("C:\\temp\\minutes.docx", FileKind.DOCX, "minutes.docx"),
        ("résumé 日本.pdf", FileKind.PDF, "résumé 日本.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', FileKind.PDF, "a-bSet-Cookie- x.pdf"),
        ("evil\u202efdp.exe", FileKind.PDF, "evilfdp.exe.pdf"),
        ("...", FileKind.PNG, "evidence.png"),
        ("", FileKind.CSV, "evidence.csv"),
    ],
)
def test_a_download_is_called_by_what_it_is(name: str, kind: FileKind, safe: str) -> None:
    assert safe_name(name, kind) == safe


@given(st.text(), st.sampled_from(FileKind))
def test_no_name_leads_anywhere_or_breaks_a_header(name: str, kind: FileKind) -> None:
    safe = safe_name(name, kind)
    assert safe.endswith(f".{kind.suffix}")
    assert not safe.startswith((".", " "))
    assert not set(safe) & set('/\\"\r\n\x00;%')
    assert len(safe) <= 130


@given(st.binary(max_size=200), st.text(max_size=20))
def test_no_bytes_make_the_check_stumble(content: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-"):
        kind = kind_of(start + content, name)
        assert kind is None or kind in FileKind
