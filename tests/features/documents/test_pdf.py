"""PDF: what it says, that everybody can read it, that it is the same every time."""

import io
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from long_agenda import TITLES, document
from outloud import check
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from app.documents.document import LETTER, Document
from app.documents.pdf import pdf

ROOT = Path(__file__).parents[3]
PRINT_BYTES = """
import hashlib, sys
sys.path[:0] = ["tests"]
from long_agenda import document
from app.documents.formats import FORMATS
from app.documents.document import Publication
publication = Publication(document(), {"a": 1})
for name, format_ in FORMATS.items():
    if not format_.needs_calendar:
        print(name, hashlib.sha256(format_.write(publication)).hexdigest())
"""


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf(document())


@pytest.fixture(scope="module")
def reader(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_every_format_is_the_same_bytes_in_a_process_of_its_own(tmp_path: Path) -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PRINT_BYTES],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": "", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == 7


def test_no_glyph_is_missing_in_any_of_five_scripts(made: bytes, tmp_path: Path) -> None:
    """As poppler reads it: every title whole, in its own letters."""
    path = tmp_path / "agenda.pdf"
    path.write_bytes(made)
    told = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    found = letters(told)
    for number, title in enumerate(TITLES):
        if not title.startswith("جدول"):
            assert letters(f"{title} {number}") in found, title
    # A reader of PDF gives Arabic in the order or the forms in which it is drawn.
    assert {"ت", "ج", "ل", "م", "ع", "ن"} <= set(found)
    assert "\ufffd" not in told
    assert "\x00" not in told


def letters(words: str) -> str:
    """Without spaces, line ends and marks of direction; letters in their plain forms."""
    plain = unicodedata.normalize("NFKC", words)
    return "".join(m for m in plain if not m.isspace() and unicodedata.category(m) != "Cf")


def test_every_font_is_embedded_and_none_is_of_the_machine(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "agenda.pdf"
    path.write_bytes(made)
    table = subprocess.run(
        ["pdffonts", str(path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    names = {line.split()[0].partition("+")[2] for line in table}
    assert all(name.startswith(("NotoSans", "DejaVuSansMono")) for name in names), names
    assert {"NotoSansArabic-Regular", "NotoSans-Regular"} <= names
    assert any(name.startswith("NotoSansCJKjp") for name in names)
    assert all(line.split()[-5] == "yes" for line in table), table


def test_it_is_tagged_and_names_its_language_and_title(reader: PdfReader) -> None:
    catalogue = reader.trailer["/Root"]
    assert isinstance(catalogue, DictionaryObject)
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/StructTreeRoot" in catalogue
    assert reader.metadata is not None
    assert reader.metadata.title == "Plenary 総会 – Agenda number 1"
    metadata = catalogue["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in metadata


def test_a_checker_of_pdf_ua_finds_no_fault(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "agenda.pdf"
    path.write_bytes(made)
    report = check(path)
    errors = [finding for finding in report.findings if str(finding.severity).endswith("error")]
    assert errors == []


def test_headings_are_bookmarks_in_their_order(reader: PdfReader) -> None:
    flat: list[str] = []

    def walk(outline: list[object]) -> None:
        for entry in outline:
            walk(entry) if isinstance(entry, list) else flat.append(entry["/Title"])  # type: ignore[index]

    walk(list(reader.outline))
    assert flat[:3] == ["Plenary 総会", "In the meeting", f"1. {TITLES[0]} 0"]
    assert flat[-1] == "Local times"


def test_every_page_is_marked_at_head_and_foot_and_numbered(reader: PdfReader) -> None:
    count = len(reader.pages)
    assert count > 3
    for number, page in enumerate(reader.pages, 1):
        words = page.extract_text()
        assert words.count("TLP:AMBER+STRICT") == 2
        assert f"{number} / {count}" in words


def test_the_marking_is_at_the_right_of_the_page(reader: PdfReader) -> None:
    places: list[float] = []

    def note(words: str, cm: list[float], tm: list[float], *_rest: object) -> None:
        if "TLP" in words:
            places.append(tm[4] * cm[0] + cm[4])

    reader.pages[0].extract_text(visitor_text=note)
    assert places
    assert min(places) > float(reader.pages[0].mediabox.width) / 2


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), (LETTER, (612, 792))])
def test_it_comes_on_a4_and_on_letter(paper: str, size: tuple[int, int]) -> None:
    box = PdfReader(io.BytesIO(pdf(document(), paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_what_people_wrote_is_never_typst(reader: PdfReader) -> None:
    said = text(reader)
    assert "#eval($x$)" in said
    assert "#let x = 1" in said
    assert '#panic("never")' in said
    assert "<b>langer</b>" in said


def test_links_lead_where_they_say(reader: PdfReader) -> None:
    found = {
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation.get_object()
    }
    assert found == {"https://example.org/a?b=1&c=2"}


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ja", "ltr"), ("ko", "ltr")])
def test_it_is_told_in_other_languages_and_from_right_to_left(
    language: str, direction: str
) -> None:
    found = PdfReader(io.BytesIO(pdf(document(language, direction))))
    assert found.trailer["/Root"]["/Lang"] == language


def test_a_script_without_a_font_gives_a_tagged_document_that_does_not_claim_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd: Document = document(extra="𓀀")
    found = PdfReader(io.BytesIO(pdf(odd)))
    catalogue = found.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert "pdfuaid" not in catalogue["/Metadata"].get_data().decode()
    assert "not PDF/UA" in caplog.text
