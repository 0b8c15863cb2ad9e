"""DOCX: real styles and fields, and that another word processor opens it."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from long_agenda import TITLES, document
from pypdf import PdfReader

from app.documents.document import A4, LETTER
from app.documents.word import word


@pytest.fixture(scope="module")
def made() -> bytes:
    return word(document())


@pytest.fixture(scope="module")
def file(made: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(made))


def fields(part: object) -> list[str]:
    return [code.text.split()[0] for code in part.iter(qn("w:instrText"))]  # type: ignore[attr-defined]


def test_headings_are_headings(file: docx.document.Document) -> None:
    by_style: dict[str, list[str]] = {}
    for paragraph in file.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Title"] == ["Plenary 総会"]
    assert by_style["Heading 1"] == ["In the meeting", "Local times"]
    assert by_style["Heading 2"][0] == f"1. {TITLES[0]} 0"
    assert len(by_style["Heading 2"]) == 60
    assert len(by_style["List Bullet"]) == 10
    assert by_style["List Number"] == ["three", "four"] * 5


def test_the_table_of_contents_is_a_field_with_its_entries_in_place(
    file: docx.document.Document,
) -> None:
    assert "TOC" in fields(file.element.body)
    names = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    targets = [link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))]
    anchors = [target for target in targets if target]
    assert len(anchors) == 62
    assert set(anchors) == names


def test_every_page_is_marked_and_numbered(file: docx.document.Document) -> None:
    page = file.sections[0]
    assert page.header.paragraphs[0].text.strip() == "TLP:AMBER+STRICT"
    assert page.footer.paragraphs[0].text.strip() == "TLP:AMBER+STRICT"
    assert fields(page.footer._element) == ["PAGE", "NUMPAGES"]


def test_each_list_counts_from_its_own_first_number(file: docx.document.Document) -> None:
    counts = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in file.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert len(set(counts)) == 5
    starts = [
        override.find(qn("w:startOverride")).get(qn("w:val"))
        for override in file.part.numbering_part.element.iter(qn("w:lvlOverride"))
    ]
    assert starts == ["3"] * 5


def test_no_part_of_it_knows_when_or_by_whom_it_was_written(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-11-24T12:00:00Z") == 2
    assert "python-docx" not in core


def test_libreoffice_opens_it_and_shows_all_of_it(made: bytes, tmp_path: Path) -> None:
    """The slow one, once: a faulty file is not converted at all."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("LibreOffice is not installed", pytrace=False)
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "agenda.docx"
    path.write_bytes(made)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(path)], capture_output=True, check=True, timeout=120)
    pages = PdfReader(tmp_path / "agenda.pdf").pages
    words = [page.extract_text() for page in pages]
    assert all(page.count("TLP:AMBER+STRICT") == 2 for page in words)
    assert f"1 / {len(pages)}" in words[0]
    assert "Local times" in words[-1]
    assert "Error! Reference" not in "".join(words)


def test_an_item_is_not_tied_to_its_note(file: docx.document.Document) -> None:
    """LibreOffice moved both to the next page then, whether they would have fitted or not."""
    details = [p for p in file.paragraphs if p.text.startswith("Discussion · ")]
    assert len(details) == 60
    assert not [p for p in details if p.paragraph_format.keep_with_next]


def test_the_head_of_a_table_stands_out_and_no_row_is_cut(file: docx.document.Document) -> None:
    (table,) = file.tables
    assert all(cell.paragraphs[0].runs[0].bold for cell in table.rows[0].cells)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


@pytest.mark.parametrize(("paper", "size"), [(A4, (210.0, 297.0)), (LETTER, (215.9, 279.4))])
def test_it_comes_on_a4_and_on_letter(paper: str, size: tuple[float, float]) -> None:
    page = docx.Document(io.BytesIO(word(document(), paper))).sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert (round(page.page_width.mm, 1), round(page.page_height.mm, 1)) == size


def test_from_right_to_left_every_paragraph_is() -> None:
    file = docx.Document(io.BytesIO(word(document("ar", "rtl"))))
    paragraphs = list(file.element.body.iter(qn("w:p")))
    assert all(p.pPr is not None and p.pPr.find(qn("w:bidi")) is not None for p in paragraphs)
